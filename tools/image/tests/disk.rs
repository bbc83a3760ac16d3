// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Disks, read back as the loader and the kernel read them.

mod profiles;

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use bundle::verity::{Tree, BLOCK};
use ed25519_compact::{PublicKey, Signature};
use image::{disk, loader, report, Architecture, Parts, Profile, Release, Slot};
use layout::{newest, Header, Record, BOOTCTL, COPY_STRIDE, HEADER_LEN, PARTITIONS, SIGNED_LEN, SLOTS};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const RELEASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../images/release.yaml");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../images/keys/development.seed");

/// A folder with parts of made-up contents.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let noise = |magic: &[u8], len: usize| -> Vec<u8> {
        magic.iter().copied().chain((0..len as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)).collect()
    };
    let program = program(Architecture::X86_64);
    for (name, magic, len) in
        [("root", &b"hsqs"[..], 2_000_000), ("kernel", &program, 700_001), ("loader", &program, 90_000)]
    {
        fs::write(folder.path().join(name), noise(magic, len)).expect("written");
    }
    folder
}

/// As much of an EFI program as says for whom it is.
fn program(architecture: Architecture) -> Vec<u8> {
    let mut header = b"MZ".to_vec();
    header.resize(0x3c, 0);
    header.extend(0x80u32.to_le_bytes());
    header.resize(0x80, 0);
    header.extend(b"PE\0\0");
    header.extend(architecture.machine().to_le_bytes());
    header
}

fn parts(folder: &Path) -> Parts {
    let file = |name| folder.join(name);
    Parts::open(&file("root"), &file("kernel"), Path::new(KEY), Architecture::X86_64).expect("good parts")
}

fn release() -> Release {
    Release::open(Path::new(RELEASE)).expect("a good release")
}

fn profile() -> Profile {
    Profile::open(&profiles::path("x86_64")).expect("a good profile")
}

fn build(folder: &Path, name: &str) -> Vec<u8> {
    let (profile, parts) = (profile(), parts(folder));
    let slot = Slot::new(&profile, &release(), &parts).expect("a slot");
    let path = folder.join(name);
    let loader = loader(&folder.join("loader"), profile.architecture).expect("a loader");
    disk::write(&profile, &loader, &slot, &path).expect("a disk");
    fs::read(path).expect("the disk")
}

/// The bytes of a partition.
fn partition<'a>(disk: &'a [u8], name: &str) -> &'a [u8] {
    let table = gpt::GptConfig::new().open_from_device(Cursor::new(disk.to_vec())).expect("a table");
    let found = table.partitions().values().find(|partition| partition.name == name).expect("the partition");
    &disk[found.first_lba as usize * 512..(found.last_lba as usize + 1) * 512]
}

#[test]
fn the_partitions_are_those_of_the_layout_in_its_order() {
    let folder = folder();
    let disk = build(folder.path(), "disk");
    let table = gpt::GptConfig::new().open_from_device(Cursor::new(disk)).expect("a table");
    let names: Vec<_> = table.partitions().values().map(|partition| partition.name.as_str()).collect();
    assert_eq!(names, PARTITIONS);
    assert!(table.partitions().values().all(|partition| partition.first_lba % 2048 == 0));
}

#[test]
fn the_slot_is_signed_and_its_kernel_whole() {
    let folder = folder();
    let disk = build(folder.path(), "disk");
    let slot = partition(&disk, SLOTS[0]);
    let (signed, signature) = slot[slot.len() - HEADER_LEN..].split_at(SIGNED_LEN);
    let signature = Signature::from_slice(signature).expect("a signature");
    let public = PublicKey::new(parts(folder.path()).key.public());
    public.verify(signed, &signature).expect("the signature holds");
    let header = Header::decode(signed).expect("a header");
    let kernel = &slot[header.kernel_offset as usize..][..header.kernel_len as usize];
    assert_eq!(kernel, fs::read(folder.path().join("kernel")).expect("the kernel"));
    assert_eq!(header.kernel_sha256[..], Sha256::digest(kernel)[..]);
}

