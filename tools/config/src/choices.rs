// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a configuration says of the policies that an image has.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use policy::{Manifest, Scalar, Value};

use crate::{Choice, Config, Error};

/// The policies of an image, and those that its owner has installed.
pub struct Policies {
    image: Vec<Manifest>,
    /// NAME/VERSION/NAME of them are policies.
    installed: PathBuf,
    /// Those that must run and cannot.
    broken: BTreeSet<String>,
}

impl Policies {
    /// Reads the manifests of an image; without a folder there are none.
    ///
    /// # Errors
    ///
    /// One cannot be read.
    pub fn open(image: &Path, installed: &Path) -> Result<Policies, Error> {
        let image = if image.exists() { Manifest::all(image)? } else { Vec::new() };
        Ok(Policies { image, installed: installed.to_owned(), broken: BTreeSet::new() })
    }

    /// The policies of the image.
    #[must_use]
    pub fn image(&self) -> &[Manifest] {
        &self.image
    }

    /// The manifest of what a choice is about.
    ///
    /// # Errors
    ///
    /// There is no such policy, or version of it.
    pub fn manifest(&self, name: &str, version: Option<&str>) -> Result<Manifest, Error> {
        let Some(version) = version else {
            return self.image.iter().find(|manifest| manifest.name == *name).cloned().ok_or_else(|| {
                let there = list(self.image.iter().map(|manifest| &manifest.name));
                Error::NoPolicy { name: name.to_owned(), there }
            });
        };
        let path = self.installed.join(name).join(version).join(name).join(policy::MANIFEST);
        if !path.exists() {
            return Err(Error::NotInstalled { name: name.to_owned(), version: version.to_owned() });
        }
        let text = files::read_text(&path)?;
        Ok(Manifest::parse(&text, name).map_err(files::Error::says(&path))?)
    }

    /// The lines of the boot list of what is installed and chosen, which go before the image's of these names; and
    /// the names with their versions. What must run and cannot has a line that does not start.
    ///
    /// # Errors
    ///
    /// There is no such policy, or version of it.
    pub fn installed(&self, config: &Config) -> Result<(Vec<String>, Vec<String>), Error> {
        let (mut lines, mut versions) = (Vec::new(), Vec::new());
        for Choice { name, version, .. } in &config.policies {
            let Some(version) = version else { continue };
            lines.push(if self.broken.contains(name) {
                format!("policies/{name}/{version}-is-not-whole softirq")
            } else {
                self.manifest(name, Some(version))?.boot_line()
            });
            versions.push(format!("{name} {version}"));
        }
        Ok((lines, versions))
    }

    /// The parameters of each policy of which some are said, as Lua: the others are those of its manifest.
    ///
    /// # Errors
    ///
    /// There is no such policy or parameter, or it is of another kind.
    pub fn parameters(&self, config: &Config) -> Result<Vec<(String, String)>, Error> {
        let mut all = Vec::new();
        for choice in config.policies.iter().filter(|choice| !self.broken.contains(&choice.name)) {
            let manifest = self.check(choice)?;
            if !choice.parameters.is_empty() {
                let mut parameters = manifest.parameters.clone();
                parameters.extend(choice.parameters.clone());
                all.push((choice.name.clone(), policy::table(&parameters)));
            }
        }
        Ok(all)
    }

    /// Takes what the image does not know out of a configuration that was right for another: what that was. A version
    /// that is chosen and not there whole stays: without it, nothing may be forwarded.
    pub fn adapt(&mut self, config: &mut Config) -> Vec<String> {
        let mut said = Vec::new();
        let mut broken = BTreeSet::new();
        config.policies.retain_mut(|choice| match self.check(choice) {
            Ok(_) => true,
            Err(error) if choice.version.is_some() => {
                said.push(format!("{error}; policy {} does not run", choice.name));
                choice.parameters.clear();
                broken.insert(choice.name.clone());
                true
            }
            Err(error) => {
                said.push(format!("{error}; what is said of {} is not used", choice.name));
                false
            }
        });
        self.broken = broken;
        said
    }

    fn check(&self, Choice { name, version, parameters, .. }: &Choice) -> Result<Manifest, Error> {
        let manifest = self.manifest(name, version.as_deref())?;
        for (parameter, value) in parameters {
            let (policy, name) = (name.clone(), parameter.clone());
            match manifest.parameters.get(parameter) {
                None => {
                    let there = list(manifest.parameters.keys());
                    return Err(Error::NoParameter { policy, name, there });
                }
                Some(default) if kind(default) != kind(value) => {
                    return Err(Error::Parameter { policy, name, kind: kind(default) });
                }
                Some(_) => {}
            }
        }
        Ok(manifest)
    }
}

fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<_> = names.map(String::as_str).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Scalar(Scalar::Boolean(_)) => "true or false",
        Value::Scalar(Scalar::Integer(_)) => "an integer",
        Value::Scalar(Scalar::String(_)) => "a string",
        Value::List(_) => "a list",
    }
}
