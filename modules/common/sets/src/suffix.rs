// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A name, its parent, its grandparent, ...: all that ends alike, in one pass from the end.
//!
//! The hash of a suffix is of its words, each mixed into what the words after it gave, so a
//! longer suffix goes on where a shorter one was. With `FOLD`, upper and lower case have the
//! same hash.

use crate::word;

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
const LAST: u64 = 0xd6e8_feb8_6659_fd93;

/// Multiplies to twice the bits, and folds them.
#[inline]
const fn mix(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}

#[inline]
const fn hashed<const FOLD: bool>(word: u64) -> u64 {
    if FOLD {
        word::fold(word)
    } else {
        word
    }
}

/// Calls `visit` with the length of each suffix that begins after a dot, and of the name
/// itself, and with what gives its hash, in the order of their lengths, until it returns false.
/// `lengths` tells, for each word from the end, which of the lengths that begin in it are of
/// interest: the top bit of each byte, the lowest for the length without any of its characters.
#[inline(always)]
pub(crate) fn walk<const FOLD: bool>(
    name: &[u8],
    seed: u64,
    lengths: impl Fn(usize) -> u64,
    mut visit: impl FnMut(usize, Hash) -> bool,
) {
    let (mut rest, mut state, mut number) = (name, seed, 0);
    // Whether to go on after a word with these places after which a suffix begins.
    let mut all = |mut begins: u64, before: usize, state: u64, word: u64| {
        while begins != 0 {
            let bits = begins.trailing_zeros() & !7;
            if !visit(before + bits as usize / 8, Hash { state, word, bits }) {
                return false;
            }
            begins &= begins - 1;
        }
        true
    };
    while let Some((before, word)) = word::cut(rest) {
        let begins = word::equal(word, b'.') & lengths(number);
        let word = hashed::<FOLD>(word);
        if !all(begins, number * word::CHARACTERS, state, word) {
            return;
        }
        state = mix(state ^ word, MIX);
        rest = before;
        number += 1;
    }
    let characters = name.len() % word::CHARACTERS;
    let word = word::first(name, characters);
    // The name itself, too.
    let begins = (word::equal(word, b'.') | (0x80 << (8 * characters))) & lengths(number);
    all(begins, number * word::CHARACTERS, state, hashed::<FOLD>(word));
}

/// The hash of a suffix, before it is computed.
#[derive(Clone, Copy)]
pub(crate) struct Hash {
    state: u64,
    word: u64,
    bits: u32,
}

impl Hash {
    #[inline(always)]
    pub(crate) fn value(self) -> u64 {
        // The word's last characters, so many bits of them, in the highest places.
        let characters = self.word << 1 << (63 - self.bits % 64);
        mix(self.state ^ characters, LAST)
    }
}

/// The hash of a whole name, as [`walk`] gives it last.
#[inline]
pub fn hash<const FOLD: bool>(name: &[u8], seed: u64) -> u64 {
    let (mut rest, mut state) = (name, seed);
    while let Some((before, word)) = word::cut(rest) {
        state = mix(state ^ hashed::<FOLD>(word), MIX);
        rest = before;
    }
    let characters = name.len() % word::CHARACTERS;
    let word = hashed::<FOLD>(word::first(name, characters));
    Hash { state, word, bits: 8 * characters as u32 }.value()
}
