// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! SHA256SUMS, as `sha256sum` writes it.

use std::collections::BTreeMap;

use anyhow::{ensure, Context, Result};

/// SHA-256 of files, by their names.
pub(super) type Sums = BTreeMap<String, String>;

/// The text.
pub(super) fn write(sums: &Sums) -> String {
    sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect()
}

/// Reads the text.
///
/// # Errors
///
/// By line.
pub(super) fn read(text: &str) -> Result<Sums> {
    let mut sums = Sums::new();
    for (line, number) in text.lines().zip(1..) {
        let place =
            || format!("line {number}: '{line}' is not 64 hexadecimal digits, two blanks and the name of a file");
        let (sum, name) = line.split_once("  ").with_context(place)?;
        let digits = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._+~".contains(c);
        ensure!(sum.len() == 64 && sum.chars().all(digits), place());
        ensure!(!name.is_empty() && !name.starts_with('.') && name.chars().all(plain), place());
        ensure!(sums.insert(name.to_owned(), sum.to_owned()).is_none(), "line {number}: {name} is there twice");
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_read_as_they_are_written() {
        let sums = Sums::from([("a.img".to_owned(), "0f".repeat(32)), ("b.bundle".to_owned(), "1e".repeat(32))]);
        assert_eq!(read(&write(&sums)).expect("good"), sums);
    }

    #[test]
    fn what_is_no_plain_name_or_sum_is_refused_by_line() {
        let sum = "0f".repeat(32);
        for line in [
            format!("{sum} a"),
            format!("{sum}  ../a"),
            format!("{sum}  /a"),
            format!("{sum}  .a"),
            format!("{sum}  "),
            format!("{}  a", &sum[1..]),
            format!("{}  a", sum.to_uppercase()),
        ] {
            let error = read(&format!("{sum}  good\n{line}\n")).expect_err(&line).to_string();
            assert!(error.starts_with("line 2: "), "{error}");
        }
        let error = read(&format!("{sum}  a\n{sum}  a\n")).expect_err("twice").to_string();
        assert_eq!(error, "line 2: a is there twice");
    }
}
