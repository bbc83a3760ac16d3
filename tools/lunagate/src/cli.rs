// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use crate::generate::{Completions, Man};
use crate::release::{Release, VerifyRelease};
use crate::update::Update;
use crate::vm::Vm;
use anyhow::Result;
use clap::{Parser, Subcommand};
use serde::Serialize;
use std::fmt::Display;
use std::process::ExitCode;

/// Write policies for routers, build their images, update routers, and try it all in a virtual machine.
#[derive(Parser)]
#[command(name = "lunagate", version)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Subcommand)]
pub enum Command {
    /// Check, test, pack and sign policies, install them on routers, and render them into an image.
    #[command(subcommand)]
    Policy(Policy),
    /// Build disk images of routers, list them, look into them, and write them onto disks.
    #[command(subcommand)]
    Image(Image),
    /// Configure routers: check a file, try it on a router, keep it or take it back.
    #[command(subcommand)]
    Config(config::cli::Command),
    /// What is the owner's on a router.
    #[command(flatten)]
    Data(config::data::cli::Command),
    Crashes(config::crashes::cli::Crashes),
    /// Compile lists of domains and addresses for scripts, and show what is in them.
    #[command(subcommand)]
    List(list::cli::Command),
    /// Make a release: images, bundles, bills of materials, licenses, checksums and signatures in a folder.
    ///
    /// What is made was verified as 'lunagate verify-release' does it, or it is not made. Equal images make
    /// equal releases, signatures aside.
    Release(Release),
    /// Verify a release: checksums and signatures, what images and bundles hold, and that nothing is missing or too much.
    ///
    /// The bill of materials must be the one that the image carries, and of what is in it.
    VerifyRelease(VerifyRelease),
    /// Update a router that runs, over SSH: send a bundle, restart, and wait for what becomes of it.
    ///
    /// The router checks the bundle, and goes back by itself to the version that runs now unless
    /// the new one proves itself. Needs 'ssh', and a key of yours on the router.
    Update(Update),
    /// Boot a router in a virtual machine: its console here, or one command inside.
    ///
    /// The WAN is the host's network behind QEMU's address translation. Without --exec the
    /// serial console is this terminal: Ctrl-A X ends the machine. What the router writes
    /// is forgotten when it ends.
    Vm(Vm),
    /// Print a script that completes this command in a shell.
    Completions(Completions),
    /// Write a manual page for each command.
    Man(Man),
}

/// What can be done with images.
#[derive(Subcommand)]
pub enum Image {
    /// What makes them.
    #[command(flatten)]
    Build(image::cli::Command),
    List(image::list::List),
    Inspect(image::inspect::Inspect),
    Flash(flash::Flash),
}

/// What can be done with policies.
#[derive(Subcommand)]
pub enum Policy {
    /// What an author does.
    #[command(flatten)]
    Author(author::cli::Command),
    /// What a router's owner does.
    #[command(flatten)]
    Router(installed::cli::Command),
    /// What an image takes.
    #[command(flatten)]
    Image(policy::cli::Command),
}

impl Command {
    /// Does it, and says the process' exit status.
    pub fn run(self) -> Result<ExitCode> {
        match self {
            Command::Policy(Policy::Author(command)) => command.run(),
            Command::Policy(Policy::Router(command)) => command.run().map(|()| ExitCode::SUCCESS),
            Command::Policy(Policy::Image(command)) => command.run().map(|()| ExitCode::SUCCESS),
            Command::Image(Image::Build(command)) => command.run().map(|()| ExitCode::SUCCESS),
            Command::Image(Image::List(list)) => show(&list.look()?, list.json),
            Command::Image(Image::Inspect(inspect)) => {
                let inspection = inspect.look()?;
                let code = show(&inspection, inspect.json)?;
                Ok(if inspection.is_damaged() { ExitCode::FAILURE } else { code })
            }
            Command::Image(Image::Flash(flash)) => flash.run().map(|()| ExitCode::SUCCESS),
            Command::Config(command) => command.run().map(|()| ExitCode::SUCCESS),
            Command::Data(command) => command.run().map(|()| ExitCode::SUCCESS),
            Command::Crashes(crashes) => crashes.run().map(|()| ExitCode::SUCCESS),
            Command::List(command) => command.run(),
            Command::Release(release) => release.run().map(|()| ExitCode::SUCCESS),
            Command::VerifyRelease(verify) => verify.run().map(|()| ExitCode::SUCCESS),
            Command::Update(update) => update.run().map(|()| ExitCode::SUCCESS),
            Command::Vm(vm) => vm.run(),
            Command::Completions(completions) => {
                completions.run();
                Ok(ExitCode::SUCCESS)
            }
            Command::Man(man) => man.run().map(|()| ExitCode::SUCCESS),
        }
    }
}

/// Prints something for people, or as JSON.
fn show(what: &(impl Display + Serialize), json: bool) -> Result<ExitCode> {
    if json {
        println!("{}", serde_json::to_string_pretty(what)?);
    } else {
        print!("{what}");
    }
    Ok(ExitCode::SUCCESS)
}
