// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Sends frames that no host would send: for the kernel-side tests, which have nothing but a busybox.
//!
//! ```text
//! storm DEVICE DESTINATION COUNT SEED     a link's name, a hardware address in hexadecimal, numbers
//! ```
//!
//! The same seed gives the same frames.

mod socket;

use std::io::{Error, ErrorKind, Result};
use std::process::ExitCode;

use socket::Socket;
use storm::{address, number, Frames, Mill};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("storm {}: {error}", words.join(" "));
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    let [device, destination, count, seed] = *words else {
        return Err(Error::new(ErrorKind::InvalidInput, "see the comment in vmtests/kernel/storm"));
    };
    let socket = Socket::new(device)?;
    let mut mill = Mill::new(address(destination)?, number(seed)?);
    for _ in 0..number(count)? {
        socket.send(mill.next().bytes)?;
    }
    Ok(())
}
