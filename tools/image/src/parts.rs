// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What an image and a bundle are made of.

use std::path::Path;

use crate::{Architecture, Error, Inventory, Key, Profile, Release};

/// The parts of a slot.
pub struct Parts {
    /// A squashfs.
    pub root: Vec<u8>,
    /// An EFI program: the kernel with its EFI stub.
    pub kernel: Vec<u8>,
    /// The text of the bill of materials that the slot carries, empty for none.
    pub inventory: String,
    /// What signs the slot; the loader must trust its public key.
    pub key: Key,
}

impl Parts {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// [`Error::File`]; [`Error::Kind`] for a file that is something else; [`Error::Architecture`] for a kernel that
    /// is for other processors; [`Error::Key`].
    pub fn open(root: &Path, kernel: &Path, key: &Path, architecture: Architecture) -> Result<Parts, Error> {
        Ok(Parts {
            root: read(root, "squashfs", b"hsqs")?,
            kernel: program(kernel, "EFI program (a kernel with CONFIG_EFI_STUB)", architecture)?,
            inventory: String::new(),
            key: Key::open(key)?,
        })
    }

    /// Reads the bill of materials of these parts.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::Inventory`] for that of other ones.
    pub fn describe(&mut self, path: &Path, profile: &Profile, release: &Release) -> Result<Inventory, Error> {
        self.inventory = files::read_text(path)?;
        let inventory = Inventory::parse(path, &self.inventory)?;
        let wrong = |why| Error::Inventory { path: path.to_owned(), why };
        let name = format!("lunagate-{}", profile.name);
        if (&inventory.name, &inventory.version) != (&name, &release.version) {
            let (of, version) = (&inventory.name, &inventory.version);
            return Err(wrong(format!("it is of {of} {version}, this is {name} {}", release.version)));
        }
        inventory.has("root.squashfs", &self.root).map_err(wrong)?;
        inventory.has("kernel", &self.kernel).map_err(wrong)?;
        Ok(inventory)
    }
}

/// Reads our loader, an EFI program.
///
/// # Errors
///
/// [`Error::File`], [`Error::Kind`], [`Error::Architecture`].
pub fn loader(path: &Path, architecture: Architecture) -> Result<Vec<u8>, Error> {
    program(path, "EFI program", architecture)
}

fn program(path: &Path, kind: &'static str, architecture: Architecture) -> Result<Vec<u8>, Error> {
    let bytes = read(path, kind, b"MZ")?;
    match machine(&bytes) {
        Some(machine) if machine == architecture.machine() => Ok(bytes),
        Some(_) => Err(Error::Architecture { path: path.into(), architecture: architecture.name() }),
        None => Err(Error::Kind { path: path.into(), kind }),
    }
}

/// What the header of a program in Microsoft's format, which EFI's have, says of the processor.
fn machine(program: &[u8]) -> Option<u16> {
    let at = u32::from_le_bytes(program.get(0x3c..0x40)?.try_into().ok()?);
    let header = program.get(usize::try_from(at).ok()?..)?.strip_prefix(b"PE\0\0")?;
    Some(u16::from_le_bytes(header.get(..2)?.try_into().ok()?))
}

fn read(path: &Path, kind: &'static str, magic: &[u8]) -> Result<Vec<u8>, Error> {
    let bytes = files::read(path)?;
    if bytes.starts_with(magic) {
        Ok(bytes)
    } else {
        Err(Error::Kind { path: path.into(), kind })
    }
}
