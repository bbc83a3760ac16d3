// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Releases: what holds, and that nothing which does not hold is believed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use author::packages::Signer;
use image::{Key, PublicKey};
use tempfile::TempDir;

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const SEED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../images/keys/development.seed");
const SECRET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../images/keys/policies/development.key");
const PUBLIC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../images/keys/policies/development.pub");
/// Small, for it is hashed many times: slot A is at 3 MiB, slot B at 4, the boot records at 2.
const PROFILE: &str = "name: x86_64\ndescription: For tests.\narchitecture: x86_64\nflash: 1 MiB\n\
    partitions: { esp: 1 MiB, bootctl: 1 MiB, slot: 1 MiB, data: 1 MiB }\nconsoles: [ttyS0]\nparameters: [panic=1]\n";
const ABOUT: &str = "signature of a file of a lunagate release";
const FILES: [&str; 11] = [
    "SHA256SUMS",
    "SHA256SUMS.minisig",
    "lunagate-x86_64.bundle",
    "lunagate-x86_64.bundle.minisig",
    "lunagate-x86_64.cdx.json",
    "lunagate-x86_64.img",
    "lunagate-x86_64.img.minisig",
    "lunagate-x86_64.licenses.txt",
    "lunagate-x86_64.sizes.txt",
    "release.json",
    "reproducibility.json",
];

/// Runs `lunagate ...`: whether it succeeded, and what it said.
fn lunagate(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lunagate")).args(arguments).output().expect("the command runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

/// As much of an EFI program as says for whom it is, and something behind it.
fn program(more: &[u8]) -> Vec<u8> {
    let mut bytes = b"MZ".to_vec();
    bytes.resize(0x3c, 0);
    bytes.extend(0x80u32.to_le_bytes());
    bytes.resize(0x80, 0);
    bytes.extend(b"PE\0\0\x64\x86");
    [&bytes, more].concat()
}

/// A folder as the build of an image leaves it, `image` of a folder that has other things, too.
fn build(seed: &Path, trusted: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let root = [&b"hsqs"[..], &[9; 50_000]].concat();
    let parts = [("root.squashfs", root), ("kernel", program(&[3; 20_000])), ("loader.efi", program(trusted))];
    let part = |(name, bytes): &(&str, Vec<u8>)| {
        fs::write(folder.path().join(name), bytes).expect("written");
        let (sum, len) = (image::sha256(bytes), bytes.len());
        serde_json::json!({
            "type": "file", "bom-ref": name, "name": name, "hashes": [{ "alg": "SHA-256", "content": sum }],
            "properties": [{ "name": "lunagate:bytes", "value": len.to_string() }]
        })
    };
    let described: Vec<_> = parts.iter().map(part).collect();
    let bom = serde_json::json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": { "component": {
            "type": "firmware", "bom-ref": "lunagate-x86_64", "name": "lunagate-x86_64", "version": "0.1.0", "components": described
        } },
        "components": [
            { "type": "application", "bom-ref": "lunagate", "name": "lunagate", "version": "0.1.0",
              "licenses": [{ "expression": "MIT OR GPL-2.0-only" }] },
            { "type": "library", "bom-ref": "libc6", "name": "libc6", "version": "2.41-12+deb13u5",
              "purl": "pkg:deb/debian/libc6@2.41-12%2Bdeb13u5?arch=amd64", "licenses": [{ "license": { "id": "MIT" } }] },
            { "type": "library", "bom-ref": "sha2", "name": "sha2", "version": "0.10.9", "purl": "pkg:cargo/sha2@0.10.9",
              "licenses": [{ "expression": "MIT OR Apache-2.0" }] }
        ]
    });
    fs::write(folder.path().join("bom.json"), bom.to_string()).expect("written");
    fs::write(folder.path().join("x86_64.yaml"), PROFILE).expect("written");
    let (profile, release) = (file("x86_64.yaml"), format!("{REPOSITORY}/images/release.yaml"));
    let (built, words) = lunagate(&[
        "image",
        "build",
        "--profile",
        &profile,
        "--release",
        &release,
        "--key",
        &seed.display().to_string(),
        "--root",
        &file("root.squashfs"),
        "--kernel",
        &file("kernel"),
        "--loader",
        &file("loader.efi"),
        "--inventory",
        &file("bom.json"),
        "--output",
        &file("image"),
    ]);
    assert!(built, "{words}");
    let image = folder.path().join("image");
    fs::copy(folder.path().join("bom.json"), image.join("lunagate-x86_64.cdx.json")).expect("copied");
    let licenses = "libc6 2.41-12+deb13u5 (Debian)\n====\n\nsha2 0.10.9 (crate)\n====\n";
    fs::write(image.join("lunagate-x86_64.licenses.txt"), licenses).expect("written");
    folder
}

