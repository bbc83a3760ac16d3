// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Whose packages a router takes: a key of the image, or one that its owner has added.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use package::Keys;

use crate::Error;

/// Folders of public keys.
pub struct Trust {
    /// The image's.
    pub image: PathBuf,
    /// The owner's.
    pub owner: PathBuf,
}

impl Trust {
    /// All keys.
    ///
    /// # Errors
    ///
    /// A folder cannot be read, or has a file that is no key.
    pub fn keys(&self) -> Result<Keys, Error> {
        let mut keys = Keys::default();
        keys.open(&self.image)?;
        keys.open(&self.owner)?;
        Ok(keys)
    }

    /// Where a key is, by its line.
    fn place(&self, line: &str) -> PathBuf {
        // Base64 has a letter that parts paths.
        self.owner.join(format!("{}.pub", line.replace('/', "_").replace('+', "-")))
    }

    /// From now on its packages are taken; returns its line.
    ///
    /// # Errors
    ///
    /// It is no key, or cannot be written.
    pub fn add(&self, text: &str) -> Result<String, Error> {
        let line = Keys::default().add("what is to be trusted", text)?;
        fs::create_dir_all(&self.owner).map_err(files::Error::writing(&self.owner))?;
        let written = format!("untrusted comment: added by the owner\n{line}\n");
        files::save(&self.place(&line), |file| file.write_all(written.as_bytes()))?;
        Ok(line)
    }

    /// Takes back what [`add`](Self::add) did; what is installed stays.
    ///
    /// # Errors
    ///
    /// It is no key that the owner has added, or cannot be removed.
    pub fn remove(&self, text: &str) -> Result<(), Error> {
        let path = self.place(&Keys::default().add("what is not to be trusted", text)?);
        let removed = fs::remove_file(&path).and_then(|()| File::open(&self.owner)?.sync_all());
        Ok(removed.map_err(files::Error::writing(&path))?)
    }
}
