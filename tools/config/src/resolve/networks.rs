// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Networks: which port is of which, and which reaches which.

use std::str::FromStr;

use files::{wrong, Problem};
use serde_saphyr::Spanned;

use super::{label, optional, read, Text};
use crate::address::host4;
use crate::check;
use crate::model::{interface, Config, Lease, Network, Pool, LAN, WAN};
use crate::raw::{Entries, RawDhcp, RawLan, RawLease, RawNetwork, RawPorts, RawTunnel};
use crate::{Network4, Ports};

/// The router's networks, and the way out.
pub(super) struct Networks {
    pub(super) wan_port: String,
    pub(super) lan: Network,
    pub(super) others: Vec<Network>,
}

/// Ports and their roles. A network with Wi-Fi may have none.
pub(crate) fn ports(raw: RawPorts, has_wifi: bool) -> Result<Ports, Problem> {
    let mut roles = Roles { wan: read(&raw.wan, check::port)?, taken: Vec::new() };
    let lan = roles.take(&raw.lan, has_wifi)?;
    Ok(Ports { wan: roles.wan, lan })
}

/// Networks of a device that has these ports unless it is said.
pub(super) fn resolve(
    device: &Ports,
    raw: Option<RawPorts>,
    lan: RawLan,
    others: Entries<RawNetwork>,
    names: &[String],
    bridged: &[String],
) -> Result<Networks, Problem> {
    let has_wifi = |name: &str| bridged.iter().any(|other| other == name);
    let ports = raw.map_or_else(|| Ok(device.clone()), |raw| self::ports(raw, has_wifi(LAN)))?;
    let default = Config::new(&ports);
    let mut roles = Roles { wan: ports.wan, taken: ports.lan.clone() };
    let address = optional(lan.address, default.lan.address, |raw| read(raw, Network4::from_str))?;
    let lan = Network {
        name: LAN.to_owned(),
        interface: interface(LAN, &ports.lan, has_wifi(LAN)),
        ports: ports.lan,
        reaches: lan.reaches.map_or(Ok(default.lan.reaches), |raw| reaches(&raw, Some(LAN), names))?,
        address,
        pool: pool(lan.dhcp, address)?,
        leases: leases(lan.leases, LAN, address)?,
    };
    let mut all = vec![lan];
    for ((key, raw), name) in others.0.into_iter().zip(names) {
        let address = read(&raw.address, Network4::from_str)?;
        if let Some(other) = all.iter().find(|other| address.overlaps(other.address)) {
            let place = raw.address.referenced;
            return wrong(
                place,
                format!("{address} and {} ({}) are one network: change one", other.address, other.name),
            );
        }
        let ports = match &raw.ports {
            Some(raw) => roles.take(raw, has_wifi(name))?,
            None if has_wifi(name) => Vec::new(),
            None => return wrong(key.referenced, NO_PORT),
        };
        all.push(Network {
            name: name.clone(),
            interface: interface(name, &ports, has_wifi(name)),
            ports,
            reaches: raw.reaches.map_or(Ok(vec![WAN.to_owned()]), |raw| reaches(&raw, Some(name), names))?,
            address,
            pool: pool(raw.dhcp, address)?,
            leases: leases(raw.leases, name, address)?,
        });
    }
    Ok(Networks { wan_port: roles.wan, lan: all.remove(0), others: all })
}

const NO_PORT: &str = "no port is this network's: name one (ports), or one of wifi.networks, or it cannot be reached";

/// What each port is for.
struct Roles {
    wan: String,
    taken: Vec<String>,
}

impl Roles {
    /// Gives ports to a network. The WAN's cable has nothing of another: who is at its end could be in that, too.
    fn take(&mut self, raw: &Spanned<Vec<Text>>, has_wifi: bool) -> Result<Vec<String>, Problem> {
        let mut ports = Vec::new();
        for raw in &raw.value {
            let port = read(raw, check::port)?;
            if port == self.wan || self.taken.contains(&port) {
                return wrong(raw.referenced, format!("port {port} has a role already: a port has one"));
            }
            if base(&port) == base(&self.wan) {
                let said = format!("port {} is the WAN's with all its VLANs: use another", base(&port));
                return wrong(raw.referenced, said);
            }
            self.taken.push(port.clone());
            ports.push(port);
        }
        if ports.is_empty() && !has_wifi {
            return wrong(raw.referenced, NO_PORT);
        }
        Ok(ports)
    }
}

/// The port that a VLAN is on.
fn base(port: &str) -> &str {
    port.split('.').next().unwrap_or(port)
}

/// The names of these networks, and behind them those of the ones by WireGuard.
pub(super) fn names(networks: &Entries<RawNetwork>, tunnels: &Entries<RawTunnel>) -> Result<Vec<String>, Problem> {
    let mut names = Vec::new();
    for raw in networks.0.iter().map(|(raw, _)| raw).chain(tunnels.0.iter().map(|(raw, _)| raw)) {
        let name = read(raw, check::network)?;
        if names.contains(&name) {
            return wrong(raw.referenced, format!("there is a network {name} already"));
        }
        names.push(name);
    }
    Ok(names)
}

/// The zones that these name. The network's own is none of them if a switch, rather than the router, joins its devices.
pub(super) fn reaches(raw: &[Text], own: Option<&str>, names: &[String]) -> Result<Vec<String>, Problem> {
    let mut zones = Vec::new();
    for raw in raw {
        let zone = raw.value.to_ascii_lowercase();
        let known = [WAN, LAN].into_iter().chain(names.iter().map(String::as_str));
        let others: Vec<_> = known.filter(|zone| Some(*zone) != own).collect();
        if !others.contains(&zone.as_str()) {
            return wrong(
                raw.referenced,
                format!("'{}' is no zone to reach: there are {}", raw.value, others.join(", ")),
            );
        }
        if !zones.contains(&zone) {
            zones.push(zone);
        }
    }
    Ok(zones)
}

fn leases(raw: Vec<RawLease>, network: &str, address: Network4) -> Result<Vec<Lease>, Problem> {
    let mut leases: Vec<Lease> = Vec::new();
    for raw in raw {
        let (place, lease) = (raw.address.referenced, lease(raw)?);
        if !address.has(lease.address) || lease.address == address.address {
            return wrong(place, format!("{} is no other host of {network}, {address}", lease.address));
        }
        if let Some(other) = leases.iter().find(|other| other.mac == lease.mac || other.address == lease.address) {
            return wrong(place, format!("{} has {} already: an address is one device's", other.mac, other.address));
        }
        leases.push(lease);
    }
    Ok(leases)
}

/// Twelve hours.
const LEASE: u32 = 43_200;

/// What is given when the file says nothing: the default, or in another network its upper half, if that is some addresses.
fn usual_pool(address: Network4) -> Option<Pool> {
    let default = Config::default().lan;
    if address == default.address {
        return default.pool;
    }
    let size = 1_u32 << (32 - u32::from(address.bits));
    let base = u32::from(address.address) & !(size - 1);
    let (from, to) = (base + size / 2, base + size - 2);
    (size >= 8).then_some(Pool { from: from.into(), to: to.into(), seconds: LEASE })
}

fn pool(raw: Option<Spanned<RawDhcp>>, address: Network4) -> Result<Option<Pool>, Problem> {
    let Some(raw) = raw else { return Ok(usual_pool(address)) };
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
                    return wrong(place, format!("{end} is no host of this network, {address}"));
                }
            }
            if ends.0 > ends.1 {
                return wrong(to.referenced, format!("{} is before {}: swap them", ends.1, ends.0));
            }
            ends
        }
        (None, None) => match usual_pool(address) {
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
