// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Eight characters at a time.
//!
//! A *word* is up to eight characters of a name, the last of them in the lowest byte; bytes
//! before its first character are zero. A name is cut into words from its end, so that names
//! that end alike have words alike.

/// The same byte in each place of a word.
const fn each(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// The characters of a word, at most.
pub const CHARACTERS: usize = 8;

/// Cuts a name's last word off, if that is full.
#[inline(always)]
pub fn cut(name: &[u8]) -> Option<(&[u8], u64)> {
    let (before, last) = name.split_last_chunk()?;
    Some((before, u64::from_be_bytes(*last)))
}

/// The first characters of a name, fewer than eight.
#[inline(always)]
pub fn first(name: &[u8], characters: usize) -> u64 {
    match name.first_chunk() {
        Some(eight) => u64::from_be_bytes(*eight) >> 1 >> ((63 - 8 * characters as u32) % 64),
        None => short(name),
    }
}

/// A name of fewer than eight characters.
#[inline]
fn short(name: &[u8]) -> u64 {
    let (mut word, mut rest) = (0, name);
    if let Some((four, more)) = rest.split_first_chunk::<4>() {
        (word, rest) = (u64::from(u32::from_be_bytes(*four)), more);
    }
    if let Some((two, more)) = rest.split_first_chunk::<2>() {
        (word, rest) = ((word << 16) | u64::from(u16::from_be_bytes(*two)), more);
    }
    if let Some(one) = rest.first() {
        word = (word << 8) | u64::from(*one);
    }
    word
}

/// The top bit of each byte that is zero.
#[inline]
const fn zeros(word: u64) -> u64 {
    !(((word & each(0x7f)) + each(0x7f)) | word) & each(0x80)
}

/// The top bit of each byte that is this one.
#[inline]
pub const fn equal(word: u64, byte: u8) -> u64 {
    zeros(word ^ each(byte))
}

/// Letters without case. Characters of names stay different; other bytes may become equal to
/// them, which [`plain`] tells apart.
#[inline]
pub const fn fold(word: u64) -> u64 {
    word | each(0x20)
}

/// Whether full words, whose [`pack`]ed forms are those of a valid name, are of a name
/// themselves: of letters, digits, `-`, `_` and `.` only.
///
/// Packing drops bits 5 and 7 of each byte. Of the bytes that pack like a character, valid are:
/// below 64 those with bit 5, from there on all but DEL, which packs like `_`.
pub struct Check {
    /// Bit 7 for each place that has had a byte above 126, or next to one.
    high: u64,
    /// Bit 5 for each place that has had bytes of 32 or more only.
    low: u64,
}

impl Default for Check {
    /// Nothing is wrong yet.
    #[inline(always)]
    fn default() -> Check {
        Check { high: 0, low: !0 }
    }
}

impl Check {
    /// Looks at a word.
    #[inline(always)]
    pub fn add(&mut self, word: u64) {
        self.high |= word.wrapping_add(each(1)) | word;
        self.low &= word | (word >> 1);
    }

    /// Looks at a word of fewer characters.
    #[inline(always)]
    pub fn add_first(&mut self, word: u64, characters: usize) {
        // Valid ones in place of those that it does not have.
        self.add(word | (each(b'-') << (8 * characters as u32 % 64)));
    }

    /// Whether all words were valid.
    #[inline(always)]
    pub fn passes(&self) -> bool {
        (self.high & each(0x80)) | (!self.low & each(0x20)) == 0
    }
}

/// Eight characters in six bytes, of each its bits 0 to 4 and 6: of four characters, the first
/// one's stand where the other three have their bits 5 and 7.
///
/// A character of names is not zero there, so that a word of fewer characters is another one:
/// it takes three bytes for four, or as many as there are.
#[inline]
pub const fn pack(word: u64) -> u64 {
    let rest = word & 0x005f_5f5f_005f_5f5f;
    let firsts = (word >> 24) & 0x0000_005f_0000_005f;
    // Three copies that do not overlap: bits 4 and 6 of each first character come to lie on 5
    // and 7, bits 1 and 3 on 13 and 15, bits 0 and 2 on 21 and 23.
    let spread = (firsts * ((1 << 1) | (1 << 12) | (1 << 21))) & 0x00a0_a0a0_00a0_a0a0;
    let halves = rest | spread;
    (halves & 0x00ff_ffff) | (halves >> 32 << 24)
}

/// How many bytes so many packed characters take.
#[inline]
pub const fn packed(characters: usize) -> usize {
    (characters * 3).div_ceil(4)
}

/// Undoes [`pack`]: lower-case characters, zero where there is none.
pub const fn unpack(packed: u64) -> u64 {
    let halves = (packed & 0x00ff_ffff) | (packed >> 24 << 32);
    let firsts = ((halves >> 1) & 0x0000_0050_0000_0050)
        | ((halves >> 12) & 0x0000_000a_0000_000a)
        | ((halves >> 21) & 0x0000_0005_0000_0005);
    let word = (halves & 0x005f_5f5f_005f_5f5f) | (firsts << 24);
    // Bit 5 is there in all characters but `_`.
    word | each(0x20) & !((equal(word, b'_') | zeros(word)) >> 2)
}
