// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The provider's IPv6: router advertisements, DHCPv6, and a host of the Internet that answers pings.
//!
//! It works on frames, so that it is the same on a plain cable and in a session of PPPoE.

use crate::addresses::{DELEGATED, GATEWAY6, ROUTER_WAN6, ROUTER_WAN_PORT, SERVER6, WAN_HOST};
use crate::dhcp6::{self, Event};
use crate::frames6::{self, Ends, ECHO_REQUEST, ROUTER_SOLICIT};
use smoltcp::time::Duration;
use smoltcp::wire::{
    EthernetAddress, EthernetFrame, Icmpv6Repr, IpProtocol, Ipv6Address, Ipv6Cidr, NdiscPrefixInfoFlags,
    NdiscPrefixInformation, NdiscRepr, NdiscRouterFlags, UdpPacket,
};

/// All hosts on the cable, and the hardware address that stands for them.
const EVERYBODY: Ipv6Address = Ipv6Address::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
const EVERYBODYS_PORT: EthernetAddress = EthernetAddress([0x33, 0x33, 0, 0, 0, 1]);
/// All of DHCPv6's servers on the cable.
const SERVERS: Ipv6Address = Ipv6Address::new(0xff02, 0, 0, 0, 0, 0, 1, 2);
/// What is the provider's, and the Internet's.
const PROVIDER: Ipv6Cidr = Ipv6Cidr::new(Ipv6Address::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32);

/// What the provider gives.
#[derive(Debug, Clone)]
pub struct Service {
    /// Whether DHCPv6 has an address for the router.
    pub address: bool,
    /// The prefix that is delegated.
    pub prefix: Ipv6Cidr,
    /// A prefix that was delegated, and is no more.
    pub former: Option<Ipv6Cidr>,
    /// The prefix to make addresses of that advertisements have: nothing says that those are on the cable.
    pub advertised: Option<Ipv6Cidr>,
    /// From where DHCPv6 answers.
    pub answers: (Ipv6Address, u16),
}

impl Default for Service {
    /// An address and a prefix by DHCPv6.
    fn default() -> Self {
        Service { address: true, prefix: DELEGATED, former: None, advertised: None, answers: (GATEWAY6, 547) }
    }
}

/// The provider's IPv6.
#[derive(Debug)]
pub struct Ipv6 {
    /// What it gives from now on.
    pub service: Service,
    /// The addresses that the router has taken, in order.
    pub leased: Vec<Ipv6Address>,
    /// The prefixes that the router has taken, in order; with each time that it asked for more.
    pub delegated: Vec<Ipv6Cidr>,
    /// Who has sent echo requests to the Internet, or to the provider, in order.
    pub pinged_from: Vec<Ipv6Address>,
    /// How often the router has asked for routers.
    pub solicited: usize,
    /// Whether the router has an address, and a prefix, now.
    has: [bool; 2],
    /// The router's address on the cable, which it has shown.
    router: Option<Ipv6Address>,
    port: EthernetAddress,
}

impl Ipv6 {
    pub(crate) fn new() -> Self {
        Ipv6 {
            service: Service::default(),
            leased: Vec::new(),
            delegated: Vec::new(),
            pinged_from: Vec::new(),
            solicited: 0,
            has: [false; 2],
            router: None,
            port: ROUTER_WAN_PORT,
        }
    }

    /// The router's address on the cable, once it has shown it.
    pub fn router(&self) -> Option<Ipv6Address> {
        self.router
    }

