// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! policy: renders policies into an image.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match policy::cli::Arguments::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("policy: {error:#}");
            ExitCode::FAILURE
        }
    }
}
