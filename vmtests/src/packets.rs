// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Packets of both IPs, made and read field by field, for what no honest stack would send.

use crate::frames;
use smoltcp::phy::ChecksumCapabilities;
use smoltcp::wire::{
    checksum, EthernetAddress, EthernetFrame, EthernetProtocol, IpAddress, IpProtocol, Ipv4Packet, Ipv6Packet,
    TcpControl, TcpPacket, TcpRepr, TcpSeqNumber, UdpPacket, UdpRepr,
};

/// In IPv4's field of fragments: the packet may not be cut. The lowest bits are the offset, in units of eight bytes.
pub const DONT_FRAGMENT: u16 = 0x4000;
/// More of the packet comes.
pub const MORE_FRAGMENTS: u16 = 0x2000;
const OFFSET: u16 = 0x1fff;

/// A packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Who sends it.
    pub source: IpAddress,
    /// Who is to get it.
    pub destination: IpAddress,
    /// What it carries: by IPv6 the next header.
    pub protocol: IpProtocol,
    /// How many routers it may pass yet.
    pub hops: u8,
    /// By IPv4: which fragments are one packet's.
    pub id: u16,
    /// By IPv4: flags and offset.
    pub fragment: u16,
    /// What is behind the header of IP.
    pub body: Vec<u8>,
}

impl Packet {
    /// A packet that carries this.
    pub fn new(
        source: impl Into<IpAddress>,
        destination: impl Into<IpAddress>,
        protocol: IpProtocol,
        body: Vec<u8>,
    ) -> Self {
        let (source, destination) = (source.into(), destination.into());
        Packet { source, destination, protocol, hops: 64, id: 1, fragment: 0, body }
    }

    /// The packet in a frame, if its header is sound.
    pub fn read(frame: &[u8]) -> Option<Self> {
        let frame = EthernetFrame::new_checked(frame).ok()?;
        let bytes = frame.payload();
        match frame.ethertype() {
            EthernetProtocol::Ipv4 if Ipv4Packet::new_checked(bytes).ok()?.verify_checksum() => Packet::parse(bytes),
            EthernetProtocol::Ipv6 => Packet::parse(bytes),
            _ => None,
        }
    }

