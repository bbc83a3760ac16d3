// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Runs a chunk of Lua in lunatik's driver while its first allocation fails, then again while its
//! second does, until it has no more: for the kernel-side tests of the debug flavour, where a shell's
//! processes would take most of the time.
//!
//! ```text
//! nth all|some CHUNK AFTER [BEFORE]
//! ```
//!
//! `some` leaves out ever more of the later allocations: a new state makes a thousand that are alike.
//! Before each time BEFORE runs, and after it AFTER, with everything at hand. AFTER's variable `ran`
//! tells whether the chunk did; both fail the test if they fail. Without a failure, the chunk must run.
//! Which allocations count, vmtests/kernel/faults.sh tells the kernel.

use std::fs::{File, OpenOptions};
use std::io::{Error, Read, Result, Write};
use std::os::unix::fs::FileExt;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match *words {
        ["all", chunk, after] => each(|last| last + 1, chunk, after, ""),
        ["some", chunk, after] => each(some, chunk, after, ""),
        ["some", chunk, after, before] => each(some, chunk, after, before),
        _ => Err(Error::other("see the comment in vmtests/kernel/nth")),
    };
    match done {
        Ok(count) => {
            println!("{count}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("nth: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The number after this one, in steps that grow.
fn some(last: u32) -> u32 {
    last + 1 + last / 16
}

/// How many allocations have failed, one at a time.
fn each(next: impl Fn(u32) -> u32, chunk: &str, after: &str, before: &str) -> Result<u32> {
    let (mut number, mut count) = (0, 0);
    loop {
        number = next(number);
        let with = |problem: Error| Error::other(format!("'{chunk}', allocation {number}: {problem}"));
        evaluate(before).map_err(with)?;
        let (failed, outcome) = attempt(number, chunk)?;
        evaluate(&format!("local ran = {} {after}", outcome.is_ok())).map_err(with)?;
        if !failed {
            return outcome.map(|()| count).map_err(with);
        }
        count += 1;
    }
}

/// Runs a chunk while the allocation of this number fails: whether there was one, and what came of it.
fn attempt(number: u32, chunk: &str) -> Result<(bool, Result<()>)> {
    let mut device = open("/dev/lunatik")?;
    let mut countdown = open("/proc/self/fail-nth")?;
    countdown.write_all(number.to_string().as_bytes())?;
    let outcome = device.write(chunk.as_bytes()).map(drop);
    let mut left = [0; 16];
    let length = countdown.read_at(&mut left, 0)?;
    countdown.write_all(b"0")?;
    Ok((left[..length].trim_ascii() == b"0", outcome))
}

/// Runs a chunk, whose error is lunatik's.
fn evaluate(chunk: &str) -> Result<()> {
    let mut device = open("/dev/lunatik")?;
    device.write(chunk.as_bytes()).map(drop).map_err(|errno| {
        let mut answer = String::new();
        // Without an answer the errno has to do.
        let _ = device.read_to_string(&mut answer);
        Error::other(format!("'{chunk}': {errno}: {answer}"))
    })
}

fn open(path: &str) -> Result<File> {
    let file = OpenOptions::new().read(true).write(true).open(path);
    file.map_err(|error| Error::other(format!("{path}: {error}")))
}
