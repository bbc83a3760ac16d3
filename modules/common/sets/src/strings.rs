// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A hash table of any strings, made once.
//!
//! Its memory is one piece: slots, 8 bytes each and half of them empty, with a hash's lower
//! half and the place of a record; then the records: length, label, bytes.

use crate::file::Numbers;
use crate::suffix;

/// Bytes of a record beside its string's.
const RECORD: usize = 12;

/// A table. Each method takes the memory that it was made in.
#[derive(Clone, Copy, Debug)]
pub struct Strings {
    seed: u64,
    mask: usize,
    end: usize,
    longest: usize,
    count: usize,
}

impl Strings {
    fn slots(count: usize) -> Option<usize> {
        count.checked_mul(2)?.checked_next_power_of_two()
    }

    /// The bytes of a table for so many strings, of so many bytes in all; `None` if no table
    /// can be so large.
    pub fn size(count: usize, bytes: usize) -> Option<usize> {
        let slots = Strings::slots(count.max(1))?.checked_mul(8)?;
        let size = slots.checked_add(count.checked_mul(RECORD)?)?.checked_add(bytes)?;
        u32::try_from(size).is_ok().then_some(size)
    }

    /// An empty table for so many strings; its memory, which [`Strings::size`] tells, is zero.
    pub fn new(count: usize, seed: u64) -> Option<Strings> {
        let slots = Strings::slots(count.max(1))?;
        Some(Strings { seed, mask: slots - 1, end: slots * 8, longest: 0, count: 0 })
    }

    /// Puts a string in; a label is added (OR) to that of the same string. `None` if there is
    /// no room.
    pub fn insert(&mut self, memory: &mut [u8], string: &[u8], label: u64) -> Option<()> {
        let hash = self.hash(string);
        let slot = match self.find(memory, string, hash) {
            Ok(at) => {
                let known = memory.u64_at(at + 4)?;
                return write(memory, at + 4, &(known | label).to_le_bytes());
            }
            Err(slot) => slot?,
        };
        let at = self.end;
        let end = at.checked_add(RECORD)?.checked_add(string.len())?;
        if end > memory.len() || self.count > self.mask / 2 {
            return None;
        }
        write(memory, at, &u32::try_from(string.len()).ok()?.to_le_bytes())?;
        write(memory, at + 4, &label.to_le_bytes())?;
        write(memory, at + RECORD, string)?;
        write(memory, slot * 8, &((hash << 32) | at as u64).to_le_bytes())?;
        self.end = end;
        self.count += 1;
        self.longest = self.longest.max(string.len());
        Some(())
    }

    /// How many different strings there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether the string is there.
    pub fn has(&self, memory: &[u8], string: &[u8]) -> bool {
        string.len() <= self.longest && self.find(memory, string, self.hash(string)).is_ok()
    }

    /// The labels of the string and of what is behind each of its dots, together (OR); 0 for
    /// none.
    pub fn matching(&self, memory: &[u8], string: &[u8]) -> u64 {
        // Of longer strings the end is looked at.
        let string = string.get(string.len().saturating_sub(self.longest + 1)..).unwrap_or(string);
        let mut found = 0;
        suffix::walk::<false>(
            string,
            self.seed,
            |_| !0,
            |length, hash| {
                let suffix = string.get(string.len() - length..).unwrap_or(&[]);
                if length > self.longest {
                    return false;
                }
                if let Ok(at) = self.find(memory, suffix, hash.value()) {
                    found |= memory.u64_at(at + 4).unwrap_or(0);
                }
                true
            },
        );
        found
    }

    fn hash(&self, string: &[u8]) -> u64 {
        suffix::hash::<false>(string, self.seed)
    }

    /// Where the string's record is, or the slot for it, if there is a free one.
    fn find(&self, memory: &[u8], string: &[u8], hash: u64) -> Result<usize, Option<usize>> {
        let first = (hash >> 32) as usize;
        for turn in 0..=self.mask {
            let slot = first.wrapping_add(turn) & self.mask;
            let entry = memory.u64_at(slot * 8).unwrap_or(0);
            if entry == 0 {
                return Err(Some(slot));
            }
            let at = entry as u32 as usize;
            if (entry >> 32) as u32 == hash as u32 && self.at(memory, at) == Some(string) {
                return Ok(at);
            }
        }
        Err(None)
    }

    fn at<'a>(&self, memory: &'a [u8], at: usize) -> Option<&'a [u8]> {
        let length = memory.u32_at(at)? as usize;
        memory.get(at + RECORD..)?.get(..length)
    }
}

fn write(memory: &mut [u8], at: usize, bytes: &[u8]) -> Option<()> {
    memory.get_mut(at..)?.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(())
}
