// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Results of several guests, as figures that compare.

use crate::matrix::{column, is_base, row, Column, COLUMNS, ROWS};
use crate::results::{Cost, Outcome, Results, Run};
use anyhow::{bail, ensure, Context, Result};
use std::collections::BTreeMap;

/// Instructions per packet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Each {
    /// From the sender's system call until the packet is gone.
    pub total: f64,
    /// Of these, what the filter adds: for packets that pass, to a path without a filter; for
    /// dropped ones, to a hook that does nothing but drop.
    pub over: Option<f64>,
}

/// What a filter costs at a job.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// A packet that passes.
    pub pass: Option<Each>,
    /// A packet that is dropped.
    pub drop: Option<Each>,
    /// Instructions of loading the filter, without those of the shell that does.
    pub load: u64,
    /// Bytes that the kernel holds for it.
    pub memory: i64,
}

/// A filter at a job, or why it cannot do it.
pub type Cell = std::result::Result<Figure, String>;

/// All of them.
#[derive(Debug, Default, PartialEq)]
pub struct Figures {
    /// What measured: of all guests the same.
    pub setting: BTreeMap<String, String>,
    /// By row and column.
    pub cells: BTreeMap<(String, String), Cell>,
}

impl Figures {
    /// The figures of these results.
    ///
    /// # Errors
    ///
    /// A cell is there twice or is none of the matrix; guests measured in different settings.
    pub fn of(all: &[Results]) -> Result<Self> {
        let mut figures = Figures::default();
        let mut raw = BTreeMap::new();
        for results in all {
            for (name, value) in &results.setting {
                let known = figures.setting.entry(name.clone()).or_insert_with(|| value.clone());
                ensure!(known == value, "guests differ in '{name}': '{known}' and '{value}'");
            }
            for cell in &results.cells {
                let key = (cell.row.clone(), cell.column.clone());
                if column(&cell.column).is_none() && !is_base(&cell.column) {
                    bail!("column '{}' is not in the matrix (tools/ruler/src/matrix.rs)", cell.column);
                }
                row(&cell.row).with_context(|| format!("row '{}' is not in the matrix", cell.row))?;
                ensure!(raw.insert(key, &cell.outcome).is_none(), "cell '{} {}' is there twice", cell.column, cell.row);
            }
        }
        for ((row, name), outcome) in &raw {
            let Some(column) = column(name) else { continue };
            let cell = match outcome {
                Outcome::Cannot(reason) => Err(reason.clone()),
                Outcome::Cost(cost) => Ok(figure(
                    cost,
                    |other| match raw.get(&(row.clone(), other.to_owned())) {
                        Some(Outcome::Cost(cost)) => Some(cost),
                        _ => None,
                    },
                    column,
                )),
            };
            figures.cells.insert((row.clone(), (*name).clone()), cell);
        }
        Ok(figures)
    }

    /// A cell.
    pub fn cell(&self, row: &str, column: &str) -> Option<&Cell> {
        self.cells.get(&(row.to_owned(), column.to_owned()))
    }

    /// What was measured of a cell.
    pub fn figure(&self, row: &str, column: &str) -> Option<&Figure> {
        self.cell(row, column)?.as_ref().ok()
    }

    /// The cells in the matrix's order.
    pub fn in_order(&self) -> impl Iterator<Item = (&'static str, &'static Column, &Cell)> {
        ROWS.iter().flat_map(move |row| {
            COLUMNS.iter().filter_map(move |column| Some((row.id, column, self.cell(row.id, column.id)?)))
        })
    }
}

fn figure<'a>(cost: &Cost, other: impl Fn(&str) -> Option<&'a Cost>, column: &Column) -> Figure {
    let run = |cost: &'a Cost, verdict: &str| cost.runs.iter().find(|run| run.verdict == verdict).map(Run::each);
    let own = |verdict: &str| cost.runs.iter().find(|run| run.verdict == verdict).map(Run::each);
    let dropper = other(column.hook.dropper()).and_then(|dropper| run(dropper, "drop"));
    let shell = other("none").map_or(0, |none| none.load);
    Figure {
        pass: own("pass").map(|total| Each { total, over: cost.blank.as_ref().map(|blank| total - blank.each()) }),
        drop: own("drop").map(|total| Each { total, over: dropper.map(|dropper| total - dropper) }),
        load: cost.load.saturating_sub(shell),
        memory: cost.memory,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::results::parse;

    pub(crate) fn results(cells: &str) -> Results {
        parse(&format!("qemu 10\n{cells}end\n")).expect("results")
    }

    pub(crate) fn sample() -> Figures {
        let one = results(
            "cell none udp-port\nblank 10 1000\nload 50\nmemory 0\npass 10 1000\n\
             cell floor-drop udp-port\nblank 10 1000\nload 70\nmemory 0\ndrop 10 800\n\
             cell nflua udp-port\nblank 10 1010\nload 450\nmemory 4096\npass 10 1510\ndrop 10 1200\n",
        );
        let other = results("cell nft-set udp-port\ncannot nothing to put into a set, really\n");
        Figures::of(&[one, other]).expect("figures")
    }

    #[test]
    fn figures_are_over_what_the_same_guest_or_hook_costs_without() {
        let figures = sample();
        let figure = figures.figure("udp-port", "nflua").expect("measured");
        assert_eq!(figure.pass, Some(Each { total: 151.0, over: Some(50.0) }));
        assert_eq!(figure.drop, Some(Each { total: 120.0, over: Some(40.0) }));
        assert_eq!((figure.load, figure.memory), (400, 4096));
        assert!(figures.cell("udp-port", "nft-set").expect("there").is_err());
        assert!(figures.cell("udp-port", "floor-drop").is_none(), "it is only to compare with");
        let order: Vec<_> = figures.in_order().map(|(_, column, _)| column.id).collect();
        assert_eq!(order, ["none", "nft-set", "nflua"]);
    }

    #[test]
    fn results_that_do_not_belong_together_are_refused() {
        let refusal = |all: &[Results]| Figures::of(all).expect_err("a refusal").to_string();
        let one = || results("cell none accept\ncannot x\n");
        assert!(refusal(&[one(), one()]).contains("'none accept' is there twice"));
        let other = parse("qemu 11\ncell floor accept\ncannot x\nend\n").expect("results");
        assert!(refusal(&[one(), other]).contains("guests differ in 'qemu': '10' and '11'"));
        assert!(refusal(&[results("cell pf accept\ncannot x\n")]).contains("column 'pf'"));
        assert!(refusal(&[results("cell none nat\ncannot x\n")]).contains("row 'nat'"));
    }
}
