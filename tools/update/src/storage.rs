// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is written to, down to the disk.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use rustix::fs::{fadvise, Advice};

/// A partition, or what a test has in its place.
pub trait Storage {
    /// Bytes of it.
    fn size(&mut self) -> io::Result<u64>;
    /// Fills `bytes` from what is at `offset`.
    fn read(&mut self, offset: u64, bytes: &mut [u8]) -> io::Result<()>;
    /// Puts `bytes` at `offset`; they may be lost until [`sync`](Self::sync) has returned.
    fn write(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Returns when the disk has everything that was written.
    fn sync(&mut self) -> io::Result<()>;
    /// What is read from now on comes from the disk, not from memory.
    fn forget(&mut self) -> io::Result<()>;
}

impl Storage for File {
    fn size(&mut self) -> io::Result<u64> {
        // The metadata of a partition know no length.
        io::Seek::seek(self, io::SeekFrom::End(0))
    }

    fn read(&mut self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(bytes, offset)
    }

    fn write(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }

    fn forget(&mut self) -> io::Result<()> {
        Ok(fadvise(&*self, 0, None, Advice::DontNeed)?)
    }
}

/// A storage read from its beginning on.
pub(crate) struct Reader<'a> {
    pub(crate) storage: &'a mut dyn Storage,
    pub(crate) at: u64,
}

impl io::Read for Reader<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let left = self.storage.size()?.saturating_sub(self.at);
        let len = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        self.storage.read(self.at, &mut bytes[..len])?;
        self.at += len as u64;
        Ok(len)
    }
}
