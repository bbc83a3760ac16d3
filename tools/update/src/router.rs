// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The router that this runs on: its partitions, its key, its notes.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{bail, Context as _, Result};
use bundle::{Manifest, Problem};
use layout::{BOOTCTL, HEADER_LEN, LETTERS, SLOTS};

use crate::storage::Reader;
use crate::{Control, Notes, Storage};

/// The device that the kernel makes of the slot that it boots from.
const ROOT: &str = "sys/block/dm-0/slaves";
/// The public key, a part of the verified root.
const KEY: &str = "etc/lunagate/update.key";
/// How long the health check waits for the disk.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where the notes are.
const NOTES: &str = "data/update";

/// A router.
#[derive(Clone)]
pub struct Router {
    /// The slot that runs.
    pub running: usize,
    /// Who may sign.
    pub key: [u8; 32],
    /// The slots' partitions.
    pub slots: [PathBuf; 2],
    /// The boot records' partition.
    pub bootctl: PathBuf,
    /// What is kept of trials.
    pub notes: Notes,
    /// How long the health check waits for the disk.
    pub patience: Duration,
}

impl Router {
    /// Finds the partitions of the disk from which the root at `root` (`/`) comes, and of no other disk.
    ///
    /// # Errors
    ///
    /// In words for the user: it did not boot from a slot; a partition is missing.
    pub fn find(root: &Path) -> Result<Router> {
        let slaves = root.join(ROOT);
        let no_slot = "this system does not run from a slot: it was not booted by Lunagate's loader";
        let below: Vec<PathBuf> = folder(&slaves).context(no_slot)?;
        let [slave] = &below[..] else { bail!("{no_slot}: {} partitions below the root", below.len()) };
        let slave = fs::canonicalize(slave).with_context(|| format!("failed to find {}", slave.display()))?;
        let disk = slave.parent().context(no_slot)?;
        let mut partitions = BTreeMap::new();
        for entry in folder(disk).with_context(|| format!("failed to read {}", disk.display()))? {
            let Ok(text) = fs::read_to_string(entry.join("uevent")) else { continue };
            let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            if let (Some(name), Some(device)) = (value("PARTNAME"), value("DEVNAME")) {
                partitions.insert(name.to_owned(), (root.join("dev").join(device), entry));
            }
        }
        let find = |name: &str| partitions.get(name).with_context(|| format!("this disk has no partition '{name}'"));
        let slots = [find(SLOTS[0])?, find(SLOTS[1])?];
        let running = slots.iter().position(|(_, entry)| *entry == slave).context(no_slot)?;
        let key = root.join(KEY);
        let key = fs::read(&key).with_context(|| format!("failed to read {}", key.display()))?;
        Ok(Router {
            running,
            key: key[..].try_into().context("the key that signs updates is 32 bytes")?,
            slots: slots.map(|(device, _)| device.clone()),
            bootctl: find(BOOTCTL)?.0.clone(),
            notes: Notes::at(root.join(NOTES)),
            patience: PATIENCE,
        })
    }

    /// The slot that does not run.
    pub fn other(&self) -> usize {
        1 - self.running
    }

    /// Opens a slot's partition.
    ///
    /// # Errors
    ///
    /// With the partition's name.
    pub fn slot(&self, slot: usize) -> Result<File> {
        open(&self.slots[slot])
    }

    /// Opens the boot record, and hands it to `use_it`.
    ///
    /// # Errors
    ///
    /// With the partition's name, or those of `use_it`.
    pub fn control<T>(&self, use_it: impl FnOnce(&mut Control) -> Result<T>) -> Result<T> {
        let mut file = open(&self.bootctl)?;
        let failed = || format!("failed to read the boot record on {}", self.bootctl.display());
        let mut control = Control::open(&mut file, self.running).with_context(failed)?;
        use_it(&mut control)
    }

    /// The manifest of what runs, with which an update must get along.
    ///
    /// # Errors
    ///
    /// When it has lost its header since it booted.
    pub fn running(&self) -> Result<Manifest> {
        let failed = || format!("the header of the running slot {} is damaged", LETTERS[self.running]);
        standing(&mut self.slot(self.running)?, &self.key).with_context(failed)
    }
}

/// The manifest of a slot, from its last block.
pub(crate) fn standing(slot: &mut dyn Storage, key: &[u8; 32]) -> Result<Manifest, Problem> {
    let part = "the header";
    let read = |source| Problem::Read { part, source };
    let at = slot.size().map_err(read)?.checked_sub(HEADER_LEN as u64).ok_or(Problem::Short(part))?;
    let mut block = [0; HEADER_LEN];
    slot.read(at, &mut block).map_err(read)?;
    Manifest::read(&block, key)
}

/// Whether a slot holds what its header says, every byte of it.
pub(crate) fn whole(slot: &mut dyn Storage, manifest: &Manifest) -> Result<(), Problem> {
    manifest.body(&mut Reader { storage: slot, at: 0 }, |_| Ok(()))
}

fn open(path: &Path) -> Result<File> {
    let file = OpenOptions::new().read(true).write(true).open(path);
    file.with_context(|| format!("failed to open {}", path.display()))
}

fn folder(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect()
}
