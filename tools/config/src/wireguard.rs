// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Networks by WireGuard: what they are, and who is in them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use crate::address::Prefix;
use crate::base64::{self, DIGITS};
use crate::{check, Network4};

/// A network whose devices are elsewhere: a zone of the firewall, as those of ports are. Its interface has its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tunnel {
    /// As the owner says.
    pub name: String,
    /// The router's address there.
    pub address: Network4,
    /// The UDP port at which peers reach the router from the WAN; none: it calls them.
    pub port: Option<u16>,
    /// The zones to which its peers may open connections: `wan`, `lan`, names of networks; its own: each other.
    pub reaches: Vec<String>,
    /// Who is in it.
    pub peers: Vec<Peer>,
}

/// A device, or a router with networks behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// As the owner says.
    pub name: String,
    /// Who it is.
    pub key: Key,
    /// Its address in the network.
    pub address: Option<Ipv4Addr>,
    /// Where the router calls it.
    pub endpoint: Option<Endpoint>,
    /// What is behind it.
    pub networks: Vec<Prefix>,
    /// After how many seconds without a packet the router sends one, so that firewalls between them stay open.
    pub keepalive: Option<u16>,
}

/// The subnet of the unique local prefix that these networks share. In it an IPv4 address stands behind 96 bits, so
/// that a peer keeps its IPv6 address whichever networks come and go.
const SUBNET: &str = "ffff";

/// The IPv6 address of who has this IPv4 address in such a network, without the 48 bits of the router's own prefix.
pub(crate) fn inside(address: Ipv4Addr) -> String {
    let [a, b, c, d] = address.octets().map(u16::from);
    format!("{SUBNET}::{:x}:{:x}", a << 8 | b, c << 8 | d)
}

/// How many bits of an IPv6 address are such a network's.
pub(crate) fn inside_bits(network: Network4) -> u8 {
    96 + network.bits
}

/// A public key: 32 bytes, in base64 (RFC 4648) where it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl FromStr for Key {
    type Err = String;

    // What is no public key may be a secret, so nobody repeats it.
    fn from_str(text: &str) -> Result<Key, String> {
        let wrong =
            || "this is no key of WireGuard: `wg pubkey` writes 44 characters, of which the last is =".to_owned();
        match base64::decode(text).and_then(|bytes| bytes.try_into().ok()) {
            Some(bytes) if bytes != [0; 32] => Ok(Key(bytes)),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for part in self.0.chunks(3) {
            let bits = part.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - part.len()));
            for place in 0..=part.len() {
                let digit = bits >> (18 - 6 * place) & 63;
                write!(f, "{}", char::from(DIGITS[digit as usize]))?;
            }
        }
        f.write_str("=")
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

/// Where somebody is called: a name or an address, and a UDP port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl Endpoint {
    /// The address, unless it is a name.
    pub fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Endpoint, String> {
        let wrong = || format!("'{text}' is no endpoint: write it as vpn.example:51820, or \"[2001:db8::5]:51820\"");
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(wrong)?;
        let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(host) if host.contains(':') => host,
            None if !host.contains(':') => host,
            _ => return Err(wrong()),
        };
        Ok(Endpoint { host: check::host_or_name(host)?, port })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Endpoint { host, port } = self;
        if host.contains(':') {
            write!(f, "[{host}]:{port}")
        } else {
            write!(f, "{host}:{port}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_what_it_was_and_nothing_else_is_one() {
        for text in [
            "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=",
            "/////////////////////////////////////////+8=",
            "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
        ] {
            assert_eq!(text.parse::<Key>().expect("a key").to_string(), text);
        }
        for text in [
            "",
            "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHy=",
            "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAA",
            "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB=",
            "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eH-A=",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ] {
            let said = text.parse::<Key>().expect_err(text);
            assert!(text.is_empty() || !said.contains(text), "{said}");
        }
    }

    #[test]
    fn an_endpoint_is_what_it_was() {
        for text in ["vpn.example:51820", "192.0.2.1:1", "[2001:db8::5]:65535"] {
            assert_eq!(text.parse::<Endpoint>().expect("an endpoint").to_string(), text);
        }
        for text in ["vpn.example", "vpn.example:0", "2001:db8::5:51820", "[vpn.example]:1", "192.0.2.300:1", "a b:1"] {
            text.parse::<Endpoint>().expect_err(text);
        }
    }

    #[test]
    fn an_address_inside_is_the_ipv4_address_in_other_digits() {
        assert_eq!(inside(Ipv4Addr::new(10, 9, 0, 2)), "ffff::a09:2");
    }
}
