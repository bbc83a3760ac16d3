// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Wi-Fi: which radio broadcasts what, and in which of the router's networks its devices are.

use files::{wrong, Problem};
use serde_saphyr::{Location, Spanned};

use super::networks::Networks;
use super::{optional, read, Text};
use crate::check;
use crate::model::LAN;
use crate::raw::{RawBroadcast, RawRadio, RawWifi};
use crate::wifi::{Band, Broadcast, Generation, Protection, Radio, Wifi};
use crate::Tunnel;

/// A radio broadcasts so many networks at most: more than some can, and each takes time from all.
const MOST: usize = 8;

/// The router's networks that have Wi-Fi, as they are written.
pub(super) fn bridged(raw: Option<&Spanned<RawWifi>>) -> Vec<String> {
    let broadcasts = raw.iter().flat_map(|raw| &raw.value.networks);
    broadcasts.map(|raw| raw.value.network.as_ref().map_or(LAN.to_owned(), |name| lower(&name.value))).collect()
}

fn lower(text: &str) -> String {
    text.to_ascii_lowercase()
}

pub(super) fn resolve(raw: Spanned<RawWifi>, networks: &Networks, tunnels: &[Tunnel]) -> Result<Wifi, Problem> {
    let place = raw.referenced;
    let RawWifi { country, radios, networks: broadcasts } = raw.value;
    let Some(country) = country else {
        return wrong(place, "Wi-Fi needs country, two letters as DE: its law says which channels may be used");
    };
    let country = read(&country, check::country)?;
    let radios = radios.0.into_iter().map(|(name, raw)| radio(&name, raw)).collect::<Result<Vec<_>, _>>()?;
    let mut wifi = Wifi { country, radios: Vec::new(), broadcasts: Vec::new() };
    for (place, radio) in radios {
        if wifi.radios.iter().any(|other| other.name == radio.name) {
            return wrong(place, format!("there is a radio {} already", radio.name));
        }
        taken(&radio.name, place, networks, tunnels)?;
        // hostapd makes others of its interfaces.
        if wifi.radios.iter().any(|other| radio.name.starts_with(&format!("{}-", other.name))) {
            return wrong(place, format!("{} is a name that another radio uses", radio.name));
        }
        let names = || broadcasts.iter().flat_map(|raw| &raw.value.radios);
        let all = broadcasts.iter().any(|raw| raw.value.radios.is_empty());
        if !all && !names().any(|raw| raw.value == radio.name) {
            let said = format!("nothing is broadcast by {}: add it to a network's radios, or leave it out", radio.name);
            return wrong(place, said);
        }
        wifi.radios.push(radio);
    }
    if wifi.radios.is_empty() || broadcasts.is_empty() {
        return wrong(place, "Wi-Fi needs a radio (radios) and something that it broadcasts (networks)");
    }
    for raw in broadcasts {
        let place = raw.referenced;
        let broadcast = broadcast(raw.value, place, networks, &wifi)?;
        wifi.broadcasts.push(broadcast);
    }
    if let Some(radio) = wifi.radios.iter().find(|radio| wifi.of(radio).count() > MOST) {
        return wrong(place, format!("{} has more than {MOST} networks: take some off it", radio.name));
    }
    Ok(wifi)
}

/// Whether another than a radio has the name.
fn taken(name: &str, place: Location, networks: &Networks, tunnels: &[Tunnel]) -> Result<(), Problem> {
    let all = std::iter::once(&networks.lan).chain(&networks.others);
    let interfaces = all.flat_map(|network| network.ports.iter().chain([&network.interface]));
    let mut others = interfaces.chain([&networks.wan_port]).chain(tunnels.iter().map(|tunnel| &tunnel.name));
    if others.any(|other| other == name) {
        return wrong(place, format!("{name} has a role already: a radio is no port, and has a name of its own"));
    }
    Ok(())
}

