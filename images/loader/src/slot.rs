// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A slot's kernel, believed only after its signature and its hash.

use crate::disk::{Disk, Partition};
use alloc::{string::String, vec::Vec};
use ed25519_compact::{PublicKey, Signature};
use layout::{Header, HEADER_LEN, SIGNED_LEN, SLOT_LETTER};
use sha2::{Digest, Sha256};

/// Who may sign a slot; the image build puts the key there.
const KEY: &[u8; 32] = include_bytes!(env!("LUNAGATE_PUBLIC_KEY"));

/// What boots.
pub struct Slot {
    /// The kernel, an EFI program.
    pub kernel: Vec<u8>,
    /// Its command line.
    pub cmdline: String,
    /// Its rollback index.
    pub rollback: u32,
}

/// Reads and checks the slot in `partition`; `letter` names it in the command line.
pub fn read(disk: &mut Disk, partition: &Partition, letter: &str) -> Result<Slot, &'static str> {
    let at = partition.len.checked_sub(HEADER_LEN as u64).ok_or("too small")?;
    let block = disk.read(partition.offset + at, HEADER_LEN).ok_or("cannot read its header")?;
    let (signed, signature) = block.split_at(SIGNED_LEN);
    let signature = Signature::from_slice(signature).map_err(|_| "no signature")?;
    PublicKey::new(*KEY).verify(signed, &signature).map_err(|_| "bad signature")?;
    let header = Header::decode(signed).ok_or("bad header")?;
    if u64::from(header.kernel_offset) + u64::from(header.kernel_len) > at {
        return Err("kernel outside of the slot");
    }
    let kernel = disk
        .read(partition.offset + u64::from(header.kernel_offset), header.kernel_len as usize)
        .ok_or("cannot read its kernel")?;
    if Sha256::digest(&kernel)[..] != header.kernel_sha256 {
        return Err("bad kernel");
    }
    Ok(Slot { kernel, cmdline: header.cmdline.replace(SLOT_LETTER, letter), rollback: header.rollback })
}