fn development() -> TempDir {
    build(Path::new(SEED), PublicKey::DEVELOPMENT.bytes())
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// A release with development keys.
fn released() -> (TempDir, PathBuf) {
    let folder = development();
    let release = folder.path().join("release");
    let (made, words) = make(&folder, &release, &["--development"]);
    assert!(made, "{words}");
    (folder, release)
}

fn make(folder: &TempDir, release: &Path, more: &[&str]) -> (bool, String) {
    let (image, release) = (text(&folder.path().join("image")), text(release));
    lunagate(&[&["release", &image, "--output", &release, "--key", SECRET], more].concat())
}

fn verify(release: &Path) -> (bool, String) {
    lunagate(&["verify-release", &text(release), "--key", PUBLIC, "--development"])
}

/// What is said of a release that is not believed.
fn refused(release: &Path) -> String {
    let (holds, words) = verify(release);
    assert!(!holds, "it was believed: {words}");
    words
}

/// Signs what is in a folder anew, as its owner could.
fn sign_again(release: &Path) {
    let signer = Signer::open(Path::new(SECRET)).expect("the key");
    let sign = |name: &str| {
        let bytes = fs::read(release.join(name)).expect("the file");
        let signature = signer.sign(&bytes, &format!("lunagate 0.1.0 {name}"), ABOUT).expect("signed");
        fs::write(release.join(format!("{name}.minisig")), signature).expect("written");
    };
    ["lunagate-x86_64.img", "lunagate-x86_64.bundle"].into_iter().for_each(sign);
    sum_again(release);
}

/// Writes the checksums anew and signs them.
fn sum_again(release: &Path) {
    let signer = Signer::open(Path::new(SECRET)).expect("the key");
    let mut names: Vec<_> =
        fs::read_dir(release).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    let names = names
        .iter()
        .map(|name| name.to_string_lossy())
        .filter(|name| !name.starts_with("SHA256SUMS") && !name.ends_with(".minisig"));
    let sums: String = names
        .map(|name| format!("{}  {name}\n", image::sha256(&fs::read(release.join(&*name)).expect("a file"))))
        .collect();
    let signature = signer.sign(sums.as_bytes(), "lunagate 0.1.0 SHA256SUMS", ABOUT).expect("signed");
    fs::write(release.join("SHA256SUMS"), sums).expect("written");
    fs::write(release.join("SHA256SUMS.minisig"), signature).expect("written");
}

/// Replaces words of a file.
fn edit(path: &Path, from: &str, to: &str) {
    let before = fs::read_to_string(path).expect("a text");
    assert!(before.contains(from), "{from} in {before}");
    fs::write(path, before.replacen(from, to, 1)).expect("written");
}

/// Changes a byte.
fn change(path: &Path, at: usize) {
    let mut bytes = fs::read(path).expect("the file");
    bytes[at] ^= 1;
    fs::write(path, bytes).expect("written");
}

#[test]
fn a_release_holds_and_is_the_same_each_time() {
    let (folder, release) = released();
    let mut names: Vec<_> =
        fs::read_dir(&release).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, FILES);
    let (holds, words) = verify(&release);
    assert!(holds, "{words}");
    for said in ["lunagate 0.1.0, 11 files, all as they were signed", "Built once.", "DEVELOPMENT"] {
        assert!(words.contains(said), "{said} in {words}");
    }
    let again = folder.path().join("again");
    assert!(make(&folder, &again, &["--development"]).0);
    // Minisign's signatures are others each time.
    for name in FILES.into_iter().filter(|name| !name.ends_with(".minisig")) {
        assert_eq!(fs::read(release.join(name)).expect("one"), fs::read(again.join(name)).expect("other"), "{name}");
    }
    let (made, words) = make(&folder, &again, &["--development"]);
    assert!(!made && words.contains("again is there already: remove it, or name another folder"), "{words}");
}

