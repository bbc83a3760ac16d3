// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a router has of policies.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use config::{Config, Policies};
use serde::Serialize;

use crate::Installer;

/// A policy.
#[derive(Debug, Serialize)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Which of the installed versions is chosen, or none: the image's.
    pub version: Option<String>,
    /// Whether it is to run.
    pub enabled: bool,
    /// Whether this is on trial.
    pub on_trial: bool,
    /// The versions that are installed, the last one last.
    pub installed: Vec<String>,
    /// Whether the image has one of this name.
    pub in_image: bool,
}

impl Installer {
    /// All policies, by name.
    ///
    /// # Errors
    ///
    /// Files cannot be read.
    pub fn list(&self) -> Result<Vec<Entry>> {
        let store = &self.router.store;
        let trial = store.trial()?;
        let on_trial = trial.is_some();
        let confirmed = store.confirmed()?;
        let read = |text: &str| store.parse(text).unwrap_or_else(|_| Config::new(store.ports()));
        let before = read(&confirmed);
        let config = trial.as_deref().map_or_else(|| before.clone(), read);
        let policies = Policies::open(&self.router.policies, &self.router.installed)?;
        let image: BTreeMap<_, _> =
            policies.image().iter().map(|manifest| (manifest.name.clone(), manifest.enabled)).collect();
        let names: BTreeSet<_> = image.keys().cloned().chain(self.versions.names()?).collect();
        let entry = |name: String| {
            let choice = config.policies.iter().find(|choice| choice.name == name);
            let version = choice.and_then(|choice| choice.version.clone());
            let in_image = image.contains_key(&name);
            let by_itself = version.is_some() || image.get(&name) == Some(&true);
            let is_there = in_image || version.is_some();
            let enabled = is_there && choice.and_then(|choice| choice.enabled).unwrap_or(by_itself);
            let changed = choice != before.policies.iter().find(|choice| choice.name == name);
            Ok(Entry {
                installed: self.versions.of(&name)?,
                on_trial: on_trial && changed,
                name,
                version,
                enabled,
                in_image,
            })
        };
        names.into_iter().map(entry).collect()
    }
}
