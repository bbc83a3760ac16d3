// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Figures as tables for people, in Markdown.

use crate::figures::{Each, Figure, Figures};
use crate::matrix::{Column, Hook, ROWS};
use std::fmt::Write;

/// What Lunatik 4.4's C modules cost on this kernel and ruler, over the same hook without Lua:
/// the row, the hook, whether for dropped packets, and how many instructions.
const LUNATIK: [(&str, Hook, bool, u32); 6] = [
    ("accept", Hook::Forward, false, 1040),
    ("udp-port", Hook::Forward, false, 3640),
    ("dns-1", Hook::Forward, true, 10_600),
    ("accept", Hook::Xdp, false, 1800),
    ("udp-port", Hook::Xdp, false, 3740),
    ("sni-1", Hook::Xdp, false, 21_400),
];

/// All tables.
pub fn write(figures: &Figures) -> String {
    let mut text =
        String::from("<!-- Written by `make bench`; what the figures mean is in README.md. -->\n# What packets cost\n");
    for (name, value) in &figures.setting {
        let _ = write!(text, "\n- {name}: `{value}`");
    }
    text += "\n\n## Lua alone\n\n\
        Instructions per packet over the same hook without Lua. Lunatik 4.4's C modules were measured once, on\n\
        this kernel and ruler.\n\n\
        | job | hook | Lunatik 4.4 | 4.4's script | our way | standalone |\n|---|---|--:|--:|--:|--:|\n";
    for (row, hook, drop, reference) in LUNATIK {
        let title = format!("{}{}", title(row), if drop { " (dropped)" } else { "" });
        let (place, columns) = match hook {
            Hook::Forward => ("netfilter", ["nflua-compat", "nflua", ""]),
            Hook::Xdp => ("XDP", ["xdplua-compat", "xdplua-ebpf", "xdplua"]),
        };
        let _ = write!(text, "| {title} | {place} | {} |", thousands(reference.into()));
        for column in columns {
            let _ = write!(text, " {} |", lua(figures, row, column, hook, drop).map_or_else(String::new, whole));
        }
        text.push('\n');
    }
    for row in &ROWS {
        let cells: Vec<_> = figures.in_order().filter(|(id, ..)| *id == row.id).collect();
        if cells.is_empty() {
            continue;
        }
        let _ = write!(text, "\n## {}\n\n", row.title);
        text += "| filter | forwarded | over no filter | dropped | over a bare drop | held in KiB | load in 1,000s |\n";
        text += "|---|--:|--:|--:|--:|--:|--:|\n";
        let mut reasons = String::new();
        for (_, column, cell) in cells {
            match cell {
                Ok(figure) => text += &line(column, figure),
                Err(reason) => {
                    let _ = writeln!(text, "| {} | - | | - | | | |", column.title);
                    let _ = writeln!(reasons, "- {}: {reason}.", column.title);
                }
            }
        }
        if !reasons.is_empty() {
            let _ = write!(text, "\n{reasons}");
        }
    }
    text
}

fn title(row: &str) -> &str {
    crate::matrix::row(row).map_or(row, |row| row.title)
}

/// What Lua adds to its hook.
fn lua(figures: &Figures, row: &str, column: &str, hook: Hook, drop: bool) -> Option<f64> {
    let figure = figures.figure(row, column)?;
    if drop {
        return figure.drop?.over;
    }
    Some(figure.pass?.over? - figures.figure("accept", hook.bare())?.pass?.over?)
}

fn line(column: &Column, figure: &Figure) -> String {
    let each = |each: Option<Each>| match each {
        Some(each) => format!("{} | {}", whole(each.total), each.over.map_or_else(String::new, whole)),
        None => "| ".to_owned(),
    };
    let name = if column.ours { format!("**{}**", column.title) } else { column.title.to_owned() };
    let memory = thousands((figure.memory + 512).div_euclid(1024));
    let load = thousands((figure.load as i64 + 500) / 1000);
    format!("| {name} | {} | {} | {memory} | {load} |\n", each(figure.pass), each(figure.drop))
}

fn whole(number: f64) -> String {
    thousands(number.round() as i64)
}

fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::tests::{results, sample};

    #[test]
    fn a_row_has_a_line_for_each_filter_and_reasons_below() {
        let text = write(&sample());
        assert!(text.contains("## Drop by UDP port\n"), "{text}");
        assert!(text.contains("| no filter | 100 | 0 | |  | 0 | 0 |\n"), "{text}");
        assert!(text.contains("| **NFLua** | 151 | 50 | 120 | 40 | 4 | 0 |\n"), "{text}");
        assert!(text.contains("\n- nftables, set: nothing to put into a set, really.\n"), "{text}");
        assert!(!text.contains("## HTTP"), "{text}");
    }

    #[test]
    fn lua_alone_is_over_the_bare_hook() {
        let cells = "cell floor accept\nblank 1 100\nload 0\nmemory 0\npass 1 170\n\
            cell nflua accept\nblank 1 100\nload 0\nmemory 0\npass 1 1570\n";
        let text = write(&Figures::of(&[results(cells)]).expect("figures"));
        assert!(text.contains("| Accept everything | netfilter | 1,040 |  | 1,400 |  |\n"), "{text}");
    }

    #[test]
    fn numbers_are_grouped() {
        let written: Vec<_> = [0, 999, 1000, -1_234_567].map(thousands).into();
        assert_eq!(written, ["0", "999", "1,000", "-1,234,567"]);
    }
}
