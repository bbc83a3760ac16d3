// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Profiles and releases as they are written, each value with its place.

use serde::de::IgnoredAny;
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::size::Size;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawProfile {
    pub(crate) name: Spanned<String>,
    pub(crate) description: Spanned<String>,
    pub(crate) architecture: Spanned<String>,
    pub(crate) flash: Spanned<Size>,
    pub(crate) partitions: RawPartitions,
    pub(crate) consoles: Spanned<Vec<Spanned<String>>>,
    pub(crate) parameters: Spanned<Vec<Spanned<String>>>,
    pub(crate) fit: Option<Spanned<RawFit>>,
    /// The crate `config` reads these, on the router.
    #[serde(rename = "ports")]
    pub(crate) _ports: Option<IgnoredAny>,
    #[serde(default)]
    pub(crate) drivers: RawDrivers,
    pub(crate) policies: Option<Spanned<Names>>,
    #[serde(default)]
    pub(crate) packages: Names,
}

pub(crate) type Names = Vec<Spanned<String>>;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDrivers {
    #[serde(default)]
    pub(crate) needs: Names,
    #[serde(default)]
    pub(crate) load: Names,
    #[serde(default)]
    pub(crate) without: Names,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFit {
    pub(crate) load: Spanned<u32>,
    pub(crate) device_tree: Spanned<String>,
    pub(crate) configurations: Spanned<Vec<RawConfiguration>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawConfiguration {
    pub(crate) name: Spanned<String>,
    #[serde(default)]
    pub(crate) overlays: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRelease {
    pub(crate) version: Spanned<String>,
    pub(crate) rollback_index: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPartitions {
    pub(crate) esp: Spanned<Size>,
    pub(crate) bootctl: Spanned<Size>,
    pub(crate) slot: Spanned<Size>,
    pub(crate) data: Spanned<Size>,
}
