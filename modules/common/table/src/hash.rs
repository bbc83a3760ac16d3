// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The hash of a key.

/// Any odd number with about as many ones as zeros.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// Both halves of a product, in one word.
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    for (to, from) in word.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_le_bytes(word)
}

/// The hash of a key, which only who knows the `seed` can aim.
///
/// Eight bytes a step are mixed in by a 128-bit product whose factors depend on the seed.
#[must_use]
pub fn hash(seed: u64, key: &[u8]) -> u64 {
    let mut state = fold((seed ^ MIX) | 1, key.len() as u64 ^ seed.rotate_left(32) ^ 1);
    let mut words = key.chunks_exact(8);
    for bytes in &mut words {
        state = fold(state ^ word(bytes), (seed ^ MIX) | 1);
    }
    if !words.remainder().is_empty() {
        state = fold(state ^ word(words.remainder()), (seed ^ MIX) | 1);
    }
    fold(state ^ seed, MIX)
}
