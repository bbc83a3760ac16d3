// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A set of prefixes, as a list file holds it: the longest that an address begins with tells
//! its label.
//!
//! Prefixes that lie in each other are resolved when the set is made: what it keeps, for each
//! family, is where the label changes, in ascending order. After the common part, the header says:
//!
//! | at | bytes | |
//! |---|---|---|
//! | 32 | 4 | labels |
//! | 36 | 1 | bytes of a label's number: 1, 2 or 4 |
//! | 37 | 3 | bytes of a start, for IPv4, IPv6 and MAC: 4, 8 or 16, or 0 without any |
//! | 40 | 3 | bits of the index, likewise: at most 16 |
//! | 44 | 12 | starts, likewise |
//!
//! For each family that there is, labels are followed by its index, 4 bytes for each value of
//! an address's first bits and one more: how many starts are before it; by its starts, whose
//! highest bits are an address's, the first of them 0; and by the numbers of the labels from
//! there on: 0 for none, or one more than the label's place.

use crate::bytes::Bytes;
use crate::file::{self, Error, Header, Kind, Numbers, CHECKSUM, HEADER};
use crate::prefix::Family;

mod make;

pub use make::{Member, Plan, Twice};

/// Bits of an index, at most.
const MOST_BITS: u8 = 16;

/// Where things are in a file of addresses. Each method takes the bytes of the same file.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    width: usize,
    tables: [Table; 3],
    header: Header,
}

/// What there is of one family.
#[derive(Clone, Copy, Debug, Default)]
struct Table {
    starts: usize,
    width: usize,
    bits: u8,
    index_at: usize,
    starts_at: usize,
    numbers_at: usize,
}

/// What the header says of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fields {
    labels: u32,
    width: u8,
    widths: [u8; 3],
    bits: [u8; 3],
    starts: [u32; 3],
}

impl Fields {
    fn write(&self) -> [u8; HEADER / 2] {
        let mut bytes = [0; HEADER / 2];
        let fields = (self.labels.to_le_bytes().into_iter())
            .chain([self.width])
            .chain(self.widths)
            .chain(self.bits)
            .chain([0])
            .chain(self.starts.into_iter().flat_map(u32::to_le_bytes));
        for (to, from) in bytes.iter_mut().zip(fields) {
            *to = from;
        }
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Fields> {
        Some(Fields {
            labels: bytes.u32_at(32)?,
            width: *bytes.get(36)?,
            widths: *bytes.get(37..)?.first_chunk()?,
            bits: *bytes.get(40..)?.first_chunk()?,
            starts: [bytes.u32_at(44)?, bytes.u32_at(48)?, bytes.u32_at(52)?],
        })
    }

    /// Where each family's part lies, and where the last ends; `None` if a number is not as it
    /// may be.
    fn tables(&self) -> Option<([Table; 3], u64)> {
        if !matches!(self.width, 1 | 2 | 4) {
            return None;
        }
        let mut at = HEADER as u64 + u64::from(self.labels) * 8;
        let mut tables = [Table::default(); 3];
        let columns = self.widths.into_iter().zip(self.bits).zip(self.starts);
        for ((table, family), ((width, bits), starts)) in tables.iter_mut().zip(Family::ALL).zip(columns) {
            let known = match (starts, family) {
                (0, _) => width == 0 && bits == 0,
                (_, Family::V4) => width == 4,
                (_, Family::V6) => width == 8 || width == 16,
                (_, Family::Mac) => width == 8,
            };
            if !known || bits > MOST_BITS {
                return None;
            }
            if starts == 0 {
                continue;
            }
            let index_at = at;
            let starts_at = index_at + ((1 << bits) + 1) * 4;
            let numbers_at = starts_at + u64::from(starts) * u64::from(width);
            at = numbers_at + u64::from(starts) * u64::from(self.width);
            if at > file::LONGEST {
                return None;
            }
            *table = Table {
                starts: starts as usize,
                width: width.into(),
                bits,
                index_at: index_at as usize,
                starts_at: starts_at as usize,
                numbers_at: numbers_at as usize,
            };
        }
        Some((tables, at))
    }
}

impl Addresses {
    /// Checks a whole file.
    ///
    /// # Errors
    ///
    /// It is damaged, or no file of addresses.
    pub fn new(bytes: &[u8]) -> Result<Addresses, Error> {
        let header = Header::of_file(bytes, Kind::Addresses)?;
        let fields = Fields::read(bytes).ok_or(Error::Truncated)?;
        let (tables, end) = fields.tables().ok_or(Error::Inconsistent("its sections"))?;
        if end + (header.notes + CHECKSUM) as u64 != header.length {
            return Err(Error::Inconsistent("its sections"));
        }
        let addresses = Addresses { width: fields.width.into(), tables, header };
        for table in &tables {
            addresses.check(bytes, table, fields.labels as usize)?;
        }
        Ok(addresses)
    }

