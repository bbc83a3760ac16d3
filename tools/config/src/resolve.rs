// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! From what is written to what it means: each value by itself, then together.

use std::net::IpAddr;
use std::str::FromStr;

use files::{wrong, Problem};
use serde_saphyr::Spanned;

use crate::address::{host, host4, host6};
use crate::check;
use crate::model::{Choice, Config, Forward, Lan, Lease, Pinhole, Pool, Ports, Protocol, Record, Wan};
use crate::raw::{
    RawConfig, RawDhcp, RawForward, RawLan, RawLease, RawPinhole, RawPolicy, RawPort, RawPorts, RawRecord, RawWan,
};
use crate::Network4;

type Text = Spanned<String>;

impl FromStr for Config {
    type Err = Problem;

    /// Reads the text of a router.yaml. An empty one is the default.
    fn from_str(text: &str) -> Result<Config, Problem> {
        // A file of comments is a file without keys.
        let blank = text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        let raw = if blank { RawConfig::default() } else { files::parse(text)? };
        resolve(raw)
    }
}

fn resolve(raw: RawConfig) -> Result<Config, Problem> {
    let default = Config::default();
    let hostname = optional(raw.hostname, default.hostname, label)?;
    let domain = optional(raw.domain, default.domain, domain)?;
    let ports = raw.ports.map_or(Ok(default.ports), ports)?;
    let wan_place = raw.wan.as_ref().map(|raw| raw.referenced);
    let (wan, ipv6) = raw.wan.map_or(Ok((default.wan, default.ipv6)), wan)?;
    let lan = raw.lan.map_or(Ok(default.lan.clone()), |raw| lan(raw, &default.lan))?;
    if let (Wan::Static { address, .. }, Some(place)) = (&wan, wan_place) {
        if address.overlaps(lan.address) {
            return wrong(place, format!("{address} and the LAN's {} are one network: change one", lan.address));
        }
    }
    let servers = raw.dns.servers.iter().map(|raw| server(raw, &lan)).collect::<Result<_, _>>()?;
    let lan = Lan { records: raw.dns.records.into_iter().map(record).collect::<Result<_, _>>()?, ..lan };
    let forwards = forwards(raw.firewall.forwards, lan.address)?;
    let pinholes = raw.firewall.pinholes.into_iter().map(pinhole).collect::<Result<_, _>>()?;
    let policies = raw.policies.into_iter().map(choice).collect::<Result<_, _>>()?;
    let keys = raw.ssh.keys.into_iter().map(|raw| read(&raw, check::key)).collect::<Result<_, _>>()?;
    Ok(Config { hostname, domain, ports, wan, ipv6, servers, lan, forwards, pinholes, policies, keys })
}

/// What a text means, or what is wrong with it at its place.
fn read<T>(raw: &Text, meaning: impl FnOnce(&str) -> Result<T, String>) -> Result<T, Problem> {
    meaning(&raw.value).or_else(|said| wrong(raw.referenced, said))
}

fn optional<T>(raw: Option<Text>, default: T, read: impl FnOnce(&Text) -> Result<T, Problem>) -> Result<T, Problem> {
    raw.map_or(Ok(default), |raw| read(&raw))
}

fn label(raw: &Text) -> Result<String, Problem> {
    read(raw, check::label)
}

fn domain(raw: &Text) -> Result<String, Problem> {
    read(raw, check::name)
}

fn ports(raw: RawPorts) -> Result<Ports, Problem> {
    let wan = read(&raw.wan, check::interface)?;
    let mut lan = Vec::new();
    for port in &raw.lan.value {
        let name = read(port, check::interface)?;
        if name == wan || lan.contains(&name) {
            return wrong(port.referenced, format!("port {name} has a role already: a port has one"));
        }
        lan.push(name);
    }
    if lan.is_empty() {
        return wrong(raw.lan.referenced, "no port is the LAN's: name one, or the router cannot be reached");
    }
    Ok(Ports { wan, lan })
}

