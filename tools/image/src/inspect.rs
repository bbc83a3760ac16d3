// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate image inspect`: what is in an image or a bundle.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;
use layout::{Record, LETTERS};
use serde::Serialize;

use crate::size::Size;
use crate::stored::{Contents, Disk, Partition, Stored};
use crate::{digits, sha256, Component, Error, Inventory, PublicKey};

/// Show what is in an image, a disk that has one, or a bundle: slots, versions, packages, licenses, sizes, and whose they are.
///
/// Checks the signature, and all that it covers. Nothing of it is run.
#[derive(Args)]
pub struct Inspect {
    /// The image, the disk (as /dev/sdb), or the bundle.
    image: PathBuf,
    /// A public key whose signatures count, beside the development key: a file, as /etc/lunagate/update.key of a
    /// router, or 64 hexadecimal digits.
    #[arg(long, value_name = "KEY", value_parser = key)]
    key: Vec<PublicKey>,
    /// As JSON, with all that is known of each package.
    #[arg(long)]
    pub json: bool,
}

fn key(text: &str) -> Result<PublicKey, String> {
    PublicKey::read(text).map_err(|error| error.to_string())
}

/// What is in an image or a bundle.
#[derive(Debug, Serialize)]
pub struct Inspection {
    /// The file.
    pub file: PathBuf,
    /// `image` or `bundle`.
    pub kind: &'static str,
    /// Its bytes.
    pub bytes: u64,
    /// An image's partitions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub partitions: Vec<Partition>,
    /// An image's loader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loader: Option<Loader>,
    /// Both copies of an image's boot record; `null` for one that is not whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub boot_records: Vec<Option<BootRecord>>,
    /// The slot that boots next, by the newer record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boots_next: Option<&'static str>,
    /// What is in the slots; a bundle has one, without a letter.
    pub slots: Vec<Slot>,
}

/// What the firmware starts.
#[derive(Debug, Serialize)]
pub struct Loader {
    /// Its bytes.
    pub bytes: usize,
    /// Their SHA-256.
    pub sha256: String,
}

/// A copy of the boot record.
#[derive(Debug, Serialize)]
pub struct BootRecord {
    /// Grows by one with every write.
    pub sequence: u64,
    /// The slot that booted last.
    pub last: &'static str,
    /// Slots A and B.
    pub slots: [SlotState; 2],
}

/// What a record says of a slot.
#[derive(Debug, Serialize)]
pub struct SlotState {
    /// The higher boots first.
    pub priority: u8,
    /// Whether it proved itself.
    pub confirmed: bool,
    /// Boots that it has left to prove itself.
    pub tries: u8,
    /// Kernel panics that it may have before it counts as broken.
    pub crash_credits: u8,
}

/// A slot.
#[derive(Debug, Serialize)]
pub struct Slot {
    /// `a` or `b` of an image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<&'static str>,
    /// What to think of it.
    pub state: State,
    /// Why, if it is no good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What it says of itself, if it says something.
    #[serde(flatten)]
    pub system: Option<System>,
}

/// What to think of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Signed with a key that is known, and all is what was signed.
    Whole,
    /// Signed with another key: nothing of it was checked.
    Unknown,
    /// Not what was signed.
    Damaged,
    /// Nothing was ever put there.
    Empty,
}

/// What a slot's header says, and what is behind it.
#[derive(Debug, Serialize)]
pub struct System {
    /// The kind of device.
    pub profile: String,
    /// The version.
    pub version: String,
    /// Grows when older versions must not come back.
    pub rollback_index: u32,
    /// The key that signed it, of those that are known.
    pub signed_by: Option<String>,
    /// Whether that is the development key, with which anybody can sign.
    pub development_key: bool,
    /// The root of the tree of hashes that covers the root file system.
    pub verity_root_hash: Option<String>,
    /// What the kernel is told.
    pub command_line: String,
    /// SHA-256 of the kernel, as the header has it.
    pub kernel_sha256: String,
    /// Bytes of what fills it.
    pub sizes: Sizes,
    /// What it is made of, the largest first.
    pub components: Vec<Component>,
}

/// Bytes of what fills a slot.
#[derive(Debug, Serialize)]
pub struct Sizes {
    /// The root file system, compressed.
    pub root: usize,
    /// The list of what it is made of.
    pub bill_of_materials: usize,
    /// The tree of hashes.
    pub verity_tree: usize,
    /// The kernel, compressed.
    pub kernel: usize,
    /// What is left in an image's slot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<u64>,
}

