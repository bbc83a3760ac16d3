// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a release says of itself.

use serde::{Deserialize, Serialize};

use super::sums::Sums;

/// release.json.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Statement {
    /// The version of all its systems.
    pub(super) version: String,
    /// Routers refuse a lower one than they run.
    pub(super) rollback_index: u32,
    /// The commit that it was built from, if the builder said so.
    pub(super) revision: Option<String>,
    /// The public key of minisign's format that signs the files.
    pub(super) signed_by: String,
    /// Whether one of the keys is a development key, with which anybody can sign: then this is no release for others.
    pub(super) development: bool,
    /// Of each profile.
    pub(super) images: Vec<Image>,
}

/// What it has for a kind of device.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Image {
    /// The kind of device.
    pub(super) profile: String,
    /// The Ed25519 key that signs slot and bundle, and that the image's loader trusts.
    pub(super) slot_key: String,
    /// The root of the tree of hashes over the root file system.
    pub(super) verity_root_hash: String,
}

/// reproducibility.json.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Reproducibility {
    /// How often it was built for this release.
    pub(super) builds: u32,
    /// What that says.
    pub(super) statement: String,
    /// How the second build was made, in the words of who made it.
    pub(super) second_build: Option<String>,
    /// What was the same, byte for byte, in both, with its SHA-256.
    pub(super) identical: Sums,
}

impl Reproducibility {
    /// Of what was built once, or twice with these files the same each time.
    pub(super) fn new(second_build: Option<String>, identical: Sums) -> Reproducibility {
        let statement = match second_build {
            None => "Built once. Whether another build gives the same bytes was not tried for this release.",
            Some(_) => "Built twice. Both builds gave these files, byte for byte.",
        };
        let builds = if second_build.is_some() { 2 } else { 1 };
        Reproducibility { builds, statement: statement.to_owned(), second_build, identical }
    }
}
