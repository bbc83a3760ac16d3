// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Backups, and how they come back: whole, or not at all, wherever the power goes.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use config::{Data, Error, Ports};

/// What stands where in a folder, links and empty folders left out.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                all.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    all
}

fn fill(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

const OLD: &[(&str, &str)] = &[
    ("config/router.yaml", "hostname: old\n"),
    ("config/history/00001.yaml", "hostname: old\n"),
    ("dropbear/ed25519", "secret"),
    ("policies/mine/policy.yaml", "name: mine\n"),
    ("ula", "fd00:1:2\n"),
    ("wireguard/home.key", "secret, too"),
];
const NEW: &[(&str, &str)] = &[("config/router.yaml", "hostname: new\n"), ("root/later", "later")];
const KEPT: &[(&str, &str)] = &[("update/trial.json", "{}")];

fn map(files: &[&[(&str, &str)]]) -> BTreeMap<String, String> {
    files.iter().flat_map(|files| files.iter()).map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// A program, by what a shell does.
fn script(path: &Path, text: &str) {
    fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// What the boot does.
fn settle(folder: &Path) {
    let status = Command::new("sh")
        .args(["-c", ". ../../images/root/usr/lib/lunagate/data; settle \"$1\"", "sh"])
        .arg(folder)
        .status()
        .unwrap();
    assert!(status.success());
}

/// A folder with what is old, its backup, and what is new there since.
fn backed_up(folder: &Path) -> (Data, Vec<u8>) {
    let (data, scratch) = (folder.join("data"), folder.join("scratch"));
    fs::create_dir_all(&scratch).unwrap();
    fill(&data, OLD);
    fill(&data, KEPT);
    let file = folder.join("backup");
    let router = Data::new(&data, &scratch, Ports::default());
    router.back_up(File::create(&file).unwrap()).unwrap();
    assert_eq!(contents(&data), map(&[OLD, KEPT]), "a backup changes nothing");
    for (name, _) in OLD {
        fs::remove_file(data.join(name)).unwrap();
    }
    fill(&data, NEW);
    (router, fs::read(file).unwrap())
}

#[test]
fn a_backup_takes_the_place_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let (router, backup) = backed_up(folder.path());
    let data = folder.path().join("data");
    router.restore(&mut backup.as_slice()).unwrap();
    let now = contents(&data);
    assert!(NEW.iter().all(|(name, text)| now[*name] == *text), "until the start nothing changes: {now:?}");
    settle(&data);
    assert_eq!(contents(&data), map(&[OLD, KEPT]));
    assert!(!data.join("restoring").exists());
    settle(&data);
    assert_eq!(contents(&data), map(&[OLD, KEPT]), "a second start changes nothing");
}

#[test]
fn what_is_fetched_anew_and_logs_of_panics_are_in_no_backup() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fill(&data, OLD);
    fill(&data, &[("lists/ads.set", "a large set"), ("crashes/00001-7.txt", "a log")]);
    let router = Data::new(&data, folder.path(), Ports::default());
    let file = folder.path().join("backup");
    router.back_up(File::create(&file).unwrap()).unwrap();
    router.restore(&mut File::open(&file).unwrap()).unwrap();
    settle(&data);
    assert_eq!(contents(&data), map(&[OLD]));
}

#[test]
fn a_reset_leaves_nothing_of_the_owners() {
    let folder = tempfile::tempdir().unwrap();
    let (router, _) = backed_up(folder.path());
    let data = folder.path().join("data");
    router.reset().unwrap();
    settle(&data);
    assert_eq!(contents(&data), map(&[KEPT]));
}

#[test]
fn a_start_goes_on_where_power_was_cut() {
    // So many of what was there are erased, or, then, so many of the backup are in their place.
    for cut in 0..=6 {
        let folder = tempfile::tempdir().unwrap();
        let (router, backup) = backed_up(folder.path());
        let data = folder.path().join("data");
        router.restore(&mut backup.as_slice()).unwrap();
        for name in ["config", "root"].iter().take(cut) {
            fs::remove_dir_all(data.join(name)).unwrap();
        }
        if cut > 2 {
            for name in ["dropbear", "policies"] {
                let _ = fs::remove_dir_all(data.join(name));
            }
            fs::rename(data.join("restore"), data.join("restoring")).unwrap();
            for name in ["config", "dropbear", "policies", "ula"].iter().take(cut - 3) {
                fs::rename(data.join("restoring").join(name), data.join(name)).unwrap();
            }
        }
        settle(&data);
        assert_eq!(contents(&data), map(&[OLD, KEPT]), "cut {cut}");
    }
}

/// What is right depends on which ports a device has.
#[test]
fn a_backup_of_a_board_comes_back_on_a_board() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // A PC's LAN has this port.
    fill(&data, &[("config/router.yaml", "networks: { guest: { ports: [eth1], address: 192.168.2.1/24 } }\n")]);
    let old = contents(&data);
    let board = Ports::of_profile("ports: { wan: wan, lan: [lan0] }\n").unwrap();
    let file = folder.path().join("backup");
    let router = Data::new(&data, folder.path(), board);
    router.back_up(File::create(&file).unwrap()).unwrap();
    fill(&data, NEW);
    router.restore(&mut File::open(&file).unwrap()).unwrap();
    settle(&data);
    assert_eq!(contents(&data), old);
    let said = Data::new(&data, folder.path(), Ports::default()).restore(&mut File::open(&file).unwrap()).unwrap_err();
    assert!(said.to_string().contains("its router.yaml is wrong: 1:"), "{said}");
}

