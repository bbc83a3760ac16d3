// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Files that are there whole, or not at all.

use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::Error;

/// Writes a file that everybody may read: to another name, down to the disk, then under its own.
///
/// # Errors
///
/// [`Error::Write`]; then what was there before still is.
pub fn save(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), Error> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let written = || -> io::Result<()> {
        let readable = Permissions::from_mode(0o644);
        let mut file = tempfile::Builder::new().permissions(readable).tempfile_in(folder)?;
        fill(file.as_file_mut())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()
    };
    written().map_err(Error::writing(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write;

    #[test]
    fn a_file_that_cannot_be_written_whole_stays_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        save(&path, |file| file.write_all(b"first")).expect("written");
        let error = save(&path, |file| {
            file.write_all(b"sec")?;
            Err(io::Error::other("no room"))
        });
        assert!(matches!(error, Err(Error::Write { .. })));
        assert_eq!(fs::read(&path).expect("still there"), b"first");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing else is left");
        let error = save(&folder.path().join("none/file"), |_| Ok(())).expect_err("no such folder");
        assert!(error.to_string().ends_with("none/file"), "{error}");
    }

    #[test]
    fn everybody_may_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        save(&path, |file| file.write_all(b"text")).expect("written");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o644);
    }
}
