// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Frames of IPv6, made and read by hand.

use crate::advertisement::Advertisement;
use crate::frames::{self, ethernet};
pub use crate::frames::{tcp_syn, udp};
use smoltcp::phy::ChecksumCapabilities;
use smoltcp::wire::{
    EthernetAddress, EthernetFrame, EthernetProtocol, Icmpv6Packet, Icmpv6Repr, IpProtocol, Ipv6Address, Ipv6Cidr,
    Ipv6Packet, Ipv6Repr, NdiscNeighborFlags, NdiscRepr,
};

/// Who sends a packet, and to whom.
pub type Ends = frames::Ends<Ipv6Address>;

/// ICMP's kinds.
pub(crate) const ECHO_REQUEST: u8 = 128;
pub(crate) const ECHO_REPLY: u8 = 129;
pub(crate) const ROUTER_SOLICIT: u8 = 133;
const NEIGHBOUR_SOLICIT: u8 = 135;

/// A ping with this number.
pub fn ping(ends: Ends, number: u16) -> Vec<u8> {
    icmp(ends, &Icmpv6Repr::EchoRequest { ident: number, seq_no: 1, data: b"lunagate" })
}

/// The number in the answer to a ping, and who sent it to whom.
pub fn pong(frame: &[u8]) -> Option<(u16, Ipv6Address, Ipv6Address)> {
    let packet = read(frame)?;
    let (ECHO_REPLY, message) = read_icmp(&packet)? else { return None };
    let number = message.get(4..6)?;
    Some((u16::from_be_bytes([number[0], number[1]]), packet.src_addr(), packet.dst_addr()))
}

/// The router that a frame advertises, if its life is not over, and the prefixes to make addresses of (RFC 4861).
pub fn advertised(frame: &[u8]) -> Option<(Ipv6Address, Vec<Ipv6Cidr>)> {
    let advertisement = Advertisement::read(frame).filter(|advertisement| advertisement.lifetime > 0)?;
    // Those of which addresses may be made, which live for a while.
    let prefixes = advertisement.prefixes.iter().filter(|prefix| prefix.autonomous && prefix.lifetimes.0 > 0);
    Some((advertisement.router, prefixes.map(|prefix| prefix.prefix).collect()))
}

/// The IPv6 packet in a frame.
pub fn read(frame: &[u8]) -> Option<Ipv6Packet<&[u8]>> {
    let frame = EthernetFrame::new_checked(frame).ok()?;
    if frame.ethertype() != EthernetProtocol::Ipv6 {
        return None;
    }
    Ipv6Packet::new_checked(frame.payload()).ok().filter(|packet| packet.version() == 6)
}

/// The ICMP message in a packet, from its kind on, if it is sound.
pub(crate) fn read_icmp<'a>(packet: &Ipv6Packet<&'a [u8]>) -> Option<(u8, &'a [u8])> {
    let bytes = packet.payload();
    let message = Icmpv6Packet::new_checked(bytes).ok()?;
    let sound =
        packet.next_header() == IpProtocol::Icmpv6 && message.verify_checksum(&packet.src_addr(), &packet.dst_addr());
    sound.then_some((*bytes.first()?, bytes))
}

/// Whose address a frame asks for, and who asks; who asks whether he may have it is nobody.
pub(crate) fn solicited(frame: &[u8]) -> Option<(Ipv6Address, Ipv6Address)> {
    let packet = read(frame)?;
    let (NEIGHBOUR_SOLICIT, message) = read_icmp(&packet)? else { return None };
    let target: [u8; 16] = message.get(8..24)?.try_into().ok()?;
    let asked = packet.hop_limit() == 255 && !packet.src_addr().is_unspecified();
    asked.then_some((target.into(), packet.src_addr()))
}

/// The answer to who asks for the address of `target`: it is of the port `owner`.
pub(crate) fn neighbour(
    owner: EthernetAddress,
    target: Ipv6Address,
    to: EthernetAddress,
    destination: Ipv6Address,
) -> Vec<u8> {
    let flags = NdiscNeighborFlags::SOLICITED | NdiscNeighborFlags::OVERRIDE;
    let advert = NdiscRepr::NeighborAdvert { flags, target_addr: target, lladdr: Some(owner.into()) };
    let ends = Ends { from: owner, to, source: (target, 0), destination: (destination, 0) };
    icmp(ends, &Icmpv6Repr::Ndisc(advert))
}

/// A message of ICMP.
pub(crate) fn icmp(ends: Ends, message: &Icmpv6Repr<'_>) -> Vec<u8> {
    let mut bytes = vec![0; message.buffer_len()];
    let mut packet = Icmpv6Packet::new_unchecked(&mut bytes[..]);
    message.emit(&ends.source.0, &ends.destination.0, &mut packet, &ChecksumCapabilities::default());
    ipv6(ends, IpProtocol::Icmpv6, &bytes)
}

fn ipv6(ends: Ends, next_header: IpProtocol, payload: &[u8]) -> Vec<u8> {
    let repr = Ipv6Repr {
        src_addr: ends.source.0,
        dst_addr: ends.destination.0,
        next_header,
        payload_len: payload.len(),
        // What neighbours say to each other has passed no router.
        hop_limit: 255,
    };
    let mut bytes = vec![0; repr.buffer_len()];
    repr.emit(&mut Ipv6Packet::new_unchecked(&mut bytes));
    bytes.extend(payload);
    ethernet(ends.from, ends.to, EthernetProtocol::Ipv6, &bytes)
}
