// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a router does to an IP packet on its way.

/// Takes one from the TTL or hop limit of the packet that `bytes` begins with, and mends the
/// header's checksum (RFC 1624); `None`, and nothing is changed, if nothing would be left.
pub fn hop(bytes: &mut [u8]) -> Option<()> {
    match (bytes.first()? >> 4, bytes) {
        (4, [_, _, _, _, _, _, _, _, ttl, _, high, low, ..]) if *ttl > 1 => {
            *ttl -= 1;
            // The word of the TTL lost 0x100, so the complement of the sum gains it; 0xffff is 0.
            let sum = u32::from(u16::from_be_bytes([*high, *low])) + 0x100;
            [*high, *low] = ((sum % 0xffff) as u16).to_be_bytes();
            Some(())
        }
        (6, [_, _, _, _, _, _, _, limit, ..]) if *limit > 1 => {
            *limit -= 1;
            Some(())
        }
        _ => None,
    }
}
