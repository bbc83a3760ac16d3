// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Policies come to a running router as signed packages: they are installed, replaced, taken back and kept while
//! datagrams pass, of which none is judged by no policy.

use anyhow::{ensure, Result};
use smoltcp::wire::{EthernetAddress, Ipv4Address};
use std::process::ExitCode;
use vmtests::{addresses, frames, scenario_on, Lab, Setup};

/// Shows the packages in /mnt.
const SHARE: &str = "modprobe -a 9p 9pnet_virtio && mount -t 9p -o trans=virtio,version=9p2000.L,ro share /mnt";
const WAN: &str = "until sh /etc/health.d/50-wan; do usleep 100000; done";
/// Somebody on the Internet.
const STRANGER: Ipv4Address = Ipv4Address::new(203, 0, 113, 66);
/// A port that every version of the policy bars, those that only one does, and one that none does.
const BARRED: u16 = 6666;
const BARRED_LATER: u16 = 7777;
const BARRED_LAST: u16 = 8888;
const OPEN: u16 = 5555;
const BARRED_WORDS: &[u8] = b"to the barred port";
const OPEN_WORDS: &[u8] = b"to the open port";
/// How often versions are swapped while datagrams pass.
const SWAPS: u32 = 10;

fn main() -> ExitCode {
    scenario_on(Setup::Disk, |builder, directory| builder.share(directory), test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    lab.output(&format!("{SHARE} && {WAN}"))?;
    refusals(lab, proved)?;

    lab.output("lunagate policy install /mnt/gate-1.0.0.policy")?;
    ensure!(bars(lab, BARRED)? && !bars(lab, BARRED_LATER)?, "version 1.0.0 does not judge");
    proved("a_signed_package_is_installed_and_judges_packets");

    lab.output("cat /mnt/gate-1.1.0.policy.minisig /mnt/gate-1.1.0.policy | lunagate policy install -")?;
    ensure!(bars(lab, BARRED)? && bars(lab, BARRED_LATER)?, "version 1.1.0 does not judge");
    proved("the_next_version_judges_in_its_place");

    let output = lab.run("lunagate policy install /mnt/gate-1.9.0.policy")?;
    ensure!(output.status != 0 && output.stderr.contains("policy gate does not run"), "{}", output.stderr);
    ensure!(runs(lab)? == "gate 1.1.0 on" && bars(lab, BARRED_LATER)?, "a sick version changed what runs");
    proved("a_version_that_does_not_load_leaves_the_one_that_runs");

    swaps(lab)?;
    proved("no_packet_is_lost_or_passes_unjudged_when_versions_are_swapped");

    lab.output("lunagate policy set gate 'ports=[6666]'")?;
    ensure!(!bars(lab, BARRED_LATER)? && bars(lab, BARRED)?, "the parameter is not used");
    lab.output("lunagate policy disable gate")?;
    ensure!(!bars(lab, BARRED)?, "a policy that is disabled judges");
    lab.output("lunagate policy enable gate && lunagate policy set gate 'ports=[6666, 7777]'")?;
    ensure!(bars(lab, BARRED)? && bars(lab, BARRED_LATER)?, "a policy that is enabled again does not judge");
    proved("the_owner_turns_it_off_and_on_and_sets_parameters");

    lab.output("lunagate policy remove gate")?;
    ensure!(!bars(lab, BARRED)? && lab.output("ls /data/policies")?.is_empty(), "something of it is left");
    proved("what_is_removed_is_gone");

    trials(lab, proved)
}

/// Packages that are not to be trusted change nothing.
fn refusals(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    let changed = "f=/mnt/gate-1.0.0.policy; { cat $f.minisig; head -c 700 $f; printf x; tail -c +702 $f; }";
    let cut = "f=/mnt/gate-1.0.0.policy; { cat $f.minisig; head -c 3000 $f; }";
    for (command, words) in [
        ("lunagate policy install /mnt/unsigned.policy".to_owned(), "it is not signed"),
        ("lunagate policy install - < /mnt/unsigned.policy".to_owned(), "it is not signed"),
        ("lunagate policy install /mnt/stranger.policy".to_owned(), "signed with a key that is not trusted here"),
        (format!("{changed} | lunagate policy install -"), "it is not what was signed"),
        (format!("{cut} | lunagate policy install -"), "it is not what was signed"),
    ] {
        let output = lab.run(&command)?;
        ensure!(output.status != 0 && output.stderr.contains(words), "{command}: {}", output.stderr);
        ensure!(!lab.output("lunagate policy list; lunatik list")?.contains("gate"), "{command} installed something");
    }
    ensure!(!bars(lab, BARRED)?, "a port is barred without a policy");
    proved("unsigned_changed_and_cut_packages_are_refused");

    let key = "lunagate policy trust $(tail -n 1 /mnt/stranger.pub)";
    lab.output(&format!("{key} && lunagate policy install /mnt/stranger.policy && lunagate policy remove gate"))?;
    lab.output("lunagate policy trust --remove $(tail -n 1 /mnt/stranger.pub)")?;
    let output = lab.run("lunagate policy install /mnt/stranger.policy")?;
    ensure!(output.stderr.contains("signed with a key that is not trusted here"), "{}", output.stderr);
    lab.output(
        "lunagate policy install --dangerously-allow-unsigned /mnt/unsigned.policy && lunagate policy remove gate",
    )?;
    proved("the_owner_trusts_keys_and_may_do_without");
    Ok(())
}

/// What nobody confirms goes by itself, also when the router boots; what is confirmed stays.
fn trials(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.output("lunagate policy install /mnt/gate-1.0.0.policy && lunagate policy install /mnt/gate-1.1.0.policy")?;
    lab.output("lunagate policy rollback gate")?;
    ensure!(runs(lab)? == "gate 1.0.0 on" && !bars(lab, BARRED_LATER)?, "what ran before does not");
    proved("a_rollback_runs_the_version_before");

    lab.output("lunagate policy install --confirm 5s /mnt/gate-1.2.0.policy")?;
    ensure!(runs(lab)? == "gate 1.2.0 on, on trial" && bars(lab, BARRED_LAST)?, "version 1.2.0 is not on trial");
    lab.output("while lunagate policy list | grep -q 'on trial'; do usleep 200000; done")?;
    // The record of the trial goes first, and the script a moment later.
    for _ in 0..50 {
        if !bars(lab, BARRED_LAST)? {
            break;
        }
    }
    ensure!(runs(lab)? == "gate 1.0.0 on" && !bars(lab, BARRED_LAST)?, "version 1.2.0 stays without a confirmation");
    ensure!(bars(lab, BARRED)?, "the version before is not back");
    proved("what_nobody_confirms_is_taken_back");

    lab.output("lunagate policy install --confirm 3600s /mnt/gate-1.2.0.policy && sync")?;
    restart(lab)?;
    ensure!(
        runs(lab)? == "gate 1.0.0 on" && !bars(lab, BARRED_LAST)? && bars(lab, BARRED)?,
        "the trial outlived a boot"
    );
    proved("a_boot_takes_back_what_nobody_confirmed");

    lab.output("lunagate policy install --confirm 3600s /mnt/gate-1.2.0.policy && lunagate policy confirm")?;
    restart(lab)?;
    ensure!(runs(lab)? == "gate 1.2.0 on" && bars(lab, BARRED_LAST)?, "what was confirmed did not outlive a boot");
    proved("what_is_confirmed_outlives_a_boot");

    // A version that is lost must not let packets pass that it would have dropped.
    lab.output("rm -r /data/policies/gate/1.2.0/library && sync")?;
    let seen = lab.machine.console.len();
    lab.output("reboot")?;
    let said = |lab: &mut Lab| Ok(lab.machine.console.find("policies failed: ", seen));
    lab.until("word of a policy that does not load", said)?;
    lab.until("end of the boot", |lab| Ok(lab.machine.console.find("wan failed: ", seen)))?;
    ensure!(lab.output("cat /proc/sys/net/ipv4/ip_forward")?.trim() == "0", "packets are forwarded without the policy");
    proved("a_version_that_is_not_whole_keeps_the_router_closed");
    Ok(())
}

fn restart(lab: &mut Lab) -> Result<()> {
    let seen = lab.machine.console.len();
    lab.output("reboot")?;
    lab.line(seen, vmtests::READY)?;
    lab.lease()?;
    lab.output(&format!("{SHARE} && {WAN}")).map(drop)
}

/// The list's line of the policy, in short.
fn runs(lab: &mut Lab) -> Result<String> {
    let line = lab.output("lunagate policy list | sed -n 's/ *(also.*//; /^gate /p'")?;
    Ok(line.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Where the client sends datagrams from.
fn ends(lab: &mut Lab, port: u16) -> Result<frames::Ends> {
    let client = lab.lease()?.address.address();
    let router = lab.output("cat /sys/class/net/eth1/address")?;
    let bytes = router.trim().split(':').map(|byte| u8::from_str_radix(byte, 16)).collect::<Result<Vec<_>, _>>()?;
    let router = EthernetAddress::from_bytes(&bytes);
    Ok(frames::Ends { from: addresses::LAN_HOST, to: router, source: (client, 4000), destination: (STRANGER, port) })
}

/// Whether a datagram to this port does not arrive, between two to the open port that do. Before the first of these the gateway's
/// address may be unknown, and what waits for it is overtaken by what another processor sends when it has come.
fn bars(lab: &mut Lab, port: u16) -> Result<bool> {
    let word = format!("datagram to {port}");
    let to_port = frames::udp(ends(lab, port)?, word.as_bytes());
    let before = lab.wan.host.wire.received(word.as_bytes());
    passes(lab)?;
    lab.lan.host.wire.send(&to_port);
    passes(lab)?;
    Ok(lab.wan.host.wire.received(word.as_bytes()) == before)
}

/// Returns when a datagram to the open port has arrived that was sent since.
fn passes(lab: &mut Lab) -> Result<()> {
    let open = frames::udp(ends(lab, OPEN)?, OPEN_WORDS);
    // All of before has arrived, or has been lost.
    let before = lab.lan.host.wire.sent(OPEN_WORDS);
    lab.until("datagram to the open port", |lab| {
        lab.lan.host.wire.send(&open);
        Ok((lab.wan.host.wire.received(OPEN_WORDS) > before).then_some(()))
    })
}

/// Swaps versions while datagrams pass: all those to the open port arrive, and none to the barred one.
fn swaps(lab: &mut Lab) -> Result<()> {
    let (barred, open) = (ends(lab, BARRED)?, ends(lab, OPEN)?);
    let before = (lab.lan.host.wire.sent(OPEN_WORDS), lab.wan.host.wire.received(OPEN_WORDS));
    let swap = "lunagate policy rollback gate";
    lab.machine.exec.start(&format!("i=0; while [ $i -lt {SWAPS} ]; do {swap} || exit; i=$((i + 1)); done"))?;
    let output = lab.until("end of the swaps", |lab| {
        lab.lan.host.wire.send(&frames::udp(barred, BARRED_WORDS));
        lab.lan.host.wire.send(&frames::udp(open, OPEN_WORDS));
        lab.machine.exec.poll()
    })?;
    output.success()?;
    let sent = lab.lan.host.wire.sent(OPEN_WORDS) - before.0;
    lab.until("all datagrams to the open port", |lab| {
        Ok((lab.wan.host.wire.received(OPEN_WORDS) - before.1 >= sent).then_some(()))
    })?;
    ensure!(sent > 10 * SWAPS as usize, "only {sent} datagrams in {SWAPS} swaps: no traffic to speak of");
    let passed = lab.wan.host.wire.received(BARRED_WORDS);
    ensure!(passed == 0, "{passed} datagrams to the barred port passed while versions were swapped");
    Ok(())
}
