// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! image: builds disk images of routers.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match image::cli::Arguments::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("image: {error:#}");
            ExitCode::FAILURE
        }
    }
}
