// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a profile says of U-Boot.

use std::fs;
use std::path::Path;

use image::{Error, Profile};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../images/profiles");
const BOARD: &str = "bananapi-bpi-r3.yaml";

#[test]
fn the_source_has_each_part_with_its_hash_and_each_configuration() {
    let profile = Profile::open(&Path::new(FOLDER).join(BOARD)).expect("a good profile");
    let fit = profile.fit.as_ref().expect("a board with U-Boot");
    let source = fit.source("Lunagate 1 for a board");
    for words in [
        "description = \"Lunagate 1 for a board\";",
        "data = /incbin/(\"kernel.gz\");",
        "compression = \"gzip\"; load = <0x44000000>; entry = <0x44000000>;",
        "data = /incbin/(\"initramfs\");",
        "data = /incbin/(\"emmc.dtb\");",
        "default = \"sd\";",
        "emmc { description = \"emmc\"; kernel = \"kernel\"; ramdisk = \"initramfs\"; fdt = \"fdt-emmc\"; };",
    ] {
        assert!(source.contains(words), "{words}: {source}");
    }
    let count = |words: &str| source.matches(words).count();
    assert_eq!((count("/incbin/"), count("hash { algo = \"sha256\"; };")), (4, 4), "{source}");
    let tree = "mediatek/mt7986a-bananapi-bpi-r3";
    assert_eq!(fit.trees(), format!("sd {tree} {tree}-sd\nemmc {tree} {tree}-emmc\n"));
}

#[test]
fn a_profile_without_u_boot_has_none() {
    let profile = Profile::open(&Path::new(FOLDER).join("aarch64.yaml")).expect("a good profile");
    assert!(profile.fit.is_none());
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let good = fs::read_to_string(Path::new(FOLDER).join(BOARD)).expect("the profile");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(BOARD);
    let tree = "device_tree: mediatek/mt7986a-bananapi-bpi-r3";
    for (from, to, place, problem) in [
        ("architecture: aarch64", "architecture: x86_64", "19:3", "a FIT for x86_64: it is for U-Boot on aarch64 only"),
        ("0x44000000", "0x44080000", "19:9", "load 0x44080000: give the address of memory for the kernel"),
        ("0x44000000", "here", "19:9", ""),
        ("load:", "lode:", "19:3", "lode"),
        (tree, "device_tree: ../secret", "20:16", "'../secret' is no device tree: name it as below the kernel's"),
        (tree, &format!("{tree}.dtb"), "20:16", "/dts, without .dtb"),
        ("r3-emmc]", "r3-emmc.dtbo]", "27:18", "/dts, without .dtbo"),
        ("name: emmc", "name: e MMC", "26:13", "configuration 'e MMC': name it by small letters"),
        ("name: emmc", "name: sd", "26:13", "a second configuration 'sd': rename either"),
    ] {
        assert!(good.contains(from), "{from}");
        fs::write(&path, good.replacen(from, to, 1)).expect("written");
        let error = Profile::open(&path).expect_err(to);
        assert!(matches!(error, Error::File(files::Error::Says { .. })), "{error}");
        let error = error.to_string();
        assert!(error.starts_with(&format!("{}:{place}", path.display())), "{to}: {error}");
        assert!(error.contains(problem), "{to}: {error}");
    }
    let (start, _) = good.split_once("configurations:").expect("configurations");
    fs::write(&path, format!("{start}configurations: []\n")).expect("written");
    let error = Profile::open(&path).expect_err("none").to_string();
    assert!(error.contains("no configurations: give at least one"), "{error}");
}
