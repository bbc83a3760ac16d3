// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! One cell, measured: a filter is loaded, judges packets, and is unloaded.

use crate::guest::{self, Sender};
use crate::plan::Step;
use crate::row::Verdict;
use anyhow::{bail, ensure, Context, Result};
use std::fmt;
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::Duration;

/// The functions that columns share, and the columns.
const COLUMNS: &str = "/columns";
/// A column's `prepare` ends with it to say that the filter cannot do the row.
const CANNOT: i32 = 3;
/// What the kernel has put off is done after it. The guest's time costs little.
const SETTLE: Duration = Duration::from_secs(6);
/// On the kernel's command line, and so in our environment, when a profile is taken.
pub const SYMBOLS: &str = "meter_symbols";
/// How many packets cross before and after a filter, at least.
const BLANKS: u32 = 2000;
/// By a two-hundredth packets before and after a filter may differ: more is a hook that is left.
const LEFT: u64 = 200;
/// Of what a shell said, the last lines.
const MOST_WORDS: usize = 8;
/// Packets before those that count, so that caches of the kernel are filled.
const WARM_UP: u32 = 400;

/// The path of packets, as /init has built it.
pub struct Path {
    /// Where they start.
    pub sender: Sender,
    /// The router's device that they come in at.
    pub inside: String,
    /// The router's device that they leave at.
    pub outside: String,
}

/// What came of a cell.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Why the filter cannot do it.
    Cannot(String),
    /// What it costs.
    Cost(Cost),
}

/// What a filter costs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// How many packets were sent before it was loaded, and the instructions for them all, in the round in the middle: what
    /// the kernel now and then does for itself is no cost of theirs.
    pub blank: (u32, u64),
    /// Instructions of the command that loads it, on average.
    pub load: u64,
    /// Bytes that the kernel holds for it, in most rounds: the middle of them all.
    pub memory: i64,
    /// For each verdict, how many packets were sent, and the instructions for them all.
    pub packets: Vec<(Verdict, u32, u64)>,
    /// Lines of /proc/kallsyms about functions of modules, for a profile.
    pub symbols: Vec<String>,
}

impl fmt::Display for Outcome {
    /// In lines, as the results have them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Cannot(reason) => writeln!(f, "cannot {reason}"),
            Outcome::Cost(cost) => {
                writeln!(f, "blank {} {}", cost.blank.0, cost.blank.1)?;
                writeln!(f, "load {}", cost.load)?;
                writeln!(f, "memory {}", cost.memory)?;
                for (verdict, packets, instructions) in &cost.packets {
                    writeln!(f, "{} {packets} {instructions}", verdict.name())?;
                }
                cost.symbols.iter().try_for_each(|symbol| writeln!(f, "symbol {symbol}"))
            }
        }
    }
}

/// Measures a cell.
///
/// # Errors
///
/// The filter does not load, does not do its job, or leaves something behind.
pub fn measure(step: &Step, path: &Path) -> Result<Outcome> {
    let prepared = shell(step, "prepare")?;
    if prepared.status.code() == Some(CANNOT) {
        return Ok(Outcome::Cannot(prepared.words));
    }
    prepared.must_succeed("prepare")?;
    let router = guest::hardware_address(&path.inside)?;
    let innocent = step.row.frames(Verdict::Pass, router);
    let kinds: Vec<_> = step.verdicts.iter().map(|&verdict| (verdict, step.row.frames(verdict, router))).collect();
    let mut cost = Cost { packets: step.verdicts.iter().map(|&verdict| (verdict, 0, 0)).collect(), ..Cost::default() };
    let blanks = step.packets.max(BLANKS);
    let (mut unfiltered, mut held) = (Vec::new(), Vec::new());
    for _ in 0..step.rounds {
        unfiltered.push(run(path, Verdict::Pass, &innocent, blanks).context("packets before the filter is loaded")?);

        // A shell that does nothing, so that what the kernel keeps of a process is there before, too.
        shell(step, "true")?.must_succeed("a shell")?;
        let before = settled()?;
        let start = guest::instructions();
        let loaded = shell(step, "load")?;
        cost.load += (guest::instructions() - start) / u64::from(step.rounds);
        loaded.must_succeed("load")?;
        held.push(settled()?.wrapping_sub(before) as i64);
        if std::env::var_os(SYMBOLS).is_some() {
            cost.symbols = guest::symbols_of_modules()?;
        }

        for ((verdict, frames), (_, packets, instructions)) in kinds.iter().zip(&mut cost.packets) {
            let each = run(path, *verdict, frames, step.packets);
            let each = each.with_context(|| format!("packets that must {}", verdict.name()))?;
            *packets += step.packets;
            *instructions += each;
        }
        shell(step, "unload")?.must_succeed("unload")?;
    }

    cost.memory = middle(held);
    let before = middle(unfiltered);
    cost.blank = (blanks, before);

    let after = run(path, Verdict::Pass, &innocent, blanks).context("packets after the filter is unloaded")?;
    ensure!(
        after.abs_diff(before) * LEFT < before,
        "{blanks} packets cost {before} instructions before the filter is loaded, and {after} after it is unloaded: \
         something is left"
    );
    Ok(Outcome::Cost(cost))
}

