// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is said of images and bundles, whole and damaged ones.

use std::fs;
use std::path::{Path, PathBuf};

use bundle::verity::BLOCK;
use clap::Parser;
use image::inspect::{Inspect, Inspection};
use image::list::{List, Listing};
use image::{cli, Inventory, PublicKey, State, Stored};
use layout::HEADER_LEN;
use tempfile::TempDir;

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// Where slot A begins: after the first MiB, the loader's partition and the boot records.
const SLOT_A: usize = 6 << 20;
const SLOT: usize = 24 << 20;

/// As much of an EFI program as says for whom it is, and something behind it.
fn program(len: usize) -> Vec<u8> {
    let mut bytes = b"MZ".to_vec();
    bytes.resize(0x3c, 0);
    bytes.extend(0x80u32.to_le_bytes());
    bytes.resize(0x80, 0);
    bytes.extend(b"PE\0\0\x64\x86");
    bytes.extend((0..len).map(|i| (i * 7) as u8));
    bytes
}

/// A folder with an image and a bundle, of parts of made-up contents, whose bill of materials is `change`d.
fn build(change: impl Fn(String) -> String) -> (TempDir, Result<(), String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let root: Vec<_> = b"hsqs".iter().copied().chain((0..300_000u32).map(|i| (i >> 8) as u8)).collect();
    let parts = [("root.squashfs", root), ("kernel", program(70_001)), ("loader.efi", program(9_000))];
    let part = |(name, bytes): &(&str, Vec<u8>)| {
        format!(
            r#"{{"type":"file","bom-ref":"{name}","name":"{name}","hashes":[{{"alg":"SHA-256","content":"{}"}}],
            "properties":[{{"name":"lunagate:bytes","value":"{}"}}]}}"#,
            image::sha256(bytes),
            bytes.len()
        )
    };
    let described: Vec<_> = parts.iter().map(part).collect();
    let bom = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{{"component":{{"type":"firmware",
        "bom-ref":"lunagate-x86_64","name":"lunagate-x86_64","version":"0.1.0","components":[{}]}}}},"components":[
        {{"type":"application","bom-ref":"lunagate@0.1.0","name":"lunagate","version":"0.1.0",
          "licenses":[{{"expression":"MIT OR GPL-2.0-only"}}]}},
        {{"type":"library","bom-ref":"libc6","name":"libc6","version":"2.41-12","purl":"pkg:deb/debian/libc6@2.41-12?arch=amd64",
          "licenses":[{{"license":{{"id":"LGPL-2.1-or-later"}}}},{{"license":{{"name":"odd"}}}}],
          "properties":[{{"name":"lunagate:bytes","value":"2000000"}}]}}]}}"#,
        described.join(",")
    );
    for (name, bytes) in &parts {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    fs::write(folder.path().join("bom.json"), change(bom)).expect("written");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let repository = |name: &str| format!("{REPOSITORY}/{name}");
    let arguments = [
        ("--profile", repository("images/profiles/x86_64.yaml")),
        ("--release", repository("images/release.yaml")),
        ("--key", repository("images/keys/development.seed")),
        ("--root", file("root.squashfs")),
        ("--kernel", file("kernel")),
        ("--loader", file("loader.efi")),
        ("--inventory", file("bom.json")),
        ("--output", file("out")),
    ];
    let arguments = arguments.iter().flat_map(|(option, value)| [*option, value]);
    let command =
        cli::Arguments::try_parse_from(["image", "build"].into_iter().chain(arguments)).expect("good arguments");
    let built = command.command.run().map_err(|error| format!("{error:#}"));
    (folder, built)
}

fn good() -> (TempDir, PathBuf, PathBuf) {
    let (folder, built) = build(|bom| bom);
    built.expect("built");
    let file = |ending| folder.path().join(format!("out/lunagate-x86_64.{ending}"));
    let (image, bundle) = (file("img"), file("bundle"));
    (folder, image, bundle)
}

fn inspect(path: &Path) -> Inspection {
    Inspection::new(&Stored::open(path).expect("an image or a bundle"), &[PublicKey::DEVELOPMENT])
}

/// Changes a byte of a file.
fn change(path: &Path, at: usize) {
    let mut bytes = fs::read(path).expect("the file");
    bytes[at] ^= 1;
    fs::write(path, bytes).expect("written");
}

