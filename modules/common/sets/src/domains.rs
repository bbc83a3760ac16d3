// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A set of domain names, as a list file holds it.
//!
//! Names of one length are a *class*. The names of a class are spread over buckets by their
//! hash; they stand in the order of the buckets, and classes in the order of their lengths.
//! After the common part, the header says:
//!
//! | at | bytes | |
//! |---|---|---|
//! | 32 | 8 | seed of the hash |
//! | 40 | 4 | labels |
//! | 44 | 4 | buckets |
//! | 48 | 1 | characters of the longest name |
//! | 49 | 1 | bytes of a label's number: 0 if there is one label at most, or 1 or 2 |
//!
//! Labels are followed by
//!
//! - the classes from length 0 to one beyond the longest, 16 bytes each: how many names, bytes of
//!   keys and buckets are before the class, and how many buckets it has;
//! - the index, 4 bytes for each bucket and one more: how many names are before the bucket;
//! - of each name its print, which is the lowest byte of its hash;
//! - of each name the number of its label;
//! - of each name its key: its words, [packed](word::pack).

use crate::bytes::Bytes;
use crate::file::{self, Error, Header, Kind, Numbers, CHECKSUM, HEADER};
use crate::{suffix, word};

/// More names are in no bucket: this bounds what one lookup can cost.
pub const MOST_IN_BUCKET: usize = 32;
/// The shortest name that a list keeps.
pub const SHORTEST_NAME: usize = 2;
/// The longest name (RFC 1035, without the dot at its end).
pub const LONGEST_NAME: usize = 253;
/// Bytes of a class.
const CLASS: usize = 16;

/// What the header says of domains.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// Seed of the hash.
    pub seed: u64,
    /// Labels.
    pub labels: u32,
    /// Buckets.
    pub buckets: u32,
    /// Characters of the longest name.
    pub longest: u8,
    /// Bytes of a label's number.
    pub width: u8,
}

impl Fields {
    /// As bytes of the header.
    pub fn write(&self) -> [u8; HEADER / 2] {
        let mut bytes = [0; HEADER / 2];
        let fields = (self.seed.to_le_bytes().into_iter())
            .chain(self.labels.to_le_bytes())
            .chain(self.buckets.to_le_bytes())
            .chain([self.longest, self.width]);
        for (to, from) in bytes.iter_mut().zip(fields) {
            *to = from;
        }
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Fields> {
        Some(Fields {
            seed: bytes.u64_at(32)?,
            labels: bytes.u32_at(40)?,
            buckets: bytes.u32_at(44)?,
            longest: *bytes.get(48)?,
            width: *bytes.get(49)?,
        })
    }
}

/// Where a class is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Class {
    /// Names before it.
    pub names: u32,
    /// Bytes of keys before it.
    pub keys: u32,
    /// Buckets before it.
    pub first: u32,
    /// Its buckets.
    pub buckets: u32,
}

impl Class {
    /// As bytes of the file.
    pub fn write(&self) -> [u8; CLASS] {
        let mut bytes = [0; CLASS];
        let fields = [self.names, self.keys, self.first, self.buckets].into_iter().flat_map(u32::to_le_bytes);
        for (to, from) in bytes.iter_mut().zip(fields) {
            *to = from;
        }
        bytes
    }

    #[inline]
    fn read(bytes: &[u8], at: usize) -> Option<Class> {
        let bytes: &[u8; CLASS] = bytes.get(at..)?.first_chunk()?;
        let (names, keys) = (bytes.u32_at(0)?, bytes.u32_at(4)?);
        Some(Class { names, keys, first: bytes.u32_at(8)?, buckets: bytes.u32_at(12)? })
    }
}

/// Which of so many buckets a hash belongs to.
#[inline]
pub const fn bucket(hash: u64, buckets: u32) -> u32 {
    (((hash >> 32) * buckets as u64) >> 32) as u32
}

/// The print of a name with this hash.
#[inline]
pub const fn print(hash: u64) -> u8 {
    hash as u8
}

