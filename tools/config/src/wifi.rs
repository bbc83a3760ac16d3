// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Wi-Fi: radios, and the networks that they broadcast.

use std::fmt;

/// All that the router broadcasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wifi {
    /// Whose rules say which channels may be used, and how loud: two letters (ISO 3166-1).
    pub country: String,
    /// At least one, each with something to broadcast.
    pub radios: Vec<Radio>,
    /// At least one.
    pub broadcasts: Vec<Broadcast>,
}

/// A radio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Radio {
    /// The interface that the kernel has for it, as `wlan0`.
    pub name: String,
    /// Where it sends.
    pub band: Band,
    /// The primary channel; without one hostapd looks for a quiet one.
    pub channel: Option<u8>,
    /// In MHz.
    pub width: u8,
}

/// Frequencies that radios share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// 2.4 GHz.
    Two,
    /// 5 GHz.
    Five,
}

/// A network as devices see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broadcast {
    /// Its name, of 1 to 32 bytes.
    pub ssid: String,
    /// The router's network that its devices are in: `lan`, or one of those beside it.
    pub network: String,
    /// What devices must know; nothing: whoever is near is in.
    pub protection: Option<Protection>,
    /// Whether devices that do not know its name are not told it.
    pub hidden: bool,
    /// Whether its devices reach none of other such Wi-Fi.
    pub isolated: bool,
    /// The names of the radios that broadcast it.
    pub radios: Vec<String>,
}

/// How devices prove that they know the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Protection {
    /// By which generation.
    pub by: Generation,
    /// What the owner tells those who may be in, of 8 to 63 characters.
    pub password: String,
}

impl fmt::Debug for Protection {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Protection").field("by", &self.by).finish_non_exhaustive()
    }
}

/// Of Wi-Fi Protected Access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// WPA2 alone.
    Wpa2,
    /// Either, as the device can.
    Both,
    /// WPA3 alone.
    Wpa3,
}

/// An interface of a radio, and what it broadcasts.
pub(crate) struct Station<'a> {
    pub(crate) interface: String,
    pub(crate) broadcast: &'a Broadcast,
}

impl Wifi {
    /// What a radio broadcasts. The first is by the radio's own interface; hostapd makes those of the others.
    pub(crate) fn of<'a>(&'a self, radio: &'a Radio) -> impl Iterator<Item = Station<'a>> {
        let of_radio = self.broadcasts.iter().filter(|broadcast| broadcast.radios.contains(&radio.name));
        of_radio.zip(0..).map(|(broadcast, number)| {
            let interface = if number == 0 { radio.name.clone() } else { format!("{}-{number}", radio.name) };
            Station { interface, broadcast }
        })
    }
}
