// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a profile says of U-Boot.

mod profiles;

use std::fs;

use image::Profile;

const BOARD: &str = "bananapi-bpi-r3";

#[test]
fn the_source_has_each_part_with_its_hash_and_each_configuration() {
    let profile = Profile::open(&profiles::path(BOARD)).expect("a good profile");
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
    let profile = Profile::open(&profiles::path("aarch64")).expect("a good profile");
    assert!(profile.fit.is_none());
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let tree = "device_tree: mediatek/mt7986a-bananapi-bpi-r3";
    profiles::each_is_told(
        BOARD,
        &[
            (
                "architecture: aarch64",
                "architecture: x86_64",
                "19:3",
                "a FIT for x86_64: it is for U-Boot on aarch64 only",
            ),
            ("0x44000000", "0x44080000", "19:9", "load 0x44080000: give the address of memory for the kernel"),
            ("0x44000000", "here", "19:9", ""),
            ("load:", "lode:", "19:3", "lode"),
            (tree, "device_tree: ../secret", "20:16", "'../secret' is no device tree: name it as below the kernel's"),
            (tree, "device_tree: mediatek/mt7986a-bananapi-bpi-r3.dtb", "20:16", "/dts, without .dtb"),
            ("r3-emmc]", "r3-emmc.dtbo]", "27:18", "/dts, without .dtbo"),
            ("name: emmc", "name: e MMC", "26:13", "configuration 'e MMC': name it by small letters"),
            ("name: emmc", "name: sd", "26:13", "a second configuration 'sd': rename either"),
        ],
    );
    let good = fs::read_to_string(profiles::path(BOARD)).expect("the profile");
    let (start, end) = (good.find("  configurations:").expect("configurations"), good.find("# As the").expect("ports"));
    let none = format!("{}  configurations: []\n{}", &good[..start], &good[end..]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(format!("{BOARD}.yaml"));
    fs::write(&path, none).expect("written");
    let error = Profile::open(&path).expect_err("none").to_string();
    assert!(error.contains("no configurations: give at least one"), "{error}");
}
