// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a file has that nobody is shown who is shown the file.

use crate::{Config, Login, Wan};

/// The key of every secret. No other key ends in this.
const KEY: &str = "password";

/// The text of a router.yaml that has these passwords, or none that are known, with a word in the place of each
/// and of what stands behind it in its line. Those that are not among `known` have another word.
pub(crate) fn hidden(text: &str, passwords: &[&str], known: &[&str]) -> String {
    let word = |password: &str| if known.contains(&password) { "(secret)" } else { "(another secret)" };
    let mut found = Vec::new();
    let lines = text.split_inclusive('\n').map(|line| match split(line) {
        Some((before, behind)) => {
            let here = || passwords.iter().copied().filter(|password| behind.contains(password));
            found.extend(here());
            let word = here().map(word).max_by_key(|word| word.len()).unwrap_or("(secret)");
            let end = if line.ends_with('\n') { "\n" } else { "" };
            format!("{before} {word}{end}")
        }
        None => line.to_owned(),
    });
    let text: String = lines.collect();
    // YAML can have a text on lines behind its key's.
    let elsewhere = passwords.iter().filter(|password| !found.contains(password));
    elsewhere.fold(text, |text, password| text.replace(password, word(password)))
}

/// The passwords of a configuration.
pub(crate) fn passwords(config: &Config) -> Vec<&str> {
    let wan = match &config.wan {
        Wan::Pppoe(Login { password, .. }) => Some(password),
        Wan::Dhcp | Wan::Static { .. } => None,
    };
    let broadcasts = config.wifi.iter().flat_map(|wifi| &wifi.broadcasts);
    let wifi = broadcasts.filter_map(|broadcast| broadcast.protection.as_ref()).map(|protection| &protection.password);
    wan.into_iter().chain(wifi).map(String::as_str).collect()
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
            assert_eq!(hidden(text, &passwords(&config), &passwords(&config)), shown);
        }
        assert_eq!(hidden("not a file: [ password: s3cret", &[], &[]), "not a file: [ password: (secret)");
    }

    #[test]
    fn each_password_of_several_is_hidden_and_only_another_one_is_another() {
        let text = |password| {
            format!(
                "wan: {{ mode: pppoe, user: me, password: s3cret }}\nwifi:\n  country: DE\n  radios:\n    \
                 wlan0: {{ band: 2.4GHz }}\n  networks:\n    - {{ ssid: a, password: {password} }}\n    \
                 - ssid: b\n      password:\n        long-enough\n"
            )
        };
        let (old, new) = (text("first-one"), text("second-one"));
        let (before, after) = (old.parse().expect("a good file"), new.parse().expect("a good file"));
        let shown = hidden(&new, &passwords(&after), &passwords(&before));
        assert!(shown.contains("me, password: (secret)\n"), "{shown}");
        assert!(shown.contains("a, password: (another secret)\n"), "{shown}");
        assert!(shown.ends_with("password: (secret)\n        (secret)\n"), "{shown}");
    }
}
