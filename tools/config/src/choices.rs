// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a configuration says of the policies that an image has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use policy::{Manifest, Role, Scalar, Type, Value};

use crate::{render, Choice, Config, Error};

/// An interface has so many scripts at XDP at most, as luaxdp.ko has it.
const MOST_AT_XDP: usize = 8;

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

    /// A line for each policy: its name, and `on` or `off`, as the configuration says or else its manifest; what is
    /// installed is on.
    ///
    /// # Errors
    ///
    /// There is no such version of a policy; two that are on must not be so together.
    pub fn states(&self, config: &Config) -> Result<Vec<String>, Error> {
        let running = self.running(config)?;
        for one in &running {
            if let Some(other) = running.iter().find(|other| one.conflicts.contains(&other.name)) {
                return Err(Error::Conflict { one: one.name.clone(), other: other.name.clone() });
            }
        }
        let chosen = self.chosen(config)?.into_iter();
        let mut states: BTreeMap<_, _> =
            chosen.map(|(manifest, choice)| (manifest.name.clone(), is_on(&manifest, choice))).collect();
        // Whatever else is said of what must run and cannot.
        states.extend(self.broken.iter().map(|name| (name.clone(), true)));
        Ok(states.into_iter().map(|(name, on)| format!("{name} {}", if on { "on" } else { "off" })).collect())
    }

    /// A line for each policy at XDP of a port, in the order in which they see its frames, which is that of their names: the
    /// port, and the policy's script.
    ///
    /// # Errors
    ///
    /// Too many are at one port; there is no such version of a policy.
    pub fn at_xdp(&self, config: &Config) -> Result<Vec<String>, Error> {
        // Of each port, the policies and their scripts.
        let mut at: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
        for manifest in self.running(config)? {
            for port in manifest.xdp.iter().flat_map(|role| ports(config, *role)) {
                at.entry(port).or_default().insert(manifest.name.clone(), manifest.script());
            }
        }
        if let Some((port, there)) = at.iter().find(|(_, there)| there.len() > MOST_AT_XDP) {
            return Err(Error::ManyAtXdp { port: (*port).to_owned(), policies: list(there.keys()), most: MOST_AT_XDP });
        }
        let lines = at.iter().flat_map(|(port, there)| there.values().map(move |script| format!("{port} {script}")));
        Ok(lines.collect())
    }

    /// A line for each table that is saved of a policy that runs: the policy, its script and the table.
    ///
    /// # Errors
    ///
    /// There is no such version of a policy.
    pub fn saves(&self, config: &Config) -> Result<Vec<String>, Error> {
        let of = |manifest: &Manifest| {
            let line = |table: &String| format!("{} {} {table}", manifest.name, manifest.script());
            manifest.saves.iter().map(line).collect::<Vec<_>>()
        };
        Ok(self.running(config)?.iter().flat_map(of).collect())
    }

    /// The manifest of each policy that runs.
    fn running(&self, config: &Config) -> Result<Vec<Manifest>, Error> {
        let chosen = self.chosen(config)?.into_iter();
        Ok(chosen.filter(|(manifest, choice)| is_on(manifest, *choice)).map(|(manifest, _)| manifest).collect())
    }

    /// The manifest of each policy that may run, with what the configuration says of it; not of those that cannot.
    fn chosen<'a>(&self, config: &'a Config) -> Result<Vec<(Manifest, Option<&'a Choice>)>, Error> {
        let choice = |name: &str| config.policies.iter().find(|choice| choice.name == name);
        let installed = config.policies.iter().filter(|choice| choice.version.is_some() && !self.is_broken(choice));
        let installed =
            installed.map(|choice| Ok((self.manifest(&choice.name, choice.version.as_deref())?, Some(choice))));
        let of_image = |manifest: &&Manifest| choice(&manifest.name).is_none_or(|choice| choice.version.is_none());
        let image = self.image.iter().filter(of_image).map(|manifest| Ok((manifest.clone(), choice(&manifest.name))));
        image.chain(installed).collect()
    }

    fn is_broken(&self, choice: &Choice) -> bool {
        self.broken.contains(&choice.name)
    }

    /// The parameters of each policy that has others than its manifest says, as Lua: what the configuration says of
    /// them, or else what the router knows.
    ///
    /// # Errors
    ///
    /// There is no such policy or parameter, or it is of another kind.
    pub fn parameters(&self, config: &Config) -> Result<Vec<(String, String)>, Error> {
        config
            .policies
            .iter()
            .filter(|choice| !self.is_broken(choice))
            .try_for_each(|choice| self.check(choice).map(drop))?;
        let mut all = Vec::new();
        for (manifest, choice) in self.chosen(config)? {
            let mut parameters = manifest.parameters.clone();
            let known = manifest.types.iter().filter_map(|(name, kind)| Some((name.clone(), known(config, *kind)?)));
            parameters.extend(known);
            parameters.extend(choice.into_iter().flat_map(|choice| choice.parameters.clone()));
            parameters.retain(|name, _| !manifest.former.contains(name));
            if parameters != manifest.parameters {
                all.push((manifest.name.clone(), policy::table(&parameters)));
            }
        }
        Ok(all)
    }

    /// Takes what the image does not know out of a configuration that was right for another: what that was. A policy that
    /// loses a parameter runs with the rest, as one that guards has to. A version that is chosen and not there whole
    /// stays: without it, nothing may be forwarded.
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
            Err(error) => match self.manifest(&choice.name, None) {
                Ok(manifest) => {
                    choice.parameters.retain(|parameter, value| {
                        let wrong = check(&manifest, parameter, value).err();
                        said.extend(wrong.iter().map(|error| format!("{error}; it is not used")));
                        wrong.is_none()
                    });
                    true
                }
                Err(_) => {
                    said.push(format!("{error}; what is said of {} is not used", choice.name));
                    false
                }
            },
        });
        self.broken = broken;
        said
    }

    fn check(&self, choice: &Choice) -> Result<Manifest, Error> {
        let manifest = self.manifest(&choice.name, choice.version.as_deref())?;
        choice.parameters.iter().try_for_each(|(parameter, value)| check(&manifest, parameter, value))?;
        Ok(manifest)
    }
}

