// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The disk: a GPT, and what stands in its partitions.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use gpt::disk::LogicalBlockSize;
use gpt::mbr::ProtectiveMBR;
use gpt::partition::Partition;
use gpt::partition_types::{self, Type};
use gpt::GptConfig;
use layout::{Record, COPY_STRIDE, HEADER_LEN, PARTITIONS};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::esp::esp;
use crate::profile::ALIGNMENT;
use crate::{Error, Profile, Slot};

const SECTOR: u64 = 512;

/// Writes the disk with `loader` and `slot` to `path`; the file appears when it is whole.
///
/// # Errors
///
/// [`Error::Room`], [`Error::Format`], [`Error::File`].
pub fn write(profile: &Profile, loader: &[u8], slot: &Slot, path: &Path) -> Result<(), Error> {
    let esp = esp(profile, loader)?;
    Ok(files::save(path, |file| fill(profile, &esp, slot, file))?)
}

fn fill(profile: &Profile, esp: &[u8], slot: &Slot, file: &mut File) -> io::Result<()> {
    let places = places(profile);
    let end = places.last().map_or(0, |place| place.start + place.len);
    // After the last partition the table stands once more.
    file.set_len(end + ALIGNMENT)?;
    table(profile, &places, file)?;

    let [esp_place, bootctl, slot_a, ..] = &places;
    let mut put = |at: u64, bytes: &[u8]| {
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)
    };
    put(esp_place.start, esp)?;
    for copy in 0..2 {
        let record = Record { sequence: copy + 1, ..Record::first(0) };
        put(bootctl.start + copy * COPY_STRIDE, &record.encode())?;
    }
    put(slot_a.start, &slot.body)?;
    put(slot_a.start + slot_a.len - HEADER_LEN as u64, &slot.header)
}

/// Where a partition is, in bytes.
struct Place {
    kind: Type,
    start: u64,
    len: u64,
}

fn places(profile: &Profile) -> [Place; PARTITIONS.len()] {
    let sizes = profile.partitions;
    let mut start = 0;
    let mut next = ALIGNMENT;
    [
        (partition_types::EFI, sizes.esp),
        (partition_types::LINUX_FS, sizes.bootctl),
        (partition_types::LINUX_FS, sizes.slot),
        (partition_types::LINUX_FS, sizes.slot),
        (partition_types::LINUX_FS, sizes.data),
    ]
    .map(|(kind, len)| {
        (start, next) = (next, next + len);
        Place { kind, start, len }
    })
}

fn table(profile: &Profile, places: &[Place], file: &mut File) -> io::Result<()> {
    let sectors = file.metadata()?.len() / SECTOR;
    let protective = u32::try_from(sectors - 1).unwrap_or(u32::MAX);
    ProtectiveMBR::with_lb_size(protective).overwrite_lba0(file).map_err(io::Error::other)?;
    let partitions = PARTITIONS.iter().zip(places).zip(1..).map(|((name, place), number)| {
        let partition = Partition {
            part_type_guid: place.kind.clone(),
            part_guid: identity(profile, name),
            first_lba: place.start / SECTOR,
            last_lba: (place.start + place.len) / SECTOR - 1,
            flags: 0,
            name: (*name).to_owned(),
        };
        (number, partition)
    });
    let config = GptConfig::new().writable(true).logical_block_size(LogicalBlockSize::Lb512);
    let mut table = config.create_from_device(file, Some(identity(profile, "disk"))).map_err(io::Error::other)?;
    table.update_partitions(partitions.collect::<BTreeMap<_, _>>()).map_err(io::Error::other)?;
    table.write().map_err(io::Error::other)?;
    Ok(())
}

/// A GUID that depends on names only: equal profiles make equal disks.
fn identity(profile: &Profile, name: &str) -> Uuid {
    let digest = Sha256::digest(format!("lunagate {} {name}", profile.name));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