impl Inspect {
    /// Looks.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is neither an image nor a bundle. What is damaged is said in the result.
    pub fn look(&self) -> Result<Inspection, Error> {
        let mut keys = self.key.clone();
        keys.push(PublicKey::DEVELOPMENT);
        Ok(Inspection::new(&Stored::open(&self.image)?, &keys))
    }
}

impl Inspection {
    /// What is in `stored`, whose signatures by `keys` count.
    #[must_use]
    pub fn new(stored: &Stored, keys: &[PublicKey]) -> Inspection {
        let disk = stored.disk.as_ref();
        let letters = LETTERS.map(Some);
        let letters = if disk.is_some() { &letters[..] } else { &[None] };
        let slots =
            letters.iter().zip(&stored.slots).map(|(letter, slot)| Slot::new(&stored.path, *letter, slot, keys));
        Inspection {
            file: stored.path.clone(),
            kind: if disk.is_some() { "image" } else { "bundle" },
            bytes: stored.bytes,
            partitions: disk.map(|disk| disk.partitions.clone()).unwrap_or_default(),
            loader: disk.and_then(|disk| disk.loader.as_deref()).map(Loader::new),
            boot_records: disk
                .map(|disk| disk.records.map(|record| record.map(BootRecord::new)))
                .map_or_else(Vec::new, Vec::from),
            boots_next: disk.and_then(Disk::newest).map(|record| LETTERS[record.order()[0]]),
            slots: slots.collect(),
        }
    }

    /// Whether a slot is damaged, or a copy of the boot record.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.slots.iter().any(|slot| slot.state == State::Damaged) || self.boot_records.iter().any(Option::is_none)
    }
}

impl Loader {
    fn new(bytes: &[u8]) -> Loader {
        Loader { bytes: bytes.len(), sha256: sha256(bytes) }
    }
}

impl BootRecord {
    fn new(record: Record) -> BootRecord {
        let slots = record.slots.map(|slot| SlotState {
            priority: slot.priority,
            confirmed: slot.confirmed,
            tries: slot.tries,
            crash_credits: slot.crash_credits,
        });
        BootRecord { sequence: record.sequence, last: LETTERS[usize::from(record.last)], slots }
    }
}

impl Slot {
    fn new(path: &Path, slot: Option<&'static str>, contents: &Contents, keys: &[PublicKey]) -> Slot {
        if contents.is_empty() {
            return Slot { slot, state: State::Empty, problem: None, system: None };
        }
        let signer = contents.signer(keys);
        let (mut state, mut problem) = match signer.map(|key| contents.verify(key)) {
            Some(Ok(_)) => (State::Whole, None),
            Some(Err(error)) => (State::Damaged, Some(error.to_string())),
            None if contents.header().is_none() => (State::Damaged, Some("its header is none".into())),
            None => (
                State::Unknown,
                Some("no key that is known has signed it, so nothing was checked: give the key by --key".into()),
            ),
        };
        let system = System::new(path, contents, signer).map(|(system, error)| {
            if let (State::Whole, Some(error)) = (state, error) {
                (state, problem) = (State::Damaged, Some(error.to_string()));
            }
            system
        });
        Slot { slot, state, problem, system }
    }
}

