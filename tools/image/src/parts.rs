// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What an image and a bundle are made of.

use std::path::Path;

use crate::{Error, Key};

/// The parts of a slot.
pub struct Parts {
    /// A squashfs.
    pub root: Vec<u8>,
    /// An EFI program: the kernel with its EFI stub.
    pub kernel: Vec<u8>,
    /// What signs the slot; the loader must trust its public key.
    pub key: Key,
}

impl Parts {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// [`Error::File`]; [`Error::Kind`] for a file that is something else; [`Error::Key`].
    pub fn open(root: &Path, kernel: &Path, key: &Path) -> Result<Parts, Error> {
        Ok(Parts {
            root: read(root, "squashfs", b"hsqs")?,
            kernel: read(kernel, "EFI program (a kernel with CONFIG_EFI_STUB)", b"MZ")?,
            key: Key::open(key)?,
        })
    }
}

/// Reads our loader, an EFI program.
///
/// # Errors
///
/// [`Error::File`], [`Error::Kind`].
pub fn loader(path: &Path) -> Result<Vec<u8>, Error> {
    read(path, "EFI program", b"MZ")
}

fn read(path: &Path, kind: &'static str, magic: &[u8]) -> Result<Vec<u8>, Error> {
    let bytes = files::read(path)?;
    if bytes.starts_with(magic) {
        Ok(bytes)
    } else {
        Err(Error::Kind { path: path.into(), kind })
    }
}
