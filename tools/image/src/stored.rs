// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Images and bundles, read back.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use bundle::verity::BLOCK;
use bundle::{Manifest, Table};
use fatfs::{FileSystem, FsOptions};
use gpt::GptConfig;
use layout::{Header, Record, BOOTCTL, COPY_STRIDE, HEADER_LEN, MAGIC, PARTITIONS, RECORD_LEN, SLOTS};

use crate::{inventory, Architecture, Error, PublicKey};

/// What carries a system.
pub struct Stored {
    /// The file.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: u64,
    /// What a disk has beside its slots; `None` for a bundle.
    pub disk: Option<Disk>,
    /// Slots A and B of a disk; a bundle has one.
    pub slots: Vec<Contents>,
}

/// What a disk has beside its slots.
pub struct Disk {
    /// Its partitions, in the order of their numbers.
    pub partitions: Vec<Partition>,
    /// What the firmware starts, if it is there.
    pub loader: Option<Vec<u8>>,
    /// Both copies of the boot record; `None` for one that is not whole.
    pub records: [Option<Record>; 2],
}

/// A partition of a disk.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Partition {
    /// Its name.
    pub name: String,
    /// Where it begins, in bytes.
    pub start: u64,
    /// Its bytes.
    pub bytes: u64,
}

/// What a slot, or a bundle, holds; not to be believed before [`Contents::verify`].
pub struct Contents {
    /// Bytes of a slot; a bundle has no more than it needs.
    pub room: Option<u64>,
    /// The header's block; `None` for an empty slot.
    block: Option<[u8; HEADER_LEN]>,
    /// What stands before the header in a slot, and behind it in a bundle.
    body: Vec<u8>,
}

/// Larger slots and loaders' partitions are slips of the pen; they are read into memory.
const LARGEST: u64 = 1 << 30;

impl Stored {
    /// Reads an image, or a disk that has one, or a bundle.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::Stored`] for what is neither.
    pub fn open(path: &Path) -> Result<Stored, Error> {
        let mut file = File::open(path).map_err(files::Error::reading(path))?;
        let mut read = || {
            let bytes = file.seek(SeekFrom::End(0))?;
            let mut begin = [0; 520];
            file.rewind()?;
            let begins = file.read_exact(&mut begin).is_ok();
            file.rewind()?;
            std::io::Result::Ok((bytes, begins, begin))
        };
        let (bytes, begins, begin) = read().map_err(files::Error::reading(path))?;
        let stored = |disk, slots| Ok(Stored { path: path.to_owned(), bytes, disk, slots });
        if begins && begin.starts_with(MAGIC) {
            let contents = Contents::bundle(&files::read(path)?);
            return stored(None, vec![contents]);
        }
        if !begins || !begin.ends_with(b"EFI PART") {
            return Err(wrong(
                path,
                "this is neither an image nor a bundle: the build leaves lunagate-PROFILE.img and .bundle",
            ));
        }
        let (disk, slots) = Disk::read(path, &mut file)?;
        stored(Some(disk), slots)
    }
}

impl Disk {
    /// The boot record that counts.
    #[must_use]
    pub fn newest(&self) -> Option<Record> {
        self.records.into_iter().flatten().max_by_key(|record| record.sequence)
    }

    fn read(path: &Path, file: &mut File) -> Result<(Disk, Vec<Contents>), Error> {
        let table = GptConfig::new().open_from_device(&mut *file);
        let table = table.map_err(|error| wrong(path, &format!("its partition table is damaged ({error})")))?;
        let partitions = table.partitions().values().map(|partition| Partition {
            name: partition.name.clone(),
            start: partition.first_lba * 512,
            bytes: (partition.last_lba + 1).saturating_sub(partition.first_lba) * 512,
        });
        let partitions: Vec<_> = partitions.collect();
        drop(table);
        let mut partition = |name: &str| {
            let Some(place) = partitions.iter().find(|partition| partition.name == name) else {
                return Err(wrong(path, &format!("it has no partition '{name}': it is no disk of a router")));
            };
            if place.bytes > LARGEST {
                return Err(wrong(path, &format!("its partition '{name}' has {} bytes", place.bytes)));
            }
            let mut bytes = Vec::new();
            let read =
                file.seek(SeekFrom::Start(place.start)).and_then(|_| file.take(place.bytes).read_to_end(&mut bytes));
            read.map_err(files::Error::reading(path))?;
            if (bytes.len() as u64) < place.bytes {
                return Err(wrong(path, &format!("it ends within its partition '{name}': get it again")));
            }
            Ok(bytes)
        };
        let loader = loader(partition(PARTITIONS[0])?);
        let bootctl = partition(BOOTCTL)?;
        let copy = |at: usize| bootctl.get(at..at + RECORD_LEN).and_then(Record::decode);
        let records = [copy(0), copy(COPY_STRIDE as usize)];
        let slots = [partition(SLOTS[0])?, partition(SLOTS[1])?].into_iter().map(Contents::slot).collect();
        Ok((Disk { partitions, loader, records }, slots))
    }
}

