// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Who has locked himself out switches the router off three times, or holds a key: it comes back as a new one, mends, and goes on.

use anyhow::{ensure, Context, Result};
use std::process::ExitCode;
use vmtests::addresses::ROUTER_LAN;
use vmtests::tls::ALLOWED;
use vmtests::{scenario_on, Lab, Setup, READY};

/// How often power is cut before the boot that is failsafe.
const CUTS: usize = 3;
const FAILSAFE: &str = "lunagate: failsafe: ";

fn main() -> ExitCode {
    scenario_on(Setup::Disk, |machine, _| machine.in_turns(), test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    // Nobody finds it there.
    let text = "hostname: lost\nlan: { address: 10.99.0.1/24 }\nssh: { keys: [KEY] }\n".replace("KEY", KEY);
    lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{text}END"))?;
    let key = "until [ -s /data/dropbear/ed25519 ]; do usleep 100000; done; md5sum /data/dropbear/ed25519";
    let host = lab.output(key)?;
    let mut seen = 0;
    for cut in 1..=CUTS {
        seen = lab.machine.console.len();
        lab.machine.control.reset()?;
        if cut < CUTS {
            lab.line(seen, READY)?;
        }
    }
    lab.line(seen, FAILSAFE)?;
    lab.line(seen, READY)?;
    proved("three_cuts_of_power_lead_to_a_failsafe_boot");

    let lease = lab.lease()?;
    ensure!(lease.router == Some(ROUTER_LAN), "the LAN's router is {:?}", lease.router);
    ensure!(lab.output("hostname")? == "router\n", "it is called {}", lab.output("hostname")?);
    ensure!(lab.output("cat /data/root/.ssh/authorized_keys")?.contains(KEY), "the owner's key is gone");
    ensure!(lab.output(key)? == host, "the host has another key");
    ensure!(lab.output("lunatik list")?.trim().is_empty(), "a policy runs");
    let closed = lab.output("cat /proc/sys/net/ipv4/ip_forward; cat /sys/class/net/eth0/flags")?;
    let (forward, flags) = closed.split_once('\n').context("two lines")?;
    // The lowest bit is IFF_UP.
    let flags = u32::from_str_radix(flags.trim().trim_start_matches("0x"), 16)?;
    ensure!(forward == "0" && flags & 1 == 0, "there is a way to the WAN: {closed}");
    proved("it_is_as_a_new_router_without_policies_and_wan_and_the_keys_stay");

    lab.output("lunagate config apply --without-confirmation - <<'END'\nhostname: found\nEND")?;
    let seen = lab.machine.console.len();
    lab.restart("reboot")?;
    lab.lease()?;
    lab.resolve(ALLOWED)?;
    ensure!(lab.output("hostname")? == "found\n", "it is called {}", lab.output("hostname")?);
    let again = lab.machine.console.lines(seen).iter().any(|line| line.contains(FAILSAFE));
    ensure!(!again, "it is failsafe again");
    proved("what_is_mended_there_is_used_by_the_next_boot");

    ensure!(!typed(lab, "ff")?, "two keys lead to a failsafe boot");
    ensure!(typed(lab, "fff")?, "it is not failsafe");
    let seen = lab.machine.console.len();
    lab.machine.enter("echo $((6 * 7)) by the shell")?;
    lab.line(seen, "42 by the shell")?;
    proved("a_key_at_the_console_leads_there_too_and_the_shell_gets_what_is_typed_later");
    Ok(())
}

/// Whether a boot is failsafe at whose beginning this is typed at the console.
fn typed(lab: &mut Lab, keys: &str) -> Result<bool> {
    let seen = lab.machine.console.len();
    lab.output("reboot")?;
    let asked = lab.line(seen, "lunagate: press and hold f")?;
    lab.machine.enter(keys)?;
    lab.line(asked, READY)?;
    Ok(lab.machine.console.lines(asked).iter().any(|line| line.contains(FAILSAFE)))
}

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGLunagateTestKeyThatNobodyHasTheOtherHalfOf owner";
