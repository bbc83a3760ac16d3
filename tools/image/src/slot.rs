// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The contents of a slot.

use std::fmt::Write;

use layout::{Header, HEADER_LEN, SLOT_LETTER};
use sha2::{Digest, Sha256};

use crate::verity::{Tree, BLOCK};
use crate::{Error, Parts, Profile};

/// A slot as it stands on the disk: `body` from its beginning, `header` in its last block.
pub struct Slot {
    /// Root, verity tree and kernel, each from a whole block on.
    pub body: Vec<u8>,
    /// The signed header.
    pub header: Vec<u8>,
    /// Bytes of the verity tree.
    pub tree: usize,
    /// What the header says to the kernel.
    pub command_line: String,
}

impl Slot {
    /// Puts the parts together.
    ///
    /// # Errors
    ///
    /// [`Error::Room`], [`Error::CommandLine`].
    pub fn new(profile: &Profile, parts: &Parts) -> Result<Slot, Error> {
        let mut body = parts.root.clone();
        pad(&mut body);
        let data_blocks = body.len() / BLOCK;
        let tree = Tree::new(&body);
        body.extend_from_slice(&tree.blocks);
        let kernel_offset = body.len();
        body.extend_from_slice(&parts.kernel);
        pad(&mut body);

        let taken = (body.len() + HEADER_LEN) as u64;
        if taken > profile.partitions.slot {
            let way_out = "make 'slot' of the profile larger, or the root smaller (sizes.txt says what fills it)";
            return Err(Error::Room { what: "the slot", taken, room: profile.partitions.slot, way_out });
        }
        let command_line = command_line(profile, data_blocks, &tree.root);
        let header = Header {
            // The check above keeps them below the slot's size; slots are below 4 GiB.
            kernel_offset: u32::try_from(kernel_offset).map_err(|_| too_large(taken))?,
            kernel_len: u32::try_from(parts.kernel.len()).map_err(|_| too_large(taken))?,
            kernel_sha256: Sha256::digest(&parts.kernel).into(),
            cmdline: &command_line,
        };
        let mut header = header.encode().ok_or(Error::CommandLine(command_line.len()))?.to_vec();
        let signature = parts.key.sign(&header);
        header.extend_from_slice(&signature);
        Ok(Slot { body, header, tree: tree.blocks.len(), command_line })
    }
}

fn too_large(taken: u64) -> Error {
    let way_out = "a slot's header counts in 32 bits";
    Error::Room { what: "the slot", taken, room: u64::from(u32::MAX), way_out }
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
}

/// The device's own, then the root: a verity device over the slot, which the kernel makes by
/// itself (dm-init) and panics on rather than read a corrupt block.
fn command_line(profile: &Profile, blocks: usize, root: &[u8; 32]) -> String {
    let slot = format!("PARTLABEL=slot_{SLOT_LETTER}");
    let mut hash = String::with_capacity(64);
    for byte in root {
        // Writing to a String does not fail.
        let _ = write!(hash, "{byte:02x}");
    }
    format!(
        "{common} slot={SLOT_LETTER} dm-mod.waitfor={slot} dm-mod.create=\"root,,,ro,0 {sectors} verity 1 {slot} {slot} \
         {BLOCK} {BLOCK} {blocks} {blocks} sha256 {hash} - 1 panic_on_corruption\" root=/dev/dm-0 ro init=/init",
        common = profile.command_line(),
        sectors = blocks * (BLOCK / 512),
    )
}
