// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};
use clap::Args;
use files::Progress;

use crate::{compare, copy, Disk, Error};

/// Write an image onto a disk, which loses all that it has.
///
/// Refuses partitions and disks that are in use; shows what is on the disk, and asks. What was written is read back.
#[derive(Args)]
pub struct Flash {
    /// The image, as the build writes it: lunagate-x86_64.img.
    image: PathBuf,
    /// The disk, as /dev/sdb.
    disk: PathBuf,
    /// Do not ask: whatever is on the disk is lost.
    #[arg(long)]
    erase_without_asking: bool,
}

impl Flash {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(&self) -> Result<()> {
        let (mut image, size) = open_image(&self.image)?;
        let disk = Disk::find(Path::new("/"), &self.disk)?;
        if disk.size < size {
            return Err(Error::Small { path: disk.path, there: disk.size, wanted: size }.into());
        }
        print!("{disk}");
        if !self.erase_without_asking {
            ask(&disk.name, &mut io::stdin().lock())?;
        }
        // The kernel gives it to nobody else meanwhile, and not to us if somebody has it.
        let target = OpenOptions::new().read(true).write(true).custom_flags(libc::O_EXCL).open(&self.disk);
        let mut target = match target {
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
                let by = "the kernel does not say by what: ZFS, or a mount that is not seen from here".to_owned();
                return Err(Error::InUse { path: disk.path, by: vec![by] }.into());
            }
            opened => opened.with_context(|| format!("cannot write {} (are you root?)", self.disk.display()))?,
        };
        // A stick may have gone while the question waited, and another have its name.
        ensure!(
            Disk::find(Path::new("/"), &self.disk)? == disk,
            "{} is another disk now: nothing is written",
            disk.name
        );
        let progress = Progress::bytes("writing", size);
        copy(&mut image, &mut target, |done| progress.set(done))?;
        progress.end();
        image.seek(SeekFrom::Start(0)).context("cannot read the image again")?;
        let progress = Progress::bytes("reading back", size);
        compare(&mut image, &mut target, |done| progress.set(done))?;
        progress.end();
        println!("{} has the image; what follows its {} MiB is not used", self.disk.display(), size >> 20);
        Ok(())
    }
}

/// An image that has a partition table, and its bytes.
fn open_image(path: &Path) -> Result<(File, u64), Error> {
    let mut image = File::open(path).map_err(files::Error::reading(path))?;
    let mut begin = [0; 520];
    let size = image.metadata().map_err(files::Error::reading(path))?.len();
    let whole = image.read_exact(&mut begin).is_ok() && begin.ends_with(b"EFI PART");
    if !whole {
        return Err(Error::NoImage { path: path.to_owned() });
    }
    image.seek(SeekFrom::Start(0)).map_err(files::Error::reading(path))?;
    Ok((image, size))
}

fn ask(name: &str, answers: &mut impl BufRead) -> Result<()> {
    print!("All of this is lost. Type {name} to go on: ");
    io::stdout().flush().context("cannot ask")?;
    let mut answer = String::new();
    ensure!(
        answers.read_line(&mut answer).context("cannot read the answer")? > 0,
        "nobody answers: nothing is written"
    );
    if answer.trim() != name {
        bail!("nothing is written");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_disks_own_name_goes_on() {
        assert!(ask("sdb", &mut "sdb\n".as_bytes()).is_ok());
        for answer in ["", "\n", "y\n", "yes\n", "sda\n"] {
            assert!(ask("sdb", &mut answer.as_bytes()).is_err(), "{answer}");
        }
    }

    #[test]
    fn what_is_no_image_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.bundle");
        for bytes in [vec![], vec![0; 4096]] {
            std::fs::write(&path, bytes).unwrap();
            assert!(matches!(open_image(&path), Err(Error::NoImage { .. })));
        }
        let mut bytes = vec![0; 4096];
        bytes[512..520].copy_from_slice(b"EFI PART");
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(open_image(&path).unwrap().1, 4096);
    }
}
