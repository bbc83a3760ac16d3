// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a guest is to measure: a line for each cell, `COLUMN ROW ROUNDSxPACKETS`, and `pass`
//! or `drop` after them for a filter that gives all packets one verdict.

use crate::row::{Row, Verdict};
use anyhow::{bail, Context, Result};

/// One measurement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The filter: the name of a file of columns.
    pub column: String,
    /// Its job.
    pub row: Row,
    /// How often the filter is loaded: hashes have other seeds each time.
    pub rounds: u32,
    /// How many packets of each verdict in a round.
    pub packets: u32,
    /// The verdicts that its packets get.
    pub verdicts: Vec<Verdict>,
}

/// Reads a plan. Empty lines and those after a `#` are nothing.
///
/// # Errors
///
/// A line is none; its number is named.
pub fn parse(text: &str) -> Result<Vec<Step>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let steps: Vec<_> = lines
        .map(|(number, line)| step(line).with_context(|| format!("line {} of the plan", number + 1)))
        .collect::<Result<_>>()?;
    if steps.is_empty() {
        bail!("the plan names no cell");
    }
    Ok(steps)
}

fn step(line: &str) -> Result<Step> {
    let words: Vec<_> = line.split_whitespace().collect();
    let (column, row, amount, only) = match words[..] {
        [column, row, amount] => (column, row, amount, None),
        [column, row, amount, "pass"] => (column, row, amount, Some(Verdict::Pass)),
        [column, row, amount, "drop"] => (column, row, amount, Some(Verdict::Drop)),
        _ => bail!("'{line}' is not COLUMN ROW ROUNDSxPACKETS, perhaps with 'pass' or 'drop' after it"),
    };
    if !column.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        bail!("'{column}' is no name of a column");
    }
    let number = |text: &str| text.parse().ok().filter(|number| *number > 0);
    let amount = amount.split_once('x').and_then(|(rounds, packets)| Some((number(rounds)?, number(packets)?)));
    let (rounds, packets) = amount.with_context(|| format!("'{line}' does not say how many packets, as 4x5000"))?;
    let row: Row = row.parse()?;
    let verdicts = only.map_or_else(|| row.verdicts().to_vec(), |verdict| vec![verdict]);
    Ok(Step { column: column.into(), row, rounds, packets, verdicts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_its_lines() {
        let steps = parse("# two cells\n\nnone udp-port 4x5000 pass\n nft-set dns-10 1x100\n").expect("a plan");
        assert_eq!(steps.len(), 2);
        assert_eq!((&steps[0].verdicts[..], steps[1].verdicts.len()), (&[Verdict::Pass][..], 2));
        assert_eq!(
            (steps[0].rounds, steps[0].packets, steps[1].column.as_str(), steps[1].row.to_string()),
            (4, 5000, "nft-set", "dns-10".into())
        );
    }

    #[test]
    fn a_bad_line_is_named() {
        for line in [
            "none accept",
            "none accept 1",
            "none accept 1x0",
            "none accept x",
            "../x accept 1x1",
            "none all 1x1",
            "a b c d",
        ] {
            let error = parse(&format!("none accept 1x1\n{line}\n")).expect_err(line);
            assert!(format!("{error:#}").starts_with("line 2 of the plan"), "{error:#}");
        }
        parse("# nothing\n").expect_err("no cell");
    }
}
