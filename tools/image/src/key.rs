// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The key that signs slots.

use std::path::Path;

use ed25519_compact::{KeyPair, Seed};

use crate::Error;

/// An Ed25519 key.
pub struct Key(KeyPair);

impl Key {
    /// Reads a seed: 64 hexadecimal digits.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::Key`].
    pub fn open(path: &Path) -> Result<Key, Error> {
        let text = files::read_text(path)?;
        let seed = seed(text.trim()).ok_or_else(|| Error::Key { path: path.into() })?;
        KeyPair::try_from_seed(seed).map(Key).map_err(|_| Error::Key { path: path.into() })
    }

    /// The 32 bytes that a loader trusts.
    pub fn public(&self) -> [u8; 32] {
        *self.0.pk
    }

    /// The signature of `message`; equal messages have equal signatures.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        *self.0.sk.sign(message, None)
    }
}

fn seed(text: &str) -> Option<Seed> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(Seed::new(bytes))
}