fn wan(raw: Spanned<RawWan>) -> Result<(Wan, bool), Problem> {
    let place = raw.referenced;
    let raw = raw.value;
    let ipv6 = raw.ipv6.unwrap_or(true);
    let mode = raw.mode.as_ref().map_or("dhcp", |mode| mode.value.as_str());
    let mode_place = raw.mode.as_ref().map_or(place, |mode| mode.referenced);
    match (mode, raw.address, raw.gateway) {
        ("dhcp", None, None) => Ok((Wan::Dhcp, ipv6)),
        ("dhcp", Some(text), _) | ("dhcp", None, Some(text)) => {
            wrong(text.referenced, "with mode dhcp the provider says this: leave it out, or set mode to static")
        }
        ("static", Some(address), Some(gateway)) => {
            let network = read(&address, Network4::from_str)?;
            let gateway_address = read(&gateway, host4)?;
            if !network.has(gateway_address) || gateway_address == network.address {
                return wrong(gateway.referenced, format!("{gateway_address} is no other host of {network}"));
            }
            Ok((Wan::Static { address: network, gateway: gateway_address }, ipv6))
        }
        ("static", ..) => wrong(place, "mode static needs address (as 198.51.100.2/24) and gateway"),
        (other, ..) => wrong(mode_place, format!("mode '{other}' is neither dhcp nor static")),
    }
}

fn lan(raw: RawLan, default: &Lan) -> Result<Lan, Problem> {
    let address = optional(raw.address, default.address, |raw| read(raw, Network4::from_str))?;
    let pool = match raw.dhcp {
        Some(raw) => pool(raw, address, default)?,
        None => usual_pool(address, default),
    };
    let mut leases: Vec<Lease> = Vec::new();
    for raw in raw.leases {
        let (place, lease) = (raw.address.referenced, lease(raw)?);
        if !address.has(lease.address) || lease.address == address.address {
            return wrong(place, format!("{} is no other host of the LAN, {address}", lease.address));
        }
        if let Some(other) = leases.iter().find(|other| other.mac == lease.mac || other.address == lease.address) {
            return wrong(place, format!("{} has {} already: an address is one device's", other.mac, other.address));
        }
        leases.push(lease);
    }
    Ok(Lan { address, pool, leases, records: Vec::new() })
}

/// Twelve hours.
const LEASE: u32 = 43_200;

/// What is given when the file says nothing: the default, or in another network its upper half, if that is some addresses.
fn usual_pool(address: Network4, default: &Lan) -> Option<Pool> {
    if address == default.address {
        return default.pool;
    }
    let size = 1_u32 << (32 - u32::from(address.bits));
    let base = u32::from(address.address) & !(size - 1);
    let (from, to) = (base + size / 2, base + size - 2);
    (size >= 8).then_some(Pool { from: from.into(), to: to.into(), seconds: LEASE })
}

fn pool(raw: Spanned<RawDhcp>, address: Network4, default: &Lan) -> Result<Option<Pool>, Problem> {
    let place = raw.referenced;
    let RawDhcp { enabled, from, to, lease } = raw.value;
    if !enabled {
        return match from.or(to).or(lease) {
            Some(text) => wrong(text.referenced, "with enabled: false nothing is given: leave this out"),
            None => Ok(None),
        };
    }
    let seconds = optional(lease, LEASE, |raw| read(raw, check::seconds))?;
    let (from, to) = match (from, to) {
        (Some(from), Some(to)) => {
            let ends = (read(&from, host4)?, read(&to, host4)?);
            for (end, place) in [(ends.0, from.referenced), (ends.1, to.referenced)] {
                if !address.has(end) {
                    return wrong(place, format!("{end} is no host of the LAN, {address}"));
                }
            }
            if ends.0 > ends.1 {
                return wrong(to.referenced, format!("{} is before {}: swap them", ends.1, ends.0));
            }
            ends
        }
        (None, None) => match usual_pool(address, default) {
            Some(pool) => (pool.from, pool.to),
            None => return wrong(place, "this network has too few addresses for a pool: set enabled: false"),
        },
        (Some(end), None) | (None, Some(end)) => return wrong(end.referenced, "give both, from and to, or neither"),
    };
    Ok(Some(Pool { from, to, seconds }))
}