/// Where things are in a file of domains. Each method takes the bytes of the same file.
#[derive(Clone, Copy, Debug)]
pub struct Domains {
    seed: u64,
    longest: usize,
    /// Which lengths there are names of: eight in each element, the top bit of their bytes.
    lengths: [u64; 32],
    classes: usize,
    index: usize,
    prints: usize,
    numbers: usize,
    width: usize,
    keys: usize,
    /// All labels, together.
    all: u64,
    header: Header,
}

impl Domains {
    /// Checks a whole file.
    ///
    /// # Errors
    ///
    /// It is damaged, or no file of domains.
    pub fn new(bytes: &[u8]) -> Result<Domains, Error> {
        const SECTIONS: Error = Error::Inconsistent("its sections");
        let header = Header::of_file(bytes, Kind::Domains)?;
        let fields = Fields::read(bytes).ok_or(Error::Truncated)?;
        let longest = usize::from(fields.longest);
        let most_labels = match fields.width {
            0 => 1,
            1 => 1 << 8,
            2 => 1 << 16,
            _ => return Err(Error::Inconsistent("its labels")),
        };
        if fields.labels > most_labels || longest > LONGEST_NAME {
            return Err(Error::Inconsistent("its labels"));
        }
        // Sums of 32-bit numbers and small ones, in 64 bits.
        let count = u64::from(u32::try_from(header.count).map_err(|_| SECTIONS)?);
        let classes = HEADER as u64 + u64::from(fields.labels) * 8;
        let index = classes + ((longest + 2) * CLASS) as u64;
        let prints = index + (u64::from(fields.buckets) + 1) * 4;
        let numbers = prints + count;
        let keys = numbers + count * u64::from(fields.width);
        let end = header.length.checked_sub((header.notes + CHECKSUM) as u64).ok_or(SECTIONS)?;
        let length = end.checked_sub(keys).ok_or(SECTIONS)?;
        let mut domains = Domains {
            seed: fields.seed,
            longest,
            lengths: [0; 32],
            classes: classes as usize,
            index: index as usize,
            prints: prints as usize,
            numbers: numbers as usize,
            width: fields.width.into(),
            keys: keys as usize,
            all: 0,
            header,
        };
        domains.check_classes(
            bytes,
            Class { names: count as u32, keys: length as u32, first: fields.buckets, buckets: 0 },
        )?;
        for length in 0..=longest {
            let any = domains.class(bytes, length).is_some_and(|class| class.buckets > 0);
            if let Some(lengths) = domains.lengths.get_mut(length / 8) {
                *lengths |= u64::from(any) << (length % 8 * 8 + 7);
            }
        }
        domains.check_index(bytes, fields.buckets as usize)?;
        for number in 0..fields.labels as usize {
            domains.all |= domains.label(bytes, number).ok_or(Error::Truncated)?;
        }
        let known = |entry| domains.number(bytes, entry).is_some_and(|number| number < fields.labels as usize);
        if !(0..count as usize).all(known) {
            return Err(Error::Inconsistent("the labels of its names"));
        }
        Ok(domains)
    }

    fn class(&self, bytes: &[u8], length: usize) -> Option<Class> {
        Class::read(bytes, self.classes + length * CLASS)
    }

    /// Whether each class begins where the one before ends, and the last ends where all do.
    fn check_classes(&self, bytes: &[u8], all: Class) -> Result<(), Error> {
        const CLASSES: Error = Error::Inconsistent("its classes");
        let mut begin = self.class(bytes, 0).ok_or(CLASSES)?;
        if begin != Class::default() {
            return Err(CLASSES);
        }
        for length in 0..=self.longest {
            let end = self.class(bytes, length + 1).ok_or(CLASSES)?;
            let names = end.names.checked_sub(begin.names).ok_or(CLASSES)?;
            let keys = u64::from(begin.keys) + u64::from(names) * word::packed(length) as u64;
            let buckets = begin.first.checked_add(begin.buckets).ok_or(CLASSES)?;
            // Each class begins with a bucket of its own.
            let first = self.index(bytes, begin.first) == Some(begin.names);
            let some = (names == 0) == (begin.buckets == 0);
            if u64::from(end.keys) != keys || end.first != buckets || !some || !first {
                return Err(CLASSES);
            }
            begin = end;
        }
        if begin != all || self.index(bytes, all.first) != Some(all.names) {
            return Err(CLASSES);
        }
        Ok(())
    }

