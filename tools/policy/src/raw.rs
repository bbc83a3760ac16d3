// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The manifest as it is written, each value with its place.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use crate::parameter::RawParameter;
#[cfg(feature = "schema")]
use crate::schema::{Amount, ContextName, FailName, Parameter};
use crate::Value;
#[cfg(feature = "schema")]
use std::collections::BTreeMap;

/// What a policy says about itself: policy.yaml.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct RawManifest {
    /// The policy's name, which is the folder's: lower-case letters, digits and -.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) name: Spanned<String>,
    /// Which of its packages this is, as 1.0.0; packages need one.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) version: Option<Spanned<String>>,
    /// What the policy does, in a sentence.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) description: Spanned<String>,
    /// Under which it may be passed on, as SPDX says it.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) license: Option<Spanned<String>>,
    /// The Lua file that boot runs; main.lua unless given.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) entry: Option<Spanned<String>>,
    /// Where its functions are called; softirq, which is that of packet hooks, unless given.
    #[cfg_attr(feature = "schema", schemars(with = "Option<ContextName>"))]
    pub(crate) context: Option<Spanned<String>>,
    /// Where the script hooks: the script registers, `policy test` compares.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<RawHook>"))]
    #[serde(default)]
    pub(crate) hooks: Vec<Spanned<RawHook>>,
    /// What the script may use beyond what every script may: modules, and functions as linux.lookup.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    #[serde(default)]
    pub(crate) capabilities: Vec<Spanned<String>>,
    /// What a call may spend.
    pub(crate) budget: RawBudget,
    /// What becomes of a packet when the script fails on it or spends its budget.
    #[cfg_attr(feature = "schema", schemars(with = "FailName"))]
    pub(crate) fail: Spanned<String>,
    /// Whether it runs unless the owner says otherwise.
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    /// Policies that must not run beside it.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    #[serde(default)]
    pub(crate) conflicts: Vec<Spanned<String>>,
    /// Tables that outlast the script (rcu.lasting), by their names, which the router saves.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    #[serde(default)]
    pub(crate) saves: Vec<Spanned<String>>,
    /// After how many failures the script is not asked any more.
    pub(crate) quarantine: Option<RawQuarantine>,
    /// Values that the owner may change, by their names.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, Parameter>"))]
    #[serde(default)]
    pub(crate) parameters: RawParameters,
    /// Names of parameters that earlier versions had: an owner's file may still say them, and they change nothing.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    #[serde(default)]
    pub(crate) former: Vec<Spanned<String>>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct RawHook {
    /// Of linux.nf.proto: INET, IPV4, IPV6 or BRIDGE; or XDP.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) family: Spanned<String>,
    /// Of linux.nf.inet, as FORWARD.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) point: Option<Spanned<String>>,
    /// Of linux.nf.ip.pri, as FILTER, or an integer; smaller is earlier.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Value>"))]
    pub(crate) priority: Option<Spanned<Value>>,
    /// At XDP: wan, lan.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<String>>"))]
    pub(crate) interfaces: Option<Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBudget {
    /// Units for each call, 1 to 1000000000; a unit is about a loop or a call.
    #[cfg_attr(feature = "schema", schemars(with = "i64"))]
    pub(crate) fuel: Spanned<Value>,
    /// Bytes for each Lua state, alone or with KiB, MiB or GiB.
    #[cfg_attr(feature = "schema", schemars(with = "Amount"))]
    pub(crate) memory: Spanned<Value>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct RawQuarantine {
    /// So many failures; 0: any number is fine.
    #[cfg_attr(feature = "schema", schemars(with = "i64"))]
    pub(crate) faults: Spanned<Value>,
    /// Within this time: milliseconds, or with ms, s, min or h.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Amount>"))]
    pub(crate) window: Option<Spanned<Value>>,
}

/// The mapping in its order, with the places of the keys.
#[derive(Default)]
pub(crate) struct RawParameters(pub(crate) Vec<(Spanned<String>, RawParameter)>);

impl<'de> Deserialize<'de> for RawParameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parameters;

        impl<'de> Visitor<'de> for Parameters {
            type Value = RawParameters;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a mapping of names to values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<RawParameters, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = access.next_entry()? {
                    entries.push(entry);
                }
                Ok(RawParameters(entries))
            }
        }

        deserializer.deserialize_map(Parameters)
    }
}
