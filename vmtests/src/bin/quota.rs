// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A policy that counts for a day: what it has counted outlasts its script, and a restart of the router.

use anyhow::{ensure, Result};
use std::process::ExitCode;
use vmtests::addresses::SERVER;
use vmtests::cable::{written, Cable, DEVICE, PLAIN};
use vmtests::tls::ALLOWED;
use vmtests::{scenario, Lab, Setup, READY};

/// Where the count is saved.
const SAVED: &str = "/data/saved/quota/used";
/// Datagrams of some fifty bytes, more than a kilobyte of them and less than two.
const MANY: usize = 24;

fn main() -> ExitCode {
    scenario(Setup::Disk, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    lab.resolve(ALLOWED)?;
    // It is about noon: no day ends during the test.
    let hour: i32 = lab.output("date -u +%H")?.trim().parse()?;
    let zone = format!("DAY{}", hour - 12);
    let mut cable = Cable::of(lab)?;
    allow(lab, "1kB", &zone)?;
    let mut sent = 0;
    while lab.output("dmesg")?.matches("has used its 1000 bytes of today").count() == 0 {
        sent += 1;
        ensure!(sent < MANY, "{sent} datagrams are not too many");
        let payload = format!("datagram {sent} of somebody who has a limit");
        cable.send(lab, DEVICE, (SERVER, PLAIN), payload.as_bytes());
    }
    cable.is_dropped(lab, DEVICE, (SERVER, PLAIN))?;
    proved("a_device_has_its_bytes_and_no_more");

    allow(lab, "1GB", &zone)?;
    cable.passes(lab, DEVICE, (SERVER, PLAIN))?;
    allow(lab, "1kB", &zone)?;
    cable.is_dropped(lab, DEVICE, (SERVER, PLAIN))?;
    proved("another_limit_counts_what_was_used_before");

    lab.output("lunagate config apply --without-confirmation - < /dev/null")?;
    cable.passes(lab, DEVICE, (SERVER, PLAIN))?;
    allow(lab, "1kB", &zone)?;
    cable.is_dropped(lab, DEVICE, (SERVER, PLAIN))?;
    proved("what_is_off_for_a_while_goes_on_where_it_was");

    lab.restart("reboot")?;
    lab.lease()?;
    lab.resolve(ALLOWED)?;
    cable.is_dropped(lab, DEVICE, (SERVER, PLAIN))?;
    proved("the_count_outlasts_a_restart");

    lab.output(&format!("grep -q told {SAVED} && echo 'no table' > {SAVED} && sync"))?;
    let seen = lab.machine.console.len();
    lab.machine.control.reset()?;
    lab.line(seen, READY)?;
    lab.lease()?;
    lab.resolve(ALLOWED)?;
    cable.passes(lab, DEVICE, (SERVER, PLAIN))?;
    let aside = lab.output(&format!("cat {SAVED}.bad; ls {SAVED} 2> /dev/null || true"))?;
    ensure!(aside == "no table\n", "of what was damaged there is {aside}");
    proved("what_is_damaged_is_kept_aside_and_the_count_begins_anew");
    Ok(())
}

fn allow(lab: &mut Lab, amount: &str, zone: &str) -> Result<()> {
    let device = written(DEVICE);
    let parameters = format!("limits: [\"{device} {amount}\"], zone: {zone}");
    let text = format!("policies: {{ quota: {{ enabled: true, parameters: {{ {parameters} }} }} }}\n");
    lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{text}END")).map(drop)
}
