// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Changes of what runs, each as an edit of the configuration.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use config::edit::{edit, Change};
use config::{Policies, Router};
use package::Package;
use policy::{Manifest, Scalar, Value};

use crate::{Error, Trust, Versions};

/// A router, as far as its policies go.
pub struct Installer {
    /// Its configuration.
    pub router: Router,
    /// What is unpacked there.
    pub versions: Versions,
    /// Whose packages it takes.
    pub trust: Trust,
}

/// When a change is kept.
#[derive(Clone, Copy, Debug)]
pub enum Timing {
    /// At once.
    Now,
    /// If somebody confirms it within this time.
    Confirmed(Duration),
}

impl Installer {
    /// That of this machine.
    ///
    /// # Errors
    ///
    /// As [`Router::here`].
    pub fn here() -> Result<Installer> {
        let router = Router::here()?;
        Ok(Installer {
            versions: Versions::new(&router.installed),
            trust: Trust { image: "/etc/lunagate/keys".into(), owner: "/data/keys".into() },
            router,
        })
    }

    /// The text that says what runs.
    fn text(&self) -> Result<String, Error> {
        let (file, confirmed) = (self.router.store.file(), self.router.store.confirmed()?);
        match fs::read_to_string(&file) {
            // Another boot, or nobody, has read what the owner wrote there.
            Ok(text) if text != confirmed => Err(Error::Pending { file }),
            Err(error) if error.kind() != ErrorKind::NotFound => Err(files::Error::reading(&file)(error).into()),
            _ => Ok(confirmed),
        }
    }

    /// The version of a policy that a text chooses.
    fn version(&self, text: &str, name: &str) -> Option<String> {
        let config = self.router.store.parse(text).ok()?;
        config.policies.into_iter().find(|choice| choice.name == name)?.version
    }

    fn change(&self, name: &str, changes: &[Change], when: Timing) -> Result<()> {
        let mut text = self.text()?;
        let before = text.clone();
        for change in changes {
            text = edit(&text, self.router.store.ports(), name, change)?;
        }
        if text == before {
            // What is on trial may say something else.
            return if self.router.store.trial()?.is_some() { Err(config::Error::OnTrial.into()) } else { Ok(()) };
        }
        let (wait, at_once) = match when {
            Timing::Now => (Duration::ZERO, true),
            Timing::Confirmed(wait) => (wait, false),
        };
        config::cli::apply(&self.router, Path::new("the changed configuration"), &text, wait, at_once)
    }

    /// Installs a package, and runs it in the place of what ran under its name. `path` is its name for messages.
    ///
    /// # Errors
    ///
    /// Nobody who is trusted has signed it, or what [`Router::apply`] says; then all is as before.
    pub fn install(
        &self,
        path: &Path,
        bytes: &[u8],
        signature: Option<&str>,
        unsigned: bool,
        when: Timing,
    ) -> Result<Package> {
        if !unsigned {
            self.trust.keys()?.check(path, bytes, signature).map_err(Error::from)?;
        }
        let package = Package::read(path, bytes)?;
        // An edit that is refused unpacks nothing.
        self.text()?;
        let is_new = self.versions.add(&package)?;
        let name = &package.manifest.name;
        let changes = [Change::Version(Some(package.version.clone())), Change::Enabled(None)];
        self.change(name, &changes, when).inspect_err(|_| {
            // What is said is why it failed.
            let undo = is_new && !self.is_named(name, &package.version);
            let _ = undo.then(|| self.versions.remove(name, &package.version));
        })?;
        Ok(package)
    }

