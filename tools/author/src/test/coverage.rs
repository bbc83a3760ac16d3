// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Which lines of scripts ran.

use std::collections::BTreeSet;

use kernel_lua::{Limits, Lines, Machine};

use crate::subject::Subject;

/// Says for each script of a folder how many of its lines ran, and which did not.
pub(super) fn print(subject: &Subject, lines: &Lines) {
    for script in subject.scripts() {
        let chunk = subject.chunk(&format!("{}.lua", script.name));
        let limits = Limits { fuel: 1 << 40, memory: 64 << 20, stack: 256 << 10 };
        let Some(Ok(code)) = Machine::new(limits).map(|machine| machine.compile(&chunk, &script.text)) else {
            continue;
        };
        let ran: BTreeSet<u32> = lines.get(&chunk).map(|lines| lines.keys().copied().collect()).unwrap_or_default();
        let missed: Vec<u32> = code.lines.difference(&ran).copied().collect();
        let (all, hit) = (code.lines.len(), code.lines.len() - missed.len());
        let percent = (hit * 100).checked_div(all).unwrap_or(100);
        let which = if missed.is_empty() { String::new() } else { format!("; not {}", ranges(&missed)) };
        println!("{}: {hit} of {all} lines ran ({percent} %){which}", subject.localized(&chunk));
    }
}

/// 1, 2, 3, 7 as `1-3, 7`.
fn ranges(lines: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => ranges.push((*line, *line)),
        }
    }
    let shown =
        ranges.iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") });
    shown.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_in_a_row_are_a_range() {
        assert_eq!(ranges(&[1, 2, 3, 7, 9, 10]), "1-3, 7, 9-10");
    }
}
