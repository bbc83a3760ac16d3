// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Power is cut while policies are installed, set, turned off and on, taken back and removed: whatever the router's
//! disk has by then, as QEMU has recorded each write and each flush, the change is there or it is not, with versions
//! that are whole.

use anyhow::{bail, ensure, Context, Result};
use powercut::{Cut, Log};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;
use vmtests::cuts::{others, partition, Data, Files, Recording, Sweep};
use vmtests::{observed, proof, Lab};

/// What is looked at: the second for `make test-deep`.
const SAMPLE: Sweep = Sweep { choices: 2, data: 2, booted: 3, all: false };
const ALL: Sweep = Sweep { choices: 20, data: 20, booted: 20, all: true };
/// What the owner has.
const SETTINGS: &str = "of the owner\n";
const CONFIGURATION: &str = "# My router.\nhostname: mine # as it always was\n";
/// Where policies and the configuration are.
const CHANGED: [&str; 2] = ["config/", "policies/"];
/// What is done, one after the other. A trial changes nothing for who boots.
const STEPS: [&str; 9] = [
    "lunagate policy install /mnt/gate-1.0.0.policy",
    "lunagate policy set gate 'ports=[6666, 7777]'",
    "lunagate policy disable gate",
    "lunagate policy enable gate",
    // As over SSH.
    "cat /mnt/gate-1.1.0.policy.minisig /mnt/gate-1.1.0.policy | lunagate policy install -",
    "lunagate policy rollback gate",
    "lunagate policy install --confirm 3600s /mnt/gate-1.2.0.policy",
    "lunagate policy confirm",
    "lunagate policy remove gate",
];

fn main() -> ExitCode {
    proof(test)
}

fn test(directory: &Path, proved: &dyn Fn(&str)) -> Result<()> {
    let sweep = Sweep::of_environment(SAMPLE, ALL)?;
    let (recording, mut lab) = Recording::start(directory)?;
    let Steps { place, texts, marks } = observed(&mut lab, |lab| record(lab, &recording))?;
    drop(lab);
    let recorded = recording.since(marks[0])?;
    ensure!(recorded.log.is_within(&place), "more is written than /data");

    let data = Data::new(directory)?;
    let ends: Vec<usize> = marks.iter().map(|mark| mark - marks[0]).collect();
    let judge = Judge::new(&data, place, texts, &ends, (&recorded.disk, &recorded.log))?;
    let mut verdicts = BTreeMap::new();
    let mut wrong = Vec::new();
    let states = recorded.states(&sweep, |disk, cut| {
        match judge.step(disk, cut) {
            Ok(step) => *verdicts.entry(step).or_insert(0) += 1,
            Err(error) => wrong.push((cut, error)),
        }
        judge.class(disk)
    });
    let (writes, flushes) = recorded.log.counts();
    eprintln!("{writes} writes, {flushes} flushes, {} states; by steps done: {verdicts:?}", states.count);
    if let Some((cut, error)) = wrong.first() {
        bail!("{} states are wrong, the first at {cut}: {error:#}", wrong.len());
    }
    ensure!(verdicts.len() == judge.texts.len(), "some steps left no state: {verdicts:?}");
    proved("every_state_of_the_disk_has_the_old_policy_or_the_new_one_whole_and_all_else");

    let wrong = |disk: &[u8], cut| judge.judge(disk).err().map(|error| (cut, error));
    let found = recorded.log.without_flushes(&recorded.disk, wrong);
    let (cut, error): (Cut, _) = found.context("without flushes every state is right")?;
    eprintln!("without flushes, at {cut}: {error:#}");
    proved("an_installer_that_does_not_wait_for_the_disk_would_be_found_out");

    let booted = recorded.boot(&sweep, &states, |disk| judge.judge(disk), |lab, text| follows(lab, &text?))?;
    eprintln!("{booted} were booted");
    proved("the_router_boots_with_what_the_disk_says");
    Ok(())
}