fn radio(name: &Text, raw: RawRadio) -> Result<(Location, Radio), Problem> {
    let place = name.referenced;
    let name = read(name, check::radio)?;
    let band = match raw.band.value.as_str() {
        "2.4GHz" => Band::Two,
        "5GHz" => Band::Five,
        other => return wrong(raw.band.referenced, format!("band '{other}' is neither 2.4GHz nor 5GHz")),
    };
    let (usual, widths) = match band {
        Band::Two => (20, [20, 40].as_slice()),
        Band::Five => (80, [20, 40, 80].as_slice()),
    };
    let width = optional(raw.width, usual, |raw| {
        let width = raw.value.strip_suffix("MHz").and_then(|width| width.trim_end().parse().ok());
        match width.filter(|width| widths.contains(width)) {
            Some(width) => Ok(width),
            None => {
                let widths: Vec<_> = widths.iter().map(|width| format!("{width}MHz")).collect();
                wrong(raw.referenced, format!("width '{}' is none of {}", raw.value, widths.join(", ")))
            }
        }
    })?;
    let channel = raw.channel.filter(|raw| raw.value != "auto").map(|raw| channel(&raw, band, width)).transpose()?;
    Ok((place, Radio { name, band, channel, width }))
}

fn channel(raw: &Text, band: Band, width: u8) -> Result<u8, Problem> {
    let known = |channel: &u8| match (band, channel) {
        (Band::Two, channel) => (1..=13).contains(channel),
        (Band::Five, 36..=64 | 100..=144) => channel.is_multiple_of(4),
        (Band::Five, 149..=165) => channel % 4 == 1,
        (Band::Five, _) => false,
    };
    let Some(channel) = raw.value.parse().ok().filter(known) else {
        let channels = match band {
            Band::Two => "1 to 13",
            Band::Five => "36, 40 to 64, 100, 104 to 144, 149, 153 to 165",
        };
        return wrong(raw.referenced, format!("channel '{}' is none of this band: auto, or {channels}", raw.value));
    };
    if channel == 165 && width != 20 {
        return wrong(raw.referenced, "channel 165 has no neighbour: set width to 20MHz, or use another channel");
    }
    Ok(channel)
}

fn broadcast(raw: RawBroadcast, place: Location, networks: &Networks, wifi: &Wifi) -> Result<Broadcast, Problem> {
    let ssid = read(&raw.ssid, check::ssid)?;
    let all = || std::iter::once(&networks.lan).chain(&networks.others).map(|network| &network.name);
    let network = match raw.network {
        None => LAN.to_owned(),
        Some(raw) => {
            let name = lower(&raw.value);
            if !all().any(|other| *other == name) {
                let all: Vec<_> = all().map(String::as_str).collect();
                let said = format!("'{}' is no network of the router: there are {}", raw.value, all.join(", "));
                return wrong(raw.referenced, said);
            }
            name
        }
    };
    let protection = protection(raw.security.as_ref(), raw.password.as_ref(), place)?;
    let mut radios = Vec::new();
    for raw in &raw.radios {
        let known = || wifi.radios.iter().map(|radio| radio.name.as_str());
        if !known().any(|name| name == raw.value) {
            let known: Vec<_> = known().collect();
            return wrong(raw.referenced, format!("'{}' is none of radios: there are {}", raw.value, known.join(", ")));
        }
        if !radios.contains(&raw.value) {
            radios.push(raw.value.clone());
        }
    }
    if radios.is_empty() {
        radios = wifi.radios.iter().map(|radio| radio.name.clone()).collect();
    }
    for other in wifi.broadcasts.iter().filter(|other| other.ssid == ssid) {
        if let Some(radio) = radios.iter().find(|radio| other.radios.contains(radio)) {
            return wrong(raw.ssid.referenced, format!("{radio} broadcasts '{ssid}' already: choose another name"));
        }
    }
    Ok(Broadcast { ssid, network, protection, hidden: raw.hidden, isolated: raw.isolated, radios })
}

fn protection(
    security: Option<&Text>,
    password: Option<&Text>,
    place: Location,
) -> Result<Option<Protection>, Problem> {
    let by = match security.map(|raw| raw.value.as_str()) {
        None | Some("wpa2+wpa3") => Generation::Both,
        Some("wpa2") => Generation::Wpa2,
        Some("wpa3") => Generation::Wpa3,
        Some("open") => {
            return match password {
                Some(raw) => wrong(raw.referenced, "with security open nobody needs a password: leave one out"),
                None => Ok(None),
            }
        }
        Some(other) => {
            let place = security.map_or(place, |raw| raw.referenced);
            return wrong(place, format!("security '{other}' is none of wpa2, wpa2+wpa3, wpa3, open"));
        }
    };
    match password {
        Some(raw) => Ok(Some(Protection { by, password: read(raw, check::passphrase)? })),
        None => wrong(place, "give a password; only with security: open is there none, and whoever is near is in"),
    }
}
