// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Networks by WireGuard: whose keys, addresses and ports are whose.

use std::str::FromStr;

use files::{wrong, Problem};
use serde_saphyr::{Location, Spanned};

use super::networks::{reaches, Networks};
use super::{label, read, Text};
use crate::address::{host4, Prefix};
use crate::model::{SESSION, WAN};
use crate::raw::{Entries, RawPeer, RawTunnel};
use crate::{check, Network4, Peer, Tunnel};

/// UDP ports at which the router itself is asked: names, and addresses of both families.
const OWN_PORTS: [u16; 5] = [53, 67, 68, 546, 547];

pub(super) fn resolve(raw: Entries<RawTunnel>, networks: &Networks, names: &[String]) -> Result<Vec<Tunnel>, Problem> {
    let all = std::iter::once(&networks.lan).chain(&networks.others);
    let mut taken = Taken(all.clone().map(|network| (network.address.into(), network.name.clone())).collect());
    let mut interfaces = vec![networks.wan_port.as_str(), SESSION];
    interfaces.extend(all.flat_map(|network| network.ports.iter().chain([&network.interface])).map(String::as_str));
    let mut tunnels: Vec<Tunnel> = Vec::new();
    for (place, raw) in raw.0 {
        let name = read(&place, check::tunnel)?;
        if interfaces.contains(&name.as_str()) {
            return wrong(place.referenced, format!("{name} is the name of a port: choose another name"));
        }
        let address = read(&raw.address, Network4::from_str)?;
        taken.take(address.into(), &name, raw.address.referenced)?;
        let port = raw.port.map(|raw| port(&raw, &tunnels)).transpose()?;
        let reaches = match raw.reaches {
            Some(raw) => reaches(&raw, None, names)?,
            None => vec![WAN.to_owned()],
        };
        let mut tunnel = Tunnel { name, address, port, reaches, peers: Vec::new() };
        for (place, raw) in raw.peers.0 {
            let peer = peer(&place, raw, &tunnel, &mut taken)?;
            tunnel.peers.push(peer);
        }
        tunnels.push(tunnel);
    }
    Ok(tunnels)
}

/// Which addresses are whose.
struct Taken(Vec<(Prefix, String)>);

impl Taken {
    fn take(&mut self, prefix: Prefix, whose: &str, place: Location) -> Result<(), Problem> {
        if let Some((other, name)) = self.0.iter().find(|(other, _)| prefix.overlaps(*other)) {
            return wrong(place, format!("{prefix} and {other} ({name}) are one network: change one"));
        }
        self.0.push((prefix, whose.to_owned()));
        Ok(())
    }
}

fn port(raw: &Spanned<u16>, tunnels: &[Tunnel]) -> Result<u16, Problem> {
    let (port, place) = (raw.value, raw.referenced);
    if port == 0 {
        return wrong(place, "a port is 1 to 65535");
    }
    if OWN_PORTS.contains(&port) {
        return wrong(place, format!("udp {port} is the router's own: choose another"));
    }
    match tunnels.iter().find(|other| other.port == Some(port)) {
        Some(other) => wrong(place, format!("udp {port} is that of {} already: choose another", other.name)),
        None => Ok(port),
    }
}

fn peer(place: &Text, raw: RawPeer, tunnel: &Tunnel, taken: &mut Taken) -> Result<Peer, Problem> {
    let name = label(place)?;
    let key = read(&raw.key, str::parse)?;
    for other in &tunnel.peers {
        if other.name == name {
            return wrong(place.referenced, format!("there is a peer {name} already"));
        }
        if other.key == key {
            return wrong(
                raw.key.referenced,
                format!("this is the key of {} already: a key is one peer's", other.name),
            );
        }
    }
    let address = raw.address.map(|raw| {
        let address = read(&raw, host4)?;
        if !tunnel.address.has(address) || address == tunnel.address.address {
            let said = format!("{address} is no other host of {}, {}", tunnel.name, tunnel.address);
            return wrong(raw.referenced, said);
        }
        match tunnel.peers.iter().find(|other| other.address == Some(address)) {
            Some(other) => wrong(raw.referenced, format!("{address} is that of {} already", other.name)),
            None => Ok(address),
        }
    });
    let address = address.transpose()?;
    let mut networks = Vec::new();
    for raw in &raw.networks {
        let network = read(raw, Prefix::from_str)?;
        taken.take(network, &name, raw.referenced)?;
        networks.push(network);
    }
    if address.is_none() && networks.is_empty() {
        return wrong(place.referenced, format!("nothing is for {name}: give it an address, networks or both"));
    }
    let endpoint = raw.endpoint.map(|raw| {
        let endpoint: crate::Endpoint = read(&raw, str::parse)?;
        let inside = endpoint.address().is_some_and(|address| {
            Prefix::from(tunnel.address).has(address) || networks.iter().any(|network| network.has(address))
        });
        if inside {
            return wrong(raw.referenced, format!("{endpoint} is inside the tunnel, which begins there"));
        }
        Ok(endpoint)
    });
    let endpoint = endpoint.transpose()?;
    if endpoint.is_none() && tunnel.port.is_none() {
        let said = format!("nobody can begin: give {name} an endpoint, or {} a port", tunnel.name);
        return wrong(place.referenced, said);
    }
    let keepalive = raw.keepalive.map(|raw| read(&raw, check::keepalive)).transpose()?;
    Ok(Peer { name, key, address, endpoint, networks, keepalive })
}
