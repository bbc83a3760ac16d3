// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! lunatik: the command line of Lua in the kernel.

mod chunk;
mod cli;
mod device;
mod events;
mod filter;
mod modules;
mod repl;
mod run;
mod statistics;
mod sys;
mod tables;
mod test;
mod time;
mod xdp;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::Arguments::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lunatik: {error:#}");
            ExitCode::FAILURE
        }
    }
}
