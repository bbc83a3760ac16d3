// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a signed header says, believed.

use std::io::{self, Read};

use ed25519_compact::{PublicKey, Signature};
use layout::{Header, HEADER_LEN, MAGIC, SIGNED_LEN};
use sha2::{Digest, Sha256};

use crate::verity::{self, Tree, BLOCK};
use crate::{Problem, Table};

/// Bytes that are handed on at once: whole blocks.
const PIECE: usize = 64 * BLOCK;

/// A device's kind, and what is on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The kind of device: its profile's name.
    pub compatibility: String,
    /// The version.
    pub version: String,
    /// Grows when older versions must not come back.
    pub rollback: u32,
}

/// A header whose signature holds, and which fits together.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// What it is, and for which device.
    pub product: Product,
    /// How the kernel verifies the root.
    pub table: Table,
    /// Bytes of root and tree, after which the kernel stands.
    kernel_offset: usize,
    kernel_len: usize,
    kernel_sha256: [u8; 32],
    block: Vec<u8>,
}

impl Manifest {
    /// Reads the first or last block of something, which `key` must have signed.
    ///
    /// # Errors
    ///
    /// [`Problem::NoManifest`], [`Problem::Signature`], [`Problem::Manifest`].
    pub fn read(block: &[u8; HEADER_LEN], key: &[u8; 32]) -> Result<Manifest, Problem> {
        if !block.starts_with(MAGIC) {
            return Err(Problem::NoManifest);
        }
        let (signed, signature) = block.split_at(SIGNED_LEN);
        Signature::from_slice(signature)
            .and_then(|signature| PublicKey::new(*key).verify(signed, &signature))
            .map_err(|_| Problem::Signature)?;
        let header = Header::decode(signed).ok_or(Problem::Manifest("it is no header"))?;
        let table = Table::read(header.cmdline).ok_or(Problem::Manifest("its command line names no verified root"))?;
        let kernel_offset = header.kernel_offset as usize;
        let root = table.blocks.checked_mul(BLOCK);
        if root.and_then(|root| root.checked_add(verity::tree_len(table.blocks))) != Some(kernel_offset) {
            return Err(Problem::Manifest("the kernel does not follow root and tree"));
        }
        Ok(Manifest {
            product: Product {
                compatibility: header.compatibility.to_owned(),
                version: header.version.to_owned(),
                rollback: header.rollback,
            },
            table,
            kernel_offset,
            kernel_len: header.kernel_len as usize,
            kernel_sha256: header.kernel_sha256,
            block: block.to_vec(),
        })
    }

    /// Reads a bundle's first block.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read), and [`Problem::Short`], [`Problem::Read`].
    pub fn receive(from: &mut impl Read, key: &[u8; 32]) -> Result<Manifest, Problem> {
        let mut block = [0; HEADER_LEN];
        fill(from, &mut block, "the manifest")?;
        Manifest::read(&block, key)
    }

    /// The signed block, as it stands in a slot's end and a bundle's beginning.
    pub fn block(&self) -> &[u8] {
        &self.block
    }

    /// Bytes of root, tree and kernel.
    pub fn body_len(&self) -> usize {
        self.kernel_offset + self.kernel_len
    }

    /// Whether the kernel in `body` is the manifest's, which is what the loader asks.
    pub fn kernel_is(&self, body: &[u8]) -> bool {
        let kernel = body.get(self.kernel_offset..self.body_len());
        kernel.is_some_and(|kernel| Sha256::digest(kernel)[..] == self.kernel_sha256)
    }

    /// Reads root, tree and kernel from `from`, hands each piece to `to`, and says whether they are those of
    /// the manifest.  Until it has said so, what `to` got is not to be believed.
    ///
    /// # Errors
    ///
    /// [`Problem::Short`], [`Problem::Changed`], [`Problem::Read`], [`Problem::Write`].
    pub fn body(&self, from: &mut impl Read, mut to: impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), Problem> {
        let mut leaves = Vec::with_capacity(verity::tree_len(self.table.blocks));
        pieces(from, self.table.blocks * BLOCK, "the root file system", &mut to, |piece| {
            leaves.extend(piece.chunks(BLOCK).flat_map(Sha256::digest));
        })?;
        let tree = Tree::over(leaves);
        if tree.root != self.table.root {
            return Err(Problem::Changed("the root file system"));
        }
        let mut expected = &tree.blocks[..];
        let mut same = true;
        pieces(from, tree.blocks.len(), "the root's tree of hashes", &mut to, |piece| {
            let (here, after) = expected.split_at(piece.len());
            same &= piece == here;
            expected = after;
        })?;
        if !same {
            return Err(Problem::Changed("the root's tree of hashes"));
        }
        let mut hash = Sha256::new();
        pieces(from, self.kernel_len, "the kernel", &mut to, |piece| hash.update(piece))?;
        if hash.finalize()[..] != self.kernel_sha256 {
            return Err(Problem::Changed("the kernel"));
        }
        Ok(())
    }
}

/// Reads `len` bytes in pieces, shows each to `look`, and hands it to `to`.
fn pieces(
    from: &mut impl Read,
    len: usize,
    part: &'static str,
    to: &mut impl FnMut(&[u8]) -> io::Result<()>,
    mut look: impl FnMut(&[u8]),
) -> Result<(), Problem> {
    let mut bytes = vec![0; PIECE];
    let mut left = len;
    while left > 0 {
        let piece = &mut bytes[..left.min(PIECE)];
        fill(from, piece, part)?;
        look(piece);
        to(piece).map_err(|source| Problem::Write { part, source })?;
        left -= piece.len();
    }
    Ok(())
}

fn fill(from: &mut impl Read, bytes: &mut [u8], part: &'static str) -> Result<(), Problem> {
    from.read_exact(bytes).map_err(|source| match source.kind() {
        io::ErrorKind::UnexpectedEof => Problem::Short(part),
        _ => Problem::Read { part, source },
    })
}
