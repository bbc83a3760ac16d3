// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Numbers in what the kernel writes, in the host's byte order; `None` beyond the end.

/// The 16-bit number at this byte.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The 32-bit number at this byte.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}