#[test]
fn development_keys_are_never_taken_for_others() {
    let (folder, release) = released();
    let (made, words) = make(&folder, &folder.path().join("other"), &[]);
    assert!(!made && words.contains("the key that signs the files is the development key"), "{words}");
    assert!(words.contains("the system of x86_64 is signed with the development key"), "{words}");
    assert!(!folder.path().join("other").exists() && !folder.path().join("other.part").exists());
    let (holds, words) = lunagate(&["verify-release", &text(&release), "--key", PUBLIC]);
    assert!(!holds && words.contains("development key, which everybody has: it could be from anybody"), "{words}");
    edit(&release.join("release.json"), "\"development\": true", "\"development\": false");
    sign_again(&release);
    assert!(refused(&release).contains("release.json: it does not say whether its keys are development keys"));
}

#[test]
fn keys_of_ones_own_need_no_permission_and_others_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("seed"), "5".repeat(64)).expect("written");
    let public = Key::open(&path("seed")).expect("a seed").public();
    fs::write(path("update.key"), public).expect("written");
    let key = text(&path("release.key"));
    for name in ["release.key", "other.key"] {
        assert!(lunagate(&["policy", "keygen", "--without-password", &text(&path(name))]).0);
    }
    let built = build(&path("seed"), &public);
    let (image, release, slots) =
        (text(&built.path().join("image")), text(&path("release")), text(&path("update.key")));
    let (made, words) = lunagate(&["release", &image, "--output", &release, "--key", &key]);
    assert!(
        !made && words.contains("its slot is signed with a key that is not known here: give it by --slot-key"),
        "{words}"
    );
    let (made, words) = lunagate(&["release", &image, "--output", &release, "--key", &key, "--slot-key", &slots]);
    assert!(made && !words.contains("DEVELOPMENT"), "{words}");
    let (holds, words) = lunagate(&["verify-release", &release, "--key", &text(&path("release.pub"))]);
    assert!(holds && words.contains(&format!("x86_64       slots signed with {}", image::digits(&public))), "{words}");
    let (holds, words) = lunagate(&["verify-release", &release, "--key", &text(&path("other.pub"))]);
    assert!(!holds && words.contains("SHA256SUMS: it is signed with a key that is not trusted here"), "{words}");
    // Where it is damaged is said with the slots' own key, too.
    change(&path("release").join("lunagate-x86_64.img"), (3 << 20) + 20_000);
    let (_, words) = lunagate(&["verify-release", &release, "--key", &text(&path("release.pub"))]);
    assert!(words.contains("(slot a: the root file system is not the one of the manifest)"), "{words}");
}

#[test]
fn a_loader_that_does_not_trust_the_slots_key_is_refused() {
    let folder = build(Path::new(SEED), &[8; 32]);
    let (made, words) = make(&folder, &folder.path().join("release"), &["--development"]);
    assert!(!made && words.contains("lunagate-x86_64.img: its loader does not have the key of the slots"), "{words}");
}

#[test]
fn a_changed_byte_of_any_file_is_found_by_its_name() {
    let (_folder, release) = released();
    for name in FILES {
        let path = release.join(name);
        let len = fs::metadata(&path).expect("the file").len() as usize;
        for at in [0, len / 3, len / 2, len - 3, len - 1] {
            change(&path, at);
            let words = refused(&release);
            // A signature is wrong for a file.
            assert!(words.contains(name.trim_end_matches(".minisig")), "byte {at} of {name}: {words}");
            change(&path, at);
        }
    }
    assert!(verify(&release).0);
}

