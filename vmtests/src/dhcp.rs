// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! DHCP's messages, made and read by hand (RFC 2131).

use crate::packets::{self, Packet};
use smoltcp::wire::{
    DhcpFlags, DhcpOpCode, DhcpOption, DhcpPacket, EthernetAddress, EthernetFrame, IpAddress, IpProtocol, Ipv4Address,
    UdpPacket,
};

/// What a message is.
#[allow(missing_docs)] // They are the RFC's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Discover = 1,
    Offer,
    Request,
    Decline,
    Ack,
    Nak,
    Release,
    Inform,
}

/// Options (RFC 2132).
#[allow(missing_docs)] // They are the RFC's.
pub mod option {
    pub const MASK: u8 = 1;
    pub const ROUTER: u8 = 3;
    pub const NAME_SERVER: u8 = 6;
    pub const DOMAIN: u8 = 15;
    pub const ADDRESS: u8 = 50;
    pub const LEASE: u8 = 51;
    pub(super) const OVERLOAD: u8 = 52;
    pub const KIND: u8 = 53;
    pub const SERVER: u8 = 54;
    pub const WANTED: u8 = 55;
    pub const RENEWAL: u8 = 58;
    pub const REBINDING: u8 = 59;
    pub const CLIENT: u8 = 61;
    pub(super) const END: u8 = 255;
}

/// Where clients listen, and servers.
const PORTS: (u16, u16) = (68, 67);
/// What is before the options, the magic number included.
const HEADER: usize = 240;
/// The fields for the server's name and a file's: where they are, and the bit that says that they have options.
const NAMES: [(std::ops::Range<usize>, u8); 2] = [(44..108, 2), (108..236, 1)];

/// A client's message.
#[derive(Debug, Clone)]
pub struct Message {
    /// What it is.
    pub kind: Kind,
    /// Whose: the hardware's address.
    pub hardware: EthernetAddress,
    /// Which answer belongs to it.
    pub number: u32,
    /// The address that the client uses already (ciaddr).
    pub address: Ipv4Address,
    /// The relay agent that passes it on (giaddr), if one does.
    pub relay: Ipv4Address,
    /// Whether the answer must be sent to everybody.
    pub broadcast: bool,
    /// What else it says.
    pub options: Vec<(u8, Vec<u8>)>,
    /// What it says in the fields for the server's name and a file's.
    pub names: [Vec<(u8, Vec<u8>)>; 2],
}

impl Message {
    /// A message with nothing in it.
    pub fn new(kind: Kind, hardware: EthernetAddress) -> Self {
        let address = Ipv4Address::UNSPECIFIED;
        let (options, names) = (Vec::new(), Default::default());
        Message { kind, hardware, number: 0, address, relay: address, broadcast: false, options, names }
    }

    /// With one more option.
    #[must_use]
    pub fn with(mut self, kind: u8, value: &[u8]) -> Self {
        self.options.push((kind, value.to_vec()));
        self
    }

    /// As from a client with this address.
    #[must_use]
    pub fn from(self, address: Ipv4Address) -> Self {
        Message { address, ..self }
    }

    /// As a packet: from the address that the client uses, if it does, or from its relay agent, to this one.
    ///
    /// # Panics
    /// When an option is longer than 255 bytes, or a field too short for what it is to say.
    pub fn packet(&self, to: Ipv4Address) -> Packet {
        let mut bytes = vec![0; HEADER];
        let mut message = DhcpPacket::new_unchecked(&mut bytes);
        message.set_opcode(DhcpOpCode::Request);
        message.set_hardware_type(smoltcp::wire::ArpHardware::Ethernet);
        message.set_hardware_len(6);
        message.set_transaction_id(self.number);
        message.set_flags(if self.broadcast { DhcpFlags::BROADCAST } else { DhcpFlags::empty() });
        message.set_client_ip(self.address);
        message.set_client_hardware_address(self.hardware);
        message.set_magic_number(0x6382_5363);
        message.set_relay_agent_ip(self.relay);
        let mut all = vec![(option::KIND, vec![self.kind as u8])];
        let mut overload = 0;
        for (said, (field, bit)) in self.names.iter().zip(NAMES).filter(|(said, _)| !said.is_empty()) {
            let said = written(said);
            bytes[field][..said.len()].copy_from_slice(&said);
            overload |= bit;
        }
        all.extend((overload != 0).then(|| (option::OVERLOAD, vec![overload])));
        all.extend(self.options.iter().cloned());
        bytes.extend(written(&all));
        if !self.relay.is_unspecified() {
            return packets::udp((self.relay, PORTS.1), (to, PORTS.1), &bytes);
        }
        packets::udp((self.address, PORTS.0), (to, PORTS.1), &bytes)
    }
}

