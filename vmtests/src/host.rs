// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A machine at the other end of one of the router's cables.

use crate::wire::Wire;
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::socket::{tcp, udp};
use smoltcp::time::Instant;
use smoltcp::wire::{EthernetAddress, IpAddress, IpCidr, Ipv6Address, Ipv6Cidr};
use std::time::Duration;

/// Its address on a cable with IPv6.
const LINK_LOCAL: IpAddress = IpAddress::v6(0xfe80, 0, 0, 0, 0, 0, 0, 2);

/// A machine at the other end of one of the router's cables.
pub struct Host {
    /// Its cable.
    pub wire: Wire,
    /// Its network interface.
    pub interface: Interface,
    /// Its open sockets.
    pub sockets: SocketSet<'static>,
    address: EthernetAddress,
    last_port: u16,
}

impl Host {
    pub(crate) fn new(mut wire: Wire, address: EthernetAddress) -> Self {
        let interface = Interface::new(config(address), &mut wire, Instant::ZERO);
        Host { wire, interface, sockets: SocketSet::new(Vec::new()), address, last_port: 49_151 }
    }

    /// Gives it one more address.
    pub(crate) fn add_address(&mut self, address: IpCidr) {
        self.interface.update_ip_addrs(|addresses| {
            addresses.push(address).expect("smoltcp keeps two addresses");
        });
    }

    /// Becomes a host with IPv6 only, which makes its addresses by itself (RFC 4862):
    /// smoltcp has no room for three.
    pub fn use_ipv6(&mut self) {
        let mut config = config(self.address);
        config.slaac = true;
        let now = instant(self.wire.time());
        self.interface = Interface::new(config, &mut self.wire, now);
        self.add_address(IpCidr::new(LINK_LOCAL, 64));
    }

    /// Makes its address of this prefix and no other, and has this way out: of an advertisement with two prefixes,
    /// smoltcp takes the last one only, and has no room for two.
    pub fn use_prefix(&mut self, prefix: Ipv6Cidr, router: Ipv6Address) -> Option<Ipv6Address> {
        let address = Ipv6Cidr::from_link_prefix(&prefix, self.address.into())?;
        let now = instant(self.wire.time());
        self.interface = Interface::new(config(self.address), &mut self.wire, now);
        self.add_address(IpCidr::new(LINK_LOCAL, 64));
        self.add_address(address.into());
        self.interface.routes_mut().add_default_ipv6_route(router).expect("there is room for one route");
        Some(address.address())
    }

    /// A TCP socket.
    pub(crate) fn tcp(&mut self) -> SocketHandle {
        let buffer = || tcp::SocketBuffer::new(vec![0; 65_535]);
        let mut socket = tcp::Socket::new(buffer(), buffer());
        socket.set_ack_delay(None);
        socket.set_nagle_enabled(false);
        self.sockets.add(socket)
    }

    /// A UDP socket on `port`.
    pub(crate) fn udp(&mut self, port: u16) -> SocketHandle {
        let buffer = || udp::PacketBuffer::new(vec![udp::PacketMetadata::EMPTY; 16], vec![0; 16_384]);
        let mut socket = udp::Socket::new(buffer(), buffer());
        socket.bind(port).expect("a new socket takes any port but 0");
        self.sockets.add(socket)
    }

    /// A local port that no earlier connection had.
    pub(crate) fn free_port(&mut self) -> u16 {
        self.last_port = self.last_port.checked_add(1).unwrap_or(49_152);
        self.last_port
    }

    /// Lets the stack do what there is to do at this time.
    pub(crate) fn poll(&mut self, now: Duration) {
        self.wire.set_time(now);
        self.interface.poll(instant(now), &mut self.wire, &mut self.sockets);
    }

    /// Lets the stack send what its sockets hold, in the present turn of the loop.
    pub(crate) fn flush(&mut self) {
        self.poll(self.wire.time());
    }

    /// How long the stack has nothing to do, unless a frame arrives.
    pub(crate) fn idle(&mut self, now: Duration) -> Duration {
        let delay = self.interface.poll_delay(instant(now), &self.sockets);
        delay.map_or(Duration::from_secs(3600), |delay| Duration::from_micros(delay.total_micros()))
    }
}

fn config(address: EthernetAddress) -> Config {
    let mut config = Config::new(address.into());
    // The same ports and sequence numbers in every run.
    config.random_seed = u64::from(address.0[5]);
    config
}

fn instant(now: Duration) -> Instant {
    Instant::from_micros(now.as_micros() as i64)
}
