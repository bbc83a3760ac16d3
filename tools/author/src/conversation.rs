// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Who speaks with whom, as packets say it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Who sends to whom.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Conversation {
    pub(crate) protocol: u8,
    pub(crate) source: SocketAddr,
    pub(crate) destination: SocketAddr,
}

impl Conversation {
    /// That of a packet from its IP header on.
    pub(crate) fn of(packet: &[u8]) -> Option<Conversation> {
        let (protocol, _) = packet::transport(packet)?;
        let (source, destination): (IpAddr, IpAddr) = match packet[0] >> 4 {
            4 => {
                let address = |at: usize| packet.get(at..)?.first_chunk::<4>().map(|bytes| Ipv4Addr::from(*bytes));
                (address(12)?.into(), address(16)?.into())
            }
            _ => {
                let address = |at: usize| packet.get(at..)?.first_chunk::<16>().map(|bytes| Ipv6Addr::from(*bytes));
                (address(8)?.into(), address(24)?.into())
            }
        };
        let (from, to) = packet::ports(packet).and_then(|found| found.ports).unwrap_or((0, 0));
        let (source, destination) = (SocketAddr::new(source, from), SocketAddr::new(destination, to));
        Some(Conversation { protocol, source, destination })
    }

    /// The same for both directions.
    pub(crate) fn key(&self) -> Conversation {
        let (source, destination) = (self.source.min(self.destination), self.source.max(self.destination));
        Conversation { protocol: self.protocol, source, destination }
    }
}
