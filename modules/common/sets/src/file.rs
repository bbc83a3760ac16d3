// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! List files: what all kinds have in common.
//!
//! A file begins with a header and ends with a checksum; numbers are little-endian.
//!
//! | at | bytes | |
//! |---|---|---|
//! | 0 | 8 | `lunalist` |
//! | 8 | 2 | version: 1 |
//! | 10 | 2 | kind: 1 domains, 2 addresses |
//! | 12 | 4 | bytes of notes |
//! | 16 | 8 | bytes of the file |
//! | 24 | 8 | members: names, or prefixes |
//! | 32 | 32 | what the kind says more |
//! | 64 | | labels, 8 bytes each; then what the kind has |
//! | | | notes: text for people, which categories the bits of the labels are |
//! | end - 8 | 8 | XXH64 of all that stands before it |

use core::fmt;

use crate::xxh64;

/// What a list file begins with.
pub const MAGIC: [u8; 8] = *b"lunalist";
/// The version of the format that this reads and that the compiler writes.
pub const VERSION: u16 = 1;
/// Bytes of the header.
pub const HEADER: usize = 64;
/// Bytes of the checksum.
pub const CHECKSUM: usize = 8;
/// No file is longer.
pub const LONGEST: u64 = 64 << 20;
/// No notes are longer.
pub const LONGEST_NOTES: usize = 4096;

/// What a list file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Names: [`Domains`](crate::Domains).
    Domains,
    /// Prefixes of addresses: [`Addresses`](crate::Addresses).
    Addresses,
}

impl Kind {
    const ALL: [Kind; 2] = [Kind::Domains, Kind::Addresses];

    /// Its number in the header.
    pub const fn number(self) -> u16 {
        match self {
            Kind::Domains => 1,
            Kind::Addresses => 2,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Domains => "domains",
            Kind::Addresses => "addresses",
        })
    }
}

/// Why bytes are no list file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// It does not begin as a list file does.
    NoList,
    /// It is of another version.
    Version(u16),
    /// It holds something else.
    OtherKind(Kind),
    /// It is longer than any may be.
    TooLong,
    /// It has not as many bytes as it says.
    Truncated,
    /// Its checksum is that of other bytes.
    Checksum,
    /// Its checksum is right, but it contradicts itself: in this.
    Inconsistent(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoList => f.write_str("no list file: make one with 'lunagate list compile'"),
            Error::Version(version) => {
                write!(f, "a list file of version {version}, not {VERSION}: compile it again with this release")
            }
            Error::OtherKind(Kind::Domains) => f.write_str("a list of domains, which set.load reads"),
            Error::OtherKind(Kind::Addresses) => f.write_str("a list of addresses, which lpm.load reads"),
            Error::TooLong => write!(f, "longer than {} MiB: compile a shorter list", LONGEST >> 20),
            Error::Truncated => f.write_str("not as long as it says: copy it again"),
            Error::Checksum => f.write_str("damaged, its checksum is wrong: copy it again"),
            Error::Inconsistent(what) => write!(f, "damaged: {what}: compile it again"),
        }
    }
}

impl core::error::Error for Error {}

/// Little-endian numbers, where there are enough bytes.
pub(crate) trait Numbers {
    fn u16_at(&self, at: usize) -> Option<u16>;
    fn u32_at(&self, at: usize) -> Option<u32>;
    fn u64_at(&self, at: usize) -> Option<u64>;
}

impl Numbers for [u8] {
    #[inline]
    fn u16_at(&self, at: usize) -> Option<u16> {
        Some(u16::from_le_bytes(*self.get(at..)?.first_chunk()?))
    }
    #[inline]
    fn u32_at(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(*self.get(at..)?.first_chunk()?))
    }
    #[inline]
    fn u64_at(&self, at: usize) -> Option<u64> {
        Some(u64::from_le_bytes(*self.get(at..)?.first_chunk()?))
    }
}

/// The part of the header that all kinds have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the file holds.
    pub kind: Kind,
    /// Bytes of the file.
    pub length: u64,
    /// Members.
    pub count: u64,
    /// Bytes of the notes.
    pub notes: usize,
}

impl Header {
    /// Reads it from a file's first [`HEADER`] bytes.
    ///
    /// # Errors
    ///
    /// It is none of ours.
    pub fn read(bytes: &[u8]) -> Result<Header, Error> {
        if !bytes.starts_with(&MAGIC) {
            return Err(Error::NoList);
        }
        let version = bytes.u16_at(8).ok_or(Error::Truncated)?;
        if version != VERSION {
            return Err(Error::Version(version));
        }
        if bytes.len() < HEADER {
            return Err(Error::Truncated);
        }
        let number = bytes.u16_at(10).ok_or(Error::Truncated)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.number() == number);
        let kind = kind.ok_or(Error::Inconsistent("its kind is unknown"))?;
        let notes = bytes.u32_at(12).ok_or(Error::Truncated)? as usize;
        let length = bytes.u64_at(16).ok_or(Error::Truncated)?;
        let count = bytes.u64_at(24).ok_or(Error::Truncated)?;
        if length > LONGEST {
            return Err(Error::TooLong);
        }
        if notes > LONGEST_NOTES {
            return Err(Error::Inconsistent("its notes are too long"));
        }
        Ok(Header { kind, length, count, notes })
    }

    /// Reads it from a whole file of this kind, whose checksum is checked.
    ///
    /// # Errors
    ///
    /// The bytes are no such file.
    pub fn of_file(bytes: &[u8], kind: Kind) -> Result<Header, Error> {
        let header = Header::read(bytes)?;
        if header.kind != kind {
            return Err(Error::OtherKind(header.kind));
        }
        if header.length != bytes.len() as u64 {
            return Err(Error::Truncated);
        }
        let (rest, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(Error::Truncated)?;
        if xxh64(rest) != u64::from_le_bytes(*sum) {
            return Err(Error::Checksum);
        }
        Ok(header)
    }

    /// Writes it: the first 32 bytes.
    pub fn write(&self) -> [u8; HEADER / 2] {
        let mut bytes = [0; HEADER / 2];
        let fields = MAGIC
            .into_iter()
            .chain(VERSION.to_le_bytes())
            .chain(self.kind.number().to_le_bytes())
            .chain((self.notes as u32).to_le_bytes())
            .chain(self.length.to_le_bytes())
            .chain(self.count.to_le_bytes());
        for (to, from) in bytes.iter_mut().zip(fields) {
            *to = from;
        }
        bytes
    }
}

/// The notes of a file, which are its last bytes before the checksum.
pub(crate) fn notes(bytes: &[u8], length: usize) -> &[u8] {
    let end = bytes.len().saturating_sub(CHECKSUM);
    bytes.get(end.saturating_sub(length)..end).unwrap_or(&[])
}