#[test]
fn an_image_and_its_bundle_tell_the_same() {
    let (_folder, image, bundle) = good();
    let (image, bundle) = (inspect(&image), inspect(&bundle));
    assert!(!image.is_damaged() && !bundle.is_damaged());
    assert_eq!((image.kind, image.boots_next, image.slots[1].state), ("image", Some("a"), State::Empty));
    assert_eq!((bundle.kind, bundle.slots.len(), bundle.partitions.len()), ("bundle", 1, 0));
    assert_eq!(image.partitions.iter().map(|partition| &*partition.name).collect::<Vec<_>>(), layout::PARTITIONS);
    assert_eq!(image.loader.as_ref().map(|loader| loader.bytes), Some(program(9_000).len()));
    for slot in [&image.slots[0], &bundle.slots[0]] {
        assert_eq!(slot.state, State::Whole, "{:?}", slot.problem);
        let system = slot.system.as_ref().expect("a system");
        assert_eq!((&*system.profile, &*system.version, system.rollback_index), ("x86_64", "0.1.0", 1));
        assert!(system.development_key);
        assert_eq!(system.sizes.kernel, program(70_001).len());
        assert_eq!(system.sizes.root, 300_004usize.next_multiple_of(BLOCK));
        assert_eq!(system.sizes.bill_of_materials, BLOCK);
        let names: Vec<_> = system.components.iter().map(|component| &*component.name).collect();
        assert_eq!(names, ["libc6", "lunagate"], "the largest is first");
        assert_eq!(system.components[0].licenses, ["LGPL-2.1-or-later", "odd"]);
    }
    let hash = |inspection: &Inspection| {
        inspection.slots[0].system.as_ref().and_then(|system| system.verity_root_hash.clone())
    };
    assert_eq!(hash(&image), hash(&bundle));
}

#[test]
fn people_read_of_slots_keys_packages_and_licenses() {
    let (_folder, image, _) = good();
    let text = inspect(&image).to_string();
    for words in [
        "slot a: x86_64 0.1.0, rollback index 1, whole",
        "ANYBODY CAN SIGN WITH IT",
        "slot b: empty",
        "slot a boots next",
        "a confirmed, priority 1",
        "1.9 MiB  libc6     2.41-12  LGPL-2.1-or-later, odd",
        "verity root  ",
        "bootctl       1.0 MiB",
    ] {
        assert!(text.contains(words), "{words} in:\n{text}");
    }
}

#[test]
fn a_changed_byte_is_found_and_its_place_said() {
    let (_folder, image, bundle) = good();
    let header = SLOT_A + SLOT - HEADER_LEN;
    let root = 300_004usize.next_multiple_of(BLOCK);
    let bill = SLOT_A + root + 5;
    let kernel = SLOT_A + root + 2 * BLOCK + 200;
    for (at, problem) in [
        (SLOT_A + 1000, "the root file system is not the one of the manifest"),
        (bill, "the root file system is not the one of the manifest"),
        (SLOT_A + root + BLOCK + 3, "the root's tree of hashes is not the one of the manifest"),
        (kernel, "the kernel is not the one of the manifest"),
        (header, "its header is none"),
    ] {
        change(&image, at);
        let seen = inspect(&image);
        assert_eq!(
            (seen.slots[0].state, seen.slots[0].problem.as_deref()),
            (State::Damaged, Some(problem)),
            "byte {at}"
        );
        assert!(seen.is_damaged() && seen.to_string().contains(problem));
        change(&image, at);
    }
    // A signed block that nobody known has signed says nothing of what it covers.
    for at in [header + 100, header + HEADER_LEN - 1] {
        change(&image, at);
        assert_eq!(inspect(&image).slots[0].state, State::Unknown, "byte {at}");
        change(&image, at);
    }
    change(&image, (5 << 20) + 17);
    let seen = inspect(&image);
    assert!(seen.boot_records[0].is_none() && seen.boot_records[1].is_some() && seen.is_damaged());

    let bytes = fs::read(&bundle).expect("the bundle");
    fs::write(&bundle, &bytes[..bytes.len() - 1]).expect("written");
    assert_eq!(inspect(&bundle).slots[0].problem.as_deref(), Some("it ends within the kernel"));
    fs::write(&bundle, [&bytes[..], b"x"].concat()).expect("written");
    assert_eq!(inspect(&bundle).slots[0].problem.as_deref(), Some("it goes on after its kernel"));
}

#[test]
fn what_is_neither_image_nor_bundle_is_refused_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("other");
    let refused = |path: &Path| Stored::open(path).map(|_| ()).expect_err("refused").to_string();
    assert!(refused(&path).starts_with("cannot read "));
    for bytes in [&b""[..], &[7; 10_000]] {
        fs::write(&path, bytes).expect("written");
        assert!(refused(&path).contains("other: this is neither an image nor a bundle"));
    }
    let (_folder, image, _) = good();
    let bytes = fs::read(&image).expect("the image");
    fs::write(&path, &bytes[..SLOT_A]).expect("written");
    assert!(refused(&path).contains("other: it"), "an image that is cut short: {}", refused(&path));
}

