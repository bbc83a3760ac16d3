// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The manifest as it is written, each value with its place.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use crate::parameter::RawParameter;
use crate::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawManifest {
    pub(crate) name: Spanned<String>,
    pub(crate) description: Spanned<String>,
    pub(crate) entry: Option<Spanned<String>>,
    pub(crate) context: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) hooks: Vec<Spanned<RawHook>>,
    #[serde(default)]
    pub(crate) capabilities: Vec<Spanned<String>>,
    pub(crate) budget: RawBudget,
    pub(crate) fail: Spanned<String>,
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    pub(crate) quarantine: Option<RawQuarantine>,
    #[serde(default)]
    pub(crate) parameters: RawParameters,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawHook {
    pub(crate) family: Spanned<String>,
    pub(crate) point: Spanned<String>,
    pub(crate) priority: Spanned<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBudget {
    pub(crate) fuel: Spanned<Value>,
    pub(crate) memory: Spanned<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawQuarantine {
    pub(crate) faults: Spanned<Value>,
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