/// What the firmware of one architecture or the other starts.
fn loader(esp: Vec<u8>) -> Option<Vec<u8>> {
    let volume = FileSystem::new(Cursor::new(esp), FsOptions::new()).ok()?;
    let folder = volume.root_dir().open_dir("EFI/BOOT").ok()?;
    Architecture::ALL.into_iter().find_map(|architecture| {
        let mut bytes = Vec::new();
        folder.open_file(architecture.loader_name()).ok()?.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    })
}

impl Contents {
    fn slot(mut body: Vec<u8>) -> Contents {
        let room = Some(body.len() as u64);
        let block = body.split_off(body.len().saturating_sub(HEADER_LEN)).try_into().ok();
        let block = block.filter(|block: &[u8; HEADER_LEN]| block.iter().any(|byte| *byte != 0));
        Contents { room, block, body }
    }

    fn bundle(bytes: &[u8]) -> Contents {
        let (block, body) = bytes.split_at(bytes.len().min(HEADER_LEN));
        Contents { room: None, block: block.try_into().ok(), body: body.to_vec() }
    }

    /// Whether nothing was ever put there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.block.is_none()
    }

    /// The header, believed or not.
    #[must_use]
    pub fn header(&self) -> Option<Header<'_>> {
        self.block.as_ref().and_then(|block| Header::decode(block))
    }

    /// The signed block.
    #[must_use]
    pub fn block(&self) -> Option<&[u8; HEADER_LEN]> {
        self.block.as_ref()
    }

    /// The key of these that signed it.
    #[must_use]
    pub fn signer<'a>(&self, keys: &'a [PublicKey]) -> Option<&'a PublicKey> {
        let block = self.block.as_ref()?;
        // Of others, nothing after the signature was looked at.
        let signed =
            |key: &&PublicKey| matches!(Manifest::read(block, key.bytes()), Ok(_) | Err(bundle::Problem::Manifest(_)));
        keys.iter().find(signed)
    }

    /// Whether all of it is what the header says, which `key` must have signed.
    ///
    /// # Errors
    ///
    /// What is wrong.
    pub fn verify(&self, key: &PublicKey) -> Result<Manifest, bundle::Problem> {
        let block = self.block.as_ref().ok_or(bundle::Problem::NoManifest)?;
        let manifest = Manifest::read(block, key.bytes())?;
        manifest.body(&mut &*self.body, |_| Ok(()))?;
        if self.room.is_none() && self.body.len() > manifest.body_len() {
            return Err(bundle::Problem::Long);
        }
        Ok(manifest)
    }

    /// The root of a header's tree of hashes, and how many blocks it has.
    #[must_use]
    pub fn table(&self) -> Option<Table> {
        Table::read(self.header()?.cmdline)
    }

    /// The root file system, and the text of the inventory behind it, empty if there is none.
    ///
    /// # Errors
    ///
    /// [`Error::File`]: what is behind it is no inventory.
    pub fn root(&self, path: &Path) -> Result<(&[u8], &str), Error> {
        let len = self.table().map_or(0, |table| table.blocks.saturating_mul(BLOCK));
        let area = self.body.get(..len).unwrap_or_default();
        Ok(inventory::split(area).map_err(files::Error::says(path))?)
    }

    /// The kernel.
    #[must_use]
    pub fn kernel(&self) -> &[u8] {
        let place = |header: Header| {
            let start = header.kernel_offset as usize;
            self.body.get(start..start.checked_add(header.kernel_len as usize)?)
        };
        self.header().and_then(place).unwrap_or_default()
    }
}

fn wrong(path: &Path, why: &str) -> Error {
    Error::Stored { path: path.to_owned(), why: why.to_owned() }
}
