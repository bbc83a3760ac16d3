// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Whose signature a package has: Ed25519, in the files of minisign.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use minisign_verify::{Error as Wrong, PublicKey, Signature};

use crate::Error;

/// Public keys whose signatures count.
#[derive(Default)]
pub struct Keys(Vec<(String, PublicKey)>);

/// Where a file's signature is.
#[must_use]
pub fn signature_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".minisig");
    name.into()
}

impl Keys {
    /// Adds the key of a text, which is that of minisign's file for it or its last line; returns that line.
    ///
    /// # Errors
    ///
    /// [`Error::NoKey`]; `origin` is where the text is from.
    pub fn add(&mut self, origin: &str, text: &str) -> Result<String, Error> {
        let line = text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default().to_owned();
        let key = PublicKey::from_base64(&line).map_err(|_| Error::NoKey { origin: origin.to_owned() })?;
        self.0.push((line.clone(), key));
        Ok(line)
    }

    /// Adds the keys of a folder's `.pub` files; without the folder there are none.
    ///
    /// # Errors
    ///
    /// It cannot be read, or one is none.
    pub fn open(&mut self, folder: &Path) -> Result<(), Error> {
        if !folder.exists() {
            return Ok(());
        }
        for entry in fs::read_dir(folder).map_err(files::Error::reading(folder))? {
            let path = entry.map_err(files::Error::reading(folder))?.path();
            if path.extension().is_some_and(|extension| extension == "pub") {
                self.add(&path.display().to_string(), &files::read_text(&path)?)?;
            }
        }
        Ok(())
    }

    /// The keys, as lines.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(line, _)| line.as_str())
    }

    /// The key that signed these bytes, of the file `path`, and what the signer says of them.
    ///
    /// # Errors
    ///
    /// Nobody has signed them, or nobody whose key is here, or they are others.
    pub fn check(&self, path: &Path, bytes: &[u8], signature: Option<&str>) -> Result<(&str, String), Error> {
        let path = path.to_owned();
        let Some(signature) = signature else { return Err(Error::Unsigned { path }) };
        let Ok(signature) = Signature::decode(signature) else { return Err(Error::NoSignature { path }) };
        for (line, key) in &self.0 {
            match key.verify(bytes, &signature, false) {
                Ok(()) => return Ok((line, signature.trusted_comment().to_owned())),
                Err(Wrong::UnexpectedKeyId) => {}
                Err(Wrong::UnsupportedLegacyMode) => return Err(Error::NoSignature { path }),
                Err(_) => return Err(Error::Changed { path, key: line.clone() }),
            }
        }
        let trusted = match self.0.len() {
            0 => "no key is".to_owned(),
            1 => "one other is".to_owned(),
            others => format!("{others} others are"),
        };
        Err(Error::Stranger { path, trusted })
    }
}
