// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a configuration says of the policies that an image has.

use std::path::Path;

use policy::{Manifest, Scalar, Type, Value};

use crate::{render, Choice, Config, Error};

/// The policies of an image.
pub struct Policies(Vec<Manifest>);

impl Policies {
    /// Reads their manifests; without the folder there are none.
    ///
    /// # Errors
    ///
    /// One cannot be read.
    pub fn open(folder: &Path) -> Result<Policies, Error> {
        Ok(Policies(if folder.exists() { Manifest::all(folder)? } else { Vec::new() }))
    }

    /// A line for each policy: its name, and `on` or `off`, as the configuration says or else its manifest.
    pub fn states(&self, config: &Config) -> Vec<String> {
        let said = |manifest: &Manifest| said(config, manifest).and_then(|choice| choice.enabled);
        let state = |manifest: &Manifest| if said(manifest).unwrap_or(manifest.enabled) { "on" } else { "off" };
        self.0.iter().map(|manifest| format!("{} {}", manifest.name, state(manifest))).collect()
    }

    /// The parameters of each policy that has others than its manifest says, as Lua: what the configuration says of
    /// them, or else what the router knows.
    ///
    /// # Errors
    ///
    /// There is no such policy or parameter, or it is of another kind.
    pub fn parameters(&self, config: &Config) -> Result<Vec<(String, String)>, Error> {
        for choice in &config.policies {
            self.check(choice)?;
        }
        let mut all = Vec::new();
        for manifest in &self.0 {
            let mut parameters = manifest.parameters.clone();
            let known = manifest.types.iter().filter_map(|(name, kind)| Some((name.clone(), known(config, *kind)?)));
            parameters.extend(known);
            parameters.extend(said(config, manifest).into_iter().flat_map(|choice| choice.parameters.clone()));
            if parameters != manifest.parameters {
                all.push((manifest.name.clone(), policy::table(&parameters)));
            }
        }
        Ok(all)
    }

    /// Takes what the image does not know out of a configuration that was right for another: what that was.
    pub fn adapt(&self, config: &mut Config) -> Vec<String> {
        let mut said = Vec::new();
        config.policies.retain(|choice| match self.check(choice) {
            Ok(()) => true,
            Err(error) => {
                said.push(format!("{error}; what is said of {} is not used", choice.name));
                false
            }
        });
        said
    }

    fn check(&self, choice: &Choice) -> Result<(), Error> {
        let Choice { name, parameters, .. } = choice;
        let Some(manifest) = self.0.iter().find(|manifest| manifest.name == *name) else {
            let there = list(self.0.iter().map(|manifest| &manifest.name));
            return Err(Error::NoPolicy { name: name.clone(), there });
        };
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
            if let Some(Err(said)) = manifest.types.get(parameter).map(|kind| kind.check(value)) {
                return Err(Error::Type { policy: choice.name.clone(), name: parameter.clone(), said });
            }
        }
        Ok(())
    }
}

fn said<'a>(config: &'a Config, manifest: &Manifest) -> Option<&'a Choice> {
    config.policies.iter().find(|choice| choice.name == manifest.name)
}

/// What the router knows of a parameter of this type.
fn known(config: &Config, kind: Type) -> Option<Value> {
    match kind {
        Type::LanInterface => Some(Value::Scalar(Scalar::String(render::lan(config).to_owned()))),
        // The configuration says none: the owner says it to the policy.
        Type::TimeZone => None,
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
