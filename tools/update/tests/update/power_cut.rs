// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Whatever a power cut during an installation leaves, the old version boots or the new one.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;

use bundle::Manifest;
use layout::{Record, HEADER_LEN};
use powercut::{Event, Judge, Log, Random, Verdict};
use update::{write, Control, Storage};

use crate::fixture::{bundle, key, ROOM};

const BOOTCTL: usize = 0;
const SLOTS: [usize; 2] = [8192, 8192 + ROOM];
/// Random choices of writes before each flush.
const CHOICES: usize = 60;

/// A disk, and what happened to it.
struct Disk {
    bytes: Vec<u8>,
    log: Log,
}

/// A partition of it.
struct Partition<'a> {
    disk: &'a RefCell<Disk>,
    offset: usize,
    len: usize,
}

impl Storage for Partition<'_> {
    fn size(&mut self) -> io::Result<u64> {
        Ok(self.len as u64)
    }

    fn read(&mut self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        let at = self.offset + offset as usize;
        bytes.copy_from_slice(&self.disk.borrow().bytes[at..at + bytes.len()]);
        Ok(())
    }

    fn write(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let at = self.offset + offset as usize;
        let mut disk = self.disk.borrow_mut();
        disk.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        disk.log.0.push(Event::Write { offset: at as u64, bytes: bytes.to_vec() });
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disk.borrow_mut().log.0.push(Event::Flush);
        Ok(())
    }

    fn forget(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Who installs a bundle in slot B.
type Updater = fn(&Manifest, &mut &[u8], &mut dyn Storage, &mut Control);

fn ours(manifest: &Manifest, from: &mut &[u8], slot: &mut dyn Storage, control: &mut Control) {
    write(manifest, from, slot, control, 1, &key()).expect("installed");
}

/// As ours, in an order that looks as good.
fn header_first(manifest: &Manifest, from: &mut &[u8], slot: &mut dyn Storage, control: &mut Control) {
    slot.write((ROOM - HEADER_LEN) as u64, manifest.block()).expect("written");
    control.change(|record| record.try_next(1)).expect("written");
    let mut at = 0;
    let put = |piece: &[u8]| {
        slot.write(at, piece)?;
        at += piece.len() as u64;
        Ok(())
    };
    manifest.body(from, put).expect("written");
    slot.sync().expect("synced");
}

/// A disk with version 1.0 in slot A, which runs, and 0.9 in slot B, which ran before; and what `updater`
/// does to it when it gets version 2.0.
fn update(updater: Updater) -> (Vec<u8>, Log) {
    let mut bytes = vec![0; SLOTS[1] + ROOM];
    let mut record = Record::first(1);
    record.prefer(0);
    record.confirm(0);
    bytes[BOOTCTL..][..512].copy_from_slice(&record.encode());
    for (slot, version) in SLOTS.into_iter().zip(["1.0", "0.9"]) {
        let bundle = bundle("x86_64", version, 5);
        let (header, body) = bundle.split_at(HEADER_LEN);
        bytes[slot..][..body.len()].copy_from_slice(body);
        bytes[slot + ROOM - HEADER_LEN..][..HEADER_LEN].copy_from_slice(header);
    }
    let before = bytes.clone();
    let disk = RefCell::new(Disk { bytes, log: Log::default() });
    let mut slot = Partition { disk: &disk, offset: SLOTS[1], len: ROOM };
    let mut bootctl = Partition { disk: &disk, offset: BOOTCTL, len: 8192 };
    let bundle = bundle("x86_64", "2.0", 5);
    let mut from = &bundle[..];
    let manifest = Manifest::receive(&mut from, &key()).expect("a manifest");
    updater(&manifest, &mut from, &mut slot, &mut Control::open(&mut bootctl, 0).expect("a record"));
    (before, disk.into_inner().log)
}

/// What becomes of every state, and of how many.
fn verdicts((mut disk, log): (Vec<u8>, Log)) -> BTreeMap<String, usize> {
    let judge = Judge::new(key(), BOOTCTL, SLOTS.map(|slot| slot..slot + ROOM));
    let mut verdicts = BTreeMap::new();
    log.states(&mut disk, CHOICES, &mut Random::new(1), |disk, _| {
        *verdicts.entry(format!("{:?}", judge.judge(disk))).or_insert(0) += 1;
    });
    assert_eq!(judge.judge(&disk), Verdict::Boots("2.0".into()), "it is not installed");
    verdicts
}

#[test]
fn every_state_that_a_power_cut_leaves_boots_a_whole_version() {
    let verdicts = verdicts(update(ours));
    assert_eq!(verdicts.keys().collect::<Vec<_>>(), ["Boots(\"1.0\")", "Boots(\"2.0\")"], "{verdicts:?}");
    assert!(verdicts.values().sum::<usize>() > 5 * CHOICES, "{verdicts:?}");
}

#[test]
fn an_updater_that_does_not_wait_for_the_disk_is_found_out() {
    let (disk, log) = update(ours);
    let verdicts = verdicts((disk, log.unflushed()));
    assert!(verdicts.contains_key("Broken(\"2.0\")"), "{verdicts:?}");
}

#[test]
fn an_updater_that_writes_the_header_first_is_found_out() {
    let verdicts = verdicts(update(header_first));
    assert!(verdicts.contains_key("Broken(\"2.0\")"), "{verdicts:?}");
}