/// What was done.
struct Steps {
    /// Where /data is.
    place: Range<usize>,
    /// The configuration before the first step, and after each.
    texts: Vec<String>,
    /// How many events there were by then.
    marks: Vec<usize>,
}

fn record(lab: &mut Lab, recording: &Recording) -> Result<Steps> {
    lab.output(&format!("printf '{SETTINGS}' > /data/settings"))?;
    lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{CONFIGURATION}END"))?;
    lab.output("sync")?;
    let place = partition(lab, "data")?;
    let (mut texts, mut marks) = (vec![CONFIGURATION.to_owned()], vec![recording.events()?]);
    for step in STEPS {
        lab.output(step)?;
        // What a command has done when it ends, is done for good.
        marks.push(recording.events()?);
        texts.push(lab.output("cat /data/config/router.yaml")?);
    }
    lab.output("sync")?;
    ensure!(texts.iter().all(|text| text.starts_with(CONFIGURATION)), "the owner's lines are other ones: {texts:?}");
    Ok(Steps { place, texts, marks })
}

/// Knows what may be on a disk.
struct Judge<'a> {
    data: &'a Data,
    place: Range<usize>,
    /// The configuration before the first step, and after each.
    texts: Vec<String>,
    /// How many events each of them took.
    ends: &'a [usize],
    /// The files of each version, and those that are neither a policy's nor the configuration's.
    versions: BTreeMap<String, Files>,
    others: Files,
}

impl<'a> Judge<'a> {
    /// Looks at what the disk has after each step.
    fn new(
        data: &'a Data,
        place: Range<usize>,
        texts: Vec<String>,
        ends: &'a [usize],
        (disk, log): (&[u8], &Log),
    ) -> Result<Judge<'a>> {
        let mut judge = Judge { data, place, texts, ends, versions: BTreeMap::new(), others: Files::new() };
        judge.others = others(&judge.files(disk)?, &CHANGED);
        for &end in ends {
            let mut disk = disk.to_vec();
            Log(log.0[..end].to_vec()).replay(&mut disk);
            for (version, files) in versions(&judge.files(&disk)?) {
                judge.versions.entry(version).or_insert(files);
            }
        }
        let whole = |files: &Files| files.contains_key("gate/main.lua") && files.contains_key("library/contains.lua");
        ensure!(judge.versions.len() == 3 && judge.versions.values().all(whole), "versions are {:?}", judge.versions);
        Ok(judge)
    }

    fn files(&self, disk: &[u8]) -> Result<Files> {
        self.data.files(&disk[self.place.clone()])
    }

    /// How many steps are done on a disk: no fewer than had ended, and at most one that had not.
    fn step(&self, disk: &[u8], cut: Cut) -> Result<usize> {
        let text = self.judge(disk)?;
        let done = self.ends.iter().take_while(|end| **end <= cut.events).count() - 1;
        let step = (done..self.texts.len().min(done + 2)).find(|step| self.texts[*step] == text);
        step.with_context(|| format!("after {done} steps the configuration is: {text}"))
    }

    /// The configuration that a boot takes from a disk on which all is whole.
    fn judge(&self, disk: &[u8]) -> Result<String> {
        let files = self.files(disk)?;
        let text = self.text(&files)?;
        self.history(&files, text)?;
        let versions = versions(&files);
        for (version, files) in &versions {
            ensure!(self.versions.get(version) == Some(files), "version {version} is not whole: {files:?}");
        }
        let wanted = wanted(text);
        ensure!(wanted.is_none_or(|version| versions.contains_key(version)), "version {wanted:?} is not there");
        let others = others(&files, &CHANGED);
        let changed = others.keys().chain(self.others.keys()).find(|name| others.get(*name) != self.others.get(*name));
        ensure!(changed.is_none(), "{changed:?} is changed, too");
        Ok(text.to_owned())
    }

    /// What a boot depends on: the files of the configuration, and which versions there are.
    fn class(&self, disk: &[u8]) -> (Files, Vec<String>) {
        let files = self.files(disk).unwrap_or_default();
        let versions = versions(&files).into_keys().collect();
        (files.into_iter().filter(|(name, _)| name.starts_with("config/") && is_kept(name)).collect(), versions)
    }

    /// The configuration that a boot takes, which is not one on trial.
    fn text<'f>(&self, files: &'f Files) -> Result<&'f str> {
        let read = |name: &str| -> Result<Option<&'f str>> {
            let Some(bytes) = files.get(&format!("config/{name}.yaml")) else { return Ok(None) };
            let text = std::str::from_utf8(bytes).context("a configuration is no text")?;
            ensure!(self.texts.iter().any(|known| known == text), "{name}.yaml is: {text}");
            Ok(Some(text))
        };
        let (own, confirmed, trial) = (read("router")?, read("confirmed")?, read("trial")?);
        let text = if trial.is_some() && (own == trial || trial == confirmed) { confirmed } else { own };
        text.context("there is no configuration")
    }

    /// The history is that of what was confirmed, but for the last, which a boot may have to add.
    fn history(&self, files: &Files, text: &str) -> Result<()> {
        let kept: Vec<_> =
            files.iter().filter(|(name, _)| name.starts_with("config/history/") && is_kept(name)).collect();
        let mut confirmed = self.texts.clone();
        confirmed.dedup();
        let known = kept.len() <= confirmed.len()
            && kept.iter().zip(&confirmed).all(|((_, kept), text)| *kept == text.as_bytes());
        ensure!(known, "the history is {kept:?}");
        let last = kept.last().is_some_and(|(_, last)| *last == text.as_bytes());
        let finishes = files.get("config/trial.yaml") == files.get("config/confirmed.yaml");
        ensure!(last || finishes, "the history ends with something else than the configuration: {kept:?}");
        Ok(())
    }
}