/// Options, and their end.
fn written(options: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (kind, value) in options {
        bytes.extend([*kind, u8::try_from(value.len()).expect("an option has at most 255 bytes")]);
        bytes.extend(value);
    }
    bytes.push(option::END);
    bytes
}

/// A server's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it is.
    pub kind: Kind,
    /// Which message it belongs to.
    pub number: u32,
    /// Whose message that was.
    pub hardware: EthernetAddress,
    /// The client's address from now on (yiaddr).
    pub address: Ipv4Address,
    /// The relay agent that passes it on (giaddr), if one does.
    pub relay: Ipv4Address,
    /// Whom it was sent to.
    pub to: (EthernetAddress, IpAddress),
    /// And to which port: clients', or servers' and relay agents'.
    pub port: u16,
    /// What else it says.
    pub options: Vec<(u8, Vec<u8>)>,
}

impl Answer {
    /// The answer in a frame.
    pub fn read(frame: &[u8]) -> Option<Self> {
        let packet = Packet::read(frame).filter(|packet| packet.protocol == IpProtocol::Udp)?;
        let datagram = UdpPacket::new_checked(&packet.body[..]).ok()?;
        let port = datagram.dst_port();
        if datagram.src_port() != PORTS.1 || ![PORTS.0, PORTS.1].contains(&port) {
            return None;
        }
        let message = DhcpPacket::new_checked(datagram.payload()).ok()?;
        let options: Vec<_> = message.options().map(|DhcpOption { kind, data }| (kind, data.to_vec())).collect();
        let kind = match *options.iter().find(|option| option.0 == option::KIND)?.1 {
            [2] => Kind::Offer,
            [5] => Kind::Ack,
            [6] => Kind::Nak,
            _ => return None,
        };
        Some(Answer {
            kind,
            number: message.transaction_id(),
            hardware: message.client_hardware_address(),
            address: message.your_ip(),
            relay: message.relay_agent_ip(),
            port,
            to: (EthernetFrame::new_checked(frame).ok()?.dst_addr(), packet.destination),
            options,
        })
    }

    /// The value of an option.
    pub fn option(&self, kind: u8) -> Option<&[u8]> {
        self.options.iter().find(|option| option.0 == kind).map(|option| &option.1[..])
    }

    /// The address in an option.
    pub fn address_in(&self, kind: u8) -> Option<Ipv4Address> {
        let octets: [u8; 4] = self.option(kind)?.try_into().ok()?;
        Some(octets.into())
    }

    /// The seconds in an option.
    pub fn seconds_in(&self, kind: u8) -> Option<u32> {
        Some(u32::from_be_bytes(self.option(kind)?.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: EthernetAddress = EthernetAddress([2, 0, 0, 0, 1, 1]);
    const SERVER: Ipv4Address = Ipv4Address::new(192, 168, 1, 1);

    /// A message as a server's would be: another direction and another kind.
    fn answer() -> Vec<u8> {
        let message =
            Message { number: 7, ..Message::new(Kind::Discover, CLIENT) }.with(option::ROUTER, &SERVER.octets());
        let asked = message.packet(Ipv4Address::BROADCAST);
        let mut bytes = asked.body[8..].to_vec();
        (bytes[0], bytes[HEADER + 2]) = (2, 2);
        packets::udp((SERVER, 67), (Ipv4Address::BROADCAST, 68), &bytes).frame(CLIENT, EthernetAddress::BROADCAST)
    }

    #[test]
    fn what_a_server_says_is_read() {
        let answer = Answer::read(&answer()).expect("an answer");
        assert_eq!((answer.kind, answer.number, answer.hardware), (Kind::Offer, 7, CLIENT));
        assert_eq!(answer.to, (EthernetAddress::BROADCAST, Ipv4Address::BROADCAST.into()));
        assert_eq!(answer.address_in(option::ROUTER), Some(SERVER));
        assert_eq!(answer.seconds_in(option::LEASE), None);
    }

    #[test]
    fn a_message_says_where_its_options_are() {
        let names = [vec![(1, vec![2])], vec![(3, vec![4])]];
        let bytes = Message { names, ..Message::new(Kind::Discover, CLIENT) }.packet(SERVER).body[8..].to_vec();
        assert_eq!([&bytes[44..48], &bytes[108..112]], [[1, 1, 2, 255], [3, 1, 4, 255]]);
        assert_eq!(bytes[HEADER..], [53, 1, 1, 52, 1, 3, 255]);
    }

    #[test]
    fn any_bytes_are_borne() {
        let whole = answer();
        for at in 0..whole.len() {
            Answer::read(&whole[..at]);
            for value in 0..=255 {
                let mut frame = whole.clone();
                frame[at] = value;
                Answer::read(&frame);
            }
        }
    }
}
