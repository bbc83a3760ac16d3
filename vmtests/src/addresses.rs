// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Who is who.  The WAN uses 198.18.0.0/15, which RFC 2544 sets aside for such tests: the
//! router's DNS refuses private addresses from outside.

use smoltcp::wire::{EthernetAddress, Ipv4Address, Ipv6Address, Ipv6Cidr};

/// The provider's gateway: DHCP and DNS.
pub const GATEWAY: Ipv4Address = Ipv4Address::new(198, 18, 0, 1);
/// The server on the Internet: HTTP and TLS.  Every name that exists has this address, but the router's.
pub const SERVER: Ipv4Address = Ipv4Address::new(198, 18, 0, 80);
/// The router's address on the WAN, which the provider leases to it.
pub const ROUTER_WAN: Ipv4Address = Ipv4Address::new(198, 18, 0, 50);
/// The router's name on the Internet.
pub const ROUTER_NAME: &str = "router.example";
/// The address on the WAN of a machine that is the router's neighbour there.
pub const NEIGHBOUR: Ipv4Address = Ipv4Address::new(198, 18, 0, 60);
/// The router's address on the LAN.
pub const ROUTER_LAN: Ipv4Address = Ipv4Address::new(192, 168, 1, 1);
/// The router's WAN port.
pub const ROUTER_WAN_PORT: EthernetAddress = EthernetAddress([0x52, 0x54, 0, 0, 0, 0]);
/// The machine on the WAN.
pub const WAN_HOST: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 1]);
/// The machine on the LAN.
pub const LAN_HOST: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 2]);
/// The provider's gateway by IPv6: router advertisements and DHCPv6.
pub const GATEWAY6: Ipv6Address = Ipv6Address::new(0xfe80, 0, 0, 0, 0, 0, 0, 1);
/// A host on the Internet by IPv6, which answers pings.
pub const SERVER6: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
/// The router's address on the WAN by IPv6, which the provider leases to it.
pub const ROUTER_WAN6: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, 0x50);
/// The prefix that the provider delegates to the router.
pub const DELEGATED: Ipv6Cidr = Ipv6Cidr::new(Ipv6Address::new(0x2001, 0xdb8, 0x100, 0, 0, 0, 0, 0), 56);
