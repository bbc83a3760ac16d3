// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Figures as a table for programs, and back.
//!
//! Lines `# NAME: VALUE` say what measured; then a line of names and a line for each cell. A
//! number that was not measured is empty; the last field is why a filter cannot do a job.

use crate::figures::{Cell, Each, Figure, Figures};
use anyhow::{ensure, Context, Result};
use std::fmt::Write;

const NAMES: &str = "row,column,pass,pass_over,drop,drop_over,load,memory,cannot";

/// The figures, a line for each cell.
pub fn write(figures: &Figures) -> String {
    let mut text = String::new();
    for (name, value) in &figures.setting {
        let _ = writeln!(text, "# {name}: {value}");
    }
    let _ = writeln!(text, "{NAMES}");
    for (row, column, cell) in figures.in_order() {
        let _ = match cell {
            Err(reason) => writeln!(text, "{row},{},,,,,,,\"{}\"", column.id, reason.replace('"', "'")),
            Ok(figure) => {
                let (pass, drop) = (each(figure.pass), each(figure.drop));
                writeln!(text, "{row},{},{pass},{drop},{},{},", column.id, figure.load, figure.memory)
            }
        };
    }
    text
}

fn each(each: Option<Each>) -> String {
    let number = |number: Option<f64>| number.map_or_else(String::new, |number| format!("{number:.1}"));
    format!("{},{}", number(each.map(|each| each.total)), number(each.and_then(|each| each.over)))
}

/// Reads what [`write`] wrote.
///
/// # Errors
///
/// A line is none of a table of figures; it is named.
pub fn read(text: &str) -> Result<Figures> {
    let mut figures = Figures::default();
    let mut lines = text.lines().enumerate();
    for (number, line) in &mut lines {
        if let Some((name, value)) = line.strip_prefix("# ").and_then(|line| line.split_once(": ")) {
            figures.setting.insert(name.into(), value.into());
        } else {
            ensure!(line == NAMES, "line {}: '{line}' is not '{NAMES}'", number + 1);
            break;
        }
    }
    for (number, line) in lines {
        let (key, cell) = cell(line).with_context(|| format!("line {}: '{line}'", number + 1))?;
        figures.cells.insert(key, cell);
    }
    ensure!(!figures.cells.is_empty(), "there are no figures");
    Ok(figures)
}

fn cell(line: &str) -> Result<((String, String), Cell)> {
    let fields: Vec<_> = line.splitn(9, ',').collect();
    let [row, column, pass, pass_over, drop, drop_over, load, memory, cannot] = fields[..] else {
        anyhow::bail!("a line has nine fields");
    };
    let key = (row.to_owned(), column.to_owned());
    if !cannot.is_empty() {
        return Ok((key, Err(cannot.trim_matches('"').to_owned())));
    }
    let number = |text: &str| if text.is_empty() { Ok(None) } else { text.parse::<f64>().map(Some) };
    let each = |total, over| -> Result<_> {
        let over = number(over)?;
        Ok(number(total)?.map(|total| Each { total, over }))
    };
    let (pass, drop) = (each(pass, pass_over)?, each(drop, drop_over)?);
    Ok((key, Ok(Figure { pass, drop, load: load.parse()?, memory: memory.parse()? })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::tests::sample;

    #[test]
    fn what_is_written_is_read() {
        let figures = sample();
        let text = write(&figures);
        assert!(text.starts_with("# qemu: 10\nrow,column,"), "{text}");
        assert!(text.contains("\nudp-port,nflua,151.0,50.0,120.0,40.0,400,4096,\n"), "{text}");
        assert_eq!(read(&text).expect("figures"), figures);
    }

    #[test]
    fn a_damaged_table_is_refused_by_its_line() {
        let text = write(&sample());
        for (good, bad) in [("151.0", "x"), (",400,", ",,"), ("row,column", "column,row"), ("4096,", "4096")] {
            let error = format!("{:#}", read(&text.replacen(good, bad, 1)).expect_err(bad));
            assert!(error.starts_with("line "), "{error}");
        }
        read("").expect_err("empty");
    }
}
