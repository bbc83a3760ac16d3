// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Arguments of the programs.

use std::io::{Error, ErrorKind, Result};

fn wrong(what: String) -> Error {
    Error::new(ErrorKind::InvalidInput, what)
}

/// A number.
///
/// # Errors
///
/// It is none.
pub fn number(text: &str) -> Result<u64> {
    text.parse().map_err(|_| wrong(format!("'{text}' is no number")))
}

/// A hardware address in hexadecimal.
///
/// # Errors
///
/// It is none.
pub fn address(text: &str) -> Result<[u8; 6]> {
    let bytes: Vec<u8> = text.split(':').filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
    bytes.try_into().map_err(|_| wrong(format!("'{text}' is no hardware address")))
}
