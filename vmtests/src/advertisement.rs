// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A router's advertisement (RFC 4861), read field by field.

use crate::packets::Packet;
use smoltcp::wire::{IpAddress, Ipv6Address, Ipv6Cidr};

/// What kinds of messages there are.
const ADVERTISEMENT: u8 = 134;
/// Options: a prefix, name servers and domains (RFC 8106), and a route (RFC 4191).
const PREFIX: u8 = 3;
/// The name servers.
pub const NAME_SERVERS: u8 = 25;
/// The domains that names are looked for in.
pub const DOMAINS: u8 = 31;
/// A way that is not the way to everywhere.
pub const ROUTE: u8 = 24;

/// A router's advertisement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advertisement {
    /// Who sends it.
    pub router: Ipv6Address,
    /// Whether DHCPv6 has addresses.
    pub managed: bool,
    /// Whether DHCPv6 has anything else.
    pub other: bool,
    /// For how many seconds it is a way to everywhere; 0: it is none.
    pub lifetime: u16,
    /// The prefixes.
    pub prefixes: Vec<Prefix>,
    /// All options: their kinds, and what is behind kind and length.
    pub options: Vec<(u8, Vec<u8>)>,
}

/// A prefix that is advertised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prefix {
    /// Which one.
    pub prefix: Ipv6Cidr,
    /// Whether its addresses are on the cable.
    pub on_link: bool,
    /// Whether hosts make addresses of it.
    pub autonomous: bool,
    /// For how many seconds those are valid, and for how many they are preferred.
    pub lifetimes: (u32, u32),
}

impl Advertisement {
    /// The advertisement in a frame, if it is sound.
    pub fn read(frame: &[u8]) -> Option<Self> {
        let packet = Packet::read(frame).filter(Packet::is_sound)?;
        let (ADVERTISEMENT, 0) = packet.icmp()? else { return None };
        let IpAddress::Ipv6(router) = packet.source else { return None };
        let (head, mut rest) = packet.body.split_at_checked(16)?;
        let mut options = Vec::new();
        while let [kind, units, ..] = *rest {
            let option = rest.get(..8 * usize::from(units)).filter(|option| !option.is_empty())?;
            options.push((kind, option[2..].to_vec()));
            rest = &rest[option.len()..];
        }
        let prefixes = options.iter().filter(|option| option.0 == PREFIX).filter_map(|option| Prefix::read(&option.1));
        Some(Advertisement {
            router,
            managed: head[5] & 0x80 != 0,
            other: head[5] & 0x40 != 0,
            lifetime: u16::from_be_bytes([head[6], head[7]]),
            prefixes: prefixes.collect(),
            options,
        })
    }

    /// Whether there is an option of this kind.
    pub fn has(&self, kind: u8) -> bool {
        self.options.iter().any(|option| option.0 == kind)
    }
}

impl Prefix {
    fn read(option: &[u8]) -> Option<Self> {
        let (&[length, flags, a, b, c, d, e, f, g, h], rest) = option.split_first_chunk()?;
        let address: [u8; 16] = rest.get(4..20)?.try_into().ok()?;
        let prefix = (length <= 128).then(|| Ipv6Cidr::new(address.into(), length))?;
        let lifetimes = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
        Some(Prefix { prefix, on_link: flags & 0x80 != 0, autonomous: flags & 0x40 != 0, lifetimes })
    }
}
