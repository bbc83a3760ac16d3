// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Packets that are whole: their lengths and checksums are right.

use crate::parts::{checksum, ICMP, ICMPV6, TCP, UDP};
use crate::random::Random;

/// Without a scale, and so large that nobody leaves it.
const WINDOW: u16 = 0xffff;
/// Options for a destination (IPv6).
const OPTIONS: u8 = 60;

/// Of a host, and where its frames come from.
pub(crate) struct Address {
    ip: Vec<u8>,
    station: [u8; 6],
}

impl Address {
    fn new(six: bool, network: u8, host: u8, station: [u8; 6]) -> Address {
        let ip = if six {
            vec![0xfd, 0, 0, 0, 0, 0, 0, network, 0, 0, 0, 0, 0, 0, 0, host]
        } else {
            vec![10, network, 0, host]
        };
        Address { ip, station }
    }

    /// A host of the LAN.
    pub(crate) fn of_lan(six: bool, host: usize) -> Address {
        let host = host as u8;
        Address::new(six, 1, 2 + host, [0x52, 0x54, 0, 0, 0xff, 1 + host])
    }

    /// A host behind the WAN.
    pub(crate) fn of_wan(six: bool, host: usize) -> Address {
        Address::new(six, 2, 1 + host as u8, [0x52, 0x54, 0, 0, 0xee, 1])
    }

    /// A router on the side of this end.
    pub(crate) fn of_router(six: bool, end: usize) -> Address {
        if end == 0 {
            Address::of_lan(six, 8)
        } else {
            Address::of_wan(six, 8)
        }
    }

    pub(crate) fn is_of_ipv6(&self) -> bool {
        self.ip.len() == 16
    }

    pub(crate) fn station(&self) -> [u8; 6] {
        self.station
    }
}

/// A packet of IP, with a checksum in its segment, and sometimes with options.
pub(crate) fn packet(random: &mut Random, from: &Address, to: &Address, protocol: u8, mut segment: Vec<u8>) -> Vec<u8> {
    seal(from, to, protocol, &mut segment);
    let optional = random.below(8) == 0;
    let mut packet = Vec::new();
    if from.is_of_ipv6() {
        // They are padding.
        let options = if optional { [&[protocol, 0, 1, 4][..], &[0; 4]].concat() } else { Vec::new() };
        packet.extend([0x60, 0, 0, 0]);
        packet.extend(((options.len() + segment.len()) as u16).to_be_bytes());
        packet.extend([if optional { OPTIONS } else { protocol }, 64]);
        packet.extend([&from.ip[..], &to.ip].concat());
        packet.extend(options);
    } else {
        let options = if optional { [1; 4].to_vec() } else { Vec::new() };
        packet.extend([0x45 + (options.len() / 4) as u8, 0]);
        packet.extend(((20 + options.len() + segment.len()) as u16).to_be_bytes());
        packet.extend([random.next() as u8, 0, 0x40, 0, 64, protocol, 0, 0]);
        packet.extend([&from.ip[..], &to.ip, &options].concat());
        let sum = checksum(&packet);
        packet[10..12].copy_from_slice(&sum.to_be_bytes());
    }
    packet.extend(segment);
    packet
}

/// Gives a segment its checksum.
fn seal(from: &Address, to: &Address, protocol: u8, segment: &mut [u8]) {
    let (at, below) = match protocol {
        TCP => (16, true),
        UDP => (6, true),
        ICMP => (2, false),
        ICMPV6 => (2, true),
        _ => return,
    };
    let mut all = Vec::new();
    if below {
        all.extend([&from.ip[..], &to.ip, &[0, protocol]].concat());
        all.extend((segment.len() as u16).to_be_bytes());
    }
    all.extend(&*segment);
    let sum = match checksum(&all) {
        0 if protocol == UDP => 0xffff,
        sum => sum,
    };
    segment[at..at + 2].copy_from_slice(&sum.to_be_bytes());
}

/// `flags` with a number, and what it acknowledges.
pub(crate) fn segment(ports: [u16; 2], number: u32, acknowledged: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let mut segment = ports.map(u16::to_be_bytes).concat();
    segment.extend(number.to_be_bytes());
    segment.extend(acknowledged.to_be_bytes());
    segment.extend([5 << 4, flags]);
    segment.extend(WINDOW.to_be_bytes());
    segment.extend([0; 4]);
    segment.extend(payload);
    segment
}

pub(crate) fn datagram(ports: [u16; 2], payload: &[u8]) -> Vec<u8> {
    let mut segment = ports.map(u16::to_be_bytes).concat();
    segment.extend(((8 + payload.len()) as u16).to_be_bytes());
    segment.extend([0; 2]);
    segment.extend(payload);
    segment
}

/// With some bytes, so that there is room for what hooks write.
pub(crate) fn echo(protocol: u8, identifier: u16, answer: bool) -> Vec<u8> {
    let kind = match (protocol, answer) {
        (ICMP, false) => 8,
        (ICMP, true) => 0,
        (_, false) => 128,
        (_, true) => 129,
    };
    let mut segment = vec![kind, 0, 0, 0];
    segment.extend(identifier.to_be_bytes());
    segment.extend([0; 58]);
    segment
}

/// That there is nobody at the port that a packet went to.
pub(crate) fn error(random: &mut Random, by: &Address, to: &Address, about: &[u8]) -> Vec<u8> {
    let (protocol, kind, code) = if by.is_of_ipv6() { (ICMPV6, 1, 4) } else { (ICMP, 3, 3) };
    let mut segment = vec![kind, code, 0, 0, 0, 0, 0, 0];
    segment.extend(&about[..about.len().min(500)]);
    packet(random, by, to, protocol, segment)
}
