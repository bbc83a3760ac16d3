// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Ethernet frames (IEEE 802.3), with up to two VLAN tags (802.1Q, 802.1ad).

use crate::read;

/// Bytes of two addresses and a type.
pub const ETHERNET_HEADER: usize = 14;
/// Bytes of a header with two VLAN tags.
pub(crate) const LONGEST: usize = ETHERNET_HEADER + 8;

/// What an Ethernet header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ethernet {
    /// What the frame carries, VLAN tags aside: 0x0800 is IPv4, 0x86dd is IPv6.
    pub kind: u16,
    /// Where that begins, in bytes from the beginning of the frame.
    pub network: usize,
}

/// Reads the header of the frame that `bytes` begins with; `None` if it is cut short, or has
/// more than two tags.
pub fn ethernet(bytes: &[u8]) -> Option<Ethernet> {
    for network in [ETHERNET_HEADER, ETHERNET_HEADER + 4, LONGEST] {
        let kind = u16::from_be(read(bytes, network - 2)?);
        if !matches!(kind, 0x8100 | 0x88a8) {
            return Some(Ethernet { kind, network });
        }
    }
    None
}