#[test]
fn what_is_missing_or_too_much_is_found_by_its_name() {
    let (_folder, release) = released();
    for name in FILES {
        let path = release.join(name);
        let bytes = fs::read(&path).expect("the file");
        fs::remove_file(&path).expect("removed");
        let words = refused(&release);
        assert!(words.contains(name) && words.contains("it is missing"), "{words}");
        fs::write(&path, bytes).expect("written");
    }
    let path = release.join("more.txt");
    fs::write(&path, "more").expect("written");
    assert!(
        refused(&release).contains("more.txt: SHA256SUMS does not list it: it is not part of the release, remove it")
    );
    // Not even its owner can add one.
    sum_again(&release);
    assert!(refused(&release).contains("SHA256SUMS: it lists more.txt, which is no file of a release"));
    fs::remove_file(&path).expect("removed");
    sum_again(&release);
    fs::create_dir(&path).expect("a folder");
    assert!(refused(&release).contains("more.txt: this is no plain file"));
    fs::remove_dir(&path).expect("removed");
    let image = release.join("lunagate-x86_64.img");
    let elsewhere = release.with_file_name("elsewhere");
    fs::rename(&image, &elsewhere).expect("moved");
    std::os::unix::fs::symlink(&elsewhere, &image).expect("a link");
    assert!(refused(&release).contains("lunagate-x86_64.img: this is no plain file"));
}

#[test]
fn all_problems_are_said_at_once() {
    let (_folder, release) = released();
    change(&release.join("lunagate-x86_64.sizes.txt"), 3);
    fs::remove_file(release.join("lunagate-x86_64.cdx.json")).expect("removed");
    fs::write(release.join("more.txt"), "more").expect("written");
    let words = refused(&release);
    assert!(words.contains("3 problems:"), "{words}");
    for name in ["sizes.txt: it was changed", "cdx.json: SHA256SUMS lists it, and it is missing", "more.txt: "] {
        assert!(words.contains(name), "{name} in {words}");
    }
}

#[test]
fn a_signature_is_of_one_file_and_one_version() {
    let (_folder, release) = released();
    let signer = Signer::open(Path::new(SECRET)).expect("the key");
    for (name, said) in
        [("lunagate-x86_64.img", "lunagate 0.0.9 lunagate-x86_64.img"), ("lunagate-x86_64.bundle", "policy p 1")]
    {
        let signature = release.join(format!("{name}.minisig"));
        let before = fs::read(&signature).expect("the signature");
        let bytes = fs::read(release.join(name)).expect("the file");
        fs::write(&signature, signer.sign(&bytes, said, ABOUT).expect("signed")).expect("written");
        sum_again(&release);
        let words = refused(&release);
        assert!(
            words.contains(&format!("{name}.minisig: it was made for '{said}', not for 'lunagate 0.1.0 {name}'")),
            "{words}"
        );
        fs::write(&signature, before).expect("written");
    }
    let sums = fs::read(release.join("SHA256SUMS")).expect("the checksums");
    fs::write(
        release.join("SHA256SUMS.minisig"),
        signer.sign(&sums, "lunagate 0.2.0 SHA256SUMS", ABOUT).expect("signed"),
    )
    .expect("written");
    assert!(refused(&release).contains("SHA256SUMS"));
}

#[test]
fn what_is_signed_must_fit_together_too() {
    let cases: [(&str, &str, &str, &str); 9] = [
        ("release.json", "\"version\": \"0.1.0\"", "\"version\": \"0.1.1\"", "not for 'lunagate 0.1.1 SHA256SUMS'"),
        (
            "release.json",
            "\"rollback_index\": 1",
            "\"rollback_index\": 2",
            "it is x86_64 0.1.0 with rollback index 1; release.json says",
        ),
        ("release.json", "\"verity_root_hash\": \"", "\"verity_root_hash\": \"00", "its verity root hash is "),
        ("release.json", "\"images\"", "\"pictures\"", "release.json: it is not what a release says of itself"),
        ("release.json", "\"x86_64\"", "\"other\"", "SHA256SUMS: it does not list lunagate-other.img"),
        (
            "lunagate-x86_64.cdx.json",
            "libc6",
            "libc7",
            "cdx.json: it is not the bill of materials that the image carries",
        ),
        (
            "lunagate-x86_64.licenses.txt",
            "sha2 0.10.9",
            "sha2 0.10.8",
            "licenses.txt: it has nothing of sha2 0.10.9 (crate)",
        ),
        ("reproducibility.json", "\"builds\": 1", "\"builds\": 2", "its statement is not that of so many builds"),
        ("reproducibility.json", "{}", "{\"lunagate-x86_64.img\": \"0\"}", "of another file"),
    ];
    for (name, from, to, problem) in cases {
        let (_folder, release) = released();
        edit(&release.join(name), from, to);
        sign_again(&release);
        let words = refused(&release);
        assert!(words.contains(problem), "{to}: {words}");
    }
}

