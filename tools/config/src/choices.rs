// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a configuration says of the policies that an image has.

use std::path::Path;

use policy::{Manifest, Scalar, Value};

use crate::{Choice, Config, Error};

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

    /// The parameters of each policy of which some are said, as Lua: the others are those of its manifest.
    ///
    /// # Errors
    ///
    /// There is no such policy or parameter, or it is of another kind.
    pub fn parameters(&self, config: &Config) -> Result<Vec<(String, String)>, Error> {
        let mut all = Vec::new();
        for choice in &config.policies {
            let manifest = self.check(choice)?;
            if !choice.parameters.is_empty() {
                let mut parameters = manifest.parameters.clone();
                parameters.extend(choice.parameters.clone());
                all.push((choice.name.clone(), policy::table(&parameters)));
            }
        }
        Ok(all)
    }

    /// Takes what the image does not know out of a configuration that was right for another: what that was.
    pub fn adapt(&self, config: &mut Config) -> Vec<String> {
        let mut said = Vec::new();
        config.policies.retain(|choice| match self.check(choice) {
            Ok(_) => true,
            Err(error) => {
                said.push(format!("{error}; what is said of {} is not used", choice.name));
                false
            }
        });
        said
    }

    fn check(&self, Choice { name, parameters, .. }: &Choice) -> Result<&Manifest, Error> {
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
