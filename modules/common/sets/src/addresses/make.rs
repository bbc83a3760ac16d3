// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Making a set of addresses, in memory that the caller brings.

use super::{Fields, MOST_BITS};
use crate::file::{Header, Kind, CHECKSUM, HEADER, LONGEST, LONGEST_NOTES};
use crate::prefix::{Family, Prefix};
use crate::xxh64;

/// A prefix with its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// The prefix.
    pub prefix: Prefix,
    /// What the set says of addresses that begin with it and with no longer one.
    pub label: u64,
}

/// A prefix is there twice, with different labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Twice(pub Prefix);

/// What a set will be, before there is memory for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    fields: Fields,
    header: Header,
}

impl Plan {
    /// Sorts the members, and puts their different labels, sorted, to the beginning of `labels`,
    /// which has a place for each member. `None` if the file would be too long.
    ///
    /// # Errors
    ///
    /// Members contradict each other.
    pub fn new(members: &mut [Member], labels: &mut [u64], notes: usize) -> Result<Option<Plan>, Twice> {
        heap_sort(members);
        for pair in members.windows(2) {
            if let [a, b] = pair {
                if a.prefix == b.prefix && a.label != b.label {
                    return Err(Twice(a.prefix));
                }
            }
        }
        for (label, member) in labels.iter_mut().zip(members.iter()) {
            *label = member.label;
        }
        heap_sort(labels);
        let count = distinct(labels);
        let mut fields = Fields { labels: 0, width: 1, widths: [0; 3], bits: [0; 3], starts: [0; 3] };
        fields.labels = match u32::try_from(count) {
            Ok(count) => count,
            Err(_) => return Ok(None),
        };
        fields.width = match count {
            0..=0xff => 1,
            0x100..=0xffff => 2,
            _ => 4,
        };
        for (place, family) in Family::ALL.into_iter().enumerate() {
            let (mut starts, mut low) = (0u64, 0);
            each_start(of(members, family), |start, _| {
                starts += 1;
                low |= start as u64;
            });
            let starts = u32::try_from(starts).unwrap_or(u32::MAX);
            if starts == 0 {
                continue;
            }
            let width = match family {
                Family::V4 => 4,
                Family::V6 if low != 0 => 16,
                _ => 8,
            };
            for (to, from) in [(&mut fields.widths, width), (&mut fields.bits, (starts.ilog2() as u8).min(MOST_BITS))] {
                if let Some(to) = to.get_mut(place) {
                    *to = from;
                }
            }
            if let Some(to) = fields.starts.get_mut(place) {
                *to = starts;
            }
        }
        let Some((_, end)) = fields.tables() else { return Ok(None) };
        let length = end + (notes + CHECKSUM) as u64;
        if length > LONGEST || notes > LONGEST_NOTES {
            return Ok(None);
        }
        let repeated = members.windows(2).filter(|pair| matches!(pair, [a, b] if a == b)).count();
        let header = Header { kind: Kind::Addresses, length, count: (members.len() - repeated) as u64, notes };
        Ok(Some(Plan { fields, header }))
    }

    /// Bytes of the file.
    pub fn size(&self) -> usize {
        self.header.length as usize
    }

    /// Writes the file to `out`, which has [`Plan::size`] bytes, from what [`Plan::new`] was
    /// given. `None` if that is not so.
    pub fn write(&self, members: &[Member], labels: &[u64], notes: &[u8], out: &mut [u8]) -> Option<()> {
        let labels = labels.get(..self.fields.labels as usize)?;
        let (tables, end) = self.fields.tables()?;
        if out.len() != self.size() {
            return None;
        }
        put(out, 0, &self.header.write())?;
        put(out, HEADER / 2, &self.fields.write())?;
        for (place, label) in labels.iter().enumerate() {
            put(out, HEADER + place * 8, &label.to_le_bytes())?;
        }
        for (table, family) in tables.iter().zip(Family::ALL).filter(|(table, _)| table.starts != 0) {
            let (mut slot, mut position, mut done) = (0, 0, Some(()));
            // The entries of the index up to a slot's: so many starts are before them.
            let mut index = |out: &mut [u8], last: usize, starts: usize| {
                while slot <= last {
                    put(out, table.index_at + slot * 4, &(starts as u32).to_le_bytes())?;
                    slot += 1;
                }
                Some(())
            };
            each_start(of(members, family), |start, label| {
                let number = label.map_or(0, |label| labels.partition_point(|other| *other < label) + 1).to_le_bytes();
                let mut columns = || {
                    index(out, table.slot((start >> 64) as u64), position)?;
                    let start = start.to_le_bytes();
                    put(out, table.starts_at + position * table.width, start.get(start.len() - table.width..)?)?;
                    let width = usize::from(self.fields.width);
                    put(out, table.numbers_at + position * width, number.get(..width)?)
                };
                done = done.and_then(|()| columns());
                position += 1;
            });
            done?;
            index(out, 1 << table.bits, position)?;
        }
        put(out, end as usize, notes)?;
        let (rest, checksum) = out.split_last_chunk_mut::<CHECKSUM>()?;
        *checksum = xxh64(rest).to_le_bytes();
        Some(())
    }
}

