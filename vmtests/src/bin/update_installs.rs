// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Another version is installed, proves itself and stays; what is changed on its way is refused.

use anyhow::{ensure, Result};
use std::process::ExitCode;
use vmtests::{scenario_on, Lab, Setup, READY};

/// Shows the bundles in /mnt.
const SHARE: &str = "modprobe -a 9p 9pnet_virtio && mount -t 9p -o trans=virtio,version=9p2000.L,ro share /mnt";
/// A way out is what the health check wants to find again.
const WAN: &str = "until sh /etc/health.d/50-wan; do usleep 100000; done";

fn main() -> ExitCode {
    scenario_on(Setup::Disk, |builder, directory| builder.share(directory), test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.output(&format!("{SHARE} && {WAN} && echo 'of the owner' > /data/settings && sync"))?;
    changed_bundles(lab, proved)?;

    lab.output("lunagate update install - < /mnt/next.bundle")?;
    restart(lab, "b", "lunagate: slot b has proved itself")?;
    let status = lab.output("lunagate update status")?;
    let expected = "slot a: 0.1.0, confirmed\nslot b (running): 0.2.0, confirmed\nslot b boots next\n";
    ensure!(status == expected, "the slots are: {status}");
    proved("a_bundle_boots_and_is_confirmed_by_its_health_check");
    kept(lab)?;
    proved("what_is_in_data_survives_an_update");

    lab.output("lunagate update rollback")?;
    restart(lab, "a", READY)?;
    kept(lab)?;
    let status = lab.output("lunagate update status")?;
    ensure!(status.ends_with("slot a boots next\n"), "the slots are: {status}");
    proved("the_owner_goes_back");
    Ok(())
}

fn changed_bundles(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    let len: usize = lab.output("wc -c < /mnt/next.bundle")?.trim().parse()?;
    // A byte of the kernel's hash, one of the version, one of the signature; then the body's parts.
    for (what, at, words) in [
        ("header", 20, "the signature of the manifest is not that of the key"),
        ("manifest", 84, "the signature of the manifest is not that of the key"),
        ("signature", 4090, "the signature of the manifest is not that of the key"),
        ("root", 1_000_000, "slot b is empty now: the root file system is not the one of the manifest"),
        ("kernel", len - 1000, "slot b is empty now: the kernel is not the one of the manifest"),
    ] {
        let pipe =
            format!("{{ head -c {at} /mnt/next.bundle; printf '\\377\\000'; tail -c +{} /mnt/next.bundle; }}", at + 3);
        refused(lab, &format!("{pipe} | lunagate update install -"), words)?;
        proved(&format!("a_bundle_with_another_{what}_is_refused"));
    }
    refused(
        lab,
        "head -c 9000000 /mnt/next.bundle | lunagate update install -",
        "it ends within the root file system",
    )?;
    refused(
        lab,
        "lunagate update install /mnt/other.bundle",
        "devices of the kind 'other', and this is one of the kind '",
    )?;
    refused(lab, "lunagate update install /usr/bin/busybox", "this is no bundle")?;
    proved("what_is_cut_short_or_for_another_device_is_refused");
    Ok(())
}

/// This installation fails with these words, and slot A goes on to boot.
fn refused(lab: &mut Lab, command: &str, words: &str) -> Result<()> {
    let output = lab.run(command)?;
    ensure!(output.status != 0, "{command}: it was installed");
    ensure!(output.stderr.contains(words), "{command}: {}", output.stderr);
    let status = lab.output("lunagate update status")?;
    ensure!(status == "slot a (running): 0.1.0, confirmed\nslot b: -, empty\nslot a boots next\n", "{status}");
    Ok(())
}

/// Restarts, and waits until this slot runs and says so.
fn restart(lab: &mut Lab, slot: &str, words: &str) -> Result<()> {
    let seen = lab.machine.console.len();
    lab.output("reboot")?;
    let seen = lab.line(seen, &format!("loader: slot {slot}"))?;
    lab.line(seen, words)?;
    Ok(())
}

fn kept(lab: &mut Lab) -> Result<()> {
    let settings = lab.output("cat /data/settings")?;
    ensure!(settings == "of the owner\n", "the settings are: {settings}");
    Ok(())
}