    /// An advertisement that says: ask DHCPv6 for what it has.
    pub fn advertisement(&self) -> Vec<u8> {
        let managed = if self.service.address { NdiscRouterFlags::MANAGED } else { NdiscRouterFlags::empty() };
        let prefix_info = self.service.advertised.map(|prefix| NdiscPrefixInformation {
            prefix_len: prefix.prefix_len(),
            flags: NdiscPrefixInfoFlags::ADDRCONF,
            valid_lifetime: Duration::from_secs(7200),
            preferred_lifetime: Duration::from_secs(3600),
            prefix: prefix.address(),
        });
        let advertisement = NdiscRepr::RouterAdvert {
            hop_limit: 64,
            flags: managed | NdiscRouterFlags::OTHER,
            router_lifetime: Duration::from_secs(1800),
            reachable_time: Duration::ZERO,
            retrans_time: Duration::ZERO,
            lladdr: Some(WAN_HOST.into()),
            mtu: None,
            prefix_info,
        };
        let ends = Ends { from: WAN_HOST, to: EVERYBODYS_PORT, source: (GATEWAY6, 0), destination: (EVERYBODY, 0) };
        frames6::icmp(ends, &Icmpv6Repr::Ndisc(advertisement))
    }

    /// Who sends a packet from a host of the Internet by way of the router.
    pub fn ends(&self, source_port: u16, destination: (Ipv6Address, u16)) -> Ends {
        Ends { from: WAN_HOST, to: self.port, source: (SERVER6, source_port), destination }
    }

    /// The answer to a frame of the router's, if it gets one.
    pub fn hear(&mut self, frame: &[u8]) -> Option<Vec<u8>> {
        let packet = frames6::read(frame)?;
        let (source, destination) = (packet.src_addr(), packet.dst_addr());
        if source.is_unicast_link_local() {
            self.router = Some(source);
            self.port = EthernetFrame::new_checked(frame).ok()?.src_addr();
        }
        if packet.next_header() == IpProtocol::Udp {
            return self.hear_dhcp(source, destination, packet.payload());
        }
        if let Some((target, asker)) = frames6::solicited(frame) {
            let ours = target == GATEWAY6 || PROVIDER.contains_addr(&target) && !self.is_routers(target);
            return ours.then(|| frames6::neighbour(WAN_HOST, target, self.port, asker));
        }
        match frames6::read_icmp(&packet)? {
            (ROUTER_SOLICIT, _) if packet.hop_limit() == 255 => {
                self.solicited += 1;
                Some(self.advertisement())
            }
            (ECHO_REQUEST, message) if [SERVER6, GATEWAY6].contains(&destination) => {
                self.pinged_from.push(source);
                let (head, data) = message.split_at_checked(8)?;
                let [ident, seq_no] = [[head[4], head[5]], [head[6], head[7]]].map(u16::from_be_bytes);
                let ends = Ends { from: WAN_HOST, to: self.port, source: (destination, 0), destination: (source, 0) };
                // The Internet knows the way to those only that the provider gave addresses to.
                let reached = destination == GATEWAY6 || self.is_routers(source);
                reached.then(|| frames6::icmp(ends, &Icmpv6Repr::EchoReply { ident, seq_no, data }))
            }
            _ => None,
        }
    }

    fn hear_dhcp(&mut self, source: Ipv6Address, destination: Ipv6Address, bytes: &[u8]) -> Option<Vec<u8>> {
        let datagram = UdpPacket::new_checked(bytes).ok()?;
        let sound = datagram.verify_checksum(&source.into(), &destination.into());
        if !sound || datagram.dst_port() != 547 || ![SERVERS, GATEWAY6].contains(&destination) {
            return None;
        }
        let (answer, events) = dhcp6::answer(datagram.payload(), &self.service)?;
        for event in events {
            match event {
                Event::Address => {
                    self.leased.push(ROUTER_WAN6);
                    self.has[0] = true;
                }
                Event::Prefix => {
                    self.delegated.push(self.service.prefix);
                    self.has[1] = true;
                }
                Event::Released => self.has = [false; 2],
            }
        }
        let ends = Ends { from: WAN_HOST, to: self.port, source: self.service.answers, destination: (source, 546) };
        Some(frames6::udp(ends, &answer))
    }

