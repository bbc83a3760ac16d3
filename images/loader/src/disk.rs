// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Disks and their partitions, over the firmware's block protocol.

use alloc::{string::String, vec, vec::Vec};
use uefi::boot::{self, AllocateType, MemoryType, OpenProtocolAttributes, OpenProtocolParams, ScopedProtocol};
use uefi::proto::media::block::BlockIO;
use uefi::Handle;

/// Bytes per request: some firmware dislikes huge ones.
const PIECE: usize = 1 << 20;

/// A whole disk.
pub struct Disk {
    io: ScopedProtocol<BlockIO>,
    media: u32,
    block: usize,
    /// Page-aligned, because U-Boot wants aligned buffers.
    bounce: &'static mut [u8],
}

/// A partition's place on its disk.
#[derive(Clone)]
pub struct Partition {
    /// Its name in the partition table.
    pub name: String,
    /// Byte offset on the disk.
    pub offset: u64,
    /// Bytes.
    pub len: u64,
}

impl Disk {
    /// Opens the disk behind `handle`; `None` for partitions and empty drives.
    pub fn open(handle: Handle) -> Option<Self> {
        let params = OpenProtocolParams { handle, agent: boot::image_handle(), controller: None };
        // SAFETY: not exclusive, because that would disconnect the firmware's own file system
        // drivers; nothing else writes this disk while we run, and the handle stays valid.
        let io = unsafe { boot::open_protocol::<BlockIO>(params, OpenProtocolAttributes::GetProtocol) }.ok()?;
        let (media, block, whole) = {
            let m = io.media();
            (m.media_id(), m.block_size() as usize, !m.is_logical_partition() && m.is_media_present())
        };
        if !whole || !matches!(block, 512 | 4096) {
            return None;
        }
        let pages = boot::allocate_pages(AllocateType::AnyPages, MemoryType::LOADER_DATA, PIECE / 4096).ok()?;
        // SAFETY: the firmware just gave us these pages, and they are never freed.
        let bounce = unsafe { core::slice::from_raw_parts_mut(pages.as_ptr(), PIECE) };
        Some(Disk { io, media, block, bounce })
    }

    /// `len` bytes from `offset`, a multiple of the block size.
    pub fn read(&mut self, offset: u64, len: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; len.checked_next_multiple_of(self.block)?];
        let mut block = offset / self.block as u64;
        for piece in bytes.chunks_mut(PIECE) {
            let bounce = self.bounce.get_mut(..piece.len())?;
            self.io.read_blocks(self.media, block, bounce).ok()?;
            piece.copy_from_slice(bounce);
            block += (PIECE / self.block) as u64;
        }
        bytes.truncate(len);
        Some(bytes)
    }

    /// Writes one block that begins with `bytes`, and waits until the disk has it.
    pub fn write_block(&mut self, offset: u64, bytes: &[u8]) -> Option<()> {
        let bounce = self.bounce.get_mut(..self.block)?;
        bounce.fill(0);
        bounce.get_mut(..bytes.len())?.copy_from_slice(bytes);
        self.io.write_blocks(self.media, offset / self.block as u64, bounce).ok()?;
        self.io.flush_blocks().ok()
    }

    /// The partitions of a GPT disk.
    pub fn partitions(&mut self) -> Option<Vec<Partition>> {
        let block = self.block as u64;
        let header = self.read(block, self.block)?;
        if header.get(..8)? != b"EFI PART" {
            return None;
        }
        let (count, size) = (word(&header, 80)?.min(128) as usize, word(&header, 84)? as usize);
        if !(128..=1024).contains(&size) {
            return None;
        }
        let table = self.read(long(&header, 72)?.checked_mul(block)?, count * size)?;
        let used = table.chunks_exact(size).filter(|entry| entry[..16] != [0; 16]);
        used.map(|entry| {
            let (first, last) = (long(entry, 32)?, long(entry, 40)?);
            Some(Partition {
                name: entry[56..128].chunks(2).map(|c| c[0] as char).take_while(|&c| c != '\0').collect(),
                offset: first.checked_mul(block)?,
                len: last.checked_sub(first)?.checked_add(1)?.checked_mul(block)?,
            })
        })
        .collect()
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}
