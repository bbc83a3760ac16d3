// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A router in a folder: slot A runs, slot B is empty; and bundles for it.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;

use image::{Key, Parts, Profile, Release, Slot};
use layout::{Record, Whole, COPY_STRIDE, HEADER_LEN};
use tempfile::TempDir;
use update::{Checks, Router};

const PROFILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../images/profiles/x86_64.yaml");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../images/keys/development.seed");
/// Bytes of a slot.
pub const ROOM: usize = 1 << 20;
/// Blocks of every root, and bytes of every kernel.
pub const ROOT: usize = 130 * 4096;
const KERNEL: usize = 70_001;

pub struct Fixture {
    folder: TempDir,
}

impl Fixture {
    /// Slot A has version 1.0, with rollback index 5.
    pub fn new() -> Fixture {
        let fixture = Fixture { folder: tempfile::tempdir().expect("a folder") };
        let root = fixture.root();
        let disk = root.join("sys/devices/pci0/block/vda");
        for (number, name, len) in [(2, "bootctl", 8192), (3, "slot_a", ROOM), (4, "slot_b", ROOM), (5, "data", 0)] {
            let entry = disk.join(format!("vda{number}"));
            write(&entry.join("uevent"), format!("MAJOR=254\nDEVNAME=vda{number}\nPARTNAME={name}\n").as_bytes());
            write(&root.join(format!("dev/vda{number}")), &vec![0; len]);
        }
        fixture.runs(0);
        write(&root.join("etc/lunagate/update.key"), &Key::open(Path::new(KEY)).expect("a key").public());
        fs::create_dir_all(root.join("etc/health.d")).expect("a folder");
        let (slot, router) = (slot("x86_64", "1.0", 5), fixture.router());
        let mut contents = slot.body;
        contents.resize(ROOM - HEADER_LEN, 0);
        contents.extend(slot.header);
        write(&router.slots[0], &contents);
        let mut records = vec![0; 8192];
        for copy in 0..2 {
            let record = Record { sequence: copy + 1, ..Record::first(0) }.encode();
            records[(copy * COPY_STRIDE) as usize..][..record.len()].copy_from_slice(&record);
        }
        write(&router.bootctl, &records);
        fixture
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn router(&self) -> Router {
        Router::find(self.root()).expect("a router")
    }

    pub fn checks(&self) -> Checks {
        Checks::of(self.root())
    }

    /// Adds a check, a shell script.
    pub fn check(&self, name: &str, script: &str) {
        write(&self.root().join("etc/health.d").join(name), script.as_bytes());
    }

    /// The boot has ended in this way.
    pub fn booted(&self, how: &str) {
        write(&self.root().join("run/lunagate/boot"), how.as_bytes());
    }

    /// The router restarts: the loader decides what runs now.
    pub fn restart(&self) -> usize {
        self.restart_after(false)
    }

    /// As [`restart`](Self::restart), where the kernel may have `panicked`.
    pub fn restart_after(&self, panicked: bool) -> usize {
        let router = self.router();
        let mut bootctl = File::options().read(true).write(true).open(&router.bootctl).expect("records");
        let mut control = update::Control::open(&mut bootctl, 0).expect("records");
        let whole = |slot: usize| {
            let contents = fs::read(&router.slots[slot]).expect("a slot");
            let header = contents[ROOM - HEADER_LEN..].try_into().expect("a block");
            let manifest = bundle::Manifest::read(header, &router.key).ok()?;
            manifest.body(&mut &contents[..], |_| Ok(())).ok()?;
            Some(Whole { rollback: manifest.product.rollback, contents: () })
        };
        let decision = layout::decide(Some(*control.record()), panicked, whole).expect("something boots");
        control.change(|record| *record = decision.record).expect("written");
        self.runs(decision.slot);
        decision.slot
    }

    /// The root's device is this slot's.
    fn runs(&self, slot: usize) {
        let slaves = self.root().join("sys/block/dm-0/slaves");
        let _ = fs::remove_dir_all(&slaves);
        fs::create_dir_all(&slaves).expect("a folder");
        let name = ["vda3", "vda4"][slot];
        symlink(format!("../../../devices/pci0/block/vda/{name}"), slaves.join(name)).expect("a link");
    }
}

/// A bundle for devices of a kind, of a version.
pub fn bundle(kind: &str, version: &str, rollback: u32) -> Vec<u8> {
    let slot = slot(kind, version, rollback);
    [slot.header, slot.body].concat()
}

fn slot(kind: &str, version: &str, rollback: u32) -> Slot {
    let mut profile = Profile::open(Path::new(PROFILE)).expect("a profile");
    profile.name = kind.to_owned();
    let release = Release { version: version.to_owned(), rollback };
    let noise = |seed: u32, len: usize| -> Vec<u8> {
        let seed = seed.wrapping_add(version.bytes().map(u32::from).sum());
        (0..len as u32).map(|i| (i.wrapping_add(seed).wrapping_mul(2_654_435_761) >> 24) as u8).collect()
    };
    let parts = Parts {
        root: noise(1, ROOT),
        kernel: noise(2, KERNEL),
        inventory: String::new(),
        key: Key::open(Path::new(KEY)).expect("a key"),
    };
    Slot::new(&profile, &release, &parts).expect("a slot")
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, bytes).expect("written");
}

/// Who signs, for those who verify.
pub fn key() -> [u8; 32] {
    Key::open(Path::new(KEY)).expect("a key").public()
}
