// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Wi-Fi, for hostapd: a file for each radio, with its passwords. Keys are as hostapd.conf of hostapd 2.10 has them.

use std::fmt::Write;

use crate::wifi::{Band, Broadcast, Generation, Protection, Radio, Station, Wifi};
use crate::Config;

/// The folder of the files, which have passwords in them.
pub(super) const FOLDER: &str = "hostapd/";

/// A line for each interface: its radio, itself and the bridge that it is a port of.
pub(super) fn list(config: &Config) -> String {
    let Some(wifi) = &config.wifi else { return String::new() };
    let mut text = String::new();
    for radio in &wifi.radios {
        for Station { interface, broadcast } in wifi.of(radio) {
            let _ = writeln!(text, "{} {interface} {}", radio.name, bridge(config, broadcast));
        }
    }
    text
}

/// Interfaces whose devices do not reach each other.
pub(super) fn isolated(config: &Config) -> Vec<String> {
    let of = |wifi: &Wifi, radio| {
        let isolated = wifi.of(radio).filter(|station| station.broadcast.isolated);
        isolated.map(|station| station.interface).collect::<Vec<_>>()
    };
    config.wifi.iter().flat_map(|wifi| wifi.radios.iter().flat_map(|radio| of(wifi, radio))).collect()
}

/// The files' names, and what is in them.
pub(super) fn files(config: &Config) -> Vec<(String, String)> {
    let of = |wifi: &Wifi, radio: &Radio| (format!("{FOLDER}{}.conf", radio.name), render(config, wifi, radio));
    config.wifi.iter().flat_map(|wifi| wifi.radios.iter().map(|radio| of(wifi, radio))).collect()
}

fn render(config: &Config, wifi: &Wifi, radio: &Radio) -> String {
    let mut text = String::new();
    for (number, Station { interface, broadcast }) in wifi.of(radio).enumerate() {
        if number == 0 {
            let _ = writeln!(text, "interface={interface}\ndriver=nl80211\ncountry_code={}", wifi.country);
            send(&mut text, radio);
        } else {
            let _ = writeln!(text, "bss={interface}");
        }
        render_broadcast(&mut text, broadcast, bridge(config, broadcast));
    }
    text
}

/// Where and how the radio sends: by Wi-Fi 4, and on 5 GHz by Wi-Fi 5.
fn send(text: &mut String, radio: &Radio) {
    let Radio { band, channel, width, .. } = *radio;
    // The country is said in beacons; on 5 GHz hostapd listens for radar before it uses a channel that has some.
    let _ = writeln!(text, "ieee80211d=1\nchannel={}\nieee80211n=1", channel.unwrap_or(0));
    text.push_str(match band {
        Band::Two => "hw_mode=g\n",
        Band::Five => "hw_mode=a\nieee80211h=1\nieee80211ac=1\n",
    });
    if band == Band::Five && channel.is_none() {
        text.push_str("acs_exclude_dfs=1\n");
    }
    if width > 20 {
        let side = if is_lower(band, channel) { '+' } else { '-' };
        let _ = writeln!(text, "ht_capab=[HT40{side}]");
    }
    if band == Band::Five {
        let _ = writeln!(text, "vht_oper_chwidth={}", u8::from(width == 80));
        if let Some(channel) = channel.filter(|_| width == 80) {
            let _ = writeln!(text, "vht_oper_centr_freq_seg0_idx={}", first(channel, 16) + 6);
        }
    }
}

/// Whether the channel's neighbour is above it. hostapd turns this where it looks for a channel itself.
fn is_lower(band: Band, channel: Option<u8>) -> bool {
    match (band, channel) {
        (_, None) => true,
        (Band::Two, Some(channel)) => channel <= 7,
        (Band::Five, Some(channel)) => first(channel, 8) == channel,
    }
}

/// The first channel on 5 GHz of those that one of this many numbers takes together with `channel`.
fn first(channel: u8, numbers: u8) -> u8 {
    let base = match channel {
        ..100 => 36,
        100..149 => 100,
        149.. => 149,
    };
    channel - (channel - base) % numbers
}

fn render_broadcast(text: &mut String, broadcast: &Broadcast, bridge: &str) {
    let Broadcast { ssid, protection, hidden, isolated, .. } = broadcast;
    // Digits, because a name may have any characters.
    let ssid: String = ssid.bytes().map(|byte| format!("{byte:02x}")).collect();
    let _ = writeln!(
        text,
        "bridge={bridge}\nssid2={ssid}\nutf8_ssid=1\nignore_broadcast_ssid={}\nap_isolate={}\nwmm_enabled=1\nauth_algs=1",
        u8::from(*hidden),
        u8::from(*isolated)
    );
    let Some(Protection { by, password }) = protection else { return };
    // Whoever can protects what stations and router tell each other beside data; WPA3 asks for it.
    let (keys, frames) = match by {
        Generation::Wpa2 => ("WPA-PSK", 0),
        Generation::Both => ("WPA-PSK SAE", 1),
        Generation::Wpa3 => ("SAE", 2),
    };
    let _ =
        writeln!(text, "wpa=2\nwpa_key_mgmt={keys}\nrsn_pairwise=CCMP\nieee80211w={frames}\nwpa_passphrase={password}");
    if *by != Generation::Wpa2 {
        text.push_str("sae_require_mfp=1\nsae_pwe=2\n");
    }
}

/// The interface of the network that its devices are in.
fn bridge<'a>(config: &'a Config, broadcast: &Broadcast) -> &'a str {
    let network = config.all_networks().find(|network| network.name == broadcast.network);
    // The file names no network that is none.
    &network.unwrap_or(&config.lan).interface
}
