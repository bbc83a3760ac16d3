// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `meter PLAN PORT`, in the guest: measures the plan's cells, and writes what comes of them
//! to the port, a cell at a time, so that whoever reads knows where it ended.

use anyhow::{Context, Result};
use meter::cell::{measure, Path};
use meter::guest::Sender;
use meter::plan;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::fd::AsRawFd;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(plan), Some(port), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!("usage: meter PLAN PORT");
        return ExitCode::from(2);
    };
    match run(&plan, &port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("meter: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(plan: &str, port: &str) -> Result<()> {
    let steps = plan::parse(&fs::read_to_string(plan).with_context(|| format!("failed to read {plan}"))?)?;
    let mut port = OpenOptions::new().write(true).open(port).with_context(|| format!("failed to open {port}"))?;
    let path = Path {
        sender: Sender::open("/run/netns/left".as_ref(), "wire")?,
        inside: "left".into(),
        outside: "right".into(),
    };
    for step in &steps {
        say(&mut port, &format!("cell {} {}\n", step.column, step.row))?;
        match measure(step, &path) {
            Ok(outcome) => say(&mut port, &outcome.to_string())?,
            Err(error) => {
                say(&mut port, &format!("failed {error:#}\n"))?;
                return Err(error.context(format!("cell {} {}", step.column, step.row)));
            }
        }
    }
    say(&mut port, "end\n")
}

/// Writes, and waits until all is out, so that no interrupt of the port falls into a measurement.
fn say(port: &mut File, text: &str) -> Result<()> {
    port.write_all(text.as_bytes()).context("failed to write to the port")?;
    // SAFETY: The descriptor is open.
    if unsafe { libc::tcdrain(port.as_raw_fd()) } < 0 {
        return Err(std::io::Error::last_os_error()).context("failed to wait for the port");
    }
    Ok(())
}
