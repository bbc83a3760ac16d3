// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The file as it is written, each value with its place.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use policy::Value;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

type Text = Spanned<String>;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawConfig {
    pub(crate) hostname: Option<Text>,
    pub(crate) domain: Option<Text>,
    pub(crate) time: Option<RawTime>,
    pub(crate) logging: Option<RawLogging>,
    pub(crate) ports: Option<RawPorts>,
    pub(crate) wan: Option<Spanned<RawWan>>,
    #[serde(default)]
    pub(crate) lan: RawLan,
    #[serde(default)]
    pub(crate) networks: Entries<RawNetwork>,
    #[serde(default)]
    pub(crate) wireguard: Entries<RawTunnel>,
    pub(crate) wifi: Option<Spanned<RawWifi>>,
    #[serde(default)]
    pub(crate) dns: RawDns,
    #[serde(default)]
    pub(crate) firewall: RawFirewall,
    #[serde(default)]
    pub(crate) policies: BTreeMap<String, RawPolicy>,
    #[serde(default)]
    pub(crate) lists: Entries<RawList>,
    #[serde(default)]
    pub(crate) certificates: Vec<Text>,
    pub(crate) update: Option<RawUpdate>,
    #[serde(default)]
    pub(crate) ssh: RawSsh,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPorts {
    pub(crate) wan: Text,
    pub(crate) lan: Spanned<Vec<Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawWan {
    pub(crate) mode: Option<Text>,
    pub(crate) address: Option<Text>,
    pub(crate) gateway: Option<Text>,
    pub(crate) user: Option<Text>,
    pub(crate) password: Option<Text>,
    pub(crate) ipv6: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawTime {
    pub(crate) zone: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLogging {
    pub(crate) host: Text,
    pub(crate) port: Option<Spanned<u16>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLan {
    pub(crate) address: Option<Text>,
    pub(crate) reaches: Option<Vec<Text>>,
    pub(crate) dhcp: Option<Spanned<RawDhcp>>,
    #[serde(default)]
    pub(crate) leases: Vec<RawLease>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawNetwork {
    pub(crate) ports: Option<Spanned<Vec<Text>>>,
    pub(crate) address: Text,
    pub(crate) reaches: Option<Vec<Text>>,
    pub(crate) dhcp: Option<Spanned<RawDhcp>>,
    #[serde(default)]
    pub(crate) leases: Vec<RawLease>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawTunnel {
    pub(crate) address: Text,
    pub(crate) port: Option<Spanned<u16>>,
    pub(crate) reaches: Option<Vec<Text>>,
    #[serde(default)]
    pub(crate) peers: Entries<RawPeer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPeer {
    pub(crate) key: Text,
    pub(crate) address: Option<Text>,
    pub(crate) endpoint: Option<Text>,
    #[serde(default)]
    pub(crate) networks: Vec<Text>,
    pub(crate) keepalive: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawWifi {
    pub(crate) country: Option<Text>,
    #[serde(default)]
    pub(crate) radios: Entries<RawRadio>,
    #[serde(default)]
    pub(crate) networks: Vec<Spanned<RawBroadcast>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRadio {
    pub(crate) band: Text,
    pub(crate) channel: Option<Text>,
    pub(crate) width: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBroadcast {
    pub(crate) ssid: Text,
    pub(crate) network: Option<Text>,
    pub(crate) security: Option<Text>,
    pub(crate) password: Option<Text>,
    #[serde(default)]
    pub(crate) hidden: bool,
    #[serde(default)]
    pub(crate) isolated: bool,
    #[serde(default)]
    pub(crate) radios: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDhcp {
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    pub(crate) from: Option<Text>,
    pub(crate) to: Option<Text>,
    pub(crate) lease: Option<Text>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLease {
    pub(crate) mac: Text,
    pub(crate) address: Text,
    pub(crate) name: Option<Text>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDns {
    #[serde(default)]
    pub(crate) servers: Vec<Text>,
    #[serde(default)]
    pub(crate) records: Vec<RawRecord>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRecord {
    pub(crate) name: Text,
    pub(crate) address: Text,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFirewall {
    #[serde(default)]
    pub(crate) forwards: Vec<Spanned<RawForward>>,
    #[serde(default)]
    pub(crate) pinholes: Vec<RawPinhole>,
}

/// A port, or some: 8080 or "8000-8010".
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum RawPort {
    One(u16),
    Some(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawForward {
    pub(crate) protocol: Text,
    pub(crate) port: Spanned<RawPort>,
    pub(crate) to: Text,
    pub(crate) to_port: Option<Spanned<u16>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPinhole {
    pub(crate) protocol: Text,
    pub(crate) port: Spanned<RawPort>,
    pub(crate) to: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPolicy {
    pub(crate) enabled: Option<bool>,
    pub(crate) version: Option<Text>,
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, Spanned<Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawList {
    pub(crate) from: Text,
    pub(crate) kind: Option<Text>,
    pub(crate) every: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawUpdate {
    pub(crate) channel: Text,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSsh {
    #[serde(default)]
    pub(crate) keys: Vec<Text>,
}

/// A mapping in its order, with the places of the keys.
pub(crate) struct Entries<T>(pub(crate) Vec<(Text, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Entries<T> {
        Entries(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a mapping of names")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Entries<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = access.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(InOrder(PhantomData))
    }
}
