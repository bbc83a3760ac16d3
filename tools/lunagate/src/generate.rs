// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is generated from the command line's own description: completions of shells, and manual pages.

use std::fs;
use std::io;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::Arguments;

/// The options of `lunagate completions`.
#[derive(Args)]
pub struct Completions {
    /// The shell.
    shell: Shell,
}

/// The options of `lunagate man`.
#[derive(Args)]
pub struct Man {
    /// The folder for them, which is made.
    folder: PathBuf,
}

impl Completions {
    /// Prints the script.
    pub fn run(&self) {
        clap_complete::generate(self.shell, &mut Arguments::command(), "lunagate", &mut io::stdout());
    }
}

impl Man {
    /// Writes a page for each command.
    pub fn run(&self) -> Result<()> {
        let folder = &self.folder;
        fs::create_dir_all(folder).with_context(|| format!("failed to make {}", folder.display()))?;
        let written = clap_mangen::generate_to(Arguments::command(), folder);
        written.with_context(|| format!("failed to write manual pages into {}", folder.display()))
    }
}