    /// Whether a family's starts ascend, its index is theirs, and its labels are there.
    fn check(&self, bytes: &[u8], table: &Table, labels: usize) -> Result<(), Error> {
        if table.starts == 0 {
            return Ok(());
        }
        let (mut slot, mut before) = (0, None);
        let slots = 1usize << table.bits;
        for position in 0..table.starts {
            let start = table.start(bytes, position).ok_or(Error::Truncated)?;
            if before.map_or(start != 0, |before| start <= before) {
                return Err(Error::Inconsistent("its starts do not ascend"));
            }
            before = Some(start);
            // Index entries up to this start's slot count what is before it.
            while slot <= table.slot((start >> 64) as u64) {
                if table.index(bytes, slot) != Some(position) {
                    return Err(Error::Inconsistent("its index"));
                }
                slot += 1;
            }
            if self.number(bytes, table, position).is_none_or(|number| number > labels) {
                return Err(Error::Inconsistent("its labels"));
            }
        }
        if (slot..=slots).any(|slot| table.index(bytes, slot) != Some(table.starts)) {
            return Err(Error::Inconsistent("its index"));
        }
        Ok(())
    }

    /// How many prefixes it was made of.
    pub fn count(&self) -> u64 {
        self.header.count
    }

    /// Text for people: which bits of labels mean what.
    pub fn notes<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        file::notes(bytes, self.header.notes)
    }

    /// The label of the longest prefix of an IPv4 address.
    #[inline]
    pub fn v4(&self, bytes: &[u8], address: u32) -> Option<u64> {
        let (table, bytes) = (&self.tables[0], Bytes::new(bytes)?);
        let not_above = |position| bytes.u32(table.starts_at + position * 4) <= address;
        self.label(bytes, table, table.search(bytes, u64::from(address) << 32, not_above)?)
    }

    /// The label of the longest prefix of an IPv6 address.
    #[inline]
    pub fn v6(&self, bytes: &[u8], address: u128) -> Option<u64> {
        let (table, bytes) = (&self.tables[1], Bytes::new(bytes)?);
        let (high, low) = ((address >> 64) as u64, address as u64);
        let position = if table.width == 8 {
            table.search_high(bytes, high)
        } else {
            let not_above = |position| {
                let at = table.starts_at + position * 16;
                (bytes.u64(at + 8), bytes.u64(at)) <= (high, low)
            };
            table.search(bytes, high, not_above)
        };
        self.label(bytes, table, position?)
    }

    /// The label of the longest prefix of a MAC address, whose 48 bits are the highest of the
    /// number.
    #[inline]
    pub fn mac(&self, bytes: &[u8], address: u64) -> Option<u64> {
        let (table, bytes) = (&self.tables[2], Bytes::new(bytes)?);
        self.label(bytes, table, table.search_high(bytes, address)?)
    }

