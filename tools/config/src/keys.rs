// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Files of public keys.

use files::Problem;

use crate::check;

/// The keys of a file for sshd (`authorized_keys`): one a line, beside blank lines and comments.
///
/// # Errors
///
/// A line is something else, or there is no key.
pub fn keys(text: &str) -> Result<Vec<String>, Problem> {
    let mut keys = Vec::new();
    // Editors of Windows begin a text with a mark.
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    for (line, number) in lines.zip(1..) {
        if !line.is_empty() && !line.starts_with('#') {
            keys.push(check::key(line).map_err(|text| Problem { line: number, column: 1, text })?);
        }
    }
    if keys.is_empty() {
        let text = "there is no key: give a public one (the file that ends in .pub)".to_owned();
        return Err(Problem { line: 1, column: 1, text });
    }
    Ok(keys)
}
