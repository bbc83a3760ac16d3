// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The hash tree of the kernel's dm-verity target, version 1, SHA-256, without salt or
//! superblock (Documentation/admin-guide/device-mapper/verity.rst of the kernel).

use sha2::{Digest, Sha256};

/// Bytes of a block of data, and of a block of hashes.
pub const BLOCK: usize = 4096;
/// Bytes of a hash.
pub const HASH: usize = 32;

/// A tree over some blocks.
pub struct Tree {
    /// Its blocks, as they follow the data: the top level first, the leaves last.
    pub blocks: Vec<u8>,
    /// The hash of the top block, which vouches for all data.
    pub root: [u8; HASH],
}

impl Tree {
    /// The tree over `data`, whose length must be a multiple of [`BLOCK`], not zero.
    pub fn new(data: &[u8]) -> Tree {
        debug_assert!(!data.is_empty() && data.len().is_multiple_of(BLOCK));
        Tree::over(data.chunks(BLOCK).flat_map(Sha256::digest).collect())
    }

    /// The tree over blocks with these hashes, one after the other.
    pub fn over(mut hashes_of_data: Vec<u8>) -> Tree {
        fill_up(&mut hashes_of_data);
        let mut levels = vec![hashes_of_data];
        while let Some(lowest) = levels.last().filter(|level| level.len() > BLOCK) {
            let level = hashes(lowest);
            levels.push(level);
        }
        let root = levels.last().map_or([0; HASH], |top| Sha256::digest(top).into());
        Tree { blocks: levels.into_iter().rev().flatten().collect(), root }
    }
}

/// Bytes of the tree over so many blocks.
pub fn tree_len(blocks: usize) -> usize {
    let (mut len, mut below) = (0, blocks);
    loop {
        below = below.div_ceil(BLOCK / HASH);
        len += below * BLOCK;
        if below <= 1 {
            return len;
        }
    }
}

/// The hash of each block, filled up to whole blocks.
fn hashes(data: &[u8]) -> Vec<u8> {
    let mut level: Vec<u8> = data.chunks(BLOCK).flat_map(Sha256::digest).collect();
    fill_up(&mut level);
    level
}

fn fill_up(level: &mut Vec<u8>) {
    level.resize(level.len().next_multiple_of(BLOCK), 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_block_has_a_tree_of_one_block() {
        let tree = Tree::new(&[7; BLOCK]);
        let mut expected = Sha256::digest([7; BLOCK]).to_vec();
        expected.resize(BLOCK, 0);
        assert_eq!(tree.blocks, expected);
        assert_eq!(tree.root[..], Sha256::digest(&expected)[..]);
    }

    #[test]
    fn levels_stand_from_the_top_to_the_leaves() {
        // 129 blocks: two blocks of leaves, one above them.
        let mut data = vec![0; 129 * BLOCK];
        data[128 * BLOCK] = 1;
        let tree = Tree::new(&data);
        assert_eq!(tree.blocks.len(), 3 * BLOCK);
        let (top, leaves) = tree.blocks.split_at(BLOCK);
        assert_eq!(top[..HASH], Sha256::digest(&leaves[..BLOCK])[..]);
        assert_eq!(top[HASH..2 * HASH], Sha256::digest(&leaves[BLOCK..])[..]);
        assert_eq!(leaves[BLOCK..BLOCK + HASH], Sha256::digest(&data[128 * BLOCK..])[..]);
        assert_eq!(tree.root[..], Sha256::digest(top)[..]);
    }

    #[test]
    fn the_length_is_known_beforehand() {
        for blocks in [1, 2, 128, 129, 3022, 16384, 16385] {
            assert_eq!(Tree::over(vec![1; blocks * HASH]).blocks.len(), tree_len(blocks), "{blocks} blocks");
        }
    }

    #[test]
    fn any_changed_block_changes_the_root() {
        let data = vec![0; 300 * BLOCK];
        let root = Tree::new(&data).root;
        for block in [0, 127, 128, 299] {
            let mut changed = data.clone();
            changed[block * BLOCK + 4095] ^= 0x80;
            assert_ne!(Tree::new(&changed).root, root, "block {block}");
        }
    }
}