    /// The label of the longest prefix of an address of 4, 16 or 6 bytes; the outer `None` says
    /// that it is none of these.
    #[inline]
    pub fn matching(&self, bytes: &[u8], address: &[u8]) -> Option<Option<u64>> {
        Some(match *address {
            [a, b, c, d] => self.v4(bytes, u32::from_be_bytes([a, b, c, d])),
            [a, b, c, d, e, f] => self.mac(bytes, u64::from_be_bytes([a, b, c, d, e, f, 0, 0])),
            _ => self.v6(bytes, u128::from_be_bytes(address.try_into().ok()?)),
        })
    }

    /// One more than the place of a start's label, or 0 for none.
    fn number(&self, bytes: &[u8], table: &Table, position: usize) -> Option<usize> {
        let at = table.numbers_at + position * self.width;
        match self.width {
            1 => bytes.get(at).map(|number| usize::from(*number)),
            2 => bytes.u16_at(at).map(usize::from),
            _ => bytes.u32_at(at).map(|number| number as usize),
        }
    }

    #[inline]
    fn label(&self, bytes: Bytes<'_>, table: &Table, position: usize) -> Option<u64> {
        let number = bytes.u32(table.numbers_at + position * self.width) as usize;
        let place = match self.width {
            1 => number & 0xff,
            2 => number & 0xffff,
            _ => number,
        };
        Some(bytes.u64(HEADER + place.checked_sub(1)? * 8))
    }

    /// Calls `visit` with the first and the last address of each range that has a label, in
    /// ascending order, their bits in the highest places.
    pub fn each(&self, bytes: &[u8], mut visit: impl FnMut(Family, u128, u128, u64)) {
        for (table, family) in self.tables.iter().zip(Family::ALL) {
            let unused = u128::MAX.checked_shr(family.bits().into()).unwrap_or(0);
            for position in 0..table.starts {
                let next = table.start(bytes, position + 1).filter(|_| position + 1 < table.starts);
                let last = next.map_or(u128::MAX, |next| next - 1) & !unused;
                let label = Bytes::new(bytes).and_then(|bytes| self.label(bytes, table, position));
                if let (Some(start), Some(label)) = (table.start(bytes, position), label) {
                    visit(family, start, last, label);
                }
            }
        }
    }
}

impl Table {
    fn start(&self, bytes: &[u8], position: usize) -> Option<u128> {
        let at = self.starts_at + position * self.width;
        Some(match self.width {
            4 => u128::from(bytes.u32_at(at)?) << 96,
            8 => u128::from(bytes.u64_at(at)?) << 64,
            _ => u128::from_le_bytes(*bytes.get(at..)?.first_chunk()?),
        })
    }

    #[inline]
    fn slot(&self, high: u64) -> usize {
        (high >> 1 >> (63 - self.bits)) as usize
    }

    fn index(&self, bytes: &[u8], slot: usize) -> Option<usize> {
        bytes.u32_at(self.index_at + slot * 4).map(|position| position as usize)
    }

    /// The last start that is not above an address, for starts of 8 bytes.
    #[inline]
    fn search_high(&self, bytes: Bytes<'_>, high: u64) -> Option<usize> {
        self.search(bytes, high, |position| bytes.u64(self.starts_at + position * 8) <= high)
    }

    /// The last start that is not above an address; `not_above` tells that of a start.
    #[inline(always)]
    fn search(&self, bytes: Bytes<'_>, high: u64, not_above: impl Fn(usize) -> bool) -> Option<usize> {
        if self.starts == 0 {
            return None;
        }
        // Where this slot begins, and the next.
        let entries = bytes.u64(self.index_at + self.slot(high) * 4);
        let mut from = entries as u32 as usize;
        let mut length = ((entries >> 32) as usize).saturating_sub(from);
        // The first start that is above is one of so many, or behind them. Halves may overlap by one, so
        // that the way does not depend on what is compared.
        while length > 1 {
            let half = length / 2;
            from = if not_above(from + half - 1) { from + half } else { from };
            length -= half;
        }
        (from + usize::from(length == 1 && not_above(from))).checked_sub(1)
    }
}