    /// The packet that begins with these bytes, or what is there of it.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let body = |header: usize, total: usize| bytes.get(header..total.min(bytes.len())).map(<[u8]>::to_vec);
        match bytes.first()? >> 4 {
            4 if bytes.len() >= 20 => {
                let header = Ipv4Packet::new_unchecked(bytes);
                let fragment = u16::from_be_bytes([bytes[6], bytes[7]]);
                let body = body(usize::from(header.header_len()), usize::from(header.total_len()))?;
                let packet = Packet::new(header.src_addr(), header.dst_addr(), header.next_header(), body);
                Some(Packet { hops: header.hop_limit(), id: header.ident(), fragment, ..packet })
            }
            6 if bytes.len() >= 40 => {
                let header = Ipv6Packet::new_unchecked(bytes);
                let body = body(40, 40 + usize::from(header.payload_len()))?;
                let packet = Packet::new(header.src_addr(), header.dst_addr(), header.next_header(), body);
                Some(Packet { hops: header.hop_limit(), ..packet })
            }
            _ => None,
        }
    }

    /// From its header of IP on.
    ///
    /// # Panics
    /// When source and destination are not of the same IP, or it is too long.
    pub fn bytes(&self) -> Vec<u8> {
        let length = |bytes: usize| u16::try_from(bytes).expect("a packet has at most 64 KiB").to_be_bytes();
        let protocol = u8::from(self.protocol);
        match (self.source, self.destination) {
            (IpAddress::Ipv4(source), IpAddress::Ipv4(destination)) => {
                let (length, id, fragment) =
                    (length(20 + self.body.len()), self.id.to_be_bytes(), self.fragment.to_be_bytes());
                let head = [[0x45, 0], length, id, fragment, [self.hops, protocol], [0, 0]].concat();
                let mut bytes = [&head, &source.octets()[..], &destination.octets(), &self.body].concat();
                Ipv4Packet::new_unchecked(&mut bytes).fill_checksum();
                bytes
            }
            (IpAddress::Ipv6(source), IpAddress::Ipv6(destination)) => {
                let [a, b] = length(self.body.len());
                let head = [0x60, 0, 0, 0, a, b, protocol, self.hops];
                [&head, &source.octets()[..], &destination.octets(), &self.body].concat()
            }
            (source, destination) => panic!("no packet goes from {source} to {destination}"),
        }
    }

    /// As a frame from one port to another.
    pub fn frame(&self, from: EthernetAddress, to: EthernetAddress) -> Vec<u8> {
        let protocol = match self.source {
            IpAddress::Ipv4(_) => EthernetProtocol::Ipv4,
            IpAddress::Ipv6(_) => EthernetProtocol::Ipv6,
        };
        frames::ethernet(from, to, protocol, &self.bytes())
    }

    /// Its first half, up to this byte of what it carries (a multiple of eight), and the rest, as fragments.
    pub fn in_two(&self, at: u16) -> [Packet; 2] {
        let (first, second) = self.body.split_at(usize::from(at));
        let part = |more: bool, at: u16, body: &[u8]| match self.source {
            IpAddress::Ipv4(_) => {
                let fragment = (if more { MORE_FRAGMENTS } else { 0 }) | (at / 8);
                Packet { fragment, body: body.to_vec(), ..self.clone() }
            }
            IpAddress::Ipv6(_) => {
                // RFC 8200, 4.5: what comes next, and the offset with the flag that more comes.
                let [a, b] = (at | u16::from(more)).to_be_bytes();
                let head = [u8::from(self.protocol), 0, a, b];
                let body = [&head, &u32::from(self.id).to_be_bytes()[..], body].concat();
                Packet { protocol: IpProtocol::Ipv6Frag, body, ..self.clone() }
            }
        };
        [part(true, 0, first), part(false, at, second)]
    }

    /// Where its bytes belong in the whole packet's.
    pub fn offset(&self) -> usize {
        usize::from(self.fragment & OFFSET) * 8
    }

    /// The ports of UDP and TCP: the sender's and the receiver's.
    pub fn ports(&self) -> Option<(u16, u16)> {
        let &[a, b, c, d] = self.body.first_chunk()?;
        let known = matches!(self.protocol, IpProtocol::Udp | IpProtocol::Tcp);
        known.then(|| (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
    }

    /// The kind and the code of a message of ICMP.
    pub fn icmp(&self) -> Option<(u8, u8)> {
        let known = matches!(self.protocol, IpProtocol::Icmp | IpProtocol::Icmpv6);
        known.then(|| self.body.first_chunk()).flatten().map(|&[kind, code]| (kind, code))
    }

    /// The number of a ping, or of its answer.
    pub fn number(&self) -> Option<u16> {
        self.icmp().filter(|(kind, _)| [0, 8, 128, 129].contains(kind))?;
        Some(u16::from_be_bytes([*self.body.get(4)?, *self.body.get(5)?]))
    }

    /// The packet that an error of ICMP is about, as far as that shows it.
    pub fn quoted(&self) -> Option<Packet> {
        self.icmp().filter(|(kind, _)| [1, 2, 3, 4, 11, 12].contains(kind))?;
        Packet::parse(self.body.get(8..)?)
    }

    /// The flags and numbers of a segment of TCP, if that is what it carries.
    pub fn segment(&self) -> Option<TcpPacket<&[u8]>> {
        TcpPacket::new_checked(&self.body[..]).ok().filter(|_| self.protocol == IpProtocol::Tcp)
    }

    /// Whether the checksum of what it carries is right.
    pub fn is_sound(&self) -> bool {
        let (source, destination) = (&self.source, &self.destination);
        match self.protocol {
            IpProtocol::Icmp => checksum::data(&self.body) == 0xffff,
            IpProtocol::Icmpv6 => self.sum() == 0xffff,
            IpProtocol::Udp => UdpPacket::new_checked(&self.body[..])
                .is_ok_and(|datagram| datagram.verify_checksum(source, destination)),
            IpProtocol::Tcp => self.segment().is_some_and(|segment| segment.verify_checksum(source, destination)),
            _ => true,
        }
    }

    /// The sum of what it carries and of the header that is thought before that.
    fn sum(&self) -> u16 {
        let length = self.body.len() as u32;
        let header = checksum::pseudo_header(&self.source, &self.destination, self.protocol, length);
        checksum::combine(&[header, checksum::data(&self.body)])
    }
}

/// An end of a flow.
pub type End<Address> = (Address, u16);

/// A datagram.
pub fn udp(source: End<impl Into<IpAddress>>, destination: End<impl Into<IpAddress>>, payload: &[u8]) -> Packet {
    let repr = UdpRepr { src_port: source.1, dst_port: destination.1 };
    let body = vec![0; repr.header_len() + payload.len()];
    let mut packet = Packet::new(source.0, destination.0, IpProtocol::Udp, body);
    repr.emit(
        &mut UdpPacket::new_unchecked(&mut packet.body[..]),
        &packet.source,
        &packet.destination,
        payload.len(),
        |buffer| buffer.copy_from_slice(payload),
        &ChecksumCapabilities::default(),
    );
    packet
}

/// A segment with this number, which acknowledges what is before that other one, if there is one.
pub fn tcp(
    source: End<impl Into<IpAddress>>,
    destination: End<impl Into<IpAddress>>,
    control: TcpControl,
    numbers: (u32, Option<u32>),
    payload: &[u8],
) -> Packet {
    let number = |number: u32| TcpSeqNumber(number as i32);
    let repr = TcpRepr {
        src_port: source.1,
        dst_port: destination.1,
        control,
        seq_number: number(numbers.0),
        ack_number: numbers.1.map(number),
        window_len: 1024,
        window_scale: None,
        max_seg_size: (control == TcpControl::Syn).then_some(1400),
        sack_permitted: false,
        sack_ranges: [None; 3],
        timestamp: None,
        payload,
    };
    let body = vec![0; repr.buffer_len()];
    let mut packet = Packet::new(source.0, destination.0, IpProtocol::Tcp, body);
    let segment = &mut TcpPacket::new_unchecked(&mut packet.body[..]);
    repr.emit(segment, &packet.source, &packet.destination, &ChecksumCapabilities::default());
    packet
}

/// A message of ICMP: its kind and code, the four bytes behind the checksum, and the rest.
pub fn icmp(
    source: impl Into<IpAddress>,
    destination: impl Into<IpAddress>,
    (kind, code): (u8, u8),
    parameter: [u8; 4],
    rest: &[u8],
) -> Packet {
    let body = [&[kind, code, 0, 0], &parameter[..], rest].concat();
    let mut packet = Packet::new(source, destination, IpProtocol::Icmp, body);
    let sum = match packet.source {
        IpAddress::Ipv4(_) => checksum::data(&packet.body),
        IpAddress::Ipv6(_) => {
            packet.protocol = IpProtocol::Icmpv6;
            packet.sum()
        }
    };
    packet.body[2..4].copy_from_slice(&(!sum).to_be_bytes());
    packet
}

/// A ping with this number.
pub fn ping(source: impl Into<IpAddress>, destination: impl Into<IpAddress>, number: u16) -> Packet {
    let (source, [a, b]) = (source.into(), number.to_be_bytes());
    let kind = if matches!(source, IpAddress::Ipv4(_)) { 8 } else { 128 };
    icmp(source, destination, (kind, 0), [a, b, 0, 1], b"lunagate")
}

#[cfg(test)]
mod tests {
    use super::*;
    use smoltcp::wire::{Ipv4Address, Ipv6Address};

    const MACS: [EthernetAddress; 2] = [EthernetAddress([2, 0, 0, 0, 0, 1]), EthernetAddress([2, 0, 0, 0, 0, 2])];

    fn samples() -> Vec<Packet> {
        let (a, b) = (Ipv4Address::new(192, 0, 2, 1), Ipv4Address::new(192, 0, 2, 2));
        let (c, d) = (Ipv6Address::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), Ipv6Address::new(0xfe80, 0, 0, 0, 0, 0, 0, 1));
        vec![
            udp((a, 1), (b, 2), b"bytes"),
            udp((c, 1), (d, 2), b"bytes"),
            tcp((a, 1), (b, 2), TcpControl::Syn, (1, None), b""),
            tcp((c, 1), (d, 2), TcpControl::None, (u32::MAX, Some(7)), b"byte"),
            ping(a, b, 7),
            ping(c, d, 7),
            icmp(a, b, (3, 4), [0, 0, 5, 0], &udp((b, 2), (a, 1), b"bytes").bytes()),
        ]
    }

    #[test]
    fn what_is_written_is_read() {
        for packet in samples() {
            let frame = packet.frame(MACS[0], MACS[1]);
            assert_eq!(Packet::read(&frame), Some(packet.clone()));
            assert!(packet.is_sound(), "{packet:?}");
            let mut other = packet.clone();
            *other.body.last_mut().expect("a byte") ^= 1;
            assert!(!other.is_sound(), "{other:?}");
        }
        let error = samples().pop().expect("an error");
        assert_eq!(error.quoted().and_then(|packet| packet.ports()), Some((2, 1)));
    }

    #[test]
    fn halves_make_the_whole() {
        let whole = &samples()[0];
        let [first, second] = whole.in_two(8);
        assert_eq!([first.offset(), second.offset()], [0, 8]);
        assert_eq!([first.body, second.body].concat(), whole.body);

        let whole = &samples()[1];
        let [first, second] = whole.in_two(8);
        assert_eq!([&first.body[..8], &second.body[..8]], [[17, 0, 0, 1, 0, 0, 0, 1], [17, 0, 0, 8, 0, 0, 0, 1]]);
        assert_eq!([&first.body[8..], &second.body[8..]].concat(), whole.body);
    }

    #[test]
    fn any_bytes_are_borne() {
        for packet in samples() {
            let frame = packet.frame(MACS[0], MACS[1]);
            for at in 0..frame.len() {
                for value in 0..=255 {
                    let mut frame = frame.clone();
                    frame[at] = value;
                    for frame in [&frame[..], &frame[..at]] {
                        let Some(packet) = Packet::read(frame) else { continue };
                        packet.is_sound();
                        packet.quoted().map(|packet| packet.ports());
                        packet.number();
                    }
                }
            }
        }
    }
}
