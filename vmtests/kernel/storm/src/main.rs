// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Sends frames that no host would send: for the kernel-side tests, which have nothing but a busybox.
//!
//! ```text
//! storm DEVICE DESTINATION COUNT SEED     a link's name, a hardware address in hexadecimal, numbers
//! ```
//!
//! The same seed gives the same frames.

mod frame;
mod random;
mod socket;

use std::io::{Error, ErrorKind, Result};
use std::process::ExitCode;

use frame::Mill;
use socket::Socket;

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
        socket.send(mill.frame())?;
    }
    Ok(())
}

fn number(text: &str) -> Result<u64> {
    text.parse().map_err(|_| Error::new(ErrorKind::InvalidInput, format!("'{text}' is no number")))
}

fn address(text: &str) -> Result<[u8; 6]> {
    let bytes: Vec<u8> = text.split(':').filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
    bytes.try_into().map_err(|_| Error::new(ErrorKind::InvalidInput, format!("'{text}' is no hardware address")))
}