/// The instructions that so many packets cost, all of which must get this verdict.
fn run(path: &Path, verdict: Verdict, frames: &[Vec<u8>], packets: u32) -> Result<u64> {
    thread::sleep(SETTLE);
    path.sender.send(frames, WARM_UP.min(packets))?;
    let before = guest::sent(&path.outside)?;
    guest::begin_profile();
    let start = guest::instructions();
    path.sender.send(frames, packets)?;
    let instructions = guest::instructions() - start;
    guest::end_profile();
    let arrived = guest::sent(&path.outside)? - before;
    let expected = if verdict == Verdict::Pass { packets } else { 0 };
    ensure!(arrived == u64::from(expected), "{packets} were sent, {arrived} arrived");
    Ok(instructions)
}

/// The kernel may make a cache larger in one of the rounds, or see to something of its own: that is not the filter's.
fn middle<T: Copy + Default + Ord>(mut figures: Vec<T>) -> T {
    figures.sort_unstable();
    figures.get(figures.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

fn settled() -> Result<u64> {
    std::fs::write("/proc/sys/vm/drop_caches", "3").context("failed to write /proc/sys/vm/drop_caches")?;
    thread::sleep(SETTLE);
    guest::kernel_memory()
}

/// What a column's function ended with, and what it said.
struct Ended {
    status: ExitStatus,
    words: String,
}

impl Ended {
    fn must_succeed(&self, function: &str) -> Result<()> {
        if !self.status.success() {
            bail!("{function} failed ({}): {}", self.status, self.words);
        }
        Ok(())
    }
}

/// Runs a function of the step's column, which sees the row as `$kind` and `$size`.
fn shell(step: &Step, function: &str) -> Result<Ended> {
    let script = format!(". {COLUMNS}/library; . {COLUMNS}/{}; {function}", step.column);
    let output = Command::new("/bin/sh")
        .args(["-euc", &script])
        .env("kind", step.row.kind.name())
        .env("size", step.row.size.unwrap_or(0).to_string())
        .current_dir("/tmp")
        .output()
        .context("failed to run /bin/sh")?;
    let said = [output.stdout, output.stderr].concat();
    let lines: Vec<_> =
        said.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(String::from_utf8_lossy).collect();
    let words = lines[lines.len().saturating_sub(MOST_WORDS)..].join("; ");
    Ok(Ended { status: output.status, words })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_round_that_differs_does_not_count() {
        assert_eq!(middle(vec![4096]), 4096);
        assert_eq!(middle(vec![4096, 69_632, 4096, 4096]), 4096);
        assert_eq!(middle(vec![-8192, 4096, 8192, 4096]), 4096);
    }

    #[test]
    fn outcomes_are_written_in_lines() {
        assert_eq!(Outcome::Cannot("it knows no names".into()).to_string(), "cannot it knows no names\n");
        let packets = vec![(Verdict::Pass, 20_000, 80_000_000), (Verdict::Drop, 20_000, 50_000_000)];
        assert_eq!(
            Outcome::Cost(Cost { blank: (4000, 20), load: 5, memory: -4096, packets, symbols: vec!["c0 t f".into()] })
                .to_string(),
            "blank 4000 20\nload 5\nmemory -4096\npass 20000 80000000\ndrop 20000 50000000\nsymbol c0 t f\n"
        );
    }
}
