// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Type information of a value that holds a spin lock.

use std::io::Result;

use crate::call::{Attributes, Command};

/// A file of type information, and two types of it.
pub struct Types {
    pub file: u32,
    pub key: u32,
    pub value: u32,
}

/// `unsigned int` keys, and `struct { struct bpf_spin_lock lock; unsigned int n; }`.
pub fn locked() -> Result<Types> {
    const INT: u32 = 1 << 24;
    const STRUCT: u32 = 4 << 24;
    let mut names = vec![0u8];
    let mut name = |text: &str| {
        let at = names.len() as u32;
        names.extend(text.bytes());
        names.push(0);
        at
    };
    let types: Vec<u32> = [
        vec![name("unsigned int"), INT, 4, 32],
        vec![name("bpf_spin_lock"), STRUCT | 1, 4, name("val"), 1, 0],
        vec![name("value"), STRUCT | 2, 8, name("lock"), 2, 0, name("n"), 1, 32],
    ]
    .concat();
    // magic, version 1, header of 24 bytes, offset and length of the types and of the names
    let mut bytes = vec![0x9f, 0xeb, 1, 0];
    let length = 4 * types.len() as u32;
    for word in [24, 0, length, length, names.len() as u32].into_iter().chain(types) {
        bytes.extend(word.to_ne_bytes());
    }
    bytes.extend(names);
    let file = Attributes::new().bytes(0, &bytes).u32(16, bytes.len() as u32).call(Command::BtfLoad)?;
    Ok(Types { file, key: 1, value: 3 })
}