    /// Whether the router has this address, or it is of the router's prefixes.
    fn is_routers(&self, address: Ipv6Address) -> bool {
        self.has[0] && address == ROUTER_WAN6
            || self.has[1] && self.service.prefix.contains_addr(&address)
            || self.service.advertised.is_some_and(|prefix| prefix.contains_addr(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTER: Ipv6Address = Ipv6Address::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x99);
    const CLIENT: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0x100, 0, 0, 0, 0, 0x99);

    fn from(source: Ipv6Address, destination: Ipv6Address) -> Ends {
        Ends { from: ROUTER_WAN_PORT, to: WAN_HOST, source: (source, 546), destination: (destination, 547) }
    }

    fn solicit(source: Ipv6Address, target_addr: Ipv6Address) -> Vec<u8> {
        let solicit = NdiscRepr::NeighborSolicit { target_addr, lladdr: None };
        frames6::icmp(from(source, target_addr), &Icmpv6Repr::Ndisc(solicit))
    }

    #[test]
    fn a_router_that_asks_is_told_of_dhcp() {
        let mut ipv6 = Ipv6::new();
        let asked =
            frames6::icmp(from(ROUTER, EVERYBODY), &Icmpv6Repr::Ndisc(NdiscRepr::RouterSolicit { lladdr: None }));
        let advertisement = ipv6.hear(&asked).expect("an advertisement");
        assert_eq!(frames6::advertised(&advertisement), Some((GATEWAY6, vec![])));
        assert_eq!(advertisement[14 + 40 + 5], 0xc0, "managed, and other");
        assert_eq!((ipv6.solicited, ipv6.router()), (1, Some(ROUTER)));
    }

    #[test]
    fn the_way_back_is_by_the_delegated_prefix() {
        let mut ipv6 = Ipv6::new();
        let ping = frames6::ping(from(CLIENT, SERVER6), 7);
        assert_eq!(ipv6.hear(&ping), None);
        let id = |kind: u16, id: u8| dhcp6::option(kind, &[0, 0, 0, id, 0, 0, 0, 0, 0, 0, 0, 0]);
        let ask = [&[1, 0, 0, 1], &dhcp6::option(1, b"router")[..], &dhcp6::option(14, b""), &id(3, 1), &id(25, 2)];
        let answer = ipv6.hear(&frames6::udp(from(ROUTER, SERVERS), &ask.concat())).expect("a reply");
        let packet = frames6::read(&answer).expect("a packet");
        assert_eq!((packet.src_addr(), packet.dst_addr()), (GATEWAY6, ROUTER));
        assert_eq!((&ipv6.leased[..], &ipv6.delegated[..]), (&[ROUTER_WAN6][..], &[DELEGATED][..]));
        let pong = ipv6.hear(&ping).expect("an answer");
        assert_eq!(frames6::pong(&pong), Some((7, SERVER6, CLIENT)));
        assert_eq!(ipv6.pinged_from, [CLIENT; 2]);
    }

    #[test]
    fn the_cable_has_the_gateway_and_the_internet_but_not_the_router() {
        let mut ipv6 = Ipv6::new();
        ipv6.has = [true; 2];
        for (target, answered) in [(GATEWAY6, true), (SERVER6, true), (ROUTER_WAN6, false), (CLIENT, false)] {
            assert_eq!(ipv6.hear(&solicit(ROUTER, target)).is_some(), answered, "{target}");
            assert_eq!(ipv6.hear(&solicit(Ipv6Address::UNSPECIFIED, target)), None, "{target} may be had");
        }
        assert_eq!(ipv6.hear(&solicit(ROUTER, ROUTER)), None);
    }

    #[test]
    fn any_bytes_are_borne() {
        let mut ipv6 = Ipv6::new();
        let whole = [
            frames6::ping(from(CLIENT, SERVER6), 7),
            solicit(ROUTER, SERVER6),
            frames6::udp(from(ROUTER, SERVERS), &[1, 0, 0, 1, 0, 1, 0, 0]),
            ipv6.advertisement(),
        ];
        for frame in whole {
            for at in 0..frame.len() {
                ipv6.hear(&frame[..at]);
                frames6::advertised(&frame[..at]);
                for value in 0..=255 {
                    let mut frame = frame.clone();
                    frame[at] = value;
                    ipv6.hear(&frame);
                    frames6::advertised(&frame);
                    frames6::pong(&frame);
                }
            }
        }
    }
}
