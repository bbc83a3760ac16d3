// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! ruler: says what packets cost under each filter.

mod cli;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::Arguments::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ruler: {error:#}");
            ExitCode::FAILURE
        }
    }
}
