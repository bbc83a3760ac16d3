// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A version whose kernel panics soon after each boot gives way to the one before, which is up as it was: what ended those
//! boots was nobody who has locked himself out.

use anyhow::{ensure, Result};
use std::process::ExitCode;
use vmtests::{scenario_on, Lab, Setup, READY};

/// Shows the bundles in /mnt.
const SHARE: &str = "modprobe -a 9p 9pnet_virtio && mount -t 9p -o trans=virtio,version=9p2000.L,ro share /mnt";
/// Boots that a version has to prove itself.
const TRIES: usize = 3;
/// When the boot has counted itself, and follows the configuration.
const PANIC: &str = "until [ -e /run/config/environment ]; do usleep 20000; done; echo c > /proc/sysrq-trigger";
/// There is a way out.
const WAN: &str = "until sh /etc/health.d/50-wan; do usleep 100000; done";

fn main() -> ExitCode {
    scenario_on(Setup::Disk, |builder, directory| builder.share(directory), test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.output(&format!("{SHARE} && {WAN} && lunagate update install - < /mnt/next.bundle"))?;
    let begun = lab.machine.console.len();
    lab.output("reboot")?;
    let mut seen = begun;
    for _ in 0..TRIES {
        seen = lab.line(seen, "loader: slot b")?;
        // Before, the firmware takes what is for the agent. It does not answer any more.
        seen = lab.line(seen, "lunagate: press and hold f")?;
        lab.machine.exec.start(PANIC)?;
        seen = lab.line(seen, "Kernel panic")?;
    }
    seen = lab.line(seen, "loader: slot a")?;
    lab.line(seen, READY)?;
    lab.excuse(begun);
    let status = lab.output("lunagate update status")?;
    ensure!(status.contains("slot b: 0.2.0, fell back: ") && status.contains("slot a (running)"), "{status}");
    proved("a_version_that_panics_gives_way_to_the_one_before");

    let failsafe = lab.machine.console.lines(begun).iter().any(|line| line.contains("lunagate: failsafe"));
    ensure!(!failsafe, "panics lead to a failsafe boot");
    lab.output(WAN)?;
    let policies = lab.output("lunatik list")?;
    ensure!(policies.contains("policies/sni-block/main"), "the policies are: {policies}");
    proved("which_is_not_failsafe_and_has_its_wan_and_policies");
    Ok(())
}
