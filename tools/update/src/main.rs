// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! update: another version for this router.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match update::cli::Arguments::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("update: {error:#}");
            ExitCode::FAILURE
        }
    }
}
