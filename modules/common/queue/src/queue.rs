// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A queue of bytes, first in, first out, in memory that its owner brings; without a kernel.
//! Compiled into a kernel module and, for tests, on the host.
// The kernel gives this attribute to every crate by itself.
#![cfg_attr(not(MODULE), no_std)]

/// Where the bytes of a queue are in its memory, which is the same at every call.
///
/// # Invariants
///
/// `first` is below the memory's length, or 0, and `length` is at most that.
#[derive(Debug, Default)]
pub struct Queue {
    first: usize,
    length: usize,
}

impl Queue {
    /// An empty queue.
    #[must_use]
    pub const fn new() -> Queue {
        Queue { first: 0, length: 0 }
    }

    /// How many bytes wait.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length
    }

    /// Whether none wait.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Appends all of `bytes`, or none of them: `None` if there is no room.
    pub fn push(&mut self, memory: &mut [u8], bytes: &[u8]) -> Option<()> {
        if bytes.len() > memory.len() - self.length.min(memory.len()) {
            return None;
        }
        let end = self.first + self.length;
        let end = if end < memory.len() { end } else { end - memory.len() };
        let (front, back) = bytes.split_at_checked((memory.len() - end).min(bytes.len()))?;
        memory.get_mut(end..end + front.len())?.copy_from_slice(front);
        memory.get_mut(..back.len())?.copy_from_slice(back);
        self.length += bytes.len();
        Some(())
    }

    /// Copies bytes from the `from`-th of those that wait on, which stay; returns how many.
    pub fn read(&self, memory: &[u8], from: usize, to: &mut [u8]) -> usize {
        let count = to.len().min(self.length.saturating_sub(from));
        // The bytes lie in two runs: up to the end of the memory, and from its start.
        let (start, end) = memory.split_at_checked(self.first).unwrap_or((&[], &[]));
        let from_end = end.get(from.min(end.len())..).unwrap_or(&[]);
        let from_start = start.get(from.saturating_sub(end.len())..).unwrap_or(&[]);
        if let Some((front, back)) =
            to.get_mut(..count).and_then(|to| to.split_at_mut_checked(from_end.len().min(count)))
        {
            copy(front, from_end);
            copy(back, from_start);
        }
        count
    }

    /// Takes off the first `count` bytes, or all if there are fewer.
    pub fn skip(&mut self, memory: &[u8], count: usize) {
        let count = count.min(self.length);
        self.length -= count;
        self.first += count;
        if self.first >= memory.len() {
            self.first -= memory.len();
        }
    }
}

/// Fills `to` from the beginning of `from`, which is as long, by the invariants.
fn copy(to: &mut [u8], from: &[u8]) {
    if let Some(from) = from.get(..to.len()) {
        to.copy_from_slice(from);
    }
}
