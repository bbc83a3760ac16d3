// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Disks that may be written, and those that must not.

use std::fs;
use std::io::{Cursor, Write};
use std::os::unix::fs::{symlink, FileExt};
use std::path::{Path, PathBuf};

use flash::{compare, copy, Disk, Error};

/// A machine with a disk `sdb` of two partitions: its file systems.
struct Machine(tempfile::TempDir);

impl Machine {
    fn new() -> Machine {
        let machine = Machine(tempfile::tempdir().unwrap());
        let device = "sys/devices/usb/sdb";
        for (path, text) in [
            ("size", "262144\n"),
            ("ro", "0\n"),
            ("dev", "8:16\n"),
            ("device/model", "Flash Disk      \n"),
            ("sdb2/size", "2048\n"),
            ("sdb2/partition", "2\n"),
            ("sdb2/dev", "8:18\n"),
            ("sdb1/size", "8192\n"),
            ("sdb1/partition", "1\n"),
            ("sdb1/dev", "8:17\n"),
            ("sdb1/uevent", "DEVNAME=sdb1\nPARTN=1\nPARTNAME=photos\n"),
        ] {
            machine.write(&format!("{device}/{path}"), text);
        }
        machine.write("proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
        machine.write("proc/swaps", "Filename Type Size Used Priority\n");
        fs::create_dir_all(machine.path("sys/class/block")).unwrap();
        for (name, target) in [("sdb", "sdb"), ("sdb1", "sdb/sdb1"), ("sdb2", "sdb/sdb2")] {
            symlink(machine.path("sys/devices/usb").join(target), machine.path("sys/class/block").join(name)).unwrap();
            machine.write(&format!("dev/{name}"), "");
        }
        machine
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn find(&self, device: &str) -> Result<Disk, Error> {
        Disk::find(self.0.path(), &self.path(device))
    }
}

#[test]
fn a_disk_is_shown_with_what_is_on_it() {
    let disk = Machine::new().find("dev/sdb").unwrap();
    let shown = disk.to_string();
    assert!(shown.contains(": Flash Disk, 128.0 MiB\n  sdb1  4.0 MiB  photos\n  sdb2  1.0 MiB\n"), "{shown}");
}

#[test]
fn other_names_lead_to_the_disk() {
    let machine = Machine::new();
    symlink(machine.path("dev/sdb"), machine.path("dev/usb-flash")).unwrap();
    assert_eq!(machine.find("dev/usb-flash").unwrap().name, "sdb");
}

#[test]
fn partitions_files_and_disks_that_can_only_be_read_are_refused() {
    let machine = Machine::new();
    let said = machine.find("dev/sdb1").unwrap_err().to_string();
    assert!(said.ends_with("this is a partition: an image has its own, so give /dev/sdb"), "{said}");
    machine.write("dev/file", "");
    let said = machine.find("dev/file").unwrap_err().to_string();
    assert!(said.contains("this is no disk"), "{said}");
    assert!(matches!(machine.find("dev/none"), Err(Error::File(_))));
    machine.write("sys/devices/usb/sdb/ro", "1\n");
    assert!(machine.find("dev/sdb").unwrap_err().to_string().contains("only be read"));
    // A file of the machine itself that is named as a disk is.
    assert!(matches!(Disk::find(Path::new("/"), &machine.path("dev/file")), Err(Error::NoDisk { .. })));
    let machine = Machine::new();
    machine.write("sys/devices/usb/sdb/queue/logical_block_size", "4096\n");
    let why = machine.find("dev/sdb").unwrap_err().to_string();
    assert!(why.contains("its sectors have 4096 bytes"), "{why}");
    machine.write("sys/devices/usb/sdb/queue/logical_block_size", "512\n");
    assert!(machine.find("dev/sdb").is_ok());
}

#[test]
fn disks_in_use_are_refused() {
    for (path, text, words) in [
        (
            "proc/self/mountinfo",
            "30 1 8:17 / /media/photos rw - vfat /dev/sdb1 rw\n",
            "sdb1 is mounted at /media/photos",
        ),
        ("proc/self/mountinfo", "30 1 8:16 / /mnt rw - vfat /dev/sdb rw\n", "sdb is mounted at /mnt"),
        (
            "proc/self/mountinfo",
            "30 1 0:35 /@ / rw,relatime shared:1 - btrfs /dev/sdb2 rw,subvol=/@\n",
            "sdb2 is mounted at /",
        ),
        ("sys/fs/btrfs/5f0c/devices/sdb1", "", "sdb1 is part of a btrfs that is mounted, 5f0c"),
        ("proc/swaps", "Filename Type\n/dev/sdb2 partition 1 0 -2\n", "sdb2 is swap"),
        ("sys/devices/usb/sdb/sdb2/holders/dm-0", "", "sdb2 is part of dm-0"),
    ] {
        let machine = Machine::new();
        machine.write(path, text);
        let said = machine.find("dev/sdb").unwrap_err().to_string();
        assert!(said.contains(&format!("is in use ({words})")), "{said}");
    }
}

#[test]
fn what_uses_other_disks_is_no_matter() {
    let machine = Machine::new();
    machine
        .write("proc/self/mountinfo", "30 1 0:35 / / rw - btrfs /dev/sdb21 rw\n31 1 0:36 / /sys rw - sysfs sysfs rw\n");
    machine.write("sys/fs/btrfs/5f0c/devices/sda1", "");
    machine.find("dev/sdb").unwrap();
}

#[test]
fn what_is_written_is_read_back() {
    let image: Vec<u8> = (0..9_500_000_u32).map(|index| (index % 251) as u8).collect();
    let mut disk = tempfile::tempfile().unwrap();
    disk.write_all(&vec![0xff; 12_000_000]).unwrap();
    let mut told = Vec::new();
    assert_eq!(copy(&mut Cursor::new(&image), &mut disk, |done| told.push(done)).unwrap(), 9_500_000);
    assert_eq!(told, [4 << 20, 8 << 20, 9_500_000]);
    compare(&mut Cursor::new(&image), &mut disk, |_| ()).unwrap();
    let mut rest = [0; 4];
    disk.read_exact_at(&mut rest, 9_500_000).unwrap();
    assert_eq!(rest, [0xff; 4], "what follows the image is left alone");
    disk.write_all_at(b"x", 5_000_000).unwrap();
    let differs = compare(&mut Cursor::new(&image), &mut disk, |_| ());
    assert!(matches!(differs, Err(Error::Differs { offset: 5_000_000 })), "{differs:?}");
    // A disk that ends before the image does.
    disk.set_len(6_000_000).unwrap();
    assert!(matches!(
        compare(&mut Cursor::new(&image), &mut disk, |_| ()),
        Err(Error::Differs { .. } | Error::Transfer { .. })
    ));
}
