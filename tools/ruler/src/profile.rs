// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! In which functions the instructions go.

use crate::results::{Cost, Outcome, Results};
use crate::symbols::Symbols;
use anyhow::{ensure, Context, Result};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How often each address was executed, while packets of one run were judged.
pub type Section = Vec<(u64, u64)>;

/// Instructions per packet, by function.
pub type Functions = BTreeMap<String, f64>;

/// Reads what the profiler wrote.
///
/// # Errors
///
/// A line is none of the profiler's.
pub fn parse(text: &str) -> Result<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines() {
        if line == "profile" {
            sections.push(Section::new());
            continue;
        }
        let numbers = line
            .split_once(' ')
            .and_then(|(address, count)| Some((u64::from_str_radix(address, 16).ok()?, count.parse().ok()?)));
        let section = sections.last_mut().context("the profile does not begin with 'profile'")?;
        section.push(numbers.with_context(|| format!("'{line}' is no line of a profile"))?);
    }
    Ok(sections)
}

/// In the place of a verdict, for the packets before the filter was loaded.
pub const BLANK: &str = "blank";

/// What was measured, and in which functions.
pub struct Profile {
    /// `COLUMN ROW VERDICT`
    pub title: String,
    /// Instructions per packet, by the guest's clock.
    pub each: f64,
    /// The same, where they were executed.
    pub functions: Functions,
}

/// A profile for each run of the results. `map` is the kernel's System.map.
///
/// # Errors
///
/// There are not as many sections as runs.
pub fn profiles(results: &Results, sections: &[Section], map: &str) -> Result<Vec<Profile>> {
    let mut sections = sections.iter();
    let mut profiles = Vec::new();
    for cell in &results.cells {
        let Outcome::Cost(cost) = &cell.outcome else { continue };
        let symbols = symbols(map, cost);
        let blank = cost.blank.iter().map(|run| (BLANK, run));
        for (name, run) in blank.chain(cost.runs.iter().map(|run| (run.verdict.as_str(), run))) {
            let section = sections.next().context("the profile ends before the results")?;
            let mut functions = Functions::new();
            for &(address, count) in section {
                *functions.entry(symbols.name(address).to_owned()).or_default() += count as f64 / run.packets as f64;
            }
            let title = format!("{} {} {name}", cell.column, cell.row);
            profiles.push(Profile { title, each: run.each(), functions });
        }
        if cost.blank.is_some() {
            sections.next().context("the profile ends before the packets after the last filter")?;
        }
    }
    ensure!(sections.next().is_none(), "the profile goes on after the results");
    Ok(profiles)
}

fn symbols(map: &str, cost: &Cost) -> Symbols {
    let mut symbols = Symbols::default();
    symbols.add(map.lines());
    symbols.add(cost.symbols.iter().map(String::as_str));
    symbols
}

/// What `title` is compared with: the same of another column, or the packets before its filter.
pub fn base<'a>(profiles: &'a [Profile], title: &str, over: &str) -> Option<&'a Profile> {
    let (column, rest) = title.split_once(' ')?;
    let (row, _) = rest.split_once(' ')?;
    let wanted = if over == BLANK { format!("{column} {row} {BLANK}") } else { format!("{over} {rest}") };
    profiles.iter().find(|profile| profile.title == wanted)
}

/// The functions with the most instructions, as text; with `base`, those with the most over it.
pub fn show(profile: &Profile, base: Option<&Profile>, most: usize) -> String {
    let less = |name: &str| base.and_then(|base| base.functions.get(name)).copied().unwrap_or(0.0);
    let mut rows: Vec<_> =
        profile.functions.iter().map(|(name, each)| (each - less(name), *each, name.as_str())).collect();
    for (name, each) in base.iter().flat_map(|base| &base.functions) {
        if !profile.functions.contains_key(name) {
            rows.push((-each, 0.0, name));
        }
    }
    rows.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then(a.2.cmp(b.2)));
    let counted: f64 = profile.functions.values().sum();
    let mut text =
        format!("{}: {:.1} instructions per packet, {counted:.1} of them counted", profile.title, profile.each);
    if let Some(base) = base {
        let _ = write!(text, "; {:+.1} over {}", profile.each - base.each, base.title);
    }
    let _ = writeln!(text, "\n{:>10} {:>10}  function", if base.is_some() { "over" } else { "each" }, "total");
    for (over, each, name) in rows.iter().take(most).filter(|(over, ..)| over.abs() >= 0.05) {
        let _ = writeln!(text, "{over:>10.1} {each:>10.1}  {name}");
    }
    let rest: f64 = rows.iter().skip(most).map(|(over, ..)| over).sum();
    let _ = writeln!(text, "{rest:>10.1} {:>10}  ({} more)", "", rows.len().saturating_sub(most));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results;

    const MAP: &str = "ffffffff81000000 T ip_rcv\nffffffff81000100 T ip_forward\n";
    const RESULTS: &str =
        "qemu 1\ncell none accept\nblank 10 90\nload 1\nmemory 0\npass 10 100\nsymbol ffffffffc0000000 t hook [floor]\n\
        cell floor accept\nload 1\nmemory 0\npass 10 150\nsymbol ffffffffc0000000 t hook [floor]\nend\n";
    const SECTIONS: &str = "profile\nffffffff81000004 90\nprofile\nffffffff81000004 40\nffffffff81000100 60\n\
        profile\nffffffff81000004 90\nprofile\nffffffff81000004 40\nffffffff81000100 50\nffffffffc0000001 60\n";

    fn both() -> Vec<Profile> {
        let results = results::parse(RESULTS).expect("results");
        profiles(&results, &parse(SECTIONS).expect("sections"), MAP).expect("profiles")
    }

    #[test]
    fn instructions_are_summed_by_function_and_packet() {
        let profiles = both();
        assert_eq!(profiles[2].functions["hook [floor]"], 6.0);
        assert_eq!(profiles[1].functions["ip_forward"], 6.0);
        let text = show(&profiles[2], None, 2);
        assert!(text.starts_with("floor accept pass: 15.0 instructions per packet, 15.0 of them counted\n"), "{text}");
        assert!(text.contains("       6.0        6.0  hook [floor]\n"), "{text}");
        assert!(text.ends_with("       4.0             (1 more)\n"), "{text}");
    }

    #[test]
    fn differences_are_shown_largest_first() {
        let profiles = both();
        let text = show(&profiles[2], Some(&profiles[1]), 10);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(base(&profiles, "floor accept pass", "none").expect("there").title, "none accept pass");
        assert_eq!(base(&profiles, "none accept pass", BLANK).expect("there").title, "none accept blank");
        assert!(base(&profiles, "floor accept pass", "nft").is_none());
        assert!(lines[0].ends_with("; +5.0 over none accept pass"), "{text}");
        assert_eq!(lines[2], "       6.0        6.0  hook [floor]");
        assert_eq!(lines[3], "      -1.0        5.0  ip_forward");
    }

    #[test]
    fn a_profile_of_other_results_is_refused() {
        let results = results::parse(RESULTS).expect("results");
        let sections = parse(SECTIONS).expect("sections");
        assert!(profiles(&results, &sections[..3], MAP).is_err());
        assert!(profiles(&results, &[sections.clone(), sections].concat(), MAP).is_err());
        assert!(parse("ffffffff81000004 40\n").is_err());
        assert!(parse("profile\nffffffff81000004\n").is_err());
    }
}
