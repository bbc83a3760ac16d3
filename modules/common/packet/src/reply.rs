// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Answers to a frame, from whom it was meant for, to whom it came from: a UDP datagram, or a
//! TCP reset (RFC 9293, 3.10.7.1).
//!
//! A reply has headers of its own (no IP options, no extensions; TTL 64, do not fragment), the
//! addresses, ports and VLAN tags of the frame the other way round, and full checksums.

use crate::checksum::Sum;
use crate::ethernet::LONGEST;
use crate::{ethernet, ip, read, Ip};

const UDP: u8 = 17;
const TCP: u8 = 6;
const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const ACK: u8 = 16;
const TTL: u8 = 64;

/// A reply that remembers all that it needs of the frame, whose bytes it may then take.
#[derive(Clone, Debug)]
pub struct Reply {
    link: [u8; LONGEST],
    /// So many bytes of `link`.
    network: usize,
    version: u8,
    /// Of version 4, the first four bytes count.
    source: [u8; 16],
    destination: [u8; 16],
    source_port: [u8; 2],
    destination_port: [u8; 2],
    transport: Transport,
}

#[derive(Clone, Copy, Debug)]
enum Transport {
    Datagram,
    Reset { sequence: u32, acknowledges: u32, flags: u8 },
}

/// A UDP datagram to whoever sent the one in `frame`; `None` if `frame` is no whole UDP packet
/// from one host to another.
pub fn udp_reply(frame: &[u8]) -> Option<Reply> {
    Reply::new(frame, UDP, |packet, ip| {
        (ip.end - ip.transport >= 8 && read::<u16>(packet, ip.transport)? != 0).then_some(Transport::Datagram)
    })
}

/// A TCP reset to whoever sent the segment in `frame`; `None` if `frame` is no whole TCP packet
/// from one host to another, or is a reset itself.
pub fn tcp_reset(frame: &[u8]) -> Option<Reply> {
    Reply::new(frame, TCP, |packet, ip| {
        let word = |offset: usize| read::<u32>(packet, ip.transport + offset).map(u32::from_be);
        let (sequence, acknowledged) = (word(4)?, word(8)?);
        let offset = usize::from(*packet.get(ip.transport + 12)? >> 4) * 4;
        let flags = *packet.get(ip.transport + 13)?;
        let data = (ip.end - ip.transport).checked_sub(offset)?;
        if offset < 20 || flags & RST != 0 {
            return None;
        }
        if flags & ACK != 0 {
            return Some(Transport::Reset { sequence: acknowledged, acknowledges: 0, flags: RST });
        }
        let occupied = data as u32 + u32::from(flags & SYN != 0) + u32::from(flags & FIN != 0);
        Some(Transport::Reset { sequence: 0, acknowledges: sequence.wrapping_add(occupied), flags: RST | ACK })
    })
}

impl Reply {
    fn new(frame: &[u8], protocol: u8, transport: impl FnOnce(&[u8], &Ip) -> Option<Transport>) -> Option<Reply> {
        let header = ethernet(frame)?;
        let packet = frame.get(header.network..)?;
        let ip = ip(packet)?;
        let kind = if ip.version == 4 { 0x0800 } else { 0x86dd };
        if header.kind != kind || ip.protocol != protocol || ip.fragment {
            return None;
        }
        let mut link = [0; LONGEST];
        let tags = frame.get(12..header.network)?;
        for (to, from) in link.iter_mut().zip(frame.get(6..12)?.iter().chain(frame.get(..6)?).chain(tags)) {
            *to = *from;
        }
        let (source, destination) = if ip.version == 4 {
            (address(packet.get(16..20)?), address(packet.get(12..16)?))
        } else {
            (address(packet.get(24..40)?), address(packet.get(8..24)?))
        };
        // The lowest bit of an Ethernet address's first byte means a group.
        let group = frame.first()? & 1 != 0;
        if group || !is_host(ip.version, &source) || !is_host(ip.version, &destination) {
            return None;
        }
        let port = |offset: usize| read::<u16>(packet, ip.transport + offset).map(u16::to_ne_bytes);
        Some(Reply {
            link,
            network: header.network,
            version: ip.version,
            source,
            destination,
            source_port: port(2)?,
            destination_port: port(0)?,
            transport: transport(packet, &ip)?,
        })
    }

