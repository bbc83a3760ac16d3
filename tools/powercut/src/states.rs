// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a power cut may leave.

use std::fmt;

use crate::{Event, Log};

const SECTOR: usize = 512;

/// Numbers that look random, the same ones for a seed each time.
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        // SplitMix64: a counter, well stirred.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}

/// A moment at which power is cut, and what the disk kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// So many of the log's events had happened.
    pub events: usize,
    /// Which choice of what was not flushed the disk kept, by number; none if it kept all of that.
    pub choice: Option<usize>,
    /// How many sectors of the next write it kept, too, if that was torn.
    pub sectors: Option<usize>,
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "event {}", self.events)?;
        self.choice.map_or(Ok(()), |choice| write!(f, ", choice {choice}"))?;
        self.sectors.map_or(Ok(()), |sectors| write!(f, " and {sectors} sectors of the next"))
    }
}

impl Log {
    /// Shows `see` what a power cut may leave of `disk`: after every write what was written so far, and
    /// before every flush `choices` random choices of what was written since the last, in any order and torn.
    /// `disk` is as the last write left it when this returns.
    pub fn states(&self, disk: &mut [u8], choices: usize, random: &mut Random, mut see: impl FnMut(&[u8], Cut)) {
        see(disk, Cut { events: 0, choice: None, sectors: None });
        let mut pending: Vec<(usize, &[u8])> = Vec::new();
        let mut before: Vec<(usize, Vec<u8>)> = Vec::new();
        for (number, event) in self.0.iter().enumerate() {
            match event {
                Event::Write { offset, bytes } => {
                    let offset = *offset as usize;
                    before.push((offset, disk[offset..offset + bytes.len()].to_vec()));
                    disk[offset..offset + bytes.len()].copy_from_slice(bytes);
                    pending.push((offset, bytes));
                    see(disk, Cut { events: number + 1, choice: None, sectors: None });
                }
                Event::Flush => {
                    // Back to what the disk is sure to have.
                    for (offset, bytes) in before.drain(..).rev() {
                        disk[offset..offset + bytes.len()].copy_from_slice(&bytes);
                    }
                    for choice in (0..choices).filter(|_| !pending.is_empty()) {
                        let undo = choose(disk, &pending, random);
                        see(disk, Cut { events: number, choice: Some(choice), sectors: None });
                        for (offset, bytes) in undo.into_iter().rev() {
                            disk[offset..offset + bytes.len()].copy_from_slice(&bytes);
                        }
                    }
                    for (offset, bytes) in pending.drain(..) {
                        disk[offset..offset + bytes.len()].copy_from_slice(bytes);
                    }
                }
            }
        }
    }

    /// Shows `see` what a power cut may leave of `disk` in the midst of each write, everything before that being there: some
    /// of its sectors from the first on, and then those from the last on, each number of them.
    pub fn torn(&self, disk: &mut [u8], mut see: impl FnMut(&[u8], Cut)) {
        for (number, event) in self.0.iter().enumerate() {
            let Event::Write { offset, bytes } = event else { continue };
            let offset = *offset as usize;
            let before = disk[offset..offset + bytes.len()].to_vec();
            let all: Vec<_> = (0..bytes.len()).step_by(SECTOR).map(|at| at..(at + SECTOR).min(bytes.len())).collect();
            let order = [all.clone(), all.into_iter().rev().collect()];
            for sectors in order {
                disk[offset..offset + bytes.len()].copy_from_slice(&before);
                for (count, sector) in sectors.iter().enumerate() {
                    disk[offset..][sector.clone()].copy_from_slice(&bytes[sector.clone()]);
                    if count + 1 < sectors.len() {
                        see(disk, Cut { events: number, choice: None, sectors: Some(count + 1) });
                    }
                }
            }
        }
    }

    /// Shows `see` some of what a power cut may leave of `disk` if nobody tells it to keep anything: the last writes
    /// without those before them, and all writes but one; until `see` has an answer, which it returns.
    pub fn without_flushes<T>(&self, disk: &[u8], mut see: impl FnMut(&[u8], Cut) -> Option<T>) -> Option<T> {
        let writes = self.0.iter().enumerate().filter_map(|(number, event)| match event {
            Event::Write { offset, bytes } => Some((number, *offset as usize, bytes)),
            Event::Flush => None,
        });
        let mut late = disk.to_vec();
        for (number, offset, bytes) in writes.clone().rev() {
            late[offset..offset + bytes.len()].copy_from_slice(bytes);
            if let Some(answer) = see(&late, Cut { events: number, choice: None, sectors: None }) {
                return Some(answer);
            }
        }
        writes.clone().find_map(|(lost, ..)| {
            let mut disk = disk.to_vec();
            for (_, offset, bytes) in writes.clone().filter(|(number, ..)| *number != lost) {
                disk[offset..offset + bytes.len()].copy_from_slice(bytes);
            }
            see(&disk, Cut { events: lost, choice: None, sectors: None })
        })
    }
}

