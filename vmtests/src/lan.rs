// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A client of the router.

use crate::addresses::LAN_HOST;
use crate::dns;
use crate::host::Host;
use crate::wire::Wire;
use smoltcp::iface::SocketHandle;
use smoltcp::socket::{dhcpv4, udp};
use smoltcp::wire::{IpAddress, IpCidr, Ipv4Address, Ipv4Cidr};

/// What the router's DHCP server gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The client's address.
    pub address: Ipv4Cidr,
    /// The way out.
    pub router: Option<Ipv4Address>,
    /// Who answers questions for names.
    pub dns: Option<Ipv4Address>,
}

/// A client of the router.
pub struct Lan {
    /// Its machine.
    pub host: Host,
    /// Its lease, once there is one.
    pub lease: Option<Lease>,
    dhcp: Option<SocketHandle>,
    dns: SocketHandle,
    last_question: u16,
}

impl Lan {
    pub(crate) fn new(wire: Wire) -> Self {
        let mut host = Host::new(wire, LAN_HOST);
        let dns = host.udp(5353);
        Lan { host, lease: None, dhcp: None, dns, last_question: 0 }
    }

    /// Begins to ask for an address: until then the client is silent.
    pub fn ask_for_lease(&mut self) {
        if self.dhcp.is_none() {
            self.dhcp = Some(self.host.sockets.add(dhcpv4::Socket::new()));
        }
    }

    /// Is plugged into a port of this VLAN, or of none, and has no lease there yet.
    pub fn plug_into(&mut self, vlan: Option<u16>) {
        self.host.wire.join(vlan);
        self.lease = None;
        self.host.interface.update_ip_addrs(|addresses| addresses.clear());
        if let Some(dhcp) = self.dhcp {
            self.host.sockets.get_mut::<dhcpv4::Socket>(dhcp).reset();
        }
    }

    /// Asks the router for `name`; the answer comes by [`Lan::answer`].
    pub fn ask(&mut self, name: &str) -> Option<u16> {
        let server = self.lease?.dns?;
        self.ask_at(server.into(), name)
    }

    /// Asks this server for `name`.
    pub fn ask_at(&mut self, server: IpAddress, name: &str) -> Option<u16> {
        self.last_question += 1;
        let socket = self.host.sockets.get_mut::<udp::Socket>(self.dns);
        socket.send_slice(&dns::query(self.last_question, name), (server, 53)).ok()?;
        Some(self.last_question)
    }

    /// The next answer that has come: its question's number, its code and address.
    pub fn answer(&mut self) -> Option<(u16, u8, Option<Ipv4Address>)> {
        let (bytes, _) = self.host.sockets.get_mut::<udp::Socket>(self.dns).recv().ok()?;
        let (code, address) = dns::read_answer(bytes)?;
        Some((u16::from_be_bytes([bytes[0], bytes[1]]), code, address))
    }

    /// Takes over what the DHCP client has learnt.
    pub(crate) fn step(&mut self) {
        let Some(dhcp) = self.dhcp else { return };
        let event = self.host.sockets.get_mut::<dhcpv4::Socket>(dhcp).poll();
        let Some(dhcpv4::Event::Configured(config)) = event else { return };
        let lease = Lease { address: config.address, router: config.router, dns: config.dns_servers.first().copied() };
        self.lease = Some(lease);
        self.host.interface.update_ip_addrs(|addresses| {
            addresses.retain(|address| !matches!(address, IpCidr::Ipv4(_)));
            addresses.push(IpCidr::Ipv4(lease.address)).expect("smoltcp keeps two addresses");
        });
        if let Some(router) = lease.router {
            self.host.interface.routes_mut().add_default_ipv4_route(router).expect("there is room for one route");
        }
    }
}
