// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A part of a dying kernel's log, as pstore shows what the firmware has kept of it.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::Error;

/// What the names of EFI's records begin with; the kernel's `fs/pstore/inode.c` makes them.
const NAME: &str = "dmesg-efi_pstore-";
/// What they end with where pstore could not unpack them.
const PACKED: &str = ".enc.z";
/// Bytes of a record: the kernel's are far shorter, unpacked, too.
const LIMIT: u64 = 64 << 10;

/// A record. Their order is that of time, and then of the kernel's dumps.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record {
    /// Seconds since 1970, by the clock of then.
    pub(super) time: u64,
    /// Which dump of that boot: a panic comes after the oops that leads to it.
    pub(super) dump: u64,
    /// Which part of that dump, 1 being the log's end.
    pub(super) part: u64,
    pub(super) path: PathBuf,
    /// What it says, the line that pstore puts before it left out.
    pub(super) text: String,
}

/// All in a folder, in their order. What else is there is none of ours.
pub(super) fn all(folder: &Path) -> Result<Vec<Record>, Error> {
    let mut records = Vec::new();
    for entry in fs::read_dir(folder).map_err(files::Error::reading(folder))? {
        let entry = entry.map_err(files::Error::reading(folder))?;
        if let Some(id) = entry.file_name().to_str().and_then(|name| name.strip_prefix(NAME)) {
            records.extend(read(&entry.path(), id)?);
        }
    }
    records.sort_unstable();
    Ok(records)
}

fn read(path: &Path, id: &str) -> Result<Option<Record>, Error> {
    let (id, packed) = id.strip_suffix(PACKED).map_or((id, false), |id| (id, true));
    let Ok(id) = id.parse::<u64>() else { return Ok(None) };
    // As generic_id() of the kernel's efi-pstore.c puts them together.
    let (time, part, dump) = (id / 100_000, id / 1000 % 100, id % 1000);
    let text = if packed {
        format!("(part {part} is packed in a way that this kernel does not read)\n")
    } else {
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(files::Error::reading(path))?;
        file.take(LIMIT).read_to_end(&mut bytes).map_err(files::Error::reading(path))?;
        let text = String::from_utf8_lossy(&bytes);
        let mut text = without_heading(&text).to_owned();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text
    };
    Ok(Some(Record { time, dump, part, path: path.to_owned(), text }))
}

/// pstore begins each part with a line such as `Panic#1 Part2`.
fn without_heading(text: &str) -> &str {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let is_heading =
        first.split_once('#').and_then(|(_, rest)| rest.split_once(" Part")).is_some_and(|(dump, part)| {
            let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            number(dump) && number(part)
        });
    if is_heading {
        rest
    } else {
        text
    }
}
