// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Bundles by HTTPS: at an address, or in the folder that the owner has named, the *channel*, under a name that follows
//! from the kind of device. A bundle begins with its signed manifest, so its first block says what is offered.

use std::fs;
use std::io::Read;
use std::time::Duration;

use anyhow::{bail, Context as _, Result};
use bundle::Manifest;
use config::Url;
use download::{Body, Client, Known, Limits};

use crate::install::{fits, receive};
use crate::{Refusal, Router};

/// What the configuration has rendered: where updates are offered, and whom the owner trusts.
const CHANNEL: &str = "/run/config/channel";
const AUTHORITIES: &str = "/run/config/authorities.pem";
/// What is too much. A bundle says itself how long it is, and is not read on behind that.
const LIMITS: Limits = Limits {
    bytes: u64::MAX,
    connect: Duration::from_secs(20),
    stall: Duration::from_secs(60),
    whole: Duration::from_secs(3600),
};

/// What an address has, as it comes.
///
/// # Errors
///
/// With the host.
pub(crate) fn fetch(url: &Url) -> Result<Body> {
    let authorities = fs::read_to_string(AUTHORITIES).unwrap_or_default();
    let body = Client::new(&authorities, LIMITS).get(url, &Known::default())?;
    body.context("nobody knows it already")
}

/// Where this router's updates are offered.
///
/// # Errors
///
/// The owner has named no channel.
pub(crate) fn address(router: &Router) -> Result<Url> {
    let text = fs::read_to_string(CHANNEL).unwrap_or_default();
    let Some(channel) = text.lines().next() else {
        bail!(
            "router.yaml names no channel: say `update: {{ channel: https://HOST/FOLDER/ }}` there, or give an address"
        );
    };
    let channel: Url = channel.parse().map_err(anyhow::Error::msg)?;
    channel.join(&name(&router.running()?.product.compatibility)).map_err(anyhow::Error::msg)
}

/// A bundle's name in channels, which is the one that the build gives it.
fn name(compatibility: &str) -> String {
    format!("lunagate-{compatibility}.bundle")
}

/// A bundle of which the beginning is known.
pub struct Offer {
    /// What it says.
    pub manifest: Manifest,
    /// The version that runs.
    pub running: String,
    /// Why it is not for this router.
    pub refusal: Option<Refusal>,
}

/// Reads the beginning of a bundle.
///
/// # Errors
///
/// It is none, or not signed by whom this router trusts.
pub fn offer(router: &Router, from: &mut impl Read) -> Result<Offer> {
    let manifest = receive(from, &router.key)?;
    let running = router.running()?;
    let room = crate::Storage::size(&mut router.slot(router.other())?)?;
    let refusal = fits(&manifest, &running, room, false).err();
    Ok(Offer { manifest, running: running.product.version, refusal })
}

impl Offer {
    /// Whether it is what runs.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.manifest.product.version == self.running
    }
}

impl std::fmt::Display for Offer {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Offer { manifest, running, refusal } = self;
        let version = &manifest.product.version;
        match refusal {
            _ if self.runs() => write!(f, "version {version} is offered, and runs already"),
            Some(refusal) => write!(f, "version {version} is offered, and refused here: {refusal}"),
            None => write!(f, "version {version} is offered, and {running} runs: `lunagate update` installs it"),
        }
    }
}
