// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! From what is written to what it means: each value by itself, then together.

mod lists;
mod networks;
mod wan;
mod wifi;
mod wireguard;

use std::net::IpAddr;
use std::str::FromStr;

use files::{wrong, Problem};
use serde_saphyr::Spanned;

use crate::address::{host, host4, host6};
use crate::model::{Choice, Config, Forward, LogHost, Pinhole, Protocol, Record, Wan, Zone};
use crate::raw::{RawConfig, RawForward, RawLogging, RawPinhole, RawPolicy, RawPort, RawRecord};
use crate::{authority, check};
use crate::{Ports, Prefix, Tunnel, Url};
pub(crate) use networks::ports;
use networks::Networks;

type Text = Spanned<String>;

impl FromStr for Config {
    type Err = Problem;

    /// Reads the text of a PC's router.yaml, as [`Config::read`] does for any device.
    fn from_str(text: &str) -> Result<Config, Problem> {
        Config::read(text, &Ports::default())
    }
}

impl Config {
    /// Reads the text of a router.yaml, for a device with these ports. An empty one is that of a [new](Config::new) router.
    ///
    /// # Errors
    ///
    /// What is wrong, with its place.
    pub fn read(text: &str, ports: &Ports) -> Result<Config, Problem> {
        // A file of comments is a file without keys.
        let blank = text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        let raw = if blank { RawConfig::default() } else { files::parse(text)? };
        resolve(raw, ports)
    }
}

fn resolve(raw: RawConfig, ports: &Ports) -> Result<Config, Problem> {
    let default = Config::new(ports);
    let hostname = optional(raw.hostname, default.hostname, label)?;
    let domain = optional(raw.domain, default.domain, domain)?;
    let zone = raw.time.map(|raw| read(&raw.zone, str::parse)).transpose()?;
    let wan_place = raw.wan.as_ref().map(|raw| raw.referenced);
    let (wan, ipv6) = raw.wan.map_or(Ok((default.wan, default.ipv6)), wan::resolve)?;
    let names = networks::names(&raw.networks, &raw.wireguard)?;
    let bridged = wifi::bridged(raw.wifi.as_ref());
    let networks = networks::resolve(ports, raw.ports, raw.lan, raw.networks, &names, &bridged)?;
    let tunnels = wireguard::resolve(raw.wireguard, &networks, &names)?;
    let wifi = raw.wifi.map(|raw| wifi::resolve(raw, &networks, &tunnels)).transpose()?;
    let Networks { wan_port, lan, others: networks } = networks;
    let all: Vec<_> =
        std::iter::once(&lan).chain(&networks).map(Zone::from).chain(tunnels.iter().map(Zone::from)).collect();
    if let (Wan::Static { address, .. }, Some(place)) = (&wan, wan_place) {
        if let Some(Zone { name, address: other, .. }) = all.iter().find(|other| address.overlaps(other.address)) {
            return wrong(place, format!("{address} and {other} ({name}) are one network: change one"));
        }
        for peer in tunnels.iter().flat_map(|tunnel| &tunnel.peers) {
            if let Some(other) = peer.networks.iter().find(|other| other.overlaps(Prefix::from(*address))) {
                return wrong(place, format!("{address} and {other} ({}) are one network: change one", peer.name));
            }
        }
    }
    let log = raw.logging.map(|raw| log(raw, &all)).transpose()?;
    let servers = raw.dns.servers.iter().map(|raw| server(raw, &all)).collect::<Result<_, _>>()?;
    let records = raw.dns.records.into_iter().map(record).collect::<Result<_, _>>()?;
    let forwards = forwards(raw.firewall.forwards, &all, &tunnels)?;
    let pinholes = raw.firewall.pinholes.into_iter().map(pinhole).collect::<Result<_, _>>()?;
    let lists = lists::resolve(raw.lists)?;
    raw.policies.values().try_for_each(|policy| lists::known(policy, &lists))?;
    let certificates =
        raw.certificates.iter().map(|raw| read(raw, authority::certificates)).collect::<Result<_, _>>()?;
    let channel = raw.update.map(|raw| read(&raw.channel, channel)).transpose()?;
    let policies = raw.policies.into_iter().map(choice).collect::<Result<_, _>>()?;
    let keys = raw.ssh.keys.into_iter().map(|raw| read(&raw, check::key)).collect::<Result<_, _>>()?;
    Ok(Config {
        hostname,
        domain,
        zone,
        log,
        wan_port,
        wan,
        ipv6,
        servers,
        records,
        lan,
        networks,
        tunnels,
        wifi,
        forwards,
        pinholes,
        policies,
        lists,
        certificates,
        channel,
        keys,
    })
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
    let parameters = parameters.into_iter().map(|(name, value)| (name, value.value)).collect();
    Ok(Choice { name, enabled, version, parameters })
}

/// A folder, in which a file is found by its name.
fn channel(text: &str) -> Result<Url, String> {
    if text.ends_with('/') && !text.contains('?') {
        text.parse()
    } else {
        Err(format!("'{text}' is no folder: it ends in /, and files of known names are below it"))
    }
}

/// The port of syslog (RFC 5426).
const SYSLOG: u16 = 514;

fn log(raw: RawLogging, networks: &[Zone]) -> Result<LogHost, Problem> {
    let host = read(&raw.host, check::host_or_name)?;
    if networks.iter().any(|network| host == network.address.address.to_string()) {
        return wrong(raw.host.referenced, format!("{host} is the router itself, which has its log"));
    }
    match raw.port {
        Some(port) if port.value == 0 => wrong(port.referenced, "a port is 1 to 65535"),
        port => Ok(LogHost { host, port: port.map_or(SYSLOG, |port| port.value) }),
    }
}

fn server(raw: &Text, networks: &[Zone]) -> Result<IpAddr, Problem> {
    let server = read(raw, host)?;
    if networks.iter().any(|network| server == IpAddr::V4(network.address.address)) {
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

fn forwards(raw: Vec<Spanned<RawForward>>, networks: &[Zone], tunnels: &[Tunnel]) -> Result<Vec<Forward>, Problem> {
    let mut all: Vec<Forward> = Vec::new();
    for Spanned { value: raw, referenced: place, .. } in raw {
        let (protocol, ports) = (protocol(&raw.protocol)?, range(&raw.port)?);
        let to = read(&raw.to, host4)?;
        if !networks.iter().any(|network| network.address.has(to) && to != network.address.address) {
            let all: Vec<_> =
                networks.iter().map(|network| format!("{} ({})", network.name, network.address)).collect();
            return wrong(raw.to.referenced, format!("{to} is no other host of {}", all.join(", ")));
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
        let takes = |tunnel: &&Tunnel| tunnel.port.is_some_and(|port| (ports.0..=ports.1).contains(&port));
        if let Some(tunnel) = tunnels.iter().filter(|_| protocol == Protocol::Udp).find(takes) {
            return wrong(place, format!("udp {}-{} has the port of {}: change one", ports.0, ports.1, tunnel.name));
        }
        all.push(Forward { protocol, ports, to, to_port });
    }
    Ok(all)
}

fn pinhole(raw: RawPinhole) -> Result<Pinhole, Problem> {
    Ok(Pinhole { protocol: protocol(&raw.protocol)?, ports: range(&raw.port)?, to: read(&raw.to, host6)? })
}
