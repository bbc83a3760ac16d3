// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Bytes on their way onto a disk, and back.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

use rustix::fs::{fadvise, Advice};

use crate::Error;

/// How much is on its way at a time.
const PIECE: usize = 4 << 20;

/// Writes an image to the beginning of a disk, down to the disk. `progress` hears how many bytes are there.
///
/// # Errors
///
/// [`Error::Transfer`]: what is on the disk then is of no use.
pub fn copy(image: &mut impl Read, disk: &mut File, mut progress: impl FnMut(u64)) -> Result<u64, Error> {
    let mut piece = vec![0; PIECE];
    let mut offset = 0;
    let failed = |what, offset| move |source| Error::Transfer { what, offset, source };
    disk.seek(SeekFrom::Start(0)).map_err(failed("writing", 0))?;
    loop {
        let bytes = fill(image, &mut piece).map_err(failed("reading the image", offset))?;
        if bytes.is_empty() {
            disk.sync_all().map_err(failed("writing", offset))?;
            return Ok(offset);
        }
        disk.write_all(bytes).map_err(failed("writing", offset))?;
        // What waits in memory is not written: progress would be a lie without this.
        disk.sync_data().map_err(failed("writing", offset))?;
        offset += bytes.len() as u64;
        progress(offset);
    }
}

/// Reads a disk and an image, from their beginnings to the image's end: they are the same.
///
/// # Errors
///
/// [`Error::Transfer`], [`Error::Differs`].
pub fn compare(image: &mut impl Read, disk: &mut File, mut progress: impl FnMut(u64)) -> Result<(), Error> {
    let (mut expected, mut found) = (vec![0; PIECE], vec![0; PIECE]);
    let mut offset = 0;
    let failed = |what, offset| move |source| Error::Transfer { what, offset, source };
    // What is read is the disk's, not what memory has of it.
    fadvise(&*disk, 0, None, Advice::DontNeed).map_err(|errno| failed("reading back", 0)(errno.into()))?;
    disk.seek(SeekFrom::Start(0)).map_err(failed("reading back", 0))?;
    loop {
        let expected = fill(image, &mut expected).map_err(failed("reading the image", offset))?;
        if expected.is_empty() {
            return Ok(());
        }
        let found = &mut found[..expected.len()];
        disk.read_exact(found).map_err(failed("reading back", offset))?;
        if let Some(at) = expected.iter().zip(found.iter()).position(|(one, other)| one != other) {
            return Err(Error::Differs { offset: offset + at as u64 });
        }
        offset += expected.len() as u64;
        progress(offset);
    }
}

/// As many bytes as there are and fit.
fn fill<'a>(from: &mut impl Read, buffer: &'a mut [u8]) -> std::io::Result<&'a [u8]> {
    let mut filled = 0;
    while filled < buffer.len() {
        match from.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(&buffer[..filled])
}
