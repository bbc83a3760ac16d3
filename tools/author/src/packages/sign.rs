// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy sign`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use package::{signature_of, Package};

use super::Signer;

/// Sign packages.
#[derive(Args)]
pub struct Sign {
    /// The packages.
    #[arg(value_name = "PACKAGE", required = true)]
    packages: Vec<PathBuf>,
    /// The secret key, of `lunagate policy keygen` or of minisign.
    #[arg(long, short, value_name = "FILE", default_value = "policies.key")]
    key: PathBuf,
}

impl Sign {
    /// Writes PACKAGE.minisig beside each.
    ///
    /// # Errors
    ///
    /// One is no package, the key does not open, or a file cannot be written.
    pub fn run(&self) -> Result<()> {
        let key = Signer::open(&self.key)?;
        for path in &self.packages {
            let bytes = files::read(path)?;
            let package = Package::read(path, &bytes)?;
            let said = format!("policy {} {}", package.manifest.name, package.version);
            let signature = key.sign(&bytes, &said, "signature of a lunagate policy");
            let signature = signature.with_context(|| path.display().to_string())?;
            let beside = signature_of(path);
            files::save(&beside, |file| file.write_all(signature.as_bytes()))?;
            println!("{}", beside.display());
        }
        Ok(())
    }
}
