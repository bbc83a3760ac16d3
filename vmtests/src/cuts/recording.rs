// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Routers whose disk notes what is done to it.

use crate::scenario::observed;
use crate::Lab;
use anyhow::{bail, Context, Result};
use powercut::{Cut, Log, Random};
use qemu::Boot;
use std::fs::{self, File, Permissions};
use std::io::BufReader;
use std::ops::Range;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Shows what is beside the image in /mnt.
const SHARE: &str = "modprobe -a 9p 9pnet_virtio && mount -t 9p -o trans=virtio,version=9p2000.L,ro share /mnt";
const SECTOR: usize = 512;

/// A router whose disk notes each write and each flush.
pub struct Recording {
    original: PathBuf,
    log: PathBuf,
    scratch: TempDir,
}

/// What happened to a disk.
pub struct Recorded {
    /// The disk before it.
    pub disk: Vec<u8>,
    /// What happened.
    pub log: Log,
    scratch: TempDir,
}

impl Recording {
    /// Boots the image of a directory; the directory is /mnt there.
    ///
    /// # Errors
    /// As [`Lab::new`] and [`Lab::boot`].
    pub fn start(directory: &Path) -> Result<(Recording, Lab)> {
        let scratch = tempfile::tempdir().context("failed to make a temporary directory")?;
        let Boot::Disk { image: original } = Boot::disk(directory)? else { unreachable!("a disk is one") };
        let (image, log) = (scratch.path().join("disk.img"), scratch.path().join("log"));
        fs::copy(&original, &image).with_context(|| format!("failed to copy {}", original.display()))?;
        fs::set_permissions(&image, Permissions::from_mode(0o600))?;
        let mut lab = Lab::new(Boot::Recorded { image, log: log.clone() }, |builder| builder.share(directory))?;
        observed(&mut lab, |lab| {
            lab.boot()?;
            lab.output(SHARE)
        })?;
        Ok((Recording { original, log, scratch }, lab))
    }

    /// How many events there have been, up to the last flush.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn events(&self) -> Result<usize> {
        Ok(self.read()?.0.len())
    }

    fn read(&self) -> Result<Log> {
        let file = File::open(&self.log).with_context(|| format!("failed to open {}", self.log.display()))?;
        Ok(Log::read(BufReader::new(file))?)
    }

    /// What happened since there were so many events.
    ///
    /// # Errors
    /// The log or the image cannot be read.
    pub fn since(self, begun: usize) -> Result<Recorded> {
        let mut disk =
            fs::read(&self.original).with_context(|| format!("failed to read {}", self.original.display()))?;
        let mut before = self.read()?;
        let log = Log(before.0.split_off(begun));
        before.replay(&mut disk);
        Ok(Recorded { disk, log, scratch: self.scratch })
    }
}

impl Recorded {
    /// Shows `see` all states, and returns how many there were.
    pub fn states(&self, choices: usize, mut see: impl FnMut(&[u8], Cut)) -> usize {
        let mut count = 0;
        self.log.states(&mut self.disk.clone(), choices, &mut Random::new(1), |disk, cut| {
            count += 1;
            see(disk, cut);
        });
        count
    }

    /// Boots so many of the `count` states, one of each part of the time that it took, for a test; `what` is for it to know
    /// of the state.
    ///
    /// # Errors
    /// Those of the test.
    pub fn boot<T>(
        &self,
        choices: usize,
        (booted, count): (usize, usize),
        mut what: impl FnMut(&[u8], Cut) -> T,
        mut test: impl FnMut(&mut Lab, T) -> Result<()>,
    ) -> Result<()> {
        let mut random = Random::new(7);
        let chosen: Vec<usize> = (0..booted).map(|part| (part * count + random.below(count)) / booted).collect();
        let (mut files, mut number) = (Vec::new(), 0);
        self.states(choices, |disk, cut| {
            if chosen.contains(&number) {
                let file = self.scratch.path().join(format!("{number}.img"));
                files.push((cut, what(disk, cut), fs::write(&file, disk).map(|()| file)));
            }
            number += 1;
        });
        for (cut, what, file) in files {
            let image = file.context("failed to write a state of the disk")?;
            let mut lab = Lab::new(Boot::Disk { image }, |builder| builder)?;
            observed(&mut lab, |lab| {
                lab.boot()?;
                test(lab, what)
            })
            .with_context(|| format!("power was cut at {cut}"))?;
        }
        Ok(())
    }
}

/// Where a partition of the router's disk is, by its name.
///
/// # Errors
/// There is none, or as [`Lab::output`].
pub fn partition(lab: &mut Lab, name: &str) -> Result<Range<usize>> {
    let find = format!("cd $(dirname $(grep -lx PARTNAME={name} /sys/class/block/*/uevent)) && cat start size");
    let text = lab.output(&find)?;
    let numbers: Result<Vec<usize>, _> = text.split_whitespace().map(str::parse).collect();
    let [start, size] = numbers?[..] else { bail!("partition {name} is at {text}") };
    Ok(start * SECTOR..(start + size) * SECTOR)
}