    /// Whether each bucket begins where the one before ends.
    fn check_index(&self, bytes: &[u8], buckets: usize) -> Result<(), Error> {
        const INDEX: Error = Error::Inconsistent("its index");
        let index = bytes.get(self.index..self.index + (buckets + 1) * 4).ok_or(INDEX)?;
        let mut begin = 0;
        for entry in index.chunks_exact(4) {
            let end = entry.u32_at(0).ok_or(INDEX)? as usize;
            if end < begin || end - begin > MOST_IN_BUCKET {
                return Err(INDEX);
            }
            begin = end;
        }
        Ok(())
    }

    /// How many names there are.
    pub fn count(&self) -> u64 {
        self.header.count
    }

    /// Text for people: which bits of labels mean what.
    pub fn notes<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        file::notes(bytes, self.header.notes)
    }

    /// Whether this very name is in the set; upper and lower case are the same, and a dot at
    /// the end does not count.
    #[inline]
    pub fn has(&self, bytes: &[u8], name: &[u8]) -> bool {
        self.get(bytes, name).is_some()
    }

    /// The label of this very name.
    #[inline]
    pub fn get(&self, bytes: &[u8], name: &[u8]) -> Option<u64> {
        let name = without_root(name);
        let lengths = self.lengths.get(name.len() / word::CHARACTERS)?;
        if (lengths >> (name.len() % word::CHARACTERS * 8)) & 0x80 == 0 {
            return None;
        }
        self.find(Bytes::new(bytes)?, name, suffix::hash::<true>(name, self.seed))
    }

    /// The labels of the name and of the names that it is below, together (OR); 0 for none.
    #[inline]
    pub fn matching(&self, bytes: &[u8], name: &[u8]) -> u64 {
        let (Some(bytes), name) = (Bytes::new(bytes), without_root(name)) else { return 0 };
        if name.len() > LONGEST_NAME {
            // A name could be the end of this, if one began there.
            return self.matching_end(bytes, name.get(name.len() - LONGEST_NAME - 1..).unwrap_or(&[]));
        }
        self.matching_end(bytes, name)
    }

    #[inline(always)]
    fn matching_end(&self, bytes: Bytes<'_>, name: &[u8]) -> u64 {
        let mut found = 0;
        let lengths = |word| self.lengths.get(word).copied().unwrap_or(0);
        suffix::walk::<true>(name, self.seed, lengths, |length, hash| {
            let Some(suffix) = name.get(name.len() - length..) else { return false };
            match self.find(bytes, suffix, hash.value()) {
                Some(label) => {
                    found |= label;
                    // Once every bit is there, nothing can be added.
                    found != self.all
                }
                None => true,
            }
        });
        found
    }

    #[inline]
    fn index(&self, bytes: &[u8], bucket: u32) -> Option<u32> {
        bytes.u32_at(self.index + bucket as usize * 4)
    }

    #[inline]
    fn number(&self, bytes: &[u8], entry: usize) -> Option<usize> {
        match self.width {
            0 => Some(0),
            1 => bytes.get(self.numbers + entry).map(|number| usize::from(*number)),
            _ => bytes.u16_at(self.numbers + entry * 2).map(usize::from),
        }
    }

    #[inline]
    fn label(&self, bytes: &[u8], number: usize) -> Option<u64> {
        bytes.u64_at(HEADER + number * 8)
    }

    /// The label of a name, which has this hash and a length that there are names of. Short, for
    /// most names are in no set.
    #[inline(never)]
    fn find(&self, bytes: Bytes<'_>, name: &[u8], hash: u64) -> Option<u64> {
        let class = bytes.u64(self.classes + name.len() * CLASS + 8);
        let bucket = (class as u32).wrapping_add(bucket(hash, (class >> 32) as u32));
        let entries = bytes.u64(self.index + bucket as usize * 4);
        let (begin, end) = (entries as u32 as usize, (entries >> 32) as usize);
        // Most buckets have no more than eight names.
        let marked = word::equal(bytes.u64(self.prints + begin), print(hash));
        if marked == 0 {
            return if end <= begin + word::CHARACTERS {
                None
            } else {
                self.confirm_any(bytes, name, begin + word::CHARACTERS, end)
            };
        }
        // The prints behind the bucket's are of other hashes.
        let first = begin + marked.trailing_zeros() as usize / 8;
        if first < end {
            self.confirm(bytes, name, first, end)
        } else {
            None
        }
    }

    /// The label of a name, if it is one of these entries, and probably the first.
    #[inline(never)]
    fn confirm(&self, bytes: Bytes<'_>, name: &[u8], first: usize, end: usize) -> Option<u64> {
        if self.is(bytes, first, name) {
            Some(self.label_of(bytes, first))
        } else {
            self.confirm_any(bytes, name, first + 1, end)
        }
    }

    /// The label of a name, if it is one of these entries.
    #[cold]
    #[inline(never)]
    fn confirm_any(&self, bytes: Bytes<'_>, name: &[u8], begin: usize, end: usize) -> Option<u64> {
        (begin..end).find(|entry| self.is(bytes, *entry, name)).map(|entry| self.label_of(bytes, entry))
    }

    #[inline(always)]
    fn label_of(&self, bytes: Bytes<'_>, entry: usize) -> u64 {
        let number = match self.width {
            0 => 0,
            1 => usize::from(bytes.u8(self.numbers + entry)),
            _ => bytes.u32(self.numbers + entry * 2) as usize & 0xffff,
        };
        bytes.u64(HEADER + number * 8)
    }

    /// Whether an entry of the class of names of this length is this name.
    #[inline(always)]
    fn is(&self, bytes: Bytes<'_>, entry: usize, name: &[u8]) -> bool {
        let class = bytes.u64(self.classes + name.len() * CLASS);
        let (first, keys) = (class as u32 as usize, (class >> 32) as usize);
        let mut place = self.keys + keys + entry.wrapping_sub(first) * word::packed(name.len());
        let (mut rest, mut check) = (name, word::Check::default());
        while let Some((before, word)) = word::cut(rest) {
            if (bytes.u64(place) ^ word::pack(word)) << 16 != 0 {
                return false;
            }
            check.add(word);
            rest = before;
            place += word::packed(word::CHARACTERS);
        }
        let characters = name.len() % word::CHARACTERS;
        if characters > 0 {
            let word = word::first(name, characters);
            let unused = 64 - 8 * word::packed(characters) as u32;
            if (bytes.u64(place) ^ word::pack(word)) << unused != 0 {
                return false;
            }
            check.add_first(word, characters);
        }
        check.passes()
    }

    /// Calls `visit` with each name and its label, in the file's order.
    pub fn each(&self, bytes: &[u8], mut visit: impl FnMut(&[u8], u64)) {
        for length in 0..=self.longest {
            let (Some(class), Some(next)) = (self.class(bytes, length), self.class(bytes, length + 1)) else { return };
            for entry in class.names..next.names {
                let place = class.keys as usize + (entry - class.names) as usize * word::packed(length);
                let mut name = [0; LONGEST_NAME + 3];
                for (number, word) in name.rchunks_exact_mut(word::CHARACTERS).enumerate() {
                    let packed = bytes.u64_at(self.keys + place + number * 6).unwrap_or(0);
                    word.copy_from_slice(&word::unpack(packed & 0xffff_ffff_ffff).to_be_bytes());
                }
                let label = self.number(bytes, entry as usize).and_then(|number| self.label(bytes, number));
                if let (Some(label), Some(name)) = (label, name.get(name.len() - length..)) {
                    visit(name, label);
                }
            }
        }
    }
}

/// A name without the dot at its end.
#[inline(always)]
fn without_root(name: &[u8]) -> &[u8] {
    match name.split_last() {
        Some((b'.', rest)) => rest,
        _ => name,
    }
}
