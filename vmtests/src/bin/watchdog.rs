// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A router that hangs is restarted by its hardware.

use anyhow::{ensure, Result};
use std::process::ExitCode;
use vmtests::{scenario_on, Lab, Setup, READY};

/// Whether the watchdog runs, and within how many seconds it must be fed.
const STATE: &str = "cat /sys/class/watchdog/watchdog0/state /sys/class/watchdog/watchdog0/timeout";

fn main() -> ExitCode {
    scenario_on(Setup::Disk, |machine, _| machine.watchdog(), test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    let fed = |lab: &mut Lab| -> Result<()> {
        lab.output("until pidof watchdog; do usleep 100000; done")?;
        let state = lab.output(STATE)?;
        ensure!(state == "active\n30\n", "the watchdog is {state}");
        Ok(())
    };
    fed(lab)?;
    proved("the_chipsets_watchdog_is_fed");

    lab.output("kill -9 $(pidof watchdog)")?;
    fed(lab)?;
    proved("who_feeds_it_is_started_again");

    // As if everything did.
    let seen = lab.machine.console.len();
    lab.output("kill -STOP $(pidof watchdog)")?;
    let restarted = lab.line(seen, "loader: slot a")?;
    lab.line(restarted, READY)?;
    proved("a_router_that_hangs_is_restarted");

    fed(lab)?;
    let seen = lab.machine.console.len();
    lab.restart("reboot")?;
    fed(lab)?;
    let restarts = lab.machine.console.lines(seen).iter().filter(|line| line.contains("loader: slot a")).count();
    ensure!(restarts == 1, "it restarted {restarts} times");
    proved("a_restart_on_purpose_is_one");
    Ok(())
}
