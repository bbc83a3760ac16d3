// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a guest wrote about its cells.

use anyhow::{bail, ensure, Context, Result};
use std::collections::BTreeMap;

/// A guest's results.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// What measured, by name: `qemu`, `machine`, ...
    pub setting: BTreeMap<String, String>,
    /// In the order of measuring.
    pub cells: Vec<Cell>,
}

/// A filter at a job.
#[derive(Debug, PartialEq, Eq)]
pub struct Cell {
    /// The filter.
    pub column: String,
    /// The job.
    pub row: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a cell.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Why the filter cannot do the job.
    Cannot(String),
    /// What it costs.
    Cost(Cost),
}

/// What a filter costs at a job.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Packets that crossed before the filter was loaded, and after it was unloaded.
    pub blank: Option<Run>,
    /// Instructions of the command that loads it.
    pub load: u64,
    /// Bytes that the kernel holds for it.
    pub memory: i64,
    /// In the order of measuring.
    pub runs: Vec<Run>,
    /// Lines of /proc/kallsyms, if a profile was taken.
    pub symbols: Vec<String>,
}

/// Packets that all got one verdict.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    /// `pass` or `drop`.
    pub verdict: String,
    /// How many.
    pub packets: u64,
    /// Instructions for all of them.
    pub instructions: u64,
}

impl Run {
    /// Instructions per packet.
    pub fn each(&self) -> f64 {
        self.instructions as f64 / self.packets as f64
    }
}

/// Reads results.
///
/// # Errors
///
/// They are not complete, or a line is none of the meter's; it is named.
pub fn parse(text: &str) -> Result<Results> {
    let mut results = Results::default();
    let mut lines = text.lines().enumerate();
    for (number, line) in &mut lines {
        if line == "end" {
            ensure!(lines.next().is_none(), "there are lines after 'end'");
            return Ok(results);
        }
        read(&mut results, line).with_context(|| format!("line {} of the results: '{line}'", number + 1))?;
    }
    bail!("the results have no 'end': the measurement did not finish")
}

fn read(results: &mut Results, line: &str) -> Result<()> {
    let (word, rest) = line.split_once(' ').context("a word and something after it are expected")?;
    if word == "cell" {
        let (column, row) = rest.split_once(' ').context("a cell has a column and a row")?;
        let outcome = Outcome::Cost(Cost::default());
        results.cells.push(Cell { column: column.into(), row: row.into(), outcome });
        return Ok(());
    }
    let Some(cell) = results.cells.last_mut() else {
        results.setting.insert(word.into(), rest.into());
        return Ok(());
    };
    let Outcome::Cost(cost) = &mut cell.outcome else { bail!("the cell has come to an end") };
    match word {
        "cannot" => {
            ensure!(!rest.is_empty(), "a filter that cannot do the job says why");
            cell.outcome = Outcome::Cannot(rest.into());
        }
        "load" => cost.load = rest.parse()?,
        "memory" => cost.memory = rest.parse()?,
        "symbol" => cost.symbols.push(rest.into()),
        "blank" => cost.blank = Some(run("pass", rest)?),
        "pass" | "drop" => cost.runs.push(run(word, rest)?),
        _ => bail!("the meter has no word '{word}'"),
    }
    Ok(())
}

fn run(verdict: &str, rest: &str) -> Result<Run> {
    let (packets, instructions) = rest.split_once(' ').context("a run has two numbers")?;
    let packets = packets.parse()?;
    ensure!(packets > 0, "a run has packets");
    Ok(Run { verdict: verdict.into(), packets, instructions: instructions.parse()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "qemu 10.0.13 (Debian)\ncell none accept\nblank 50 200\nload 5\nmemory -4096\npass 100 500\n\
        cell none drop\ncannot nothing is dropped\nend\n";

    #[test]
    fn results_are_read_as_the_meter_writes_them() {
        let results = parse(GOOD).expect("good results");
        assert_eq!(results.setting["qemu"], "10.0.13 (Debian)");
        let Outcome::Cost(cost) = &results.cells[0].outcome else { panic!("a cost") };
        assert_eq!((cost.load, cost.memory, cost.runs[0].each()), (5, -4096, 5.0));
        assert_eq!(cost.blank.as_ref().map(Run::each), Some(4.0));
        assert_eq!(results.cells[1].outcome, Outcome::Cannot("nothing is dropped".into()));
    }

    #[test]
    fn what_is_cut_short_or_damaged_is_refused() {
        for length in 0..GOOD.len() - 5 {
            parse(&GOOD[..length]).expect_err("cut short");
        }
        for line in ["pass 0 1", "pass 1", "pass x 1", "load x", "fail 3", "nothing", "cell none", "cannot "] {
            let text = format!("cell none accept\n{line}\nend\n");
            let error = format!("{:#}", parse(&text).expect_err(line));
            assert!(error.starts_with(&format!("line 2 of the results: '{line}'")), "{error}");
        }
        parse(&format!("{GOOD}end\n")).expect_err("goes on");
    }
}