/// Sorts without stack and without recursion, which `sort_unstable` takes kilobytes of.
fn heap_sort<T: Ord>(items: &mut [T]) {
    for end in (1..=items.len()).rev() {
        // At first each that has children finds its place in the heap.
        if end == items.len() {
            (0..end / 2).rev().for_each(|root| sink(items, root));
        }
        items.swap(0, end - 1);
        if let Some(heap) = items.get_mut(..end - 1) {
            sink(heap, 0);
        }
    }
}

/// Swaps an item of a heap with the largest of its children until it is not below one.
fn sink<T: Ord>(heap: &mut [T], mut root: usize) {
    loop {
        let mut largest = root;
        for child in [2 * root + 1, 2 * root + 2] {
            if heap.get(child) > heap.get(largest) {
                largest = child;
            }
        }
        if largest == root {
            return;
        }
        heap.swap(root, largest);
        root = largest;
    }
}

fn put(out: &mut [u8], at: usize, bytes: &[u8]) -> Option<()> {
    out.get_mut(at..)?.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(())
}

/// Moves each value that differs from the one before to the front, and counts them.
fn distinct(sorted: &mut [u64]) -> usize {
    let mut count = 0;
    for at in 0..sorted.len() {
        if count == 0 || sorted.get(count - 1) != sorted.get(at) {
            sorted.swap(count, at);
            count += 1;
        }
    }
    count
}

/// The members of one family.
fn of(members: &[Member], family: Family) -> &[Member] {
    let from = members.partition_point(|member| member.prefix.family < family);
    let to = members.partition_point(|member| member.prefix.family <= family);
    members.get(from..to).unwrap_or(&[])
}

/// Calls `emit` with each place where the label changes, in ascending order, the first address
/// first, and the label from there on. The members are sorted, of one family.
fn each_start(members: &[Member], emit: impl FnMut(u128, Option<u64>)) {
    if members.is_empty() {
        return;
    }
    let mut sweep = Sweep { members, open: [0; 129], depth: 0, change: (0, None), last: None, emit };
    for (place, member) in members.iter().enumerate() {
        if sweep.top() == Some(member) {
            continue;
        }
        sweep.close(Some(member.prefix.bits));
        sweep.change(member.prefix.bits, Some(member.label));
        if let Some(top) = sweep.open.get_mut(sweep.depth) {
            *top = place as u32;
            sweep.depth += 1;
        }
    }
    sweep.close(None);
    sweep.flush();
}

/// A walk over prefixes from the lowest address to the highest.
struct Sweep<'a, F> {
    members: &'a [Member],
    /// The members that the address at hand begins with, by their places: each is longer than
    /// the one before it, so there are at most as many as lengths.
    open: [u32; 129],
    depth: usize,
    /// The last change, which another at the same address may still replace.
    change: (u128, Option<u64>),
    /// The label of the last change that was emitted.
    last: Option<Option<u64>>,
    emit: F,
}

impl<F: FnMut(u128, Option<u64>)> Sweep<'_, F> {
    fn top(&self) -> Option<&Member> {
        self.members.get(*self.open.get(self.depth.checked_sub(1)?)? as usize)
    }

    /// Ends the members that end before an address, or all.
    fn close(&mut self, address: Option<u128>) {
        while let Some(last) = self.top().map(|member| member.prefix.last()) {
            if address.is_some_and(|address| last >= address) {
                return;
            }
            self.depth -= 1;
            if let Some(next) = last.checked_add(1) {
                self.change(next, self.top().map(|member| member.label));
            }
        }
    }

    fn change(&mut self, start: u128, label: Option<u64>) {
        if self.change.0 != start {
            self.flush();
        }
        self.change = (start, label);
    }

    fn flush(&mut self) {
        let (start, label) = self.change;
        if self.last != Some(label) {
            self.last = Some(label);
            (self.emit)(start, label);
        }
    }
}
