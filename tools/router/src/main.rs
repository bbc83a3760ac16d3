// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate` on the router: those of its commands that are for a router itself.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Configure this router, install its policies, see to its lists, and update it.
#[derive(Parser)]
#[command(name = "lunagate", version)]
struct Arguments {
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check a configuration, try it, keep it or take it back.
    #[command(subcommand)]
    Config(config::cli::Command),
    /// Install policies, choose among their versions, and set their parameters.
    #[command(subcommand)]
    Policy(installed::cli::Command),
    /// Back up all that is the owner's, restore it or erase it.
    #[command(flatten)]
    Data(config::data::cli::Command),
    /// See to the lists of names and addresses that come by HTTPS.
    #[command(subcommand)]
    List(download::lists::cli::Command),
    Crashes(config::crashes::cli::Crashes),
    /// Update this router: another version, in the slot that does not run.
    Update(update::cli::Update),
}

impl Command {
    fn run(self) -> Result<()> {
        match self {
            Command::Config(command) => command.run(),
            Command::Policy(command) => command.run(),
            Command::Data(command) => command.run(),
            Command::List(command) => command.run(),
            Command::Crashes(crashes) => crashes.run(),
            Command::Update(update) => update.run(),
        }
    }
}

fn main() -> ExitCode {
    match Arguments::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lunagate: {error:#}");
            ExitCode::FAILURE
        }
    }
}
