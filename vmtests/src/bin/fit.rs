// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The whole router in one file: U-Boot boots it from memory, and it writes the disk from which the next boot is.
//! QEMU's machine is none of the boards, so its own device tree goes with it; of the board's U-Boot judges the hashes.

use anyhow::{ensure, Context, Result};
use qemu::Boot;
use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::ExitCode;
use vmtests::tree::Tree;
use vmtests::{observed, page, proof, Lab, READY};

/// The board, as device trees call it, and what its controller of SD cards and eMMC is in them.
const BOARD: &str = "bananapi,bpi-r3";
const MMC: &str = "/soc/mmc@11230000";
/// Each configuration, and how many wires that controller has in it.
const CONFIGURATIONS: [(&str, [u8; 4]); 2] = [("emmc", [0, 0, 0, 8]), ("sd", [0, 0, 0, 4])];
/// QEMU's console, instead of the board's.
const ARGUMENTS: &str = "console=ttyAMA0,115200 panic=1 loglevel=4";
const SHARE: &str = "modprobe -a 9p 9pnet_virtio && mount -t 9p -o trans=virtio,version=9p2000.L,ro share /mnt";

fn main() -> ExitCode {
    proof(test)
}

fn test(directory: &Path, proved: &dyn Fn(&str)) -> Result<()> {
    let Boot::Fit { image, .. } = Boot::fit(directory)? else { unreachable!("a FIT is one") };
    let bytes = fs::read(&image).with_context(|| format!("failed to read {}", image.display()))?;
    let fit = Tree::read(&bytes)?;
    let cmdline = fs::read_to_string(directory.join("cmdline")).context("failed to read cmdline")?;
    described(&fit, cmdline.trim())?;
    proved("each_configuration_has_the_boards_own_device_tree");

    // A disk of the router's whose system is damaged.
    let Boot::Disk { image: whole } = Boot::disk(directory)? else { unreachable!("a disk is one") };
    let scratch = tempfile::tempdir().context("failed to make a temporary directory")?;
    let disk = scratch.path().join("disk");
    damaged(&whole, &disk)?;
    // The guest cannot follow a link out of what it is shown.
    let whole = whole.canonicalize()?;
    let shown = whole.parent().context("a file is in a folder")?.to_owned();

    let mut lab = Lab::new(Boot::Fit { image, disk: Some(disk.clone()) }, |builder| builder.share(shown))?;
    observed(&mut lab, |lab| {
        lab.stop_u_boot()?;
        refuses(lab, &fit, proved)?;
        boots(lab, proved)?;
        writes(lab, &whole, proved)
    })?;
    drop(lab);

    let mut lab = Lab::new(Boot::Disk { image: disk }, |builder| builder.by_u_boot())?;
    observed(&mut lab, |lab| {
        lab.boot()?;
        let root = lab.output("cat /sys/block/dm-0/ro")?;
        ensure!(root == "1\n", "the root is no read-only mapped device: {root}");
        proved("the_disk_that_it_wrote_boots");
        Ok(())
    })
}

/// Whether each configuration is of kernel and root, and of the board's device tree with this command line.
fn described(fit: &Tree, cmdline: &str) -> Result<()> {
    let names: Vec<_> = fit.below("/configurations", "fdt").collect();
    ensure!(names == CONFIGURATIONS.map(|(name, _)| name), "the configurations are {names:?}");
    for (name, wires) in CONFIGURATIONS {
        let says = |what: &str| fit.text(&format!("/configurations/{name}/{what}"));
        ensure!((says("kernel")?, says("ramdisk")?) == ("kernel", "initramfs"), "{name} is of other parts");
        let board = Tree::read(fit.value(&format!("/images/{}/data", says("fdt")?))?)?;
        ensure!(board.text("/compatible")? == BOARD, "{name} is for {}", board.text("/compatible")?);
        ensure!(board.text("/chosen/bootargs")? == cmdline, "{name} says {}", board.text("/chosen/bootargs")?);
        ensure!(board.text(&format!("{MMC}/status"))? == "okay", "{name} has its storage switched off");
        ensure!(board.value(&format!("{MMC}/bus-width"))? == wires, "{name} has the storage of another");
    }
    Ok(())
}

