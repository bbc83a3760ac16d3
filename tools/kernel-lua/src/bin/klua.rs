// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! klua: runs scripts in the kernel's Lua.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use kernel_lua::{Limits, Machine, Outcome};

/// Run Lua scripts in the very virtual machine that the router's kernel has.
///
/// Numbers are integers, chunks are text, and there are no files, no clock and no
/// `require`. The scripts run one after the other in one state. The status is 0 when all ran,
/// 1 after a Lua error or an unreadable file, 3 when a script ran out of fuel, 4 when it ran
/// out of memory.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Units of fuel for each script; a unit is about a loop or a call.
    #[arg(long, default_value_t = 100_000_000, value_parser = clap::value_parser!(i64).range(1..))]
    fuel: i64,
    /// Bytes that the state may hold.
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20)]
    memory: usize,
    /// Bytes of C stack that the scripts may use.
    #[arg(long, value_name = "BYTES", default_value_t = 256 << 10)]
    stack: usize,
    /// The scripts.
    #[arg(required = true)]
    file: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let limits = Limits { fuel: arguments.fuel, memory: arguments.memory, stack: arguments.stack };
    let Some(machine) = Machine::new(limits) else {
        eprintln!("klua: --memory {} does not hold the standard libraries: give at least 16384", arguments.memory);
        return ExitCode::from(4);
    };
    for path in &arguments.file {
        let name = path.display().to_string();
        let chunk = match std::fs::read(path) {
            Ok(chunk) => chunk,
            Err(error) => {
                eprintln!("klua: cannot read {name}: {error}");
                return ExitCode::from(1);
            }
        };
        match machine.run(&name, &chunk) {
            Outcome::Ran => {}
            Outcome::Failed(message) => {
                eprintln!("klua: {message}");
                return ExitCode::from(1);
            }
            Outcome::OutOfFuel => {
                eprintln!("klua: {name}: out of fuel: it used {} units (--fuel)", arguments.fuel);
                return ExitCode::from(3);
            }
            Outcome::OutOfMemory => {
                eprintln!("klua: {name}: out of memory: it may hold {} bytes (--memory)", arguments.memory);
                return ExitCode::from(4);
            }
        }
    }
    ExitCode::SUCCESS
}
