// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the boot's functions make of the data partition, and of boots that somebody may have cut short.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

const LIBRARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../images/root/usr/lib/lunagate");

/// What a shell prints for these commands after a file of the library, each program that is called for a disk telling it.
fn shell(file: &str, commands: &str, argument: &Path) -> String {
    let told = "say() { echo \"say $1\"; }; mke2fs() { echo formatted; }; e2fsck() { echo checked; }";
    let all = format!("blkid() {{ :; }}; {told}; . {LIBRARY}/{file}; {commands}");
    let output = Command::new("sh").args(["-c", &all, "sh"]).arg(argument).output().expect("a shell");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn prepare(disk: &Path) -> String {
    shell("data", "prepare \"$1\" || :", disk)
}

#[test]
fn only_what_reads_as_zeros_is_formatted() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = folder.path().join("disk");
    let mut contents = vec![0; 1 << 20];
    fs::write(&disk, &contents).expect("written");
    assert_eq!(prepare(&disk), "formatted\n");
    // The boot sector, the superblock's first and last byte.
    for at in [0, 1024, 2047] {
        contents[at] = 1;
        fs::write(&disk, &contents).expect("written");
        assert_eq!(prepare(&disk), "checked\n", "byte {at}");
        contents[at] = 0;
    }
    fs::write(&disk, [0; 2000]).expect("written");
    assert!(prepare(&disk).starts_with("say the data partition does not read"), "a part of it reads");
    // Nobody has memory there, so that this is an error of input or output.
    for unreadable in ["/proc/self/mem", "/nowhere"] {
        let said = prepare(Path::new(unreadable));
        assert!(said.starts_with("say the data partition does not read") && said.lines().count() == 1, "{said}");
    }
}

#[test]
fn a_file_system_of_another_kind_is_not_formatted() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = folder.path().join("disk");
    fs::write(&disk, [0; 4096]).expect("written");
    let said = shell("data", "blkid() { echo \"$1: TYPE=btrfs\"; }; prepare \"$1\" || :", &disk);
    assert!(!said.contains("formatted"), "{said}");
}

/// Each disk has its partitions; the verified root is on the one that is said.
#[test]
fn the_data_partition_is_on_the_disk_of_the_root() {
    let folder = tempfile::tempdir().expect("a folder");
    let sysfs = folder.path();
    fs::create_dir_all(sysfs.join("class/block")).expect("a folder");
    let add = |disk: &str, names: &[&str]| {
        for (number, name) in names.iter().enumerate() {
            let part = format!("{disk}{}", number + 1);
            let device = format!("devices/pci0/block/{disk}/{part}");
            let path = sysfs.join(&device);
            fs::create_dir_all(&path).expect("a folder");
            fs::write(path.join("partition"), format!("{}\n", number + 1)).expect("written");
            fs::write(path.join("uevent"), format!("MAJOR=8\nDEVNAME={part}\nPARTNAME={name}\n")).expect("written");
            symlink(format!("../../{device}"), sysfs.join("class/block").join(part)).expect("a link");
        }
    };
    let found = || shell("data", "data_partition \"$1\"", sysfs);
    let root = |part: &str| {
        let slaves = sysfs.join("block/dm-0/slaves");
        let _ = fs::remove_dir_all(&slaves);
        fs::create_dir_all(&slaves).expect("a folder");
        symlink(format!("../../../devices/pci0/block/{}/{part}", &part[..3]), slaves.join(part)).expect("a link");
    };
    add("sdb", &["slot-a", "slot-b", "data"]);
    assert_eq!(found(), "/dev/sdb3\n", "a kernel without the loader");
    // A stick.
    add("sda", &["other", "data"]);
    root("sdb1");
    assert_eq!(found(), "/dev/sdb3\n");
    add("sdc", &["slot-a"]);
    root("sdc1");
    assert_eq!(found(), "", "another disk's is none");
}

/// How many boots were cut short as slots see it, each of which counts its own.
fn cut_short(file: &Path, slots: &str) -> Vec<String> {
    let commands = format!("for slot in {slots}; do cut_short \"$1\" $slot; count_boot \"$1\" $slot; done");
    shell("boots", &commands, file).lines().map(str::to_owned).collect()
}

#[test]
fn boots_are_counted_in_a_row_and_of_one_slot() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("boots");
    assert_eq!(cut_short(&file, "a a a a"), ["0", "1", "2", "3"]);
    // The loader falls back.
    assert_eq!(cut_short(&file, "b b b a a"), ["0", "1", "2", "0", "1"]);
    for other in ["", "x a\n", "-5 a\n", "3\n"] {
        fs::write(&file, other).expect("written");
        assert_eq!(cut_short(&file, "a a"), ["0", "1"], "{other}");
    }
    fs::write(&file, "2 \n").expect("written");
    assert_eq!(shell("boots", "cut_short \"$1\" \"\"", &file), "2\n", "a kernel without a slot");
}

#[test]
fn the_watchdog_is_no_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("boots");
    let commands = "for turn in 1 2 3 4 5; do cut_short \"$1\" a; count_boot \"$1\" a; first_boot \"$1\" a; done";
    assert_eq!(shell("boots", commands, &file), "0\n1\n1\n1\n1\n");
    fs::remove_file(&file).expect("removed");
    shell("boots", "first_boot \"$1\" a", &file);
    assert!(!file.exists(), "a boot that is not counted is");
}
