// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! YAML that people write, and what is wrong in it.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_saphyr::Location;

/// Something wrong in a text, and where.
#[derive(Debug)]
pub struct Problem {
    /// Counted from 1.
    pub line: u64,
    /// In characters, counted from 1.
    pub column: u64,
    /// What is wrong, and the way out.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.text)
    }
}

/// A problem with what is at a place.
///
/// # Errors
///
/// Always: that problem.
pub fn wrong<T>(place: Location, text: impl Into<String>) -> Result<T, Problem> {
    Err(Problem { line: place.line(), column: place.column(), text: text.into() })
}

/// Reads a text. Countries and switches stay text: only true and false are booleans.
///
/// # Errors
///
/// It is no YAML, or has keys, values or types that `T` has not.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
        Problem { line, column, text: in_short(&error.to_string()) }
    })
}

/// A message of the YAML library without the place, which ours has in front, and without
/// advice that is for programmers.
fn in_short(message: &str) -> String {
    let message = message.replace('\n', " ");
    let ends = [" at line ", ", set DuplicateKeyPolicy"];
    let end = ends.iter().filter_map(|end| message.find(end)).min().unwrap_or(message.len());
    let text = &message[..end];
    if text.starts_with("missing field") {
        format!("{text}: every file of this kind has it")
    } else {
        text.to_owned()
    }
}
