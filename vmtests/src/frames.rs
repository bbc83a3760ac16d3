// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Frames made and read by hand, for what no honest stack would send.

use crate::packets;
use smoltcp::wire::{
    ArpOperation, ArpPacket, ArpRepr, EthernetAddress, EthernetFrame, EthernetProtocol, Icmpv4Message, Icmpv4Packet,
    IpAddress, IpProtocol, Ipv4Address, Ipv4Packet, TcpControl,
};

/// Who sends a packet, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Ends<Address = Ipv4Address> {
    /// The sender's port on the cable.
    pub from: EthernetAddress,
    /// The receiver's.
    pub to: EthernetAddress,
    /// The sender: address and port.
    pub source: (Address, u16),
    /// The receiver: address and port.
    pub destination: (Address, u16),
}

/// A UDP datagram.
pub fn udp(ends: Ends<impl Into<IpAddress>>, payload: &[u8]) -> Vec<u8> {
    packets::udp(ends.source, ends.destination, payload).frame(ends.from, ends.to)
}

/// A segment that opens a TCP connection.
pub fn tcp_syn(ends: Ends<impl Into<IpAddress>>) -> Vec<u8> {
    packets::tcp(ends.source, ends.destination, TcpControl::Syn, (1, None), b"").frame(ends.from, ends.to)
}

/// A ping.
pub fn ping(ends: Ends) -> Vec<u8> {
    packets::ping(ends.source.0, ends.destination.0, 1).frame(ends.from, ends.to)
}

/// Whether a frame is the answer to a ping.
pub fn is_pong(frame: &[u8]) -> bool {
    read_ipv4(frame).is_some_and(|packet| {
        packet.next_header() == IpProtocol::Icmp
            && Icmpv4Packet::new_checked(packet.payload())
                .is_ok_and(|packet| packet.msg_type() == Icmpv4Message::EchoReply)
    })
}

/// The tag protocol of VLANs (IEEE 802.1Q), behind the addresses of a frame, with the VLAN's number behind it.
const TAG: [u8; 2] = [0x81, 0x00];
const ADDRESSES: usize = 12;

/// The frame as one of a VLAN.
pub fn tagged(frame: &[u8], vlan: u16) -> Vec<u8> {
    let (addresses, rest) = frame.split_at(ADDRESSES);
    [addresses, &TAG, &vlan.to_be_bytes(), rest].concat()
}

/// The VLAN that a frame is of, and the frame without that.
pub fn untagged(frame: &[u8]) -> (Option<u16>, Vec<u8>) {
    match frame.get(ADDRESSES..ADDRESSES + 4) {
        Some(tag) if tag[..2] == TAG => {
            let vlan = u16::from_be_bytes([tag[2], tag[3]]) & 0x0fff;
            (Some(vlan), [&frame[..ADDRESSES], &frame[ADDRESSES + 4..]].concat())
        }
        _ => (None, frame.to_vec()),
    }
}

/// A frame.
pub fn ethernet(from: EthernetAddress, to: EthernetAddress, protocol: EthernetProtocol, payload: &[u8]) -> Vec<u8> {
    [to.as_bytes(), from.as_bytes(), &u16::from(protocol).to_be_bytes(), payload].concat()
}

/// The answer to a frame that asks whose an IPv4 address is: of the port `owner`.
pub(crate) fn arp_answer(frame: &[u8], owner: EthernetAddress) -> Option<Vec<u8>> {
    let packet = ArpPacket::new_checked(EthernetFrame::new_checked(frame).ok()?.payload()).ok()?;
    let ArpRepr::EthernetIpv4 {
        operation: ArpOperation::Request,
        source_hardware_addr,
        source_protocol_addr,
        target_protocol_addr,
        ..
    } = ArpRepr::parse(&packet).ok()?
    else {
        return None;
    };
    let answer = ArpRepr::EthernetIpv4 {
        operation: ArpOperation::Reply,
        source_hardware_addr: owner,
        source_protocol_addr: target_protocol_addr,
        target_hardware_addr: source_hardware_addr,
        target_protocol_addr: source_protocol_addr,
    };
    let mut bytes = vec![0; answer.buffer_len()];
    answer.emit(&mut ArpPacket::new_unchecked(&mut bytes));
    Some(ethernet(owner, source_hardware_addr, EthernetProtocol::Arp, &bytes))
}

/// The IPv4 packet in a frame.
pub fn read_ipv4(frame: &[u8]) -> Option<Ipv4Packet<&[u8]>> {
    let frame = EthernetFrame::new_checked(frame).ok()?;
    if frame.ethertype() != EthernetProtocol::Ipv4 {
        return None;
    }
    Ipv4Packet::new_checked(frame.payload()).ok()
}

/// Whether `part` is anywhere in `frame`.
pub fn contains(frame: &[u8], part: &[u8]) -> bool {
    part.is_empty() || frame.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_put_in_and_taken_out() {
        let frame: Vec<u8> = (0..60).collect();
        assert_eq!(untagged(&tagged(&frame, 4094)), (Some(4094), frame.clone()));
        assert_eq!(untagged(&frame), (None, frame));
    }
}
