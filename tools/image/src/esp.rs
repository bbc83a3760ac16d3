// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The EFI system partition: a FAT with the loader alone.  Nothing ever writes it again.

use std::io::{self, Cursor, Write};

use fatfs::{FileSystem, FormatVolumeOptions, FsOptions};

use crate::{Error, Profile};

/// The bytes of the partition.
///
/// # Errors
///
/// [`Error::Room`], [`Error::Format`].
pub(crate) fn esp(profile: &Profile, loader: &[u8]) -> Result<Vec<u8>, Error> {
    let room = profile.partitions.esp;
    // Half a MiB is more than the tables of a small FAT take.
    let taken = loader.len() as u64 + (1 << 19);
    if taken > room {
        let way_out = "make 'esp' of the profile larger";
        return Err(Error::Room { what: "the loader with its file system", taken, room, way_out });
    }
    format(profile, loader).map_err(|source| Error::Format { what: "the EFI system partition", source })
}

fn format(profile: &Profile, loader: &[u8]) -> io::Result<Vec<u8>> {
    // Files carry no time of their making: fatfs has no clock here.
    let mut bytes = vec![0; profile.partitions.esp as usize];
    let options = FormatVolumeOptions::new().volume_id(0x4c47_4553).volume_label(*b"LUNAGATE   ");
    fatfs::format_volume(Cursor::new(&mut bytes), options)?;
    let volume = FileSystem::new(Cursor::new(&mut bytes), FsOptions::new())?;
    let folder = volume.root_dir().create_dir("EFI")?.create_dir("BOOT")?;
    let mut file = folder.create_file(profile.architecture.loader_name())?;
    file.write_all(loader)?;
    file.flush()?;
    drop(file);
    drop(folder);
    volume.unmount()?;
    Ok(bytes)
}