impl System {
    /// What there is to say if there is a header, and what is wrong with the inventory.
    fn new(path: &Path, contents: &Contents, signer: Option<&PublicKey>) -> Option<(System, Option<Error>)> {
        let header = contents.header()?;
        let (root, inventory) = match contents.root(path) {
            Ok((root, "")) => (root.len(), Ok(Vec::new())),
            Ok((root, text)) => (root.len(), Inventory::parse(path, text).map(|inventory| inventory.components)),
            Err(error) => (0, Err(error)),
        };
        let (mut components, error) = match inventory {
            Ok(components) => (components, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        components.sort_by_key(|component| std::cmp::Reverse(component.bytes.unwrap_or(0)));
        let table = contents.table();
        let area = table.map_or(0, |table| table.blocks.saturating_mul(bundle::verity::BLOCK));
        let kernel_offset = header.kernel_offset as usize;
        let taken = u64::from(header.kernel_offset) + u64::from(header.kernel_len) + layout::HEADER_LEN as u64;
        let system = System {
            profile: header.compatibility.to_owned(),
            version: header.version.to_owned(),
            rollback_index: header.rollback,
            signed_by: signer.map(PublicKey::to_string),
            development_key: signer.is_some_and(PublicKey::is_development),
            verity_root_hash: table.map(|table| digits(&table.root)),
            command_line: header.cmdline.to_owned(),
            kernel_sha256: digits(&header.kernel_sha256),
            sizes: Sizes {
                root,
                bill_of_materials: area.saturating_sub(root),
                verity_tree: kernel_offset.saturating_sub(area),
                kernel: header.kernel_len as usize,
                free: contents.room.map(|room| room.saturating_sub(taken)),
            },
            components,
        };
        Some((system, error))
    }
}

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{}: {} of {} bytes", self.file.display(), self.kind, self.bytes)?;
        if !self.partitions.is_empty() {
            writeln!(f, "\npartitions")?;
            for Partition { name, start, bytes } in &self.partitions {
                writeln!(f, "  {name:<10} {:>10}  from byte {start}", Size(*bytes))?;
            }
            match &self.loader {
                Some(Loader { bytes, sha256 }) => {
                    writeln!(f, "\nloader       {:>10}  SHA-256 {sha256}", Size(*bytes as u64))?
                }
                None => writeln!(f, "\nno loader: firmware starts nothing here")?,
            }
            writeln!(f, "\nboot records")?;
            for (number, record) in self.boot_records.iter().enumerate() {
                match record {
                    Some(record) => writeln!(f, "  {number}: {record}")?,
                    None => writeln!(f, "  {number}: not whole")?,
                }
            }
            if let Some(slot) = self.boots_next {
                writeln!(f, "  slot {slot} boots next")?;
            }
        }
        self.slots.iter().try_for_each(|slot| write!(f, "\n{slot}"))
    }
}

impl fmt::Display for BootRecord {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "sequence {}, last booted {}", self.sequence, self.last)?;
        for (letter, slot) in LETTERS.iter().zip(&self.slots) {
            let SlotState { priority, tries, crash_credits, .. } = slot;
            match slot {
                SlotState { confirmed: true, .. } => {
                    write!(f, "; {letter} confirmed, priority {priority}, {crash_credits} panics left")?;
                }
                SlotState { tries: 0, .. } => write!(f, "; {letter} does not boot")?,
                _ => write!(f, "; {letter} on trial, priority {priority}, {tries} boots left")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let name = self.slot.map_or("contents".to_owned(), |letter| format!("slot {letter}"));
        let state = match self.state {
            State::Whole => "whole",
            State::Unknown => "not checked",
            State::Damaged => "DAMAGED",
            State::Empty => return writeln!(f, "{name}: empty"),
        };
        match &self.system {
            Some(system) => {
                let System { profile, version, rollback_index, .. } = system;
                writeln!(f, "{name}: {profile} {version}, rollback index {rollback_index}, {state}")?;
            }
            None => writeln!(f, "{name}: {state}")?,
        }
        if let Some(problem) = &self.problem {
            writeln!(f, "  {problem}")?;
        }
        self.system.as_ref().map_or(Ok(()), |system| system.fmt(f))
    }
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if let Some(key) = &self.signed_by {
            let warning = if self.development_key { ", the development key: ANYBODY CAN SIGN WITH IT" } else { "" };
            writeln!(f, "  signed by    {key}{warning}")?;
        }
        if let Some(hash) = &self.verity_root_hash {
            writeln!(f, "  verity root  {hash}")?;
        }
        writeln!(f, "  kernel       {}", self.kernel_sha256)?;
        writeln!(f, "  command line {}", self.command_line)?;
        let Sizes { root, bill_of_materials, verity_tree, kernel, free } = &self.sizes;
        let rows = [
            ("root file system, compressed", *root as u64),
            ("bill of materials", *bill_of_materials as u64),
            ("verity tree", *verity_tree as u64),
            ("kernel, compressed", *kernel as u64),
        ];
        writeln!(f, "  what fills it")?;
        for (what, bytes) in rows.into_iter().chain(free.map(|free| ("free", free))) {
            writeln!(f, "    {:>10}  {what}", Size(bytes))?;
        }
        if self.components.is_empty() {
            return writeln!(f, "  it has no list of what it is made of");
        }
        writeln!(f, "  what it is made of, with the bytes of files in the root before compression")?;
        let width = |of: fn(&Component) -> &str| self.components.iter().map(|c| of(c).len()).max().unwrap_or(0);
        let (name, version) = (width(|component| &component.name), width(|component| &component.version));
        for component in &self.components {
            let bytes = component.bytes.map(|bytes| Size(bytes).to_string()).unwrap_or_default();
            writeln!(
                f,
                "    {bytes:>10}  {:<name$}  {:<version$}  {}",
                component.name,
                component.version,
                component.licenses.join(", ")
            )?;
        }
        Ok(())
    }
}
