// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Internet checksum (RFC 1071).

/// The one's complement of the one's complement sum of the 16-bit words, in network byte
/// order; an odd last byte counts as a word's first.
pub fn checksum(bytes: &[u8]) -> u16 {
    Sum::default().add(bytes).finish()
}

/// A checksum of several pieces. All but the last have an even length.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sum(u64);

impl Sum {
    #[must_use]
    pub(crate) fn add(self, bytes: &[u8]) -> Sum {
        let mut sum = self.0;
        // Words of 32 bits have the same sum as their halves, once it is folded.
        let words = bytes.chunks_exact(4);
        let rest = words.remainder();
        for word in words {
            let word = word.try_into().map_or(0, u32::from_be_bytes);
            sum = sum.wrapping_add(u64::from(word));
        }
        for word in rest.chunks(2) {
            let high = word.first().copied().unwrap_or(0);
            let low = word.get(1).copied().unwrap_or(0);
            sum = sum.wrapping_add(u64::from(u16::from_be_bytes([high, low])));
        }
        Sum(sum)
    }

    pub(crate) fn finish(self) -> u16 {
        let mut sum = self.0;
        while sum > 0xffff {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        !(sum as u16)
    }
}
