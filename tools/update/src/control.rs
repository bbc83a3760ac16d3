// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The boot record, read and written as the loader does.

use std::io;

use layout::{newest, Record, COPY_STRIDE, RECORD_LEN};

use crate::Storage;

/// The newest record, and where the next one goes.
pub struct Control<'a> {
    storage: &'a mut dyn Storage,
    copy: usize,
    record: Record,
}

impl<'a> Control<'a> {
    /// Reads the record.  Without a valid copy the loader takes any signed slot: then the one that
    /// runs is what the disk was made with.
    ///
    /// # Errors
    ///
    /// Those of the storage.
    pub fn open(storage: &'a mut dyn Storage, running: usize) -> io::Result<Self> {
        let mut copies = [[0; RECORD_LEN]; 2];
        for (at, copy) in (0..).step_by(COPY_STRIDE as usize).zip(&mut copies) {
            storage.read(at, copy)?;
        }
        let (copy, record) = newest([&copies[0], &copies[1]]).unwrap_or((1, Record::first(running)));
        Ok(Control { storage, copy, record })
    }

    /// What it says.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Changes it, and returns when the disk has it: the older copy is overwritten.
    ///
    /// # Errors
    ///
    /// Those of the storage; then the loader may see what was there before, or the change.
    pub fn change(&mut self, change: impl FnOnce(&mut Record)) -> io::Result<()> {
        let mut next = self.record;
        change(&mut next);
        if next == self.record {
            return Ok(());
        }
        next.sequence = self.record.sequence.wrapping_add(1);
        let copy = 1 - self.copy;
        self.storage.write(copy as u64 * COPY_STRIDE, &next.encode())?;
        self.storage.sync()?;
        (self.copy, self.record) = (copy, next);
        Ok(())
    }
}