#[test]
fn a_bill_of_materials_of_other_parts_is_refused() {
    for (from, to, problem) in [
        (
            "\"version\":\"0.1.0\",\"components\"",
            "\"version\":\"0.2.0\",\"components\"",
            "it is of lunagate-x86_64 0.2.0, this is lunagate-x86_64 0.1.0",
        ),
        ("\"specVersion\":\"1.6\"", "\"specVersion\":\"1.5\"", "it is CycloneDX 1.5, not CycloneDX 1.6"),
        ("\"name\":\"kernel\"", "\"name\":\"colonel\"", "it does not list kernel, which is there"),
        ("\"value\":\"9134\"", "\"value\":\"9135\"", "its loader.efi has 9135 bytes"),
        ("\"bom-ref\":\"libc6\"", "\"bom-ref\":\"lunagate@0.1.0\"", "it lists lunagate@0.1.0 twice"),
        ("\"version\":\"2.41-12\"", "\"version\":\"\"", "libc6 has no version or no license"),
        ("\"value\":\"2000000\"", "\"value\":\"many\"", "'many' are no bytes"),
        ("\"bomFormat\"", "\"format\"", "missing field `bomFormat`"),
    ] {
        let (_folder, built) = build(|bom| {
            assert!(bom.contains(from), "{from} in {bom}");
            bom.replacen(from, to, 1)
        });
        let error = built.expect_err(to);
        assert!(error.contains(problem) && error.contains("bom.json"), "{to}: {error}");
    }
}

#[test]
fn the_inventory_is_the_text_that_was_built_in() {
    let (folder, image, _) = good();
    let stored = Stored::open(&image).expect("an image");
    let (root, text) = stored.slots[0].root(&image).expect("a root");
    assert_eq!(text, fs::read_to_string(folder.path().join("bom.json")).expect("the text"));
    assert!(root.starts_with(&fs::read(folder.path().join("root.squashfs")).expect("the root")));
    let inventory = Inventory::parse(&image, text).expect("understood");
    inventory.has("kernel", stored.slots[0].kernel()).expect("the kernel");
    inventory.has("root.squashfs", root).expect("the root, filled up");
    for other in [&root[..300_003], &[root, &[0; BLOCK]].concat(), &[&root[..300_004], &[1]].concat(), &[]] {
        assert!(inventory.has("root.squashfs", other).is_err(), "{} bytes", other.len());
    }
}

#[test]
fn the_development_key_is_that_of_the_repository() {
    let seed = Path::new(REPOSITORY).join("images/keys/development.seed");
    let key = image::Key::open(&seed).expect("the seed");
    assert_eq!(PublicKey::DEVELOPMENT.bytes(), &key.public());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("update.key");
    fs::write(&path, key.public()).expect("written");
    for text in [path.display().to_string(), PublicKey::DEVELOPMENT.to_string()] {
        assert!(PublicKey::read(&text).expect("a key").is_development());
    }
    fs::write(&path, "short").expect("written");
    let error = PublicKey::read(&path.display().to_string()).expect_err("refused").to_string();
    assert!(error.contains("update.key: a public key is 32 bytes or 64 hexadecimal digits"), "{error}");
}

#[derive(Parser)]
struct Listed {
    #[command(flatten)]
    list: List,
}

#[derive(Parser)]
struct Inspected {
    #[command(flatten)]
    inspect: Inspect,
}

fn list(folder: &Path) -> Listing {
    let profiles = format!("{REPOSITORY}/images/profiles");
    let folder = folder.display().to_string();
    Listed::parse_from(["list", &folder, "--profiles", &profiles]).list.look().expect("a list")
}

#[test]
fn profiles_and_what_was_built_of_them_are_listed() {
    let (folder, image, bundle) = good();
    let listing = list(folder.path());
    let names: Vec<_> = listing.profiles.iter().map(|profile| (&*profile.name, profile.architecture)).collect();
    assert!(names.contains(&("x86_64", "x86_64")) && names.contains(&("aarch64", "aarch64")), "{names:?}");
    let files: Vec<_> = listing.images.iter().map(|image| (&image.file, image.kind, &*image.version)).collect();
    assert_eq!(files, [(&bundle, "bundle", "0.1.0"), (&image, "image", "0.1.0")]);
    assert!(listing.images.iter().all(|image| image.development_key));
    assert!(listing.to_string().contains("x86_64 0.1.0, signed by the development key"));
    let empty = tempfile::tempdir().expect("a folder");
    assert!(list(empty.path()).to_string().contains("no images: `make image` builds one"));
}

#[test]
fn another_key_is_given_on_the_command_line() {
    let (_folder, image, _) = good();
    let key = PublicKey::DEVELOPMENT.to_string();
    let arguments = ["inspect", &image.display().to_string(), "--key", &key];
    let seen = Inspected::parse_from(arguments).inspect.look().expect("seen");
    assert_eq!(seen.slots[0].state, State::Whole);
    let seen = Inspection::new(&Stored::open(&image).expect("an image"), &[]);
    assert_eq!(seen.slots[0].state, State::Unknown);
    assert!(seen.to_string().contains("give the key by --key"));
}