/// Not what a cut left of a file that was to come.
fn is_kept(name: &str) -> bool {
    !name.split('/').any(|part| part.starts_with(".tmp"))
}

/// The versions of the policy.
fn versions(files: &Files) -> BTreeMap<String, Files> {
    let mut versions = BTreeMap::<String, Files>::new();
    for (name, bytes) in files {
        let Some((version, name)) = name.strip_prefix("policies/gate/").and_then(|name| name.split_once('/')) else {
            continue;
        };
        if !version.starts_with('.') {
            versions.entry(version.to_owned()).or_default().insert(name.to_owned(), bytes.clone());
        }
    }
    versions
}

/// The version that a configuration names.
fn wanted(text: &str) -> Option<&str> {
    text.lines().find_map(|line| line.trim().strip_prefix("version: ")).map(|version| version.trim_matches('"'))
}

/// The router runs what this configuration says, and nothing of the owner's is lost.
fn follows(lab: &mut Lab, text: &str) -> Result<()> {
    let file = lab.output("cat /data/config/router.yaml")?;
    ensure!(file == text, "the configuration is not {text}, but {file}");
    ensure!(lab.output("cat /data/settings")? == SETTINGS, "the owner's file is another one");
    ensure!(lab.output("hostname")? == "mine\n", "the router follows another configuration");
    let list = lab.output("lunagate policy list")?;
    let line = list.lines().find(|line| line.starts_with("gate ")).unwrap_or_default();
    let scripts = lab.output("lunatik list")?;
    let runs = scripts.contains("policies/gate/");
    let is_on = wanted(text).is_some() && !text.contains("enabled: false");
    ensure!(runs == is_on, "the policy is {}, and scripts are {scripts}", if is_on { "on" } else { "off" });
    if let Some(version) = wanted(text) {
        let words: Vec<_> = line.split_whitespace().take(3).collect();
        ensure!(words == ["gate", version, if is_on { "on" } else { "off" }], "the policy is: {line}");
    }
    Ok(())
}
