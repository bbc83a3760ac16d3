// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Archives (cpio, newc) without what differs each time one is made: the guest reads an archive
//! number by number when it boots, and does what it does then so many instructions later.
//!
//! Format: the kernel's Documentation/driver-api/early-userspace/buffer-format.rst.

use anyhow::{ensure, Context, Result};
use std::collections::HashMap;

const MAGIC: &[u8] = b"070701";
/// The magic and 13 numbers of eight hexadecimal digits.
const HEADER: usize = 110;
const INODE: usize = 0;
const MODIFIED: usize = 5;
const SIZE: usize = 6;
const DEVICE: [usize; 2] = [7, 8];
const NAME_SIZE: usize = 11;
/// What names, and contents, are filled up to a multiple of.
const ALIGNMENT: usize = 4;

/// Numbers the inodes in their order, from `first` on, sets the times to 0 and the devices to 0:0;
/// returns the next number. Links stay links.
///
/// # Errors
///
/// It is no archive, or cut short; the place is named.
pub fn normalize(archive: &mut [u8], first: u32) -> Result<u32> {
    let mut numbers = HashMap::new();
    let mut next = first;
    let mut at = 0;
    while archive.len() - at >= HEADER {
        let header = &mut archive[at..at + HEADER];
        if header[0] == 0 {
            break; // What fills the last block.
        }
        ensure!(header.starts_with(MAGIC), "no entry of an archive at byte {at}");
        let read = |field| number(header, field).with_context(|| format!("no number at byte {}", at + place(field)));
        let file = (read(INODE)?, read(DEVICE[0])?, read(DEVICE[1])?);
        let (name, size) = (read(NAME_SIZE)? as usize, read(SIZE)? as usize);
        let inode = *numbers.entry(file).or_insert_with(|| {
            next += 1;
            next - 1
        });
        for (field, value) in [(INODE, inode), (MODIFIED, 0), (DEVICE[0], 0), (DEVICE[1], 0)] {
            header[place(field)..][..8].copy_from_slice(format!("{value:08X}").as_bytes());
        }
        at = (at + HEADER + name).next_multiple_of(ALIGNMENT) + size.next_multiple_of(ALIGNMENT);
        ensure!(at <= archive.len(), "an archive is cut short at byte {}", archive.len());
    }
    Ok(next)
}

/// Where a number is in a header.
fn place(field: usize) -> usize {
    MAGIC.len() + 8 * field
}

fn number(header: &[u8], field: usize) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(&header[place(field)..][..8]).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry with this inode and time, on that device.
    fn entry(inode: u32, modified: u32, device: u32, name: &str, content: &str) -> Vec<u8> {
        let mut entry = MAGIC.to_vec();
        let name = format!("{name}\0");
        let sizes = [content.len() as u32, 0, device, 0, 0, name.len() as u32, 0];
        for number in [inode, 0o100644, 0, 0, 2, modified].into_iter().chain(sizes) {
            entry.extend(format!("{number:08x}").bytes());
        }
        for part in [name, content.to_owned()] {
            entry.extend(part.bytes());
            entry.resize(entry.len().next_multiple_of(ALIGNMENT), 0);
        }
        entry
    }

    #[test]
    fn archives_of_the_same_files_become_the_same() {
        let made = |base: u32, time, device| {
            let mut archive = entry(base + 7, time, device, "one", "1");
            archive.extend(entry(base + 3, time + 1, device, "two", "two's content"));
            archive.extend(entry(base + 7, time, device, "a link to one", "1"));
            archive.extend([0; 512]);
            assert_eq!(normalize(&mut archive, 5).expect("an archive"), 7);
            archive
        };
        assert_eq!(made(0, 0, 0), made(0xffff_0000, 1_700_000_000, 254));
        let inode = |at: usize| number(&made(0, 0, 0)[at..at + HEADER], INODE);
        let second = entry(0, 0, 0, "one", "1").len();
        let third = second + entry(0, 0, 0, "two", "two's content").len();
        assert_eq!((inode(0), inode(second), inode(third)), (Some(5), Some(6), Some(5)));
    }

    #[test]
    fn what_is_damaged_is_refused_by_its_place() {
        let good = [entry(1, 2, 3, "one", "1"), entry(2, 2, 3, "two", "2")].concat();
        let second = good.len() / 2;
        let refusal = |at: usize, byte: u8| {
            let mut bad = good.clone();
            bad[at] = byte;
            format!("{:#}", normalize(&mut bad, 0).expect_err("a refusal"))
        };
        assert_eq!(refusal(second, b'9'), format!("no entry of an archive at byte {second}"));
        assert_eq!(refusal(second + place(SIZE), b'x'), format!("no number at byte {}", second + place(SIZE)));
        assert!(refusal(second + place(SIZE), b'7').contains("cut short"));
    }
}