/// Whether a parameter may have this value.
fn check(manifest: &Manifest, parameter: &str, value: &Value) -> Result<(), Error> {
    let (policy, name) = (manifest.name.clone(), parameter.to_owned());
    match manifest.parameters.get(parameter) {
        None if manifest.former.contains(parameter) => {}
        None => return Err(Error::NoParameter { policy, name, there: list(manifest.parameters.keys()) }),
        Some(default) if kind(default) != kind(value) => {
            return Err(Error::Parameter { policy, name, kind: kind(default) });
        }
        Some(_) => {}
    }
    match manifest.types.get(parameter).map(|kind| kind.check(value)) {
        Some(Err(said)) => Err(Error::Type { policy, name, said }),
        _ => Ok(()),
    }
}

/// Whether a policy runs: as the configuration says, or else its manifest; what is installed does.
fn is_on(manifest: &Manifest, choice: Option<&Choice>) -> bool {
    let installed = choice.is_some_and(|choice| choice.version.is_some());
    choice.and_then(|choice| choice.enabled).unwrap_or(installed || manifest.enabled)
}

/// The ports of a role. XDP is at the port itself, where frames have the tags of its VLANs.
fn ports(config: &Config, role: Role) -> BTreeSet<&str> {
    let ports = match role {
        Role::Wan => std::slice::from_ref(&config.wan_port),
        Role::Lan => &config.lan.ports,
    };
    ports.iter().map(|port| port.split('.').next().unwrap_or(port)).collect()
}

/// What the router knows of a parameter of this type.
fn known(config: &Config, kind: Type) -> Option<Value> {
    match kind {
        Type::LanInterface => Some(Value::Scalar(Scalar::String(render::lan(config).to_owned()))),
        Type::WanInterface => Some(Value::Scalar(Scalar::String(config.wan_interface().to_owned()))),
        Type::TimeZone => config.zone.map(|zone| Value::Scalar(Scalar::String(zone.rule().to_owned()))),
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