#[test]
fn the_command_line_names_the_tree_that_covers_the_root() {
    let folder = folder();
    let disk = build(folder.path(), "disk");
    let slot = partition(&disk, SLOTS[0]);
    let header = Header::decode(&slot[slot.len() - HEADER_LEN..]).expect("a header");
    let words: Vec<_> = header.cmdline.split_whitespace().collect();
    let after = |word: &str| words[words.iter().position(|w| *w == word).expect(word) + 1];
    let blocks: usize =
        words[words.iter().position(|w| *w == "sha256").expect("sha256") - 1].parse().expect("a number");
    let tree = Tree::new(&slot[..blocks * BLOCK]);
    let root: String = tree.root.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(after("sha256"), root);
    assert_eq!(&slot[blocks * BLOCK..][..tree.blocks.len()], tree.blocks, "the tree follows the root");
    assert!(slot.starts_with(&fs::read(folder.path().join("root")).expect("the root")));
    assert!(header.cmdline.contains(&format!("root,,,ro,0 {} verity 1 PARTLABEL=slot_@", blocks * 8)));
}

#[test]
fn the_first_record_boots_slot_a_and_nothing_is_in_slot_b() {
    let folder = folder();
    let disk = build(folder.path(), "disk");
    let bootctl = partition(&disk, BOOTCTL);
    let copies = [bootctl, &bootctl[COPY_STRIDE as usize..]];
    assert!(copies.iter().all(|copy| Record::decode(copy).is_some()));
    let (_, record) = newest(copies).expect("a record");
    assert_eq!(record.order()[0], 0);
    assert!(record.slots[0].confirmed && !record.bootable(1));
    assert!(partition(&disk, SLOTS[1]).iter().all(|byte| *byte == 0));
    assert!(partition(&disk, "data").iter().all(|byte| *byte == 0), "the router formats blank data only");
}

#[test]
fn firmware_finds_the_loader() {
    let folder = folder();
    let disk = build(folder.path(), "disk");
    let volume = Cursor::new(partition(&disk, "esp").to_vec());
    let volume = fatfs::FileSystem::new(volume, fatfs::FsOptions::new()).expect("a FAT");
    let mut loader = Vec::new();
    let mut file = volume.root_dir().open_file("EFI/BOOT/BOOTX64.EFI").expect("the loader's place");
    file.read_to_end(&mut loader).expect("the loader");
    assert_eq!(loader, fs::read(folder.path().join("loader")).expect("the loader"));
}

#[test]
fn equal_parts_make_equal_disks() {
    let folder = folder();
    assert_eq!(build(folder.path(), "one"), build(folder.path(), "two"));
}

#[test]
fn parts_beyond_the_budget_or_the_slot_are_refused_with_numbers() {
    let folder = folder();
    let parts = parts(folder.path());
    let mut profile = profile();
    let slot = Slot::new(&profile, &release(), &parts).expect("a slot");
    let loader = loader(&folder.path().join("loader"), profile.architecture).expect("a loader");
    profile.flash = 1 << 20;
    let error = report(&profile, &parts, &loader, &slot, "").expect_err("over the budget").to_string();
    assert!(
        error.starts_with("the image takes ") && error.contains("1048576 are there: leave something out"),
        "{error}"
    );
    profile.partitions.slot = 2 << 20;
    let error = Slot::new(&profile, &release(), &parts).map(|_| ()).expect_err("too large").to_string();
    assert!(error.starts_with("the slot takes ") && error.contains("2097152 are there"), "{error}");
    profile.partitions.esp = 1 << 19;
    let error = disk::write(&profile, &loader, &slot, &folder.path().join("disk")).expect_err("too small").to_string();
    assert!(error.contains("make 'esp' of the profile larger"), "{error}");
    assert!(!folder.path().join("disk").exists(), "nothing half-written stays");
}