/// A copy of a disk whose first slot has lost its header, in the slot's last block.
fn damaged(whole: &Path, copy: &Path) -> Result<()> {
    fs::copy(whole, copy).with_context(|| format!("failed to copy {}", whole.display()))?;
    let mut permissions = fs::metadata(copy)?.permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o600);
    fs::set_permissions(copy, permissions)?;
    let bytes = fs::read(copy)?;
    let mut file = fs::OpenOptions::new().write(true).open(copy)?;
    let headers = (0..bytes.len()).step_by(512).filter(|at| bytes[*at..].starts_with(layout::MAGIC));
    for at in headers {
        file.seek(SeekFrom::Start(at as u64))?;
        file.write_all(&[0; layout::HEADER_LEN])?;
    }
    Ok(())
}

/// U-Boot takes the board's configurations as they are, and none with a byte that is another.
fn refuses(lab: &mut Lab, fit: &Tree, proved: &dyn Fn(&str)) -> Result<()> {
    let checks = |name: &str| format!("bootm start {:#x}#{name}", Boot::FIT);
    for (name, _) in CONFIGURATIONS {
        let (good, said) = lab.u_boot(&checks(name))?;
        ensure!(good, "U-Boot does not take {name}: {said:?}");
    }
    proved("u_boot_takes_the_boards_configurations");

    for part in ["kernel", "initramfs", "fdt-sd"] {
        let place = fit.place(&format!("/images/{part}/data"))?;
        let middle = place.start + place.len() / 2;
        let byte = fit.value(&format!("/images/{part}/data"))?[place.len() / 2];
        let address = Boot::FIT as usize + middle;
        lab.u_boot(&format!("mw.b {address:#x} {:#x}", byte ^ 1))?;
        let (good, said) = lab.u_boot(&checks("sd"))?;
        let why = said.iter().any(|line| line.contains("Bad hash") || line.contains("Bad Data Hash"));
        ensure!(!good && why, "a byte of {part} is another, and U-Boot says: {said:?}");
        lab.u_boot(&format!("mw.b {address:#x} {byte:#x}"))?;
    }
    proved("a_changed_byte_of_kernel_root_or_device_tree_is_refused");
    Ok(())
}

/// The router comes up, with nothing but memory, and is one.
fn boots(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.u_boot(&format!("setenv bootargs {ARGUMENTS}"))?;
    let seen = lab.machine.console.len();
    lab.machine.enter(&format!("bootm {0:#x}:kernel {0:#x}:initramfs ${{fdtcontroladdr}}", Boot::FIT))?;
    lab.line(seen, READY)?;
    proved("u_boot_boots_it_from_memory");

    lab.lease()?;
    let server = lab.resolve("www.example")?;
    let got = lab.get(server)?;
    ensure!(got == page(), "the page is another one, of {} bytes", got.len());
    proved("a_client_reaches_the_internet_through_it");

    let mounts = lab.output("grep -E '^[^ ]+ (/|/data) ' /proc/mounts | cut -d ' ' -f 2,3")?;
    ensure!(mounts == "/ rootfs\n/data tmpfs\n", "the mounts are:\n{mounts}");
    proved("it_leaves_the_disk_alone");
    Ok(())
}

/// The disk gets an image.
fn writes(lab: &mut Lab, whole: &Path, proved: &dyn Fn(&str)) -> Result<()> {
    let name = whole.file_name().context("a file has a name")?.to_string_lossy();
    lab.output(SHARE)?;
    lab.output(&format!("dd if=/mnt/{name} of=/dev/vda bs=1M conv=fsync"))?;
    lab.output(&format!("cmp -n $(stat -c %s /mnt/{name}) /mnt/{name} /dev/vda"))?;
    proved("it_writes_the_disk_image");
    Ok(())
}