#[test]
fn systems_that_are_not_what_was_signed_are_found_behind_good_signatures() {
    for (name, at, problem) in [
        ("lunagate-x86_64.img", (3 << 20) + 5_000, "the root file system is not the one of the manifest"),
        ("lunagate-x86_64.bundle", 4096 + 5_000, "the root file system is not the one of the manifest"),
        ("lunagate-x86_64.bundle", 100, "the signature of the manifest is not that of the key"),
        ("lunagate-x86_64.img", (5 << 20) - 100, "slot b has something, and must be empty"),
        ("lunagate-x86_64.img", (2 << 20) + 20, "a copy of its boot record is not whole"),
    ] {
        let (_folder, release) = released();
        change(&release.join(name), at);
        sign_again(&release);
        let words = refused(&release);
        assert!(words.contains(&format!("{name}: ")) && words.contains(problem), "byte {at} of {name}: {words}");
    }
}

#[test]
fn a_second_build_is_recorded_if_it_is_the_same() {
    let (folder, other) = (development(), development());
    let again = text(&other.path().join("image"));
    let release = folder.path().join("release");
    let options = ["--development", "--again", &again, "--second-build", "elsewhere"];
    let (made, words) = make(&folder, &release, &options);
    assert!(made && words.contains("Built twice. Both builds gave these files, byte for byte."), "{words}");
    let text = fs::read_to_string(release.join("reproducibility.json")).expect("the statement");
    let said: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((said["builds"].as_u64(), said["second_build"].as_str()), (Some(2), Some("elsewhere")));
    assert_eq!(said["identical"].as_object().map(|files| files.len()), Some(5));
    assert!(verify(&release).0);

    change(&other.path().join("image/lunagate-x86_64.img"), 6_000_000);
    let (made, words) = make(&folder, &folder.path().join("not"), &options);
    assert!(!made && words.contains("lunagate-x86_64.img: the second build is another than the first"), "{words}");
    assert!(!folder.path().join("not").exists());
}

#[test]
fn the_development_key_is_the_one_that_everybody_has() {
    let line = Signer::open(Path::new(SECRET)).expect("the key").public().expect("its public half");
    assert!(fs::read_to_string(PUBLIC).expect("the file").contains(&line));
}

#[test]
fn image_inspect_says_json_and_fails_on_what_is_damaged() {
    let (_folder, release) = released();
    let image = release.join("lunagate-x86_64.img");
    let (whole, words) = lunagate(&["image", "inspect", "--json", &text(&image)]);
    let said: serde_json::Value = serde_json::from_str(&words).expect("JSON");
    assert!(
        whole && said["slots"][0]["state"] == "whole" && said["slots"][0]["components"][1]["name"] == "libc6",
        "{words}"
    );
    let (listed, words) =
        lunagate(&["image", "list", &text(&release), "--profiles", &format!("{REPOSITORY}/images/profiles")]);
    assert!(listed && words.contains("profile aarch64: ") && words.contains("lunagate-x86_64.img"), "{words}");
    change(&image, (3 << 20) + 5_000);
    let (whole, words) = lunagate(&["image", "inspect", &text(&image)]);
    assert!(!whole && words.contains("slot a: x86_64 0.1.0, rollback index 1, DAMAGED"), "{words}");
}
