// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command of policy authors and integrators: policies, images, and routers in virtual
//! machines.  Each subcommand is a crate of its own; this puts them under one name.

mod cli;
mod generate;
mod release;
mod update;
mod vm;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::Arguments::parse().command.run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("lunagate: {error:#}");
            ExitCode::FAILURE
        }
    }
}
