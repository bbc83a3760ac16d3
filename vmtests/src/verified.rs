// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What whoever boots the disk image finds, through whichever firmware.

use anyhow::{ensure, Result};

use crate::{Lab, READY};

/// Boots it, and again after a reset, and proves that its root is verified, and that data stay.
///
/// # Errors
/// It is otherwise.
pub fn boots_and_keeps(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    proved("the_disk_boots_through_firmware");

    // Of the mounts: the fifth word is the place, the third the device's number.
    let root = lab.output(
        "number=$(awk '$5 == \"/\" { print $3 }' /proc/self/mountinfo)
        basename \"$(readlink -f /sys/dev/block/$number)\"",
    )?;
    ensure!(root.trim() == "dm-0", "the root is on {root}");
    let table = lab.output("cat /sys/block/dm-0/ro /sys/block/dm-0/dm/uuid")?;
    ensure!(table.starts_with("1\n"), "the root is writable: {table}");
    ensure!(lab.run("touch /usr/changed 2> /dev/null")?.status != 0, "the root can be written to");
    proved("the_root_is_a_read_only_mapped_device");

    let data = lab.output("sed -n 's/^[^ ]* \\/data \\([^ ]*\\) .*/\\1/p' /proc/mounts")?;
    ensure!(data.trim() == "ext4", "/data is {data}");
    lab.output("echo 'written before the reset' > /data/kept && sync")?;
    let seen = lab.machine.console.len();
    lab.machine.control.reset()?;
    lab.line(seen, READY)?;
    let kept = lab.output("cat /data/kept")?;
    ensure!(kept == "written before the reset\n", "the file says: {kept}");
    proved("what_is_written_to_data_survives_a_reset");
    Ok(())
}
