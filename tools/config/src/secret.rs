// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a file has that nobody is shown who is shown the file.

use crate::{Config, Login, Wan};

/// The key of the only secret. No other key ends in this.
const KEY: &str = "password";

/// The text of a router.yaml that has this password, or none that is known, with `word` in the place of the password and
/// of what stands behind it in its line.
pub(crate) fn hidden(text: &str, password: Option<&str>, word: &str) -> String {
    let mut found = false;
    let lines = text.split_inclusive('\n').map(|line| match split(line) {
        Some((before, behind)) => {
            found |= password.is_some_and(|password| behind.contains(password));
            let end = if line.ends_with('\n') { "\n" } else { "" };
            format!("{before} {word}{end}")
        }
        None => line.to_owned(),
    });
    let text: String = lines.collect();
    // YAML can have a text on lines behind its key's.
    match password {
        Some(password) if !found => text.replace(password, word),
        _ => text,
    }
}

/// The password of a configuration.
pub(crate) fn password(config: &Config) -> Option<&str> {
    match &config.wan {
        Wan::Pppoe(Login { password, .. }) => Some(password),
        Wan::Dhcp | Wan::Static { .. } => None,
    }
}

/// A line up to the colon behind the key, and the rest.
fn split(line: &str) -> Option<(&str, &str)> {
    let behind = line.find(KEY)? + KEY.len();
    let colon = behind + line[behind..].find(':')?;
    let only_quotes = line[behind..colon].chars().all(|c| matches!(c, '"' | '\'' | ' '));
    only_quotes.then(|| line.split_at(colon + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown_however_it_is_written() {
        for (text, shown) in [
            (
                "wan:\n  mode: pppoe\n  user: me\n  password: s3cret\n",
                "wan:\n  mode: pppoe\n  user: me\n  password: (secret)\n",
            ),
            ("wan: { mode: pppoe, 'password': 's3cret', user: me }", "wan: { mode: pppoe, 'password': (secret)"),
            (
                "wan:\n  mode: pppoe\n  user: me\n  password: |-\n    s3cret\n",
                "wan:\n  mode: pppoe\n  user: me\n  password: (secret)\n    (secret)\n",
            ),
            ("lan: { address: 10.0.0.1/8 }\n", "lan: { address: 10.0.0.1/8 }\n"),
        ] {
            let config = text.parse().expect("a good file");
            assert_eq!(hidden(text, password(&config), "(secret)"), shown);
        }
        assert_eq!(hidden("not a file: [ password: s3cret", None, "(secret)"), "not a file: [ password: (secret)");
    }
}
