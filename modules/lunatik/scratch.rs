// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A place for bytes on their way between a script and what several CPUs use.

use kernel::alloc::{flags::*, Flags, KVec};
use lua::{Kind, State};

use crate::Runtime;

/// Fewer bytes need no allocation.
const SMALL: usize = 64;

/// So many zero bytes, for one call.
pub struct Scratch {
    small: [u8; SMALL],
    large: KVec<u8>,
    length: usize,
}

impl Scratch {
    /// Makes room.
    ///
    /// # Errors
    ///
    /// The kernel has no memory.
    pub fn new(state: State<'_>, length: usize) -> lua::Result<Scratch> {
        let mut large = KVec::new();
        if length > SMALL {
            large.extend_with(length, 0, allocation(state)).map_err(|_| Kind::NoMemory)?;
        }
        Ok(Scratch { small: [0; SMALL], large, length })
    }

    /// The bytes.
    #[must_use]
    pub fn get(&self) -> &[u8] {
        if self.length > SMALL {
            &self.large
        } else {
            self.small.get(..self.length).unwrap_or(&[])
        }
    }

    /// The bytes, to be written.
    pub fn get_mut(&mut self) -> &mut [u8] {
        if self.length > SMALL {
            &mut self.large
        } else {
            self.small.get_mut(..self.length).unwrap_or(&mut [])
        }
    }
}

/// How memory is asked for on behalf of a script: sleeping only where it may, and quietly,
/// since it is the script that learns of a refusal.
#[must_use]
pub fn allocation(state: State<'_>) -> Flags {
    let flags = if Runtime::may_sleep(state).is_ok() { GFP_KERNEL } else { GFP_ATOMIC };
    flags | __GFP_NOWARN
}
