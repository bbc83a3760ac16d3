// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What was written to a disk, in its order.

use std::io::{self, Read};
use std::ops::Range;

/// What QEMU's driver `blklogwrites` begins a log with (the format of the kernel's dm-log-writes:
/// Documentation/admin-guide/device-mapper/log-writes.rst).
const MAGIC: u64 = 0x006a_7366_7773_6872;
const FLUSH: u64 = 1;
const FUA: u64 = 2;
const DISCARD: u64 = 4;

/// Something that happened to a disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Bytes were written.
    Write {
        /// To where.
        offset: u64,
        /// The bytes, whole sectors.
        bytes: Vec<u8>,
    },
    /// Everything written before this survives a power cut from now on.
    Flush,
}

/// What was written to a disk, in its order.
#[derive(Clone, Debug, Default)]
pub struct Log(pub Vec<Event>);

/// Why a file is no log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read, or ends early.
    #[error("cannot read the log of writes")]
    Read(#[from] io::Error),
    /// It is something else.
    #[error("this is no log of writes")]
    Format,
}

impl Log {
    /// Reads a log of QEMU's driver `blklogwrites`.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub fn read(mut from: impl Read) -> Result<Log, Error> {
        let long = |from: &mut dyn Read| -> io::Result<u64> {
            let mut bytes = [0; 8];
            from.read_exact(&mut bytes)?;
            Ok(u64::from_le_bytes(bytes))
        };
        let from: &mut dyn Read = &mut from;
        let (magic, _version, entries) = (long(from)?, long(from)?, long(from)?);
        let mut sector = [0; 4];
        from.read_exact(&mut sector)?;
        let sector = u64::from(u32::from_le_bytes(sector));
        if magic != MAGIC || !(512..=65536).contains(&sector) {
            return Err(Error::Format);
        }
        skip(from, sector - 28)?;
        let mut events = Vec::new();
        for _ in 0..entries {
            let (at, count, flags, _data) = (long(from)?, long(from)?, long(from)?, long(from)?);
            skip(from, sector - 32)?;
            let (offset, len) = (at * sector, count * sector);
            if flags & FLUSH != 0 {
                events.push(Event::Flush);
            }
            // What is discarded may still be there, so nothing is to depend on it.
            if len > 0 && flags & DISCARD == 0 {
                let mut bytes = vec![0; usize::try_from(len).map_err(|_| Error::Format)?];
                from.read_exact(&mut bytes)?;
                events.push(Event::Write { offset, bytes });
            }
            if flags & FUA != 0 {
                events.push(Event::Flush);
            }
        }
        Ok(Log(events))
    }

    /// How many writes and flushes there are.
    pub fn counts(&self) -> (usize, usize) {
        let flushes = self.0.iter().filter(|event| **event == Event::Flush).count();
        (self.0.len() - flushes, flushes)
    }

    /// Whether all writes are in this part of the disk.
    pub fn is_within(&self, part: &Range<usize>) -> bool {
        self.0.iter().all(|event| match event {
            Event::Write { offset, bytes } => {
                let offset = *offset as usize;
                part.start <= offset && offset + bytes.len() <= part.end
            }
            Event::Flush => true,
        })
    }

    /// Writes it all to a disk.
    pub fn replay(&self, disk: &mut [u8]) {
        for event in &self.0 {
            if let Event::Write { offset, bytes } = event {
                disk[*offset as usize..][..bytes.len()].copy_from_slice(bytes);
            }
        }
    }

    /// The same writes by somebody who never tells the disk to keep them.
    pub fn unflushed(&self) -> Log {
        let mut events = self.0.clone();
        events.retain(|event| *event != Event::Flush);
        // It is kept at last.
        events.push(Event::Flush);
        Log(events)
    }
}

fn skip(from: &mut dyn Read, bytes: u64) -> io::Result<()> {
    io::copy(&mut from.take(bytes), &mut io::sink()).map(drop)
}
