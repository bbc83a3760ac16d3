// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Power is cut while the router installs a version and then follows another configuration: whatever its disk has by then,
//! as QEMU has recorded each write and each flush, it boots one version or the other, whole, with all that is the owner's.

use anyhow::{ensure, Context, Result};
use powercut::{Judge, Log, Random, Verdict};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use vmtests::cuts::{partition, Recording};
use vmtests::{observed, proof, Lab};

/// How many choices of what was not flushed are tried before each flush.
const CHOICES: usize = 40;
/// How many of the states are booted.
const BOOTED: usize = 3;
/// What the owner has, before and after.
const SETTINGS: &str = "of the owner\n";
const FILES: [&str; 2] = ["hostname: before\n", "hostname: after\n"];
const VERSIONS: [&str; 2] = ["0.1.0", "0.2.0"];

fn main() -> ExitCode {
    proof(test)
}

fn test(directory: &Path, proved: &dyn Fn(&str)) -> Result<()> {
    let (recording, mut lab) = Recording::start(directory)?;
    let (judge, begun) = observed(&mut lab, |lab| record(lab, &recording))?;
    drop(lab);

    let recorded = recording.since(begun)?;
    let (writes, flushes) = recorded.log.counts();
    let (verdicts, last) = verdicts(&recorded.log, &recorded.disk, &judge);
    let expected = VERSIONS.map(|version| Verdict::Boots(version.into()));
    ensure!(last == expected[1], "at the end, {last:?}");
    let count = verdicts.values().sum();
    eprintln!("{writes} writes, {flushes} flushes: {verdicts:?}");
    ensure!(
        verdicts.len() == 2 && expected.iter().all(|verdict| verdicts.contains_key(&format!("{verdict:?}"))),
        "a cut of power leaves {verdicts:?}"
    );
    proved("every_state_of_the_disk_boots_a_whole_version");

    let broken = |disk: &[u8], _| matches!(judge.judge(disk), Verdict::Broken(_)).then_some(());
    ensure!(recorded.log.without_flushes(&recorded.disk, broken).is_some(), "without flushes every state is whole");
    proved("an_updater_that_does_not_wait_for_the_disk_would_be_found_out");

    recorded.boot(CHOICES, (BOOTED, count), |_, _| (), |lab, ()| kept(lab))?;
    proved("what_is_the_owners_is_as_it_was_or_as_it_was_to_be");
    Ok(())
}

/// A version is installed, and another configuration followed, while all is written down: who judges what is on the disk,
/// and how many events were before.
fn record(lab: &mut Lab, recording: &Recording) -> Result<(Judge, usize)> {
    lab.output(&format!("printf '{SETTINGS}' > /data/settings"))?;
    apply(lab, FILES[0])?;
    lab.output("sync")?;
    let begun = recording.events()?;
    lab.output("lunagate update install - < /mnt/next.bundle")?;
    apply(lab, FILES[1])?;
    lab.output("sync")?;
    let key = lab.output("od -An -v -t x1 /etc/lunagate/update.key")?;
    let key: Result<Vec<u8>, _> = key.split_whitespace().map(|byte| u8::from_str_radix(byte, 16)).collect();
    let key = key?.try_into().ok().context("a public key has 32 bytes")?;
    let slots = [partition(lab, "slot_a")?, partition(lab, "slot_b")?];
    Ok((Judge::new(key, partition(lab, "bootctl")?.start, slots), begun))
}

fn apply(lab: &mut Lab, file: &str) -> Result<()> {
    lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{file}END")).map(drop)
}

/// How many states have which verdict, and the last one's.
fn verdicts(log: &Log, disk: &[u8], judge: &Judge) -> (BTreeMap<String, usize>, Verdict) {
    let (mut verdicts, mut disk) = (BTreeMap::new(), disk.to_vec());
    log.states(&mut disk, CHOICES, &mut Random::new(1), |disk, _| {
        *verdicts.entry(format!("{:?}", judge.judge(disk))).or_insert(0) += 1;
    });
    let last = judge.judge(&disk);
    (verdicts, last)
}

/// The router boots, and all is there.
fn kept(lab: &mut Lab) -> Result<()> {
    let status = lab.output("lunagate update status")?;
    let runs = |version: &&str| status.contains(&format!("(running): {version}"));
    ensure!(VERSIONS.iter().any(runs), "the slots are: {status}");
    let settings = lab.output("cat /data/settings")?;
    ensure!(settings == SETTINGS, "the owner's file is: {settings}");
    let file = lab.output("cat /data/config/router.yaml")?;
    ensure!(FILES.contains(&file.as_str()), "the configuration is: {file}");
    let name = lab.output("hostname")?;
    ensure!(file == format!("hostname: {name}"), "the router follows another configuration than {file}: {name}");
    Ok(())
}
