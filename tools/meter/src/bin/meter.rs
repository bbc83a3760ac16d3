// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `meter run PLAN PORT`, in the guest: measures the plan's cells, and writes what comes of
//! them to the port, a cell at a time, so that whoever reads knows where it ended.
//!
//! `meter list KIND SIZE` prints the list that the row `KIND-SIZE` blocks, a line for each
//! thing. `meter map PIN KIND LIST` fills the eBPF hash map pinned there with such a list.

use anyhow::{Context, Result};
use meter::cell::{measure, Path};
use meter::guest::Sender;
use meter::row::{Row, Verdict};
use meter::{guest, map, plan};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::fd::AsRawFd;
use std::process::ExitCode;

/// Packets before the first cell, so that it finds the kernel as the others do.
const WARM_UP: u32 = 20_000;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["run", plan, port] => run(plan, port),
        ["list", kind, size] => list(&format!("{kind}-{size}")),
        ["map", pin, kind, list] => fill(pin, kind, list),
        _ => {
            eprintln!("usage: meter run PLAN PORT | meter list KIND SIZE | meter map PIN KIND LIST");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("meter: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn list(row: &str) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for thing in row.parse::<Row>()?.list() {
        writeln!(out, "{thing}").context("failed to write")?;
    }
    out.flush().context("failed to write")
}

fn fill(pin: &str, kind: &str, list: &str) -> Result<()> {
    let kind = format!("{kind}-1").parse::<Row>()?.kind;
    let text = fs::read_to_string(list).with_context(|| format!("failed to read {list}"))?;
    map::fill(pin, text.lines().map(|thing| kind.key(thing)))
}

fn run(plan: &str, port: &str) -> Result<()> {
    let steps = plan::parse(&fs::read_to_string(plan).with_context(|| format!("failed to read {plan}"))?)?;
    let mut port = OpenOptions::new().write(true).open(port).with_context(|| format!("failed to open {port}"))?;
    let path = Path {
        sender: Sender::open("/run/netns/left".as_ref(), "wire")?,
        inside: "left".into(),
        outside: "right".into(),
    };
    let frames = Row::ACCEPT.frames(Verdict::Pass, guest::hardware_address(&path.inside)?);
    path.sender.send(&frames, WARM_UP)?;
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
