// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The contents of a slot.

use std::io::Write;
use std::path::Path;

use bundle::verity::{Tree, BLOCK};
use bundle::Table;
use layout::{Header, HEADER_LEN};
use sha2::{Digest, Sha256};

use crate::{inventory, Error, Parts, Profile, Release};

/// A slot as it stands on the disk: `body` from its beginning, `header` in its last block.
pub struct Slot {
    /// Root, bill of materials, verity tree and kernel, the former ones filled up to whole blocks.
    pub body: Vec<u8>,
    /// The signed header.
    pub header: Vec<u8>,
    /// Bytes of the bill of materials.
    pub inventory: usize,
    /// Bytes of the verity tree.
    pub tree: usize,
}

impl Slot {
    /// Puts the parts together.
    ///
    /// # Errors
    ///
    /// [`Error::Room`], [`Error::CommandLine`].
    pub fn new(profile: &Profile, release: &Release, parts: &Parts) -> Result<Slot, Error> {
        let mut body = parts.root.clone();
        body.resize(body.len().next_multiple_of(BLOCK), 0);
        let inventory = inventory::blocks(&parts.inventory);
        body.extend_from_slice(&inventory);
        let data_blocks = body.len() / BLOCK;
        let tree = Tree::new(&body);
        body.extend_from_slice(&tree.blocks);
        let kernel_offset = body.len();
        body.extend_from_slice(&parts.kernel);

        let taken = (body.len() + HEADER_LEN) as u64;
        if taken > profile.partitions.slot {
            let way_out = "make 'slot' of the profile larger, or the root smaller (sizes.txt says what fills it)";
            return Err(Error::Room { what: "the slot", taken, room: profile.partitions.slot, way_out });
        }
        let table = Table { blocks: data_blocks, root: tree.root };
        let command_line = format!("{} {}", profile.command_line(), table.words());
        let header = Header {
            // The check above keeps them below the slot's size; slots are below 4 GiB.
            kernel_offset: u32::try_from(kernel_offset).map_err(|_| too_large(taken))?,
            kernel_len: u32::try_from(parts.kernel.len()).map_err(|_| too_large(taken))?,
            kernel_sha256: Sha256::digest(&parts.kernel).into(),
            rollback: release.rollback,
            compatibility: &profile.name,
            version: &release.version,
            cmdline: &command_line,
        };
        // The names fit, or there were no profile and no release.
        let mut header = header.encode().ok_or(Error::CommandLine(command_line.len()))?.to_vec();
        let signature = parts.key.sign(&header);
        header.extend_from_slice(&signature);
        Ok(Slot { body, header, inventory: inventory.len(), tree: tree.blocks.len() })
    }

    /// Writes a bundle, which carries this to a router that runs; the file appears when it is whole.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    pub fn write_bundle(&self, path: &Path) -> Result<(), Error> {
        Ok(files::save(path, |file| {
            file.write_all(&self.header)?;
            file.write_all(&self.body)
        })?)
    }
}

fn too_large(taken: u64) -> Error {
    let way_out = "a slot's header counts in 32 bits";
    Error::Room { what: "the slot", taken, room: u64::from(u32::MAX), way_out }
}
