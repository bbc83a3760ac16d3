// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! bpf(2), with its attributes by offset.

use std::io::{Error, Result};

/// Commands, numbered as in `enum bpf_cmd`.
#[derive(Clone, Copy)]
pub enum Command {
    MapCreate = 0,
    MapLookup = 1,
    MapUpdate = 2,
    ProgLoad = 5,
    ObjPin = 6,
    ObjGet = 7,
    BtfLoad = 18,
    MapFreeze = 22,
    LinkCreate = 28,
}

/// A `union bpf_attr`, and what it points to.
pub struct Attributes {
    words: [u64; 16],
    pointed: Vec<(usize, Box<[u8]>)>,
}

impl Attributes {
    pub fn new() -> Attributes {
        Attributes { words: [0; 16], pointed: Vec::new() }
    }

    /// A number of four bytes at `offset`.
    pub fn u32(mut self, offset: usize, value: u32) -> Attributes {
        self.words[offset / 8] |= u64::from(value) << (8 * (offset % 8));
        self
    }

    /// A pointer, at `offset`, to these bytes.
    pub fn bytes(mut self, offset: usize, bytes: &[u8]) -> Attributes {
        self.pointed.push((offset, bytes.into()));
        let bytes = &mut self.pointed.last_mut().expect("just pushed").1;
        self.words[offset / 8] = bytes.as_mut_ptr() as u64;
        self
    }

    /// What the kernel left in the bytes that `offset` points to.
    pub fn read(&self, offset: usize) -> &[u8] {
        self.pointed.iter().find(|(at, _)| *at == offset).map_or(&[], |(_, bytes)| bytes)
    }

    /// The file that the command opened, or 0.
    pub fn call(&mut self, command: Command) -> Result<u32> {
        // SAFETY: The attributes are as long as said, with zeros behind what this kernel's command
        // has; what they point to is alive, and as long as the callers' commands need.
        let result = unsafe {
            libc::syscall(libc::SYS_bpf, command as libc::c_int, self.words.as_mut_ptr(), size_of_val(&self.words))
        };
        u32::try_from(result).map_err(|_| Error::last_os_error())
    }
}
