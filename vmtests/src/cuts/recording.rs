// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Routers whose disk notes what is done to it.

use super::Sweep;
use crate::scenario::observed;
use crate::Lab;
use anyhow::{bail, Context, Result};
use powercut::{Cut, Log, Random};
use qemu::Boot;
use std::collections::BTreeSet;
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

/// The states that a cut of power may have left.
#[derive(Debug, Default)]
pub struct States {
    /// How many there are.
    pub count: usize,
    /// The number of the first of each class.
    firsts: BTreeSet<usize>,
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
    /// Boots the image of a directory, for the first time; the directory is /mnt there.
    ///
    /// # Errors
    /// As [`Lab::new`] and [`Lab::boot`].
    pub fn start(directory: &Path) -> Result<(Recording, Lab)> {
        let scratch = tempfile::tempdir().context("failed to make a temporary directory")?;
        let Boot::Disk { image: original } = Boot::disk(directory)? else { unreachable!("a disk is one") };
        let (image, log) = (scratch.path().join("disk.img"), scratch.path().join("log"));
        fs::copy(&original, &image).with_context(|| format!("failed to copy {}", original.display()))?;
        fs::set_permissions(&image, Permissions::from_mode(0o600))?;
        let mut lab =
            Lab::new(Boot::Recorded { image, log: log.clone() }, |builder| builder.share(directory).reboots(true))?;
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
    /// Shows `see` all states, which says of what class each is.
    pub fn states<C: Ord>(&self, sweep: &Sweep, mut see: impl FnMut(&[u8], Cut) -> C) -> States {
        let (mut classes, mut states) = (BTreeSet::new(), States::default());
        self.walk(sweep, |disk, cut| {
            if classes.insert(see(disk, cut)) {
                states.firsts.insert(states.count);
            }
            states.count += 1;
        });
        states
    }

    fn walk(&self, sweep: &Sweep, mut see: impl FnMut(&[u8], Cut)) {
        self.log.states(&mut self.disk.clone(), sweep.choices, &mut Random::new(1), &mut see);
        if sweep.all {
            self.log.torn(&mut self.disk.clone(), &mut see);
        }
    }

    /// Boots so many of the `states` as the sweep says, one of each part of the time that it took, and, in one of all, the
    /// first of each class, for a test; `what` is for it to know of the state. Returns how many it has booted.
    ///
    /// # Errors
    /// Those of the test.
    pub fn boot<T>(
        &self,
        sweep: &Sweep,
        states: &States,
        what: impl Fn(&[u8]) -> T,
        mut test: impl FnMut(&mut Lab, T) -> Result<()>,
    ) -> Result<usize> {
        let (mut random, parts, count) = (Random::new(7), sweep.booted, states.count);
        let mut chosen: BTreeSet<usize> = (0..parts).map(|part| (part * count + random.below(count)) / parts).collect();
        if sweep.all {
            chosen.extend(&states.firsts);
        }
        let (mut number, mut result) = (0, Ok(()));
        self.walk(sweep, |disk, cut| {
            if result.is_ok() && chosen.contains(&number) {
                let booted = self.boot_state(disk, what(disk), &mut test);
                result = booted.with_context(|| format!("power was cut at {cut}"));
            }
            number += 1;
        });
        result.map(|()| chosen.len())
    }

    fn boot_state<T>(&self, disk: &[u8], what: T, test: impl FnOnce(&mut Lab, T) -> Result<()>) -> Result<()> {
        let image = self.scratch.path().join("state.img");
        fs::write(&image, disk).context("failed to write a state of the disk")?;
        let mut lab = Lab::new(Boot::Disk { image }, |builder| builder.reboots(true))?;
        observed(&mut lab, |lab| {
            lab.boot()?;
            test(lab, what)
        })
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
