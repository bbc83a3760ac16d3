// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Power is cut while the router installs a version, boots it, finds it healthy and then follows another configuration:
//! whatever its disk has by then, as QEMU has recorded each write and each flush, it boots one version or the other, whole,
//! with all that is the owner's.

use anyhow::{bail, ensure, Context, Result};
use powercut::{Judge, Verdict};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;
use vmtests::cuts::{others, partition, Data, Files, Recording, Sweep};
use vmtests::{observed, proof, Lab};

/// What is looked at: the second for `make test-deep`.
const SAMPLE: Sweep = Sweep { choices: 40, data: 1, booted: 3, all: false };
const ALL: Sweep = Sweep { choices: 400, data: 20, booted: 20, all: true };
/// What the owner has, before and after.
const SETTINGS: &str = "of the owner\n";
const FILES: [&str; 2] = ["hostname: before\n", "hostname: after\n"];
const VERSIONS: [&str; 2] = ["0.1.0", "0.2.0"];

fn main() -> ExitCode {
    proof(test)
}

fn test(directory: &Path, proved: &dyn Fn(&str)) -> Result<()> {
    let sweep = Sweep::of_environment(SAMPLE, ALL)?;
    let (recording, mut lab) = Recording::start(directory)?;
    let (Disk { judge, bootctl, slots, place }, begun) = observed(&mut lab, |lab| record(lab, &recording))?;
    drop(lab);

    let recorded = recording.since(begun)?;
    let data = Data::new(directory)?;
    let owners = Owners::new(&data, place, &recorded.disk)?;
    let (mut verdicts, mut last, mut wrong) = (BTreeMap::new(), None, Vec::new());
    let states = recorded.states(&sweep, |disk, cut| {
        let verdict = judge.judge(disk);
        *verdicts.entry(format!("{verdict:?}")).or_insert(0_usize) += 1;
        let text = match sweep.judges_data(cut).then(|| owners.judge(disk)) {
            Some(Err(error)) => {
                wrong.push((cut, error));
                None
            }
            Some(Ok(text)) => Some(text),
            None => None,
        };
        if cut.choice.is_none() && cut.sectors.is_none() {
            last = Some(verdict);
        }
        // What the loader goes by.
        let headers = slots.each_ref().map(|slot| disk[slot.end - layout::HEADER_LEN..slot.end].to_vec());
        (disk[bootctl.clone()].to_vec(), headers, text)
    });
    let (writes, flushes) = recorded.log.counts();
    eprintln!("{writes} writes, {flushes} flushes, {} states: {verdicts:?}", states.count);
    let expected = VERSIONS.map(|version| Verdict::Boots(version.into()));
    ensure!(last.as_ref() == Some(&expected[1]), "at the end, {last:?}");
    ensure!(
        verdicts.len() == 2 && expected.iter().all(|verdict| verdicts.contains_key(&format!("{verdict:?}"))),
        "a cut of power leaves {verdicts:?}"
    );
    proved("every_state_of_the_disk_boots_a_whole_version");

    if let Some((cut, error)) = wrong.first() {
        bail!("of {} states /data is wrong, the first at {cut}: {error:#}", wrong.len());
    }
    proved("what_is_the_owners_is_as_it_was_or_as_it_was_to_be");

    let broken = |disk: &[u8], _| matches!(judge.judge(disk), Verdict::Broken(_)).then_some(());
    ensure!(recorded.log.without_flushes(&recorded.disk, broken).is_some(), "without flushes every state is whole");
    let lost = |disk: &[u8], _| owners.judge(disk).err();
    ensure!(recorded.log.without_flushes(&recorded.disk, lost).is_some(), "without flushes no file is lost");
    proved("an_updater_that_does_not_wait_for_the_disk_would_be_found_out");

    let booted = recorded.boot(&sweep, &states, |_| (), |lab, ()| kept(lab))?;
    eprintln!("{booted} were booted");
    proved("the_router_boots_with_all_that_is_the_owners");
    Ok(())
}

/// Where things are on the disk, and who judges its slots.
struct Disk {
    judge: Judge,
    bootctl: Range<usize>,
    slots: [Range<usize>; 2],
    /// Where /data is.
    place: Range<usize>,
}

/// A version is installed and proves itself, and another configuration is followed, while all is written down; and how many
/// events were before.
fn record(lab: &mut Lab, recording: &Recording) -> Result<(Disk, usize)> {
    lab.output(&format!("printf '{SETTINGS}' > /data/settings"))?;
    apply(lab, FILES[0])?;
    lab.output("sync")?;
    let begun = recording.events()?;
    lab.output("lunagate update install - < /mnt/next.bundle")?;
    let seen = lab.machine.console.len();
    lab.output("reboot")?;
    let seen = lab.line(seen, "loader: slot b")?;
    lab.line(seen, "lunagate: slot b has proved itself")?;
    apply(lab, FILES[1])?;
    lab.output("sync")?;
    let key = lab.output("od -An -v -t x1 /etc/lunagate/update.key")?;
    let key: Result<Vec<u8>, _> = key.split_whitespace().map(|byte| u8::from_str_radix(byte, 16)).collect();
    let key = key?.try_into().ok().context("a public key has 32 bytes")?;
    let slots = [partition(lab, "slot_a")?, partition(lab, "slot_b")?];
    let (bootctl, place) = (partition(lab, "bootctl")?, partition(lab, "data")?);
    Ok((Disk { judge: Judge::new(key, bootctl.start, slots.clone()), bootctl, slots, place }, begun))
}

/// Knows what of the owner's may be on a disk.
struct Owners<'a> {
    data: &'a Data,
    /// Where /data is.
    place: Range<usize>,
    /// What nobody changes.
    others: Files,
}

impl<'a> Owners<'a> {
    /// Looks at what the disk has to begin with.
    fn new(data: &'a Data, place: Range<usize>, disk: &[u8]) -> Result<Owners<'a>> {
        let mut owners = Owners { data, place, others: Files::new() };
        owners.others = others(&owners.files(disk)?, &["config/"]);
        let settings = owners.others.get("settings").map(Vec::as_slice);
        ensure!(settings == Some(SETTINGS.as_bytes()), "the owner's file is {settings:?}");
        Ok(owners)
    }

    fn files(&self, disk: &[u8]) -> Result<Files> {
        self.data.files(&disk[self.place.clone()])
    }

    /// The configuration, which is one of the two; all else is as it was.
    fn judge(&self, disk: &[u8]) -> Result<Vec<u8>> {
        let mut files = self.files(disk)?;
        let text = files.remove("config/router.yaml").context("there is no configuration")?;
        ensure!(FILES.iter().any(|file| file.as_bytes() == text), "the configuration is {}", text.escape_ascii());
        let others = others(&files, &["config/"]);
        let changed = others.keys().chain(self.others.keys()).find(|name| others.get(*name) != self.others.get(*name));
        ensure!(changed.is_none(), "{changed:?} is changed, too");
        Ok(text)
    }
}

fn apply(lab: &mut Lab, file: &str) -> Result<()> {
    lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{file}END")).map(drop)
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
