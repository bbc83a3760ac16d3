// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The key that signs slots, and its public half.

use std::fmt;
use std::path::Path;

use ed25519_compact::{KeyPair, Seed};

use crate::{digits, Error};

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

/// The public half of a key: what loaders and routers trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// That of images/keys/development.seed, which everybody has: its signatures say nothing of who made them.
    pub const DEVELOPMENT: PublicKey = PublicKey([
        0x46, 0x43, 0x1e, 0xa0, 0x4a, 0xce, 0x36, 0xd6, 0x68, 0x23, 0x1a, 0xd2, 0xf2, 0x2d, 0x24, 0x2a, 0x5a, 0xef,
        0x2b, 0x0f, 0xf5, 0x1c, 0xf3, 0x3c, 0x41, 0x03, 0x32, 0x78, 0xeb, 0x12, 0x4f, 0x15,
    ]);

    /// Reads a key: a file of 32 bytes, as `image public-key` and the router's /etc/lunagate/update.key are, or of 64
    /// hexadecimal digits, or these digits themselves.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::PublicKey`].
    pub fn read(text: &str) -> Result<PublicKey, Error> {
        let bytes = match from_digits(text) {
            Some(bytes) => return Ok(PublicKey(bytes)),
            None => files::read(Path::new(text))?,
        };
        let raw = bytes.as_slice().try_into().ok();
        let read = || std::str::from_utf8(&bytes).ok().and_then(|text| from_digits(text.trim()));
        raw.or_else(read).map(PublicKey).ok_or_else(|| Error::PublicKey { path: text.into() })
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether anybody can sign with it.
    #[must_use]
    pub fn is_development(&self) -> bool {
        *self == PublicKey::DEVELOPMENT
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&digits(&self.0))
    }
}

fn seed(text: &str) -> Option<Seed> {
    from_digits(text).map(Seed::new)
}

fn from_digits(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(bytes)
}
