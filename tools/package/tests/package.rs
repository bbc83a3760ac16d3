// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Packages: what they have in them, that their bytes follow from that, and who is believed.

use std::fs;
use std::path::Path;

use minisign::KeyPair;
use package::{Error, Keys, Package};
use policy::{Library, Policy};
use tempfile::TempDir;

const MANIFEST: &str =
    "name: gate\nversion: 1.0.0\ndescription: For a test\nbudget: { fuel: 1, memory: 16KiB }\nfail: drop\n\
                        parameters: { port: 23 }\n";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in [
        ("gate/policy.yaml", MANIFEST),
        ("gate/main.lua", "return 1"),
        ("gate/data/names.list", "bytes"),
        ("gate/tests/main.lua", "a test"),
        ("gate/README.md", "words"),
        ("library/shared.lua", "return 2"),
        ("library/other.lua", "return 3"),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    folder
}

fn pack(folder: &TempDir) -> Result<Package, Error> {
    let path = folder.path().join("gate");
    let policy = Policy::open(&path).expect("a policy");
    let library = Library::open(&folder.path().join("library")).expect("a library");
    let shared: Vec<_> = library.scripts.iter().filter(|script| script.name == "shared").collect();
    Package::pack(&policy, &path, &shared)
}

#[test]
fn a_package_has_what_a_router_needs_and_nothing_else() {
    let package = pack(&folder()).expect("packed");
    let paths: Vec<_> = package.files().map(|(path, _)| path).collect();
    assert_eq!(paths, ["gate/data/names.list", "gate/main.lua", "gate/policy.yaml", "library/shared.lua"]);
    assert_eq!(package.file_name(), "gate-1.0.0.policy");
}

#[test]
fn equal_contents_make_equal_bytes_and_unpack_as_they_were() {
    let bytes = pack(&folder()).expect("packed").bytes();
    assert_eq!(bytes, pack(&folder()).expect("packed").bytes());
    let package = Package::read(Path::new("x"), &bytes).expect("a package");
    let there = tempfile::tempdir().expect("a folder");
    package.unpack(there.path()).expect("unpacked");
    let read = |path: &str| fs::read_to_string(there.path().join(path)).expect(path);
    assert_eq!(read("gate/main.lua"), "return 1");
    assert_eq!(read("library/shared.lua"), "return 2");
    assert!(read("gate/parameters.lua").contains("[\"port\"] = 23"));
}

#[test]
fn what_is_cut_short_or_has_more_behind_its_end_is_no_package() {
    let bytes = pack(&folder()).expect("packed").bytes();
    for bad in [&bytes[..bytes.len() - 512], &bytes[..700], &[], &[bytes.as_slice(), &[0; 512]].concat()] {
        let error = Package::read(Path::new("gate.policy"), bad).expect_err("no package");
        assert!(error.to_string().starts_with("gate.policy: this is no package"), "{error}");
    }
}

#[test]
fn files_of_an_archive_stay_where_packages_have_theirs() {
    for odd in
        ["../gate/main.lua", "gate/../../x.lua", "/etc/passwd", "other/main.lua", "gate/x/y.lua", "gate/parameters.lua"]
    {
        let mut builder = tar::Builder::new(Vec::new());
        let mut files = vec![("gate/main.lua", ""), ("gate/policy.yaml", MANIFEST), (odd, "")];
        files.sort_unstable();
        for (path, text) in files {
            let mut header = tar::Header::new_ustar();
            // What set_path refuses, an attacker writes.
            header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            header.set_mtime(0);
            header.set_uid(0);
            header.set_gid(0);
            header.set_cksum();
            builder.append(&header, text.as_bytes()).expect("appended");
        }
        let bytes = builder.into_inner().expect("in memory");
        let error = Package::read(Path::new("x"), &bytes).expect_err(odd);
        assert!(matches!(error, Error::NoPackage { .. }), "{odd}: {error}");
    }
}

#[test]
fn what_is_no_plain_file_is_not_read() {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    // As long as it says, of zeros, in a few bytes.
    header.set_path("gate/main.lua").expect("a name");
    header.set_entry_type(tar::EntryType::GNUSparse);
    header.set_size(0);
    let gnu = header.as_gnu_mut().expect("a header of GNU");
    gnu.set_real_size(1 << 20);
    gnu.sparse[0].set_offset(1 << 20);
    gnu.sparse[0].set_length(0);
    header.set_cksum();
    builder.append(&header, &[][..]).expect("appended");
    let error = Package::read(Path::new("x"), &builder.into_inner().expect("in memory")).expect_err("refused");
    assert!(error.to_string().contains("gate/main.lua is no plain file"), "{error}");
}

#[test]
fn a_folder_without_a_version_is_not_packed() {
    let folder = folder();
    fs::write(folder.path().join("gate/policy.yaml"), MANIFEST.replace("version: 1.0.0\n", "")).expect("written");
    assert!(matches!(pack(&folder), Err(Error::NoVersion { .. })));
}

fn signed(bytes: &[u8]) -> (KeyPair, String) {
    let pair = KeyPair::generate_unencrypted_keypair().expect("a key");
    let signature = minisign::sign(None, &pair.sk, bytes, Some("gate 1.0.0"), None).expect("signed").into_string();
    (pair, signature)
}

#[test]
fn who_is_trusted_is_believed_and_nobody_else() {
    let path = Path::new("gate.policy");
    let (pair, signature) = signed(b"bytes");
    let mut keys = Keys::default();
    let stranger = keys.check(path, b"bytes", Some(&signature)).expect_err("no key").to_string();
    assert!(
        stranger.starts_with("gate.policy: it is signed with a key that is not trusted here (no key is)"),
        "{stranger}"
    );
    let other = KeyPair::generate_unencrypted_keypair().expect("a key").pk.to_base64();
    keys.add("other", &other).expect("a key");
    assert!(matches!(keys.check(path, b"bytes", Some(&signature)), Err(Error::Stranger { .. })));
    let line = keys.add("own", &pair.pk.to_box().expect("a file").into_string()).expect("a key");
    assert_eq!(line, pair.pk.to_base64());
    let (key, comment) = keys.check(path, b"bytes", Some(&signature)).expect("believed");
    assert_eq!((key, comment.as_str()), (line.as_str(), "gate 1.0.0"));
}

#[test]
fn what_is_unsigned_or_changed_is_refused() {
    let path = Path::new("gate.policy");
    let (pair, signature) = signed(b"bytes");
    let mut keys = Keys::default();
    keys.add("own", &pair.pk.to_base64()).expect("a key");
    assert!(matches!(keys.check(path, b"bytez", Some(&signature)), Err(Error::Changed { .. })));
    assert!(matches!(keys.check(path, b"byte", Some(&signature)), Err(Error::Changed { .. })));
    assert!(matches!(keys.check(path, b"bytes", None), Err(Error::Unsigned { .. })));
    assert!(matches!(keys.check(path, b"bytes", Some("nothing")), Err(Error::NoSignature { .. })));
    let comment = signature.replace("gate 1.0.0", "gate 2.0.0");
    assert!(matches!(keys.check(path, b"bytes", Some(&comment)), Err(Error::Changed { .. })));
    assert!(matches!(keys.add("x", "RWQnonsense"), Err(Error::NoKey { .. })));
}