#[test]
fn a_start_takes_away_what_a_cut_of_power_left_of_a_restore() {
    let folder = tempfile::tempdir().unwrap();
    let (router, backup) = backed_up(folder.path());
    let data = folder.path().join("data");
    let before = contents(&data);
    fill(&data, &[("restore.new/ula", "half"), ("restore.old/ula", "half of what was to come before")]);
    settle(&data);
    assert_eq!(contents(&data), before);
    // One takes another's place.
    router.reset().unwrap();
    fill(&data, &[("restore.old/x", "")]);
    router.restore(&mut backup.as_slice()).unwrap();
    assert!(!data.join("restore.old").exists() && !data.join("restore.new").exists());
    settle(&data);
    assert_eq!(contents(&data), map(&[OLD, KEPT]));
}

/// The disk fails while another one is to take its place.
#[test]
fn a_restore_is_whole_until_another_takes_its_place_and_nobody_else_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let (router, backup) = backed_up(folder.path());
    router.restore(&mut backup.as_slice()).unwrap();
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).unwrap();
    script(&bin.join("sync"), "exit 1");
    script(&bin.join("tar"), "stat -c %a scratch/restore.tar >> modes; PATH=${PATH#*:} exec tar \"$@\"");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let me = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "with_that_disk", "--ignored"])
        .current_dir(folder.path())
        .env("PATH", path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&me.stdout);
    assert!(me.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(contents(&folder.path().join("data/restore")), map(&[OLD]));
    assert_eq!(fs::read_to_string(folder.path().join("modes")).unwrap(), "600\n600\n");
}

#[test]
#[ignore = "a part of the one before, with other programs"]
fn with_that_disk() {
    let router = Data::new("data", "scratch", Ports::default());
    // Another user's, perhaps.
    fs::write("scratch/restore.tar", "").unwrap();
    router.restore(&mut File::open("backup").unwrap()).unwrap_err();
}

#[test]
fn what_is_no_whole_backup_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (router, backup) = backed_up(folder.path());
    let data = folder.path().join("data");
    let before = contents(&data);
    let mut flipped = backup.clone();
    flipped[backup.len() / 2] ^= 1;
    let archive = |names: &[&str]| {
        let root = folder.path().join("other");
        fill(&root, &[("lunagate-backup", "1\n"), ("config/router.yaml", "hostname: [\n"), ("update/x", "")]);
        Command::new("tar").arg("-C").arg(&root).args(["-c", "-z", "-f", "-"]).args(names).output().unwrap().stdout
    };
    for (what, bytes, words) in [
        ("text", b"hostname: x\n".to_vec(), "no whole backup"),
        ("nothing", Vec::new(), "no whole backup"),
        ("half", backup[..backup.len() / 2].to_vec(), "no whole backup"),
        ("all but the end", backup[..backup.len() - 4].to_vec(), "no whole backup"),
        ("another byte", flipped, "no whole backup"),
        ("another archive", archive(&["config"]), "does not begin with lunagate-backup"),
        ("the disk's", archive(&["lunagate-backup", "update"]), "it has update/"),
        ("a wrong file", archive(&["lunagate-backup", "config"]), "its router.yaml is wrong: 1:"),
    ] {
        let error = router.restore(&mut bytes.as_slice()).unwrap_err();
        assert!(matches!(error, Error::NoBackup { .. }) && error.to_string().contains(words), "{what}: {error}");
        assert_eq!(contents(&data), before, "{what}");
        assert!(!data.join("restore").exists() && !data.join("restore.new").exists(), "{what}");
    }
}
