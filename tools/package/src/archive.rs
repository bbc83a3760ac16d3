// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Files as bytes: a tar archive in the only form that we write, which is the only one that we read.

use std::collections::BTreeMap;
use std::io::{self, Read};

use tar::{Archive, Builder, EntryType, Header};

/// Contents by path.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// More than a policy needs, and less than hurts a router.
pub(crate) const SIZE: usize = 32 << 20;
const FILES: usize = 1000;

/// The same bytes for the same files.
pub(crate) fn write(files: &Files) -> io::Result<Vec<u8>> {
    let mut builder = Builder::new(Vec::new());
    for (path, contents) in files {
        let mut header = Header::new_ustar();
        header.set_path(path)?;
        header.set_size(contents.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        header.set_entry_type(EntryType::Regular);
        header.set_cksum();
        builder.append(&header, contents.as_slice())?;
    }
    builder.into_inner()
}

/// The files, or why these are not bytes that [`write`] makes.
pub(crate) fn read(bytes: &[u8]) -> Result<Files, String> {
    if bytes.len() > SIZE {
        return Err(format!("it has more than {} MiB", SIZE >> 20));
    }
    let said = |error: io::Error| error.to_string();
    let mut files = Files::new();
    for entry in Archive::new(bytes).entries().map_err(said)? {
        let mut entry = entry.map_err(said)?;
        let path = String::from_utf8(entry.path_bytes().into_owned()).map_err(|error| error.to_string())?;
        if files.len() == FILES {
            return Err(format!("it has more than {FILES} files"));
        }
        // Of other kinds some are longer than the archive.
        if entry.header().entry_type() != EntryType::Regular {
            return Err(format!("{path} is no plain file"));
        }
        let mut contents = Vec::new();
        entry.read_to_end(&mut contents).map_err(said)?;
        files.insert(path, contents);
    }
    // Other orders, dates, and what is behind the end show here.
    match write(&files) {
        Ok(same) if same == bytes => Ok(files),
        _ => Err("it is no archive that pack makes, or cut short".to_owned()),
    }
}
