// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a router's file says, checked.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use policy::Value;

use crate::{Mac, Network4};

/// A router's configuration. The default is that of a router without a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The router's name, and on the LAN with the domain behind it.
    pub hostname: String,
    /// The LAN's names end in this.
    pub domain: String,
    /// Which network interface is what.
    pub ports: Ports,
    /// How the router reaches the Internet.
    pub wan: Wan,
    /// Whether the WAN has IPv6, and the LAN a prefix of the provider's.
    pub ipv6: bool,
    /// Name servers that are asked instead of the provider's; none: the provider's.
    pub servers: Vec<IpAddr>,
    /// The owner's network.
    pub lan: Lan,
    /// Ports of the WAN's address that hosts of the LAN serve.
    pub forwards: Vec<Forward>,
    /// Ports of hosts of the LAN that are open, by IPv6.
    pub pinholes: Vec<Pinhole>,
    /// What is said of policies of the image; the others are as their manifests say.
    pub policies: Vec<Choice>,
    /// Public keys, as in authorized_keys, of who may log in.
    pub keys: Vec<String>,
}

/// Names of network interfaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ports {
    /// Towards the Internet.
    pub wan: String,
    /// Towards the owner's devices, at least one; several are one network.
    pub lan: Vec<String>,
}

/// How the WAN has its IPv4 address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wan {
    /// The provider gives it.
    Dhcp,
    /// It is known.
    Static {
        /// The router's.
        address: Network4,
        /// The provider's router.
        gateway: Ipv4Addr,
    },
}

/// The owner's network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lan {
    /// The router's address there.
    pub address: Network4,
    /// What is given to who asks; nothing: nobody is given any but those of `leases`.
    pub pool: Option<Pool>,
    /// Devices that always have the same address.
    pub leases: Vec<Lease>,
    /// Names that the router answers.
    pub records: Vec<Record>,
}

/// Addresses that DHCP gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The first.
    pub from: Ipv4Addr,
    /// The last.
    pub to: Ipv4Addr,
    /// For how long, in seconds.
    pub seconds: u32,
}

/// A device with an address of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The device's.
    pub mac: Mac,
    /// What it gets.
    pub address: Ipv4Addr,
    /// Its name on the LAN.
    pub name: Option<String>,
}

/// A name, and what it is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Whole, with its domain.
    pub name: String,
    /// Where it is.
    pub address: IpAddr,
}

/// Of a port's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        })
    }
}

/// Ports of the WAN's address, and the host that serves them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// Of the ports.
    pub protocol: Protocol,
    /// The first and the last.
    pub ports: (u16, u16),
    /// The host.
    pub to: Ipv4Addr,
    /// Its port, if that is another.
    pub to_port: Option<u16>,
}

impl Forward {
    /// The host's first port and its last.
    pub fn to_ports(&self) -> (u16, u16) {
        self.to_port.map_or(self.ports, |port| (port, port))
    }
}

/// Ports of a host that others may reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinhole {
    /// Of the ports.
    pub protocol: Protocol,
    /// The first and the last.
    pub ports: (u16, u16),
    /// The host.
    pub to: Ipv6Addr,
}

/// What is said of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// Whether it runs, if not as its manifest says.
    pub enabled: Option<bool>,
    /// Parameters that are others than in its manifest.
    pub parameters: BTreeMap<String, Value>,
}

impl Default for Config {
    fn default() -> Config {
        let [a, b, c, _] = DEFAULT.octets();
        Config {
            hostname: "router".into(),
            domain: "lan".into(),
            ports: Ports { wan: "eth0".into(), lan: vec!["eth1".into()] },
            wan: Wan::Dhcp,
            ipv6: true,
            servers: Vec::new(),
            lan: Lan {
                address: Network4 { address: DEFAULT, bits: 24 },
                pool: Some(Pool {
                    from: Ipv4Addr::new(a, b, c, 100),
                    to: Ipv4Addr::new(a, b, c, 250),
                    seconds: 43_200,
                }),
                leases: Vec::new(),
                records: Vec::new(),
            },
            forwards: Vec::new(),
            pinholes: Vec::new(),
            policies: Vec::new(),
            keys: Vec::new(),
        }
    }
}

/// The router's own, on the LAN.
const DEFAULT: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 1);
