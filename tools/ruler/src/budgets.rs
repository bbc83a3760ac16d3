// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the bounds of scripts cost: the same packets with them and without.

use crate::figures::{Figure, Figures};
use crate::matrix::column;
use anyhow::{bail, ensure, Result};
use std::fmt::Write;

/// A packet's whole path may be so much longer.
const DEARER: f64 = 1.05;

/// A line for each kind of packet of ours.
///
/// # Errors
///
/// One costs more than 5 % more; there is nothing to compare.
pub fn judge(with: &Figures, without: &Figures) -> Result<String> {
    ensure!(with.setting == without.setting, "the two were measured in different settings");
    let (mut lines, mut bad) = (String::new(), String::new());
    for ((row, name), cell) in &with.cells {
        let (Ok(figure), Some(bare)) = (cell, without.figure(row, name)) else { continue };
        if !column(name).is_some_and(|column| column.ours) {
            continue;
        }
        for (verdict, total, least) in totals(figure, bare) {
            let share = (total / least - 1.0) * 100.0;
            let line = format!(
                "{name} at {row}, {verdict}: {total:.1} instructions per packet, {least:.1} without budgets, {share:+.1} %"
            );
            let _ = writeln!(if total > least * DEARER { &mut bad } else { &mut lines }, "{line}");
        }
    }
    if !bad.is_empty() {
        bail!("budgets cost more than 5 % of a packet:\n{bad}");
    }
    ensure!(!lines.is_empty(), "nothing of ours was measured");
    Ok(lines)
}

/// What a packet costs in all, with budgets and without.
fn totals(with: &Figure, without: &Figure) -> impl Iterator<Item = (&'static str, f64, f64)> {
    let pair = |name, with: Option<crate::figures::Each>, without: Option<crate::figures::Each>| {
        Some((name, with?.total, without?.total))
    };
    [pair("a packet that passes", with.pass, without.pass), pair("a dropped one", with.drop, without.drop)]
        .into_iter()
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::judge;
    use crate::figures::tests::sample;
    use crate::figures::{Each, Figures};

    fn with_pass(total: f64) -> Figures {
        let mut figures = sample();
        let key = ("udp-port".to_owned(), "nflua".to_owned());
        let figure = figures.cells.get_mut(&key).and_then(|cell| cell.as_mut().ok()).expect("measured");
        figure.pass = Some(Each { total, over: None });
        figures
    }

    #[test]
    fn a_packet_may_cost_a_twentieth_more() {
        let lines = judge(&with_pass(104.9), &with_pass(100.0)).expect("less than 5 %");
        let expected =
            "nflua at udp-port, a packet that passes: 104.9 instructions per packet, 100.0 without budgets, +4.9 %";
        assert!(lines.contains(expected), "{lines}");
        let error = judge(&with_pass(105.1), &with_pass(100.0)).expect_err("more").to_string();
        assert!(error.contains("+5.1 %") && !error.contains("a dropped one"), "{error}");
        assert!(judge(&Figures::default(), &Figures::default()).is_err(), "nothing is no proof");
    }
}
