// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! list: compiles lists and shows what is in them.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match list::cli::Arguments::parse().command.run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("list: {error:#}");
            ExitCode::FAILURE
        }
    }
}