    /// Whether a text that the next boot may use has this version, or may have it.
    fn is_named(&self, name: &str, version: &str) -> bool {
        let store = &self.router.store;
        let file = match fs::read_to_string(store.file()) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            text => Some(text.ok()),
        };
        let confirmed = Some(store.confirmed().ok());
        let trial = store.trial().transpose().map(|text| text.ok());
        let has = |text: Option<String>| text.is_none_or(|text| self.version(&text, name).as_deref() == Some(version));
        [file, confirmed, trial].into_iter().flatten().any(has)
    }

    /// Turns a policy on or off.
    ///
    /// # Errors
    ///
    /// As [`Router::apply`].
    pub fn enable(&self, name: &str, enabled: bool, when: Timing) -> Result<()> {
        // What is so anyway needs no word.
        let installed = self.version(&self.text()?, name).is_some();
        let image = Policies::open(&self.router.policies, &self.router.installed)?;
        let by_itself = installed || image.image().iter().any(|manifest| manifest.name == name && manifest.enabled);
        self.change(name, &[Change::Enabled((enabled != by_itself).then_some(enabled))], when)
    }

    /// Gives parameters values, as `port=23`.
    ///
    /// # Errors
    ///
    /// One is none, or as [`Router::apply`].
    pub fn set(&self, name: &str, assignments: &[String], when: Timing) -> Result<()> {
        let version = self.version(&self.text()?, name);
        let policies = Policies::open(&self.router.policies, &self.router.installed)?;
        let manifest = policies.manifest(name, version.as_deref())?;
        let changes = assignments.iter().map(|text| assignment(&manifest, text)).collect::<Result<Vec<_>, _>>()?;
        self.change(name, &changes, when)
    }

    /// Takes away what was installed of a policy, and what is said of it; if the image has one of its name, that one runs.
    ///
    /// # Errors
    ///
    /// It is not installed, or as [`Router::apply`].
    pub fn remove(&self, name: &str) -> Result<()> {
        if !self.versions.names()?.iter().any(|known| known == name) {
            return Err(Error::NotInstalled { name: name.to_owned() }.into());
        }
        self.change(name, &[Change::Forget], Timing::Now)?;
        Ok(self.versions.remove_all(name)?)
    }

    /// Takes back what is on trial; or else runs the version that was there before the one that runs: which that is, or
    /// none if it is the image's.
    ///
    /// # Errors
    ///
    /// There was none, or as [`Router::apply`].
    pub fn rollback(&self, name: &str, when: Timing) -> Result<Option<String>> {
        let store = &self.router.store;
        if store.trial()?.is_some() {
            self.router.take_back()?;
            let policies = self.router.current().policies;
            return Ok(policies.into_iter().find(|choice| choice.name == name).and_then(|choice| choice.version));
        }
        let current = self.version(&self.text()?, name);
        let there = self.versions.of(name)?;
        let image = Policies::open(&self.router.policies, &self.router.installed)?;
        let in_image = image.image().iter().any(|manifest| manifest.name == name);
        let can_run = |version: &Option<String>| version.as_ref().map_or(in_image, |version| there.contains(version));
        let mut before = Vec::new();
        for number in store.history()?.into_iter().rev() {
            before.push(self.version(&store.version(number)?, name));
        }
        // The history begins with the first change.
        before.push(None);
        let Some(version) = before.into_iter().find(|version| *version != current && can_run(version)) else {
            return Err(Error::NoneBefore { name: name.to_owned() }.into());
        };
        self.change(name, &[Change::Version(version.clone())], when)?;
        Ok(version)
    }
}

/// What `port=23` says; a text needs no quotes.
fn assignment(manifest: &Manifest, text: &str) -> Result<Change, Error> {
    let Some((name, value)) = text.split_once('=') else { return Err(Error::NoAssignment { text: text.to_owned() }) };
    let value = match manifest.parameters.get(name) {
        Some(Value::Scalar(Scalar::String(_))) => Value::Scalar(Scalar::String(value.to_owned())),
        _ => files::parse(value).map_err(|problem| Error::NoValue { text: text.to_owned(), problem: problem.text })?,
    };
    Ok(Change::Parameter(name.to_owned(), value))
}
