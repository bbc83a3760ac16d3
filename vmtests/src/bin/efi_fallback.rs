// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is damaged does not boot: the loader takes the other slot, and says why.
//!
//! The router damages its own disk and restarts itself.  Between the damages slot A is
//! copied anew from slot B, which stays whole.

use anyhow::{ensure, Result};
use std::process::ExitCode;
use vmtests::{scenario, Lab, Setup, READY};

/// Finds the partitions: $esp, $bootctl, $slot_a, $slot_b, $data.
const DISK: &str = "for name in /sys/class/block/*/uevent; do
    . $name
    [ -z \"$PARTNAME\" ] || eval \"$PARTNAME=/dev/$DEVNAME\"
    PARTNAME=
done;";
/// Copies slot B to slot A.
const REPAIR: &str = "dd if=$slot_b of=$slot_a bs=1M 2> /dev/null;";
/// Where slot A's header says that its kernel is.
const KERNEL: &str = "kernel=$(tail -c 4096 $slot_a | od -An -tu4 -j8 -N4);";

fn main() -> ExitCode {
    scenario(Setup::Disk, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.output(&format!("{DISK} dd if=$slot_a of=$slot_b bs=1M 2> /dev/null; sync"))?;

    damaged(lab, &format!("{KERNEL} poke $slot_a $((kernel + 100000))"), "slot a: bad kernel", "b")?;
    proved("a_changed_kernel_is_refused_and_the_other_slot_boots");

    damaged(lab, &format!("{REPAIR} poke $slot_a $(($(wc -c < $slot_a) - 4000))"), "slot a: bad signature", "b")?;
    proved("a_changed_header_is_refused_and_the_other_slot_boots");

    // The squashfs' own header: the kernel panics on the damage, until the slot's credits are used up.
    let seen = lab.machine.console.len();
    damaged(lab, &format!("{REPAIR} poke $slot_a 0"), "loader: slot a panicked", "b")?;
    lab.excuse(seen);
    proved("a_changed_root_panics_and_the_other_slot_boots");

    let records = "dd if=/dev/zero of=$bootctl bs=4096 count=2 2> /dev/null";
    damaged(lab, &format!("{REPAIR} {records}"), "loader: slot a", "a")?;
    proved("without_boot_records_a_signed_slot_boots");
    Ok(())
}

/// Damages the disk, restarts, and waits for the loader's words and the slot that boots then.
fn damaged(lab: &mut Lab, how: &str, words: &str, slot: &str) -> Result<()> {
    let poke = "poke() { printf LUNAGATE | dd of=$1 bs=1 seek=$2 conv=notrunc 2> /dev/null; };";
    lab.output(&format!("set -e; {DISK} {poke} {how}; sync"))?;
    let seen = lab.machine.console.len();
    lab.output("reboot")?;
    let said = lab.line(seen, words)?;
    lab.line(said, &format!("loader: slot {slot}"))?;
    lab.line(said, READY)?;
    let booted = lab.output("grep -o ' slot=.' /proc/cmdline")?;
    ensure!(booted.trim() == format!("slot={slot}"), "it booted {booted}");
    Ok(())
}
