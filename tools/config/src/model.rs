// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a router's file says, checked.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use policy::Value;

use crate::{List, Mac, Network4, Ports, TimeZone, Tunnel, Url, Wifi};

/// A router's configuration. The default is that of a PC without a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The router's name, and on the LAN with the domain behind it.
    pub hostname: String,
    /// The LAN's names end in this.
    pub domain: String,
    /// Whose clocks the router goes by; without one it is UTC.
    pub zone: Option<TimeZone>,
    /// Who is sent the log, which is in the router's memory anyway.
    pub log: Option<LogHost>,
    /// The port towards the Internet, or a VLAN of it.
    pub wan_port: String,
    /// How the router reaches the Internet.
    pub wan: Wan,
    /// Whether the WAN has IPv6, and the networks prefixes of the provider's.
    pub ipv6: bool,
    /// Name servers that are asked instead of the provider's; none: the provider's.
    pub servers: Vec<IpAddr>,
    /// Names that the router answers.
    pub records: Vec<Record>,
    /// The owner's network.
    pub lan: Network,
    /// Those beside it, whose devices reach the router's DHCP and DNS, and nothing else of it.
    pub networks: Vec<Network>,
    /// Those whose devices are elsewhere; they reach of the router what those of `networks` do.
    pub tunnels: Vec<Tunnel>,
    /// What radios broadcast.
    pub wifi: Option<Wifi>,
    /// Ports of the WAN's address that hosts of the networks serve.
    pub forwards: Vec<Forward>,
    /// Ports of hosts of the networks that are open, by IPv6.
    pub pinholes: Vec<Pinhole>,
    /// What is said of policies of the image; the others are as their manifests say.
    pub policies: Vec<Choice>,
    /// Lists that come by HTTPS and are kept up to date.
    pub lists: Vec<List>,
    /// Certificates, as text (PEM), of authorities that are trusted beside those of the Internet.
    pub certificates: Vec<String>,
    /// The folder where updates of the router are offered.
    pub channel: Option<Url>,
    /// Public keys, as in authorized_keys, of who may log in.
    pub keys: Vec<String>,
}

impl Config {
    /// The LAN, and the networks beside it.
    pub fn all_networks(&self) -> impl Iterator<Item = &Network> {
        std::iter::once(&self.lan).chain(&self.networks)
    }

    /// The interface behind which the Internet is: the WAN's port, or a session over it.
    pub fn wan_interface(&self) -> &str {
        match self.wan {
            Wan::Pppoe(_) => SESSION,
            Wan::Dhcp | Wan::Static { .. } => &self.wan_port,
        }
    }

    /// All zones but the Internet.
    pub(crate) fn zones(&self) -> impl Iterator<Item = Zone<'_>> {
        self.all_networks().map(Zone::from).chain(self.tunnels.iter().map(Zone::from))
    }
}

/// Where a log goes, by the protocol of BSD's syslog over UDP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogHost {
    /// A name or an address.
    pub host: String,
    /// Its UDP port.
    pub port: u16,
}

impl fmt::Display for LogHost {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let LogHost { host, port } = self;
        if host.contains(':') {
            write!(f, "[{host}]:{port}")
        } else {
            write!(f, "{host}:{port}")
        }
    }
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
    /// The provider gives it in a session by PPP over Ethernet (RFC 2516).
    Pppoe(Login),
}

/// What a provider knows a customer by.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// What only both know.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

/// What a session with the provider is to the router: an interface of this name.
pub(crate) const SESSION: &str = "pppoe-wan";

/// The name of the Internet among zones.
pub(crate) const WAN: &str = "wan";
/// The name of the owner's network among zones.
pub(crate) const LAN: &str = "lan";

/// A network behind the router: a zone of the firewall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// `lan`, or as the owner says.
    pub name: String,
    /// What the router's end is: a port, a VLAN of one, or a bridge over several of these, or over Wi-Fi.
    pub interface: String,
    /// These, at least one unless it has Wi-Fi.
    pub ports: Vec<String>,
    /// The zones to which its devices may open connections: `wan`, `lan`, names of networks.
    pub reaches: Vec<String>,
    /// The router's address there.
    pub address: Network4,
    /// What is given to who asks; nothing: nobody is given any but those of `leases`.
    pub pool: Option<Pool>,
    /// Devices that always have the same address.
    pub leases: Vec<Lease>,
}

/// A network of either kind, as the firewall knows it.
#[derive(Clone, Copy)]
pub(crate) struct Zone<'a> {
    pub(crate) name: &'a str,
    pub(crate) interface: &'a str,
    pub(crate) reaches: &'a [String],
    pub(crate) address: Network4,
}

impl<'a> From<&'a Network> for Zone<'a> {
    fn from(network: &'a Network) -> Zone<'a> {
        let Network { name, interface, reaches, address, .. } = network;
        Zone { name, interface, reaches, address: *address }
    }
}

impl<'a> From<&'a Tunnel> for Zone<'a> {
    fn from(tunnel: &'a Tunnel) -> Zone<'a> {
        let Tunnel { name, reaches, address, .. } = tunnel;
        Zone { name, interface: name, reaches, address: *address }
    }
}

/// The interface of a network of these ports, and perhaps Wi-Fi.
pub(crate) fn interface(network: &str, ports: &[String], has_wifi: bool) -> String {
    match ports {
        [port] if !has_wifi => port.clone(),
        _ => format!("br-{network}"),
    }
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
    /// Which of its installed versions, rather than the image's.
    pub version: Option<String>,
    /// Parameters that are others than in its manifest.
    pub parameters: BTreeMap<String, Value>,
}

impl Default for Config {
    fn default() -> Config {
        Config::new(&Ports::default())
    }
}

impl Config {
    /// That of a new router with these ports.
    #[must_use]
    pub fn new(ports: &Ports) -> Config {
        let [a, b, c, _] = DEFAULT.octets();
        Config {
            hostname: "router".into(),
            domain: "lan".into(),
            zone: None,
            log: None,
            wan_port: ports.wan.clone(),
            wan: Wan::Dhcp,
            ipv6: true,
            servers: Vec::new(),
            records: Vec::new(),
            lan: Network {
                name: LAN.into(),
                interface: interface(LAN, &ports.lan, false),
                ports: ports.lan.clone(),
                reaches: vec![WAN.into()],
                address: Network4 { address: DEFAULT, bits: 24 },
                pool: Some(Pool {
                    from: Ipv4Addr::new(a, b, c, 100),
                    to: Ipv4Addr::new(a, b, c, 250),
                    seconds: 43_200,
                }),
                leases: Vec::new(),
            },
            networks: Vec::new(),
            tunnels: Vec::new(),
            wifi: None,
            forwards: Vec::new(),
            pinholes: Vec::new(),
            policies: Vec::new(),
            lists: Vec::new(),
            certificates: Vec::new(),
            channel: None,
            keys: Vec::new(),
        }
    }
}

/// The router's own, on the LAN.
const DEFAULT: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 1);
