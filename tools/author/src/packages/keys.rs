// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy keygen`, and the keys that it makes.

use std::fs::{self, OpenOptions};
use std::io::{IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};
use clap::Args;
use minisign::{KeyPair, PublicKey, SecretKey, SecretKeyBox};

/// Make keys.
#[derive(Args)]
pub struct Keygen {
    /// The file for the secret key; the public one is beside it, with .pub in the place of .key.
    #[arg(value_name = "FILE", default_value = "policies.key")]
    file: PathBuf,
    /// Do not ask for a password: whoever has the file can sign.
    #[arg(long)]
    without_password: bool,
}

impl Keygen {
    /// Makes both files.
    ///
    /// # Errors
    ///
    /// One is there, or cannot be written; or nobody can be asked for a password.
    pub fn run(&self) -> Result<()> {
        let public = self.file.with_extension("pub");
        ensure!(public != self.file, "{}: give the secret key another name than .pub", self.file.display());
        for path in [&self.file, &public] {
            ensure!(!path.exists(), "{} is there already: a key that is lost cannot be made again", path.display());
        }
        ensure!(
            self.without_password || std::io::stdin().is_terminal(),
            "there is no terminal to ask for a password: run it in one, or say --without-password"
        );
        let pair = if self.without_password {
            KeyPair::generate_unencrypted_keypair()
        } else {
            KeyPair::generate_encrypted_keypair(None)
        };
        let pair = pair.context("failed to make a key")?;
        let secret = pair.sk.to_box(Some("minisign secret key: signs policies")).context("failed to write a key")?;
        let line = pair.pk.to_box().context("failed to write a key")?;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.file);
        let written = file.and_then(|mut file| file.write_all(secret.into_string().as_bytes()));
        written.with_context(|| format!("failed to write {}", self.file.display()))?;
        files::save(&public, |file| file.write_all(line.into_string().as_bytes()))?;
        println!("{} signs; {} is for those who trust you", self.file.display(), public.display());
        Ok(())
    }
}

/// A secret key that signs.
pub struct Signer(SecretKey);

impl Signer {
    /// Reads a secret key, whose password is asked for if it has one.
    ///
    /// # Errors
    ///
    /// It is none, or does not open.
    pub fn open(path: &Path) -> Result<Signer> {
        let text = fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
        let no_key =
            || format!("{}: this is no secret key of minisign's: `lunagate policy keygen` makes one", path.display());
        let read = || SecretKeyBox::from_string(&text).with_context(no_key);
        if let Ok(key) = read()?.into_unencrypted_secret_key() {
            return Ok(Signer(key));
        }
        if !std::io::stdin().is_terminal() {
            bail!("{}: it has a password, and there is no terminal to ask for it", path.display());
        }
        let key = read()?.into_secret_key(None);
        key.map(Signer).with_context(|| format!("{}: this password does not open it", path.display()))
    }

    /// The line of the public key.
    ///
    /// # Errors
    ///
    /// The key is broken.
    pub fn public(&self) -> Result<String> {
        Ok(PublicKey::from_secret_key(&self.0).context("failed to derive the public key")?.to_base64())
    }

    /// The signature of these bytes, in minisign's format. `said` is signed, too; `about` is for people.
    ///
    /// # Errors
    ///
    /// The key does not sign.
    pub fn sign(&self, bytes: &[u8], said: &str, about: &str) -> Result<String> {
        let signature = minisign::sign(None, &self.0, bytes, Some(said), Some(about));
        Ok(signature.context("failed to sign")?.into_string())
    }
}
