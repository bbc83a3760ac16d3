// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `measure KERNEL ARCHIVE...`: boots a guest whose root file system is these archives, and
//! prints its results. Its console stays in ./console.
//!
//! `LUNAGATE_LIMIT` is its time in seconds. With `LUNAGATE_PROFILER`, the profiler's file,
//! ./profile has how often each instruction was executed.

use anyhow::{bail, Context, Result};
use meter::boot::Guest;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    match run() {
        Ok(results) => {
            print!("{results}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("measure: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String> {
    let mut files = std::env::args_os().skip(1);
    let Some(kernel) = files.next() else { bail!("usage: measure KERNEL ARCHIVE...") };
    let guest = Guest {
        kernel: kernel.into(),
        archives: files.map(Into::into).collect(),
        profiler: std::env::var_os("LUNAGATE_PROFILER").map(Into::into),
        limit: Duration::from_secs(number("LUNAGATE_LIMIT", 1800)?.into()),
    };
    guest.measure(".".as_ref())
}

fn number(name: &str, default: u32) -> Result<u32> {
    let Some(value) = std::env::var_os(name) else { return Ok(default) };
    value.to_str().and_then(|value| value.parse().ok()).with_context(|| format!("{name} is no number: {value:?}"))
}
