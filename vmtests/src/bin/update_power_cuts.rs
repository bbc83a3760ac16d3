// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Power is cut while the router installs a version and then follows another configuration: whatever its disk has by then,
//! as QEMU has recorded each write and each flush, it boots one version or the other, whole, with all that is the owner's.

use anyhow::{ensure, Context, Result};
use powercut::{Event, Judge, Log, Random, Verdict};
use qemu::Boot;
use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io::BufReader;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::ExitCode;
use vmtests::{observed, proof, Lab};

/// Shows the bundles in /mnt.
const SHARE: &str = "modprobe -a 9p 9pnet_virtio && mount -t 9p -o trans=virtio,version=9p2000.L,ro share /mnt";
const SECTOR: usize = 512;
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
    let scratch = tempfile::tempdir().context("failed to make a temporary directory")?;
    let Boot::Disk { image: original } = Boot::disk(directory)? else { unreachable!("a disk is one") };
    let (image, log) = (scratch.path().join("disk.img"), scratch.path().join("log"));
    fs::copy(&original, &image).with_context(|| format!("failed to copy {}", original.display()))?;
    fs::set_permissions(&image, Permissions::from_mode(0o600))?;
    let mut lab = Lab::new(Boot::Recorded { image, log: log.clone() }, |builder| builder.share(directory))?;
    let (judge, begun) = observed(&mut lab, |lab| record(lab, &log))?;
    drop(lab);

    let mut disk = fs::read(&original).with_context(|| format!("failed to read {}", original.display()))?;
    let mut events = read(&log)?.0;
    let rest = Log(events.split_off(begun));
    for event in events {
        let Event::Write { offset, bytes } = event else { continue };
        disk[offset as usize..][..bytes.len()].copy_from_slice(&bytes);
    }
    let (writes, flushes) = rest.counts();
    let (verdicts, last) = verdicts(&rest, &disk, &judge);
    let expected = VERSIONS.map(|version| Verdict::Boots(version.into()));
    ensure!(last == expected[1], "at the end, {last:?}");
    let count: usize = verdicts.values().sum();
    eprintln!("{writes} writes, {flushes} flushes: {verdicts:?}");
    ensure!(
        verdicts.len() == 2 && expected.iter().all(|verdict| verdicts.contains_key(&format!("{verdict:?}"))),
        "a cut of power leaves {verdicts:?}"
    );
    proved("every_state_of_the_disk_boots_a_whole_version");

    // A disk that is never told to keep what it has may begin with the last.
    let mut backwards = rest.unflushed();
    backwards.0.reverse();
    let (verdicts, _) = self::verdicts(&backwards, &disk, &judge);
    ensure!(verdicts.keys().any(|verdict| verdict.starts_with("Broken")), "without flushes: {verdicts:?}");
    proved("an_updater_that_does_not_wait_for_the_disk_would_be_found_out");

    let mut random = Random::new(7);
    let chosen: Vec<usize> = (0..BOOTED).map(|part| (part * count + random.below(count)) / BOOTED).collect();
    let mut files = Vec::new();
    let mut number = 0;
    rest.states(&mut disk, CHOICES, &mut Random::new(1), |disk, what| {
        if chosen.contains(&number) {
            let file = scratch.path().join(format!("{number}.img"));
            files.push((what.to_owned(), fs::write(&file, disk).map(|()| file)));
        }
        number += 1;
    });
    for (what, file) in files {
        let file = file.context("failed to write a state of the disk")?;
        let mut lab = Lab::new(Boot::Disk { image: file }, |builder| builder)?;
        observed(&mut lab, kept).with_context(|| format!("power was cut at {what}"))?;
    }
    proved("what_is_the_owners_is_as_it_was_or_as_it_was_to_be");
    Ok(())
}

/// A version is installed, and another configuration followed, while all is written down: who judges what is on the disk,
/// and how many events were before.
fn record(lab: &mut Lab, log: &Path) -> Result<(Judge, usize)> {
    lab.boot()?;
    lab.output(SHARE)?;
    lab.output(&format!("printf '{SETTINGS}' > /data/settings"))?;
    apply(lab, FILES[0])?;
    lab.output("sync")?;
    let begun = read(log)?.0.len();
    lab.output("lunagate update install - < /mnt/next.bundle")?;
    apply(lab, FILES[1])?;
    lab.output("sync")?;
    let key = lab.output("od -An -v -t x1 /etc/lunagate/update.key")?;
    let key: Result<Vec<u8>, _> = key.split_whitespace().map(|byte| u8::from_str_radix(byte, 16)).collect();
    let key = key?.try_into().ok().context("a public key has 32 bytes")?;
    let place = |lab: &mut Lab, name: &str| -> Result<(usize, usize)> {
        let text = lab.output(&format!(
            "cd $(dirname $(grep -lx PARTNAME={name} /sys/class/block/*/uevent)) && cat start size"
        ))?;
        let numbers: Result<Vec<usize>, _> = text.split_whitespace().map(str::parse).collect();
        let [start, size] = numbers?[..] else { anyhow::bail!("partition {name} is at {text}") };
        Ok((start * SECTOR, (start + size) * SECTOR))
    };
    let (control, _) = place(lab, "bootctl")?;
    let slots = [place(lab, "slot_a")?, place(lab, "slot_b")?];
    Ok((Judge::new(key, control, slots.map(|(start, end)| start..end)), begun))
}

fn apply(lab: &mut Lab, file: &str) -> Result<()> {
    lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{file}END")).map(drop)
}

fn read(log: &Path) -> Result<Log> {
    let file = File::open(log).with_context(|| format!("failed to open {}", log.display()))?;
    Ok(Log::read(BufReader::new(file))?)
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
    lab.boot()?;
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
