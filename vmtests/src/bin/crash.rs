// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A kernel that panics leaves its log: the router comes back by itself, says so and shows it.

use anyhow::{ensure, Result};
use std::process::ExitCode;
use vmtests::{scenario, Lab, Setup, READY};

/// What the boot says after a panic.
const SAYS: &str = "lunagate: the kernel panicked before this boot";

fn main() -> ExitCode {
    scenario(Setup::Disk, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    ensure!(lab.output("lunagate crashes --json")? == "[]\n", "a new router has a crash");
    panic(lab, "before the first")?;
    ensure!(lab.output("ls -A /sys/fs/pstore")?.is_empty(), "the firmware still has it");
    let list = lab.output("lunagate crashes")?;
    ensure!(list.lines().count() == 1 && list.contains("Kernel panic - not syncing: "), "the list is {list}");
    let log = lab.output("lunagate crashes 1")?;
    let before = log.find("before the first");
    ensure!(before.is_some() && before < log.find("Kernel panic"), "the log is {log}");
    proved("a_panic_restarts_the_router_which_says_so_and_shows_the_log");

    panic(lab, "before the second")?;
    ensure!(lab.output("lunagate crashes")?.lines().count() == 2, "{}", lab.output("lunagate crashes")?);
    let log = lab.output("lunagate crashes 2")?;
    ensure!(log.contains("before the second") && !log.contains("before the first"), "the log is {log}");
    proved("each_panic_has_its_log");

    // Each within half a minute, if this machine is quick enough: it looks as if somebody cut the power.
    let seen = lab.machine.console.len();
    panic(lab, "before the third")?;
    let failsafe = lab.machine.console.lines(seen).iter().any(|line| line.contains("lunagate: failsafe"));
    let forwards = lab.output("cat /proc/sys/net/ipv4/ip_forward")?;
    ensure!(!failsafe && forwards == "1\n", "three panics lead to a failsafe boot");
    proved("panics_lead_to_no_failsafe_boot");

    let seen = lab.machine.console.len();
    lab.restart("reboot")?;
    let again = lab.machine.console.lines(seen).iter().any(|line| line.contains(SAYS) || line.contains("panicked"));
    ensure!(!again, "a reboot counts as a panic");
    ensure!(lab.output("lunagate crashes")?.lines().count() == 3, "a reboot has a log");
    let state = lab.output("lunagate update status")?;
    ensure!(state.contains("slot a (running)") && state.contains("confirmed"), "the slots: {state}");
    proved("a_reboot_is_no_panic_and_the_slot_stays_confirmed");
    Ok(())
}

/// Makes the kernel panic after these words in its log, and waits until the router is back.
fn panic(lab: &mut Lab, words: &str) -> Result<()> {
    let seen = lab.machine.console.len();
    // It does not answer any more.
    lab.machine.exec.start(&format!("echo '{words}' > /dev/kmsg; echo c > /proc/sysrq-trigger"))?;
    lab.line(seen, "Kernel panic")?;
    let counted = lab.line(seen, "loader: slot a panicked")?;
    let said = lab.line(counted, SAYS)?;
    lab.line(said, READY)?;
    lab.excuse(seen);
    Ok(())
}
