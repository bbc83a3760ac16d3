// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a file has that nobody is shown who is shown the file.

use crate::{Config, Login, Wan};

/// The key of every secret. No other key ends in this.
const KEY: &str = "password";

/// The text of a router.yaml that has these passwords, or none that are known, with a word in the place of each
/// and of what stands behind it, in its line and those of its value. Those that are not among `known` have another word.
pub(crate) fn hidden(text: &str, passwords: &[&str], known: &[&str]) -> String {
    let word = |password: &str| if known.contains(&password) { "(secret)" } else { "(another secret)" };
    let mut shown = String::new();
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let Some((before, behind)) = split(line) else {
            // People repeat it in comments.
            shown.push_str(&without(line, passwords, word));
            continue;
        };
        let (mut value, mut more) = (behind.to_owned(), Vec::new());
        while let Some(next) = lines.next_if(|next| goes_on(before, &value, next)) {
            value.push_str(next);
            more.push(next);
        }
        let value = without_spaces(&value);
        let here = passwords.iter().copied().filter(|password| value.contains(&without_spaces(password)));
        let word_here = here.map(word).max_by_key(|word| word.len()).unwrap_or("(secret)");
        shown.push_str(&format!("{} {word_here}{}", without(before, passwords, word), end(behind)));
        shown.extend(more.into_iter().map(|line| covered(line, word_here)));
    }
    shown
}

/// Whether a line is of the value of a key, which stands at the end of `before`, and behind which `value` has come so far:
/// YAML can have a text on lines that are indented deeper than its key, or, within braces, than the line of that, and
/// there also as deep, which is so of what is no other key. What begins on the next line only is there wherever that
/// begins, and quotes go on until they are closed.
fn goes_on(before: &str, value: &str, line: &str) -> bool {
    let key = before.rfind(KEY).unwrap_or_default();
    let is_first = before[..key].chars().all(|c| matches!(c, ' ' | '-' | '"' | '\''));
    let column = if is_first { before[..key].trim_end_matches(['"', '\'']).len() } else { indent(before) };
    let (value, text) = (value.trim(), line.trim());
    let is_deeper = text.is_empty() || indent(line) > column;
    is_deeper || value.is_empty() || is_open(value) || !value.ends_with([',', '}', ']']) && !is_of_the_file(text)
}

/// Whether a value began with a quotation mark that is not closed yet.
fn is_open(value: &str) -> bool {
    let Some(mark) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return false };
    let (mut closed, mut escaped) = (true, false);
    for c in value.chars() {
        // Two single quotation marks within single ones are one of the text, and leave it as open as it was.
        if c == mark && !escaped {
            closed = !closed;
        }
        escaped = c == '\\' && mark == '"' && !escaped;
    }
    !closed
}

/// Whether a line, which goes no deeper than a key, cannot be of that key's value.
fn is_of_the_file(line: &str) -> bool {
    let begins = line.starts_with(['#', '-', '}', ']', '{', '[']) || line == "...";
    begins || line.ends_with(':') || line.contains(": ")
}