fn lease(raw: RawLease) -> Result<Lease, Problem> {
    Ok(Lease {
        mac: read(&raw.mac, str::parse)?,
        address: read(&raw.address, host4)?,
        name: raw.name.as_ref().map(label).transpose()?,
    })
}

fn record(raw: RawRecord) -> Result<Record, Problem> {
    Ok(Record { name: domain(&raw.name)?, address: read(&raw.address, host)? })
}

fn choice((name, RawPolicy { enabled, version, parameters }): (String, RawPolicy)) -> Result<Choice, Problem> {
    let known = |text: &str| {
        if policy::is_version(text) {
            Ok(text.to_owned())
        } else {
            Err(format!("version '{text}' is none: `lunagate policy list` shows those that are installed"))
        }
    };
    let version = version.map(|raw| read(&raw, known)).transpose()?;
    Ok(Choice { name, enabled, version, parameters })
}

fn server(raw: &Text, lan: &Lan) -> Result<IpAddr, Problem> {
    let server = read(raw, host)?;
    if server == IpAddr::V4(lan.address.address) {
        return wrong(raw.referenced, format!("{server} is the router itself, which asks these servers"));
    }
    Ok(server)
}

fn protocol(raw: &Text) -> Result<Protocol, Problem> {
    match raw.value.as_str() {
        "tcp" => Ok(Protocol::Tcp),
        "udp" => Ok(Protocol::Udp),
        other => wrong(raw.referenced, format!("protocol '{other}' is neither tcp nor udp")),
    }
}

fn range(raw: &Spanned<RawPort>) -> Result<(u16, u16), Problem> {
    let ends = match &raw.value {
        RawPort::One(port) => Some((*port, *port)),
        RawPort::Some(text) => text.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?))),
    };
    match ends {
        Some((from, to)) if from >= 1 && from <= to => Ok((from, to)),
        _ => wrong(raw.referenced, "a port is 1 to 65535, or some of them, as \"8000-8010\""),
    }
}

fn forwards(raw: Vec<Spanned<RawForward>>, lan: Network4) -> Result<Vec<Forward>, Problem> {
    let mut all: Vec<Forward> = Vec::new();
    for Spanned { value: raw, referenced: place, .. } in raw {
        let (protocol, ports) = (protocol(&raw.protocol)?, range(&raw.port)?);
        let to = read(&raw.to, host4)?;
        if !lan.has(to) || to == lan.address {
            return wrong(raw.to.referenced, format!("{to} is no other host of the LAN, {lan}"));
        }
        if let Some(port) = raw.to_port.as_ref().filter(|port| port.value == 0 || ports.0 != ports.1) {
            return wrong(port.referenced, "to_port is for one port, 1 to 65535; several keep their numbers");
        }
        let to_port = raw.to_port.map(|port| port.value);
        let overlaps =
            |other: &&Forward| other.protocol == protocol && other.ports.0 <= ports.1 && ports.0 <= other.ports.1;
        if let Some(other) = all.iter().find(overlaps) {
            return wrong(
                place,
                format!("{protocol} {}-{} goes to {} already", other.ports.0, other.ports.1, other.to),
            );
        }
        all.push(Forward { protocol, ports, to, to_port });
    }
    Ok(all)
}

fn pinhole(raw: RawPinhole) -> Result<Pinhole, Problem> {
    Ok(Pinhole { protocol: protocol(&raw.protocol)?, ports: range(&raw.port)?, to: read(&raw.to, host6)? })
}
