// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy verify` and `inspect`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use package::{signature_of, Keys, Package};

/// Verify packages.
#[derive(Args)]
pub struct Verify {
    /// The packages.
    #[arg(value_name = "PACKAGE", required = true)]
    packages: Vec<PathBuf>,
    /// A public key to believe: its file, or its line.
    #[arg(long, short, value_name = "KEY", required = true)]
    key: Vec<String>,
}

/// Show packages.
#[derive(Args)]
pub struct Inspect {
    /// The packages.
    #[arg(value_name = "PACKAGE", required = true)]
    packages: Vec<PathBuf>,
}

/// The signature beside a package.
fn signature(path: &Path) -> Result<Option<String>> {
    let path = signature_of(path);
    Ok(path.exists().then(|| files::read_text(&path)).transpose()?)
}

impl Verify {
    /// Says whose they are.
    ///
    /// # Errors
    ///
    /// One is no package, or is not signed with one of the keys.
    pub fn run(&self) -> Result<()> {
        let mut keys = Keys::default();
        for key in &self.key {
            let text = fs::read_to_string(key).unwrap_or_else(|_| key.clone());
            keys.add(key, &text)?;
        }
        for path in &self.packages {
            let bytes = files::read(path)?;
            let (key, said) = keys.check(path, &bytes, signature(path)?.as_deref())?;
            let package = Package::read(path, &bytes)?;
            let is = format!("policy {} {}", package.manifest.name, package.version);
            println!("{}: {is}, signed with {key} as '{said}'", path.display());
        }
        Ok(())
    }
}

impl Inspect {
    /// Says what is in them; nothing of it is run.
    ///
    /// # Errors
    ///
    /// One is no package.
    pub fn run(&self) -> Result<()> {
        for path in &self.packages {
            let package = Package::read(path, &files::read(path)?)?;
            let manifest = &package.manifest;
            println!("{}: policy {} {}", path.display(), manifest.name, package.version);
            println!("  {}", manifest.description);
            if let Some(license) = &manifest.license {
                println!("  license       {license}");
            }
            for hook in &manifest.hooks {
                println!("  hook          {} {} at {}", hook.family, hook.point, hook.priority);
            }
            if !manifest.xdp.is_empty() {
                let roles: Vec<_> = manifest.xdp.iter().map(|role| role.name()).collect();
                println!("  hook          XDP at {}", roles.join(", "));
            }
            println!("  may use       {}", or_nothing(&manifest.capabilities));
            println!(
                "  may spend     {} units of fuel for a call, {} bytes for a state",
                manifest.budget.fuel, manifest.budget.memory
            );
            println!("  when it fails {}", manifest.fail);
            if !manifest.conflicts.is_empty() {
                println!("  not beside    {}", manifest.conflicts.join(", "));
            }
            if !manifest.saves.is_empty() {
                println!("  saves         {}", manifest.saves.join(", "));
            }
            for (name, value) in &manifest.parameters {
                println!("  parameter     {name}: {value}");
                if let Some(description) = manifest.descriptions.get(name) {
                    println!("                  {description}");
                }
            }
            println!(
                "  signature     {}",
                if signature(path)?.is_some() { "there is one: see verify" } else { "none" }
            );
            for (name, size) in package.files() {
                println!("  {size:>9}  {name}");
            }
        }
        Ok(())
    }
}

fn or_nothing(list: &[String]) -> String {
    if list.is_empty() {
        "nothing".to_owned()
    } else {
        list.join(", ")
    }
}
