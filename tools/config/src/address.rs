// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Addresses as people write them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A hardware address: six bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mac(pub [u8; 6]);

impl FromStr for Mac {
    type Err = String;

    fn from_str(text: &str) -> Result<Mac, String> {
        let wrong = || format!("'{text}' is no hardware address: give six bytes, as 02:00:5e:10:00:01");
        let mut bytes = [0; 6];
        let mut parts = text.split(':');
        for byte in &mut bytes {
            let part = parts.next().filter(|part| part.len() == 2).ok_or_else(wrong)?;
            *byte = u8::from_str_radix(part, 16).map_err(|_| wrong())?;
        }
        match parts.next() {
            Some(_) => Err(wrong()),
            None if bytes[0] & 1 == 1 => Err(format!("'{text}' is the address of a group, not of a device")),
            None => Ok(Mac(bytes)),
        }
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

/// An IPv4 address, and how many of its bits are its network's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network4 {
    /// The host's own.
    pub address: Ipv4Addr,
    /// 1 to 30: networks of fewer hosts have no room for clients.
    pub bits: u8,
}

impl Network4 {
    fn mask(self) -> u32 {
        u32::MAX << (32 - u32::from(self.bits))
    }

    /// The network's own address, with its bits: 192.168.1.0/24.
    pub fn base(self) -> String {
        format!("{}/{}", self.first(), self.bits)
    }

    /// The network's own address.
    pub fn first(self) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(self.address) & self.mask())
    }

    /// Whether a host may have this address: it is in the network, and is not its first or last.
    pub fn has(self, address: Ipv4Addr) -> bool {
        let (mask, host) = (self.mask(), u32::from(address));
        host & mask == u32::from(self.address) & mask && host & !mask != 0 && host & !mask != !mask
    }

    /// Whether an address is in both.
    pub fn overlaps(self, other: Network4) -> bool {
        let mask = self.mask() & other.mask();
        u32::from(self.address) & mask == u32::from(other.address) & mask
    }
}

impl FromStr for Network4 {
    type Err = String;

    fn from_str(text: &str) -> Result<Network4, String> {
        let wrong = || format!("'{text}' is no address with its network's bits: write it as 192.168.1.1/24");
        let (address, bits) = text.split_once('/').ok_or_else(wrong)?;
        let network = Network4 {
            address: address.parse().map_err(|_| wrong())?,
            bits: bits.parse().ok().filter(|bits| (1..=30).contains(bits)).ok_or_else(wrong)?,
        };
        if network.has(network.address) && is_a_hosts(network.address) {
            Ok(network)
        } else {
            Err(format!("'{text}' is no host's address in its network"))
        }
    }
}

impl fmt::Display for Network4 {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

/// The addresses of either family that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// The first of them.
    address: IpAddr,
    bits: u8,
}

impl Prefix {
    /// Whether an address is in both.
    pub fn overlaps(self, other: Prefix) -> bool {
        self.address.is_ipv4() == other.address.is_ipv4() && {
            let bits = self.bits.min(other.bits);
            first(self.address, bits) == first(other.address, bits)
        }
    }

    /// Whether it has this address.
    pub fn has(self, address: IpAddr) -> bool {
        self.overlaps(Prefix { address, bits: width(address) })
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() {
        32
    } else {
        128
    }
}

/// The first address of those that have so many bits of this one.
fn first(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            Ipv4Addr::from(u32::from(address) & mask).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            Ipv6Addr::from(u128::from(address) & mask).into()
        }
    }
}

impl From<Network4> for Prefix {
    fn from(network: Network4) -> Prefix {
        Prefix { address: first(network.address.into(), network.bits), bits: network.bits }
    }
}

impl FromStr for Prefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Prefix, String> {
        let wrong = || format!("'{text}' is no network: write it as 192.168.7.0/24");
        let (address, bits) = text.split_once('/').ok_or_else(wrong)?;
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let bits = bits.parse().ok().filter(|bits| *bits <= width(address)).ok_or_else(wrong)?;
        let network = Prefix { address: first(address, bits), bits };
        if network.address != address {
            return Err(format!("'{text}' is a host's address: its network is {network}"));
        }
        // Who sends that much of the Internet to a peer has no way to the peer itself.
        let least = width(address) / 8 + 4;
        if bits < least {
            return Err(format!("'{text}' is more than a peer's own networks: a network has {least} bits or more"));
        }
        host(&address.to_string()).map_err(|_| format!("'{text}' is no network of hosts"))?;
        Ok(network)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

fn is_a_hosts(address: Ipv4Addr) -> bool {
    !(address.is_loopback() || address.is_multicast() || address.is_unspecified() || address.octets()[0] >= 240)
}

/// A host's IPv4 address.
///
/// # Errors
///
/// It is none, or a group's, or the machine's own.
pub fn host4(text: &str) -> Result<Ipv4Addr, String> {
    let address = text.parse().map_err(|_| format!("'{text}' is no IPv4 address, as 192.168.1.20"))?;
    if is_a_hosts(address) {
        Ok(address)
    } else {
        Err(format!("'{text}' is no host's address"))
    }
}

/// A host's IPv6 address, reachable beyond its link.
///
/// # Errors
///
/// It is none, or a group's, or only the link's.
pub fn host6(text: &str) -> Result<Ipv6Addr, String> {
    let address: Ipv6Addr = text.parse().map_err(|_| format!("'{text}' is no IPv6 address, as 2001:db8::20"))?;
    let alone = address.is_loopback() || address.is_multicast() || address.is_unspecified();
    if alone || address.segments()[0] & 0xffc0 == 0xfe80 {
        return Err(format!("'{text}' is no address that others reach"));
    }
    Ok(address)
}

/// A host's address of either family.
///
/// # Errors
///
/// As [`host4`] and [`host6`].
pub fn host(text: &str) -> Result<IpAddr, String> {
    if text.contains(':') {
        host6(text).map(IpAddr::V6)
    } else {
        host4(text).map(IpAddr::V4)
    }
}
