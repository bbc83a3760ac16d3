// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};

use crate::{render, Library, Policy};

/// Check policies, and render them into an image.
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
    /// Read manifests, and say where one is wrong.
    ///
    /// The Lua is not compiled: its tests do that.
    Check(Check),
    /// Write what the router reads, below a new folder.
    ///
    /// The boot list runs the policies in the order in which they are given.
    Render(Render),
}

/// See [`Command::Check`].
#[derive(Args)]
pub struct Check {
    /// The folders of the policies.
    #[arg(required = true)]
    policy: Vec<PathBuf>,
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
            Command::Check(check) => check.run(),
            Command::Render(render) => render.run(),
        }
    }
}

impl Check {
    fn run(&self) -> Result<()> {
        for policy in open(&self.policy)? {
            println!("{}", policy.boot_line());
        }
        Ok(())
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