#[test]
fn a_file_of_another_kind_is_refused_by_name() {
    let folder = folder();
    let file = |name| folder.path().join(name);
    let open = |root: PathBuf, key: PathBuf| {
        Parts::open(&root, &file("kernel"), &key, Architecture::X86_64).map(|_| ()).expect_err("refused").to_string()
    };
    assert_eq!(open(file("kernel"), KEY.into()), format!("{}: this is no squashfs", file("kernel").display()));
    assert_eq!(open(file("root"), file("none")), format!("cannot read {}", file("none").display()));
    fs::write(file("key"), "abc").expect("written");
    assert!(open(file("root"), file("key")).contains("a signing key is 64 hexadecimal digits"));
    fs::write(file("kernel"), "MZ, but not much more").expect("written");
    assert!(open(file("root"), KEY.into()).ends_with("this is no EFI program (a kernel with CONFIG_EFI_STUB)"));
}

#[test]
fn a_program_for_other_processors_is_refused_by_name() {
    let folder = folder();
    let path = folder.path().join("arm");
    fs::write(&path, program(Architecture::Aarch64)).expect("written");
    loader(&path, Architecture::Aarch64).expect("a loader");
    let says = format!("{}: this is for another architecture than the profile's, x86_64", path.display());
    assert_eq!(loader(&path, Architecture::X86_64).expect_err("refused").to_string(), says);
    let parts = Parts::open(&folder.path().join("root"), &path, Path::new(KEY), Architecture::X86_64);
    assert_eq!(parts.map(|_| ()).expect_err("refused").to_string(), says);
}

#[test]
fn a_bad_release_is_an_error_with_its_place() {
    let folder = folder();
    let path = folder.path().join("release.yaml");
    for (text, problem) in [
        ("version: 1.0 beta\nrollback_index: 1\n", "1:10: version '1.0 beta': give up to 32 letters"),
        ("version: 1.0\nrollback_index: -1\n", "2:17: "),
        ("version: 1.0\n", "1:1: missing field `rollback_index`"),
    ] {
        fs::write(&path, text).expect("written");
        let error = Release::open(&path).expect_err(text).to_string();
        assert!(error.starts_with(&format!("{}:{problem}", path.display())), "{error}");
    }
}

#[test]
fn a_bundle_is_the_slots_header_and_then_its_body() {
    let folder = folder();
    let disk = build(folder.path(), "disk");
    let slot = Slot::new(&profile(), &release(), &parts(folder.path())).expect("a slot");
    let path = folder.path().join("bundle");
    slot.write_bundle(&path).expect("a bundle");
    let bundle = fs::read(&path).expect("the bundle");
    let (header, body) = bundle.split_at(HEADER_LEN);
    let partition = partition(&disk, SLOTS[0]);
    assert_eq!(header, &partition[partition.len() - HEADER_LEN..]);
    assert_eq!(body, &partition[..body.len()]);
    let header = Header::decode(header).expect("a header");
    assert_eq!((header.compatibility, header.version), ("x86_64", &*release().version));
    assert_eq!(header.rollback, release().rollback);
}

#[test]
fn a_bad_profile_is_an_error_with_its_place() {
    profiles::each_is_told(
        "x86_64",
        &[
            ("name: x86_64", "name: other", "2:7", "name 'other' in a file called 'x86_64.yaml': rename either"),
            ("flash: 24 MiB", "flash: 24 MB", "6:8", "size '24 MB': give a number and KiB, MiB or GiB"),
            ("flash:", "flesh:", "6:1", "flesh"),
            ("architecture: x86_64", "architecture: mips", "4:15", "architecture 'mips' is neither x86_64 nor aarch64"),
            ("slot: 24 MiB", "slot: 24 KiB", "10:9", "partition slot: give whole MiB, at least one"),
            ("esp: 4 MiB", "esp: 300 MiB", "8:8", "partition esp: 268435456 bytes at most"),
            ("data: 16 MiB", "data: 4000000000 GiB", "11:9", "partition data: 1099511627776 bytes at most"),
            ("panic=1,", "panic 1,", "15:14", "'panic 1' is not a parameter: one ASCII word without blanks and @"),
            ("[tty0, \"ttyS0,115200\"]", "[]", "13:11", "no consoles: name at least one"),
            ("partitions:", "partitions: [", "", ""),
        ],
    );
}