    /// The bytes of the frame with a payload of so many (a reset has none); `None` if no packet
    /// is that long.
    pub fn length(&self, payload: usize) -> Option<usize> {
        let (length, _) = self.lengths(payload)?;
        Some(self.network + self.header() + usize::from(length))
    }

    /// Writes the frame into exactly [`Reply::length`] bytes; `None`, and nothing that is of use,
    /// into another number of them.
    pub fn write(&self, frame: &mut [u8], payload: &[u8]) -> Option<()> {
        let (length, total) = self.lengths(payload.len())?;
        let (link, rest) = frame.split_at_mut_checked(self.network)?;
        let (header, transport) = rest.split_at_mut_checked(self.header())?;
        if transport.len() != usize::from(length) {
            return None;
        }
        put(link, &[&self.link])?;
        let protocol = match self.transport {
            Transport::Datagram => UDP,
            Transport::Reset { .. } => TCP,
        };
        if self.version == 4 {
            let parts: [&[u8]; 5] = [
                &[0x45, 0],
                &total.to_be_bytes(),
                &[0, 0, 0x40, 0, TTL, protocol, 0, 0],
                self.source.get(..4)?,
                self.destination.get(..4)?,
            ];
            put(header, &parts)?;
            let sum = Sum::default().add(header).finish();
            put(header.get_mut(10..12)?, &[&sum.to_be_bytes()])?;
        } else {
            put(header, &[&[0x60, 0, 0, 0], &total.to_be_bytes(), &[protocol, TTL], &self.source, &self.destination])?;
        }
        let field = match self.transport {
            Transport::Datagram => {
                put(transport, &[&self.source_port, &self.destination_port, &length.to_be_bytes(), &[0, 0], payload])?;
                6
            }
            Transport::Reset { sequence, acknowledges, flags } => {
                let (sequence, acknowledges) = (sequence.to_be_bytes(), acknowledges.to_be_bytes());
                let rest = [5 << 4, flags, 0, 0, 0, 0, 0, 0];
                put(transport, &[&self.source_port, &self.destination_port, &sequence, &acknowledges, &rest])?;
                16
            }
        };
        // The pseudo header; the other half of IPv4's addresses is zero.
        let pseudo = Sum::default().add(&self.source).add(&self.destination).add(&[0, protocol]);
        let sum = match pseudo.add(&length.to_be_bytes()).add(transport).finish() {
            0 if protocol == UDP => 0xffff, // 0 means none
            sum => sum,
        };
        put(transport.get_mut(field..field + 2)?, &[&sum.to_be_bytes()])
    }

    /// Bytes of the IP header.
    fn header(&self) -> usize {
        if self.version == 4 {
            20
        } else {
            40
        }
    }

    /// The transport's bytes, and what the IP header says as the length.
    fn lengths(&self, payload: usize) -> Option<(u16, u16)> {
        let length = match self.transport {
            Transport::Datagram => payload.checked_add(8)?,
            Transport::Reset { .. } if payload == 0 => 20,
            Transport::Reset { .. } => return None,
        };
        let counted = if self.version == 4 { 20 } else { 0 };
        Some((length.try_into().ok()?, length.checked_add(counted)?.try_into().ok()?))
    }
}

/// An address; one of IPv4 in the first four bytes.
fn address(bytes: &[u8]) -> [u8; 16] {
    let mut address = [0; 16];
    for (to, from) in address.iter_mut().zip(bytes) {
        *to = *from;
    }
    address
}

/// Whether it can be one host's: no group, no broadcast, not unspecified.
fn is_host(version: u8, address: &[u8; 16]) -> bool {
    match (version, address) {
        (4, [first, ..]) => (1..224).contains(first),
        (_, [first, ..]) => *first != 0xff && address.iter().any(|byte| *byte != 0),
    }
}

/// Fills `to` with the parts, one after the other; `None` if they are fewer bytes.
fn put(to: &mut [u8], parts: &[&[u8]]) -> Option<()> {
    let mut from = parts.iter().flat_map(|part| part.iter());
    to.iter_mut().try_for_each(|to| from.next().map(|from| *to = *from))
}
