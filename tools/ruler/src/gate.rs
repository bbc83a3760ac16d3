// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Holds what is measured now against what was recorded.

use crate::figures::{Each, Figure, Figures};
use crate::matrix::column;
use anyhow::{bail, ensure, Result};
use std::fmt::Write;

/// By how much a packet may cost more than recorded: hashes have other seeds whenever
/// anything changes, which is less than half of this.
const WORSE: f64 = 1.03;
/// Of the whole path of a packet, what timer interrupts make of it from run to run.
const NOISE: f64 = 0.001;

/// A line for each figure of ours.
///
/// # Errors
///
/// A figure is worse, or not recorded, or was recorded with another machine; all of them are
/// named, with the way out.
pub fn judge(recorded: &Figures, measured: &Figures) -> Result<String> {
    for (name, value) in &measured.setting {
        let Some(before) = recorded.setting.get(name) else { continue };
        ensure!(
            before == value,
            "the recorded figures are of another {name}: '{before}', and this is '{value}'; {WAY_OUT}"
        );
    }
    let (mut lines, mut bad) = (String::new(), String::new());
    for ((row, name), cell) in &measured.cells {
        let Ok(figure) = cell else { continue };
        if !column(name).is_some_and(|column| column.ours) {
            continue;
        }
        let Some(before) = recorded.figure(row, name) else {
            let _ = writeln!(bad, "{name} at {row} is not recorded");
            continue;
        };
        for (verdict, get) in VERDICTS {
            let (Some(now), Some(before)) = (get(figure), get(before)) else { continue };
            let (Some(over), Some(limit)) = (now.over, before.over.map(|over| over * WORSE + before.total * NOISE))
            else {
                continue;
            };
            let line = format!(
                "{name} at {row}, {verdict}: recorded {:.1}, measured {over:.1} instructions per packet",
                before.over.unwrap_or_default()
            );
            let _ = writeln!(if over > limit { &mut bad } else { &mut lines }, "{line}");
        }
    }
    if !bad.is_empty() {
        bail!("more than 3 % worse than docs/performance/figures.csv:\n{bad}{WAY_OUT}");
    }
    ensure!(!lines.is_empty(), "nothing of ours was measured");
    Ok(lines)
}

const WAY_OUT: &str = "if that is meant to be, record anew with 'make bench' and commit docs/performance";

type Get = fn(&Figure) -> Option<Each>;
const VERDICTS: [(&str, Get); 2] =
    [("a packet that passes", |figure| figure.pass), ("a dropped one", |figure| figure.drop)];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::tests::sample;

    fn with(change: impl FnOnce(&mut Figure)) -> Figures {
        let mut figures = sample();
        let key = ("udp-port".to_owned(), "nflua".to_owned());
        change(figures.cells.get_mut(&key).and_then(|cell| cell.as_mut().ok()).expect("measured"));
        figures
    }

    fn with_pass(over: f64) -> Figures {
        with(|figure| figure.pass = Some(Each { total: 101.0 + over, over: Some(over) }))
    }

    #[test]
    fn the_same_and_the_better_pass() {
        let lines = judge(&sample(), &sample()).expect("the same");
        assert_eq!(lines.lines().count(), 2, "{lines}");
        judge(&sample(), &with_pass(20.0)).expect("better");
        judge(&sample(), &with_pass(51.5)).expect("3 % more");
    }

    #[test]
    fn the_worse_is_named_with_both_figures_and_the_way_out() {
        let error = judge(&sample(), &with_pass(51.8)).expect_err("worse").to_string();
        assert!(error.contains("nflua at udp-port, a packet that passes: recorded 50.0, measured 51.8"), "{error}");
        assert!(error.contains("make bench") && !error.contains("a dropped one"), "{error}");
        let drop = with(|figure| figure.drop = Some(Each { total: 200.0, over: Some(120.0) }));
        assert!(judge(&sample(), &drop).expect_err("worse").to_string().contains("a dropped one: recorded 40.0"));
    }

    #[test]
    fn what_was_not_recorded_or_elsewhere_is_no_comparison() {
        let mut empty = sample();
        empty.cells.retain(|(_, column), _| column != "nflua");
        assert!(judge(&empty, &sample())
            .expect_err("not recorded")
            .to_string()
            .contains("nflua at udp-port is not recorded"));
        let mut other = sample();
        other.setting.insert("qemu".into(), "11".into());
        assert!(judge(&other, &sample())
            .expect_err("another QEMU")
            .to_string()
            .contains("another qemu: '11', and this is '10'"));
        assert!(judge(&sample(), &empty).is_err(), "nothing is no proof");
    }
}
