// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};

use crate::{render, Library, Policy};

/// Render policies into an image.
#[derive(Parser)]
#[command(version)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done with policies.
#[derive(Subcommand)]
pub enum Command {
    /// Write what the router reads, below a new folder.
    ///
    /// The boot list runs the policies in the order in which they are given.
    Render(Render),
}

/// See [`Command::Render`].
#[derive(Args)]
pub struct Render {
    /// Where lib/modules/lua/policies and etc/lunagate/policies go.
    #[arg(long, value_name = "FOLDER")]
    output: PathBuf,
    /// The folder of the Lua files that policies share.
    #[arg(long, value_name = "FOLDER")]
    library: Option<PathBuf>,
    /// The folders of the policies.
    #[arg(required = true)]
    policy: Vec<PathBuf>,
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<()> {
        match self {
            Command::Render(render) => render.run(),
        }
    }
}

impl Render {
    fn run(&self) -> Result<()> {
        let library = self.library.as_deref().map(Library::open).transpose()?;
        render(&self.output, library.as_ref(), &open(&self.policy)?)
            .with_context(|| format!("failed to render to {}", self.output.display()))
    }
}

fn open(folders: &[PathBuf]) -> Result<Vec<Policy>> {
    Ok(folders.iter().map(|folder| Policy::open(folder)).collect::<Result<_, _>>()?)
}
