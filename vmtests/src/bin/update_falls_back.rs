// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A version that hangs, panics or does not do what a router is for gives way to the one before, and says why.

use anyhow::{ensure, Result};
use std::process::ExitCode;
use vmtests::{scenario_on, Lab, Setup, READY};

/// Shows the bundles in /mnt.
const SHARE: &str = "modprobe -a 9p 9pnet_virtio && mount -t 9p -o trans=virtio,version=9p2000.L,ro share /mnt";

fn main() -> ExitCode {
    scenario_on(Setup::Disk, |builder, directory| builder.share(directory).watchdog(), test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    // Arm's machine has no watchdog in QEMU.
    let watched = lab.run("test -c /dev/watchdog")?.status == 0;
    let words = if watched { "hang panic" } else { "panic" };
    lab.output(&format!(
        "{SHARE} && echo 'of the owner' > /data/settings && echo '{words}' > /data/sick && \
         lunagate update install /mnt/sick.bundle"
    ))?;
    let mut seen = lab.machine.console.len();
    lab.output("reboot")?;
    if watched {
        seen = lab.said(seen, "loader: slot b")?;
        lab.said(seen, "loader: slot b")?;
        proved("a_version_that_hangs_is_restarted_by_the_watchdog");
    }
    let panics = lab.said(seen, "loader: slot b")?;
    let seen = lab.said(panics, "Kernel panic")?;
    let seen = lab.said(seen, "loader: slot b")?;
    lab.excuse(panics);
    proved("a_version_that_panics_is_restarted");
    let seen = lab.said(seen, "lunagate: slot b is not healthy, restarting: wan failed: ")?;
    let seen = lab.said(seen, "loader: slot a")?;
    lab.said(seen, READY)?;
    proved("a_version_whose_policy_does_not_load_falls_back");

    let status = lab.output("lunagate update status")?;
    let b = status.lines().find(|line| line.starts_with("slot b: 0.3.0, fell back: ")).unwrap_or_default();
    ensure!(b.contains("wan failed: ") && status.contains("this policy is sick"), "the slots are: {status}");
    ensure!(status.ends_with("slot a boots next\n"), "the slots are: {status}");
    proved("the_reason_is_kept_and_shown");

    let settings = lab.output("cat /data/settings")?;
    ensure!(settings == "of the owner\n", "the settings are: {settings}");
    proved("what_is_in_data_survives_it");
    Ok(())
}