/// Writes some of `pending` in some order, some of them in part: what was there before.
fn choose(disk: &mut [u8], pending: &[(usize, &[u8])], random: &mut Random) -> Vec<(usize, Vec<u8>)> {
    let mut order: Vec<_> = pending.to_vec();
    for i in (1..order.len()).rev() {
        order.swap(i, random.below(i + 1));
    }
    let mut undo = Vec::new();
    // The more are missing in a choice, the fewer are in another.
    let odds = 1 + random.below(9);
    for (offset, bytes) in order {
        let sectors = bytes.len().div_ceil(SECTOR);
        let (from, to) = match random.below(10) {
            lost if lost < odds => continue,
            torn if torn % 3 == 0 => {
                let (a, b) = (random.below(sectors + 1), random.below(sectors + 1));
                (a.min(b) * SECTOR, (a.max(b) * SECTOR).min(bytes.len()))
            }
            _ => (0, bytes.len()),
        };
        undo.push((offset + from, disk[offset + from..offset + to].to_vec()));
        disk[offset + from..offset + to].copy_from_slice(&bytes[from..to]);
    }
    undo
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn without_flushes_the_last_may_be_there_first_and_any_may_be_lost() {
        let write = |byte| Event::Write { offset: u64::from(byte), bytes: vec![byte] };
        let log = Log(vec![write(1), Event::Flush, write(2), Event::Flush, write(3)]);
        let mut seen = Vec::new();
        let none: Option<()> = log.without_flushes(&[0; 4], |disk, _| {
            seen.push(disk[1..].to_vec());
            None
        });
        assert!(none.is_none());
        assert_eq!(seen, [[0, 0, 3], [0, 2, 3], [1, 2, 3], [0, 2, 3], [1, 0, 3], [1, 2, 0]]);
        assert_eq!(log.without_flushes(&[0; 4], |disk, cut| (disk[2] == 2).then_some(cut.events)), Some(2));
    }

    #[test]
    fn a_write_is_torn_behind_each_sector_from_both_ends() {
        let bytes = [[1; SECTOR], [2; SECTOR], [3; SECTOR]].concat();
        let log = Log(vec![Event::Write { offset: 512, bytes: vec![9; SECTOR] }, Event::Write { offset: 512, bytes }]);
        let (mut disk, mut seen) = (vec![0; 4 * SECTOR], Vec::new());
        log.torn(&mut disk, |disk, cut| {
            seen.push([disk[SECTOR], disk[2 * SECTOR], disk[3 * SECTOR]]);
            assert_eq!((cut.events, cut.choice), (1, None));
        });
        assert_eq!(seen, [[1, 0, 0], [1, 2, 0], [9, 0, 3], [9, 2, 3]]);
        assert_eq!(disk, [[0; SECTOR], [1; SECTOR], [2; SECTOR], [3; SECTOR]].concat());
    }

    #[test]
    fn a_flush_keeps_what_is_before_it_and_nothing_else_is_sure() {
        let write = |offset: usize, byte| Event::Write { offset: offset as u64, bytes: vec![byte; 2 * SECTOR] };
        let log = Log(vec![write(0, 1), Event::Flush, write(0, 2), write(1024, 3), Event::Flush]);
        let mut seen = BTreeSet::new();
        let mut disk = vec![0; 4 * SECTOR];
        log.states(&mut disk, 200, &mut Random::new(1), |disk, _| {
            seen.insert([disk[0], disk[SECTOR], disk[2 * SECTOR], disk[3 * SECTOR]]);
        });
        assert_eq!(disk[..], [vec![2; 1024], vec![3; 1024]].concat());
        for state in [[0, 0, 0, 0], [0, 1, 0, 0], [1, 1, 0, 0], [1, 1, 3, 3], [2, 1, 0, 3], [2, 2, 3, 3]] {
            assert!(seen.contains(&state), "{state:?} may be, and was not seen: {seen:?}");
        }
        assert!(!seen.iter().any(|[a, b, c, d]| (a.min(b) == &0) && c + d > 0), "lost after a flush: {seen:?}");
    }
}
