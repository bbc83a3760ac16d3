// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The names by which eBPF programs call scripts: bytes of a buffer, with a hash for tables.
//! Compiled into luaxdp.ko and, for tests, on the host.
// The kernel gives this attribute to every crate by itself.
#![cfg_attr(not(MODULE), no_std)]

/// A script's name, as an eBPF program has it, with its hash.
#[derive(Clone, Copy)]
pub struct Key<'a> {
    name: &'a [u8],
    hash: u64,
}

impl<'a> Key<'a> {
    /// The name in `bytes`: up to the first zero, or all of them. Reads eight bytes at a time.
    #[inline]
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Key<'a> {
        let mut hash = 0;
        let mut length = 0;
        let mut rest = bytes;
        loop {
            let (word, whole) = match rest.split_first_chunk::<8>() {
                Some((word, after)) => {
                    rest = after;
                    (u64::from_le_bytes(*word), true)
                }
                None => (rest.iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte)), false),
            };
            let used = if whole { before_zero(word) } else { before_zero(word).min(rest.len()) };
            length += used;
            let kept = if used == 8 { word } else { word & !(u64::MAX << (used * 8)) };
            hash = mix(hash, kept);
            if used < 8 {
                break;
            }
        }
        Key { name: bytes.get(..length).unwrap_or(bytes), hash }
    }

    /// The same for the same name, whatever follows it.
    #[inline]
    #[must_use]
    pub fn hash(self) -> u64 {
        self.hash
    }

    /// Whether it is this name.
    #[inline]
    #[must_use]
    pub fn is(self, name: &[u8]) -> bool {
        self.name == name
    }
}

/// How many bytes of the word, from its lowest, come before the first zero.
#[inline]
fn before_zero(word: u64) -> usize {
    const LOW: u64 = u64::MAX / 255;
    let zeros = word.wrapping_sub(LOW) & !word & (LOW << 7);
    // Of the marks, only the lowest is sure to be a zero's.
    (zeros.trailing_zeros() / 8) as usize
}

/// The multiplication spreads upwards; the place in a table is made of the lower bits.
#[inline]
fn mix(hash: u64, word: u64) -> u64 {
    let product = (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ (product >> 32)
}
