// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The words of a kernel's command line by which it makes a verified root device of a slot.

use std::fmt::Write;

use layout::SLOT_LETTER;

use crate::verity::{BLOCK, HASH};

/// What the kernel's dm-verity target needs to know of a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Blocks of the root; its tree follows them.
    pub blocks: usize,
    /// The hash of the tree's top block.
    pub root: [u8; HASH],
}

impl Table {
    /// The words: the kernel makes the device by itself (dm-init) and panics on rather than
    /// read a corrupt block.
    pub fn words(&self) -> String {
        let slot = format!("PARTLABEL=slot_{SLOT_LETTER}");
        let mut hash = String::with_capacity(2 * HASH);
        for byte in self.root {
            // Writing to a String does not fail.
            let _ = write!(hash, "{byte:02x}");
        }
        let (blocks, sectors) = (self.blocks, self.blocks * (BLOCK / 512));
        format!(
            "slot={SLOT_LETTER} dm-mod.waitfor={slot} dm-mod.create=\"root,,,ro,0 {sectors} verity 1 {slot} {slot} \
             {BLOCK} {BLOCK} {blocks} {blocks} sha256 {hash} - 1 panic_on_corruption\" root=/dev/dm-0 ro init=/init"
        )
    }

    /// Reads what [`words`](Self::words) wrote, wherever it stands in a command line.
    pub fn read(command_line: &str) -> Option<Table> {
        let (before, after) = command_line.split_once(" sha256 ")?;
        let digits = after.get(..2 * HASH)?;
        let mut root = [0; HASH];
        for (i, byte) in root.iter_mut().enumerate() {
            *byte = u8::from_str_radix(digits.get(2 * i..2 * i + 2)?, 16).ok()?;
        }
        let table = Table { blocks: before.rsplit(' ').next()?.parse().ok()?, root };
        // Whatever else it says, the kernel would do, and this would not know.
        command_line.contains(&table.words()).then_some(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_survives_the_command_line() {
        let table = Table { blocks: 3022, root: std::array::from_fn(|i| i as u8 * 7) };
        let line = format!("console=ttyS0 panic=1 {} quiet", table.words());
        assert_eq!(Table::read(&line), Some(table));
        assert_eq!(Table::read(&line.replace(" verity 1 ", " linear 1 ")), None);
        assert_eq!(Table::read(&line.replace("3022 sha256", "3023 sha256")), None);
        assert_eq!(Table::read("console=ttyS0"), None);
    }
}