/// A line of a value, with a word in its place.
fn covered(line: &str, word: &str) -> String {
    match line.trim() {
        "" => line.to_owned(),
        _ => format!("{}{word}{}", &line[..indent(line)], end(line)),
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// How a line ends.
fn end(line: &str) -> &'static str {
    if line.ends_with('\n') {
        "\n"
    } else {
        ""
    }
}

/// Lines of a text may be folded.
fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
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

/// A text with a word in the place of each password. What stands there already is not looked at again: a password may be
/// a part of another, or of such a word.
fn without(text: &str, passwords: &[&str], word: impl Fn(&str) -> &'static str) -> String {
    let (mut shown, mut rest) = (String::new(), text);
    while let Some(next) = rest.chars().next() {
        let here = passwords.iter().copied().filter(|password| !password.is_empty() && rest.starts_with(password));
        if let Some(password) = here.max_by_key(|password| password.len()) {
            shown.push_str(word(password));
            rest = &rest[password.len()..];
        } else {
            shown.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    shown
}

/// A line up to the colon behind the key, and the rest.
fn split(line: &str) -> Option<(&str, &str)> {
    line.match_indices(KEY).find_map(|(at, _)| {
        let behind = at + KEY.len();
        let colon = behind + line[behind..].find(':')?;
        let only_quotes = line[behind..colon].chars().all(|c| matches!(c, '"' | '\'' | ' '));
        only_quotes.then(|| line.split_at(colon + 1))
    })
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
            (
                "wan:\n  password: >-\n    s3\n    cret\n  user: me\n  mode: pppoe\nhostname: a\n",
                "wan:\n  password: (secret)\n    (secret)\n    (secret)\n  user: me\n  mode: pppoe\nhostname: a\n",
            ),
            (
                "wan:\n  user: me\n  mode: pppoe\n  'password': s3\n   cret\n",
                "wan:\n  user: me\n  mode: pppoe\n  'password': (secret)\n   (secret)\n",
            ),
            (
                "wan:\n  user: me\n  mode: pppoe\n  password:\n    \"s3\\x63ret\"\n",
                "wan:\n  user: me\n  mode: pppoe\n  password: (secret)\n    (secret)\n",
            ),
            (
                "wan:\n  { mode: pppoe,\n  password:\n  \"s3\\x63ret\",\n  user: me }\n",
                "wan:\n  { mode: pppoe,\n  password: (secret)\n  (secret)\n  user: me }\n",
            ),
            (
                "wan: { mode: pppoe, user: me, password: s3\n  cret\n}\nhostname: a\n",
                "wan: { mode: pppoe, user: me, password: (secret)\n  (secret)\n}\nhostname: a\n",
            ),
            // Within braces the lines of a value may be no deeper than its key, and those of quotes may look like keys.
            (
                "wan: {\n  mode: pppoe,\n  password: s3\n  cret,\n  user: me\n}\nhostname: a\n",
                "wan: {\n  mode: pppoe,\n  password: (secret)\n  (secret)\n  user: me\n}\nhostname: a\n",
            ),
            (
                "wan: {\n  password: \"s3\\\"\n  : cret\",\n  user: me, mode: pppoe\n}\n",
                "wan: {\n  password: (secret)\n  (secret)\n  user: me, mode: pppoe\n}\n",
            ),
            (
                "wan: {\n  user: me, mode: pppoe,\n  password: 's3''\n  -: cret'\n}\n",
                "wan: {\n  user: me, mode: pppoe,\n  password: (secret)\n  (secret)\n}\n",
            ),
            ("lan: { address: 10.0.0.1/8 }\n", "lan: { address: 10.0.0.1/8 }\n"),
            // A comment repeats it, before and behind, and a password may be what stands in its place.
            (
                "# not s3cret: wan\nwan:\n  mode: pppoe\n  user: s3cret\n  password: s3cret\n# was s3cret, s3cret2\n",
                "# not (secret): wan\nwan:\n  mode: pppoe\n  user: (secret)\n  password: (secret)\n\
                 # was (secret), (secret)2\n",
            ),
            (
                "wan:\n  mode: pppoe\n  user: me\n  password: secret\n# secret\n",
                "wan:\n  mode: pppoe\n  user: me\n  password: (secret)\n# (secret)\n",
            ),
        ] {
            let config = text.parse().expect("a good file");
            assert_eq!(hidden(text, &passwords(&config), &passwords(&config)), shown);
        }
        assert_eq!(hidden("not a file: [ password: s3cret", &[], &[]), "not a file: [ password: (secret)");
        let text = "[ { ssid: password-less, password: s3cret }";
        assert_eq!(hidden(text, &[], &[]), "[ { ssid: password-less, password: (secret)");
        let (text, shown) =
            (": [\n- password:\n    s3cret\n  ssid: a\n", ": [\n- password: (secret)\n    (secret)\n  ssid: a\n");
        assert_eq!(hidden(text, &[], &[]), shown);
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
        // Of a text that is folded, too.
        let wan = |last| format!("wan:\n  mode: pppoe\n  user: me\n  password: >-\n    first\n    {last}\n");
        let (before, after) = (wan("one").parse().expect("a good file"), wan("two").parse().expect("a good file"));
        let shown = hidden(&wan("two"), &passwords(&after), &passwords(&before));
        assert!(shown.ends_with("password: (another secret)\n    (another secret)\n    (another secret)\n"), "{shown}");
    }
}
