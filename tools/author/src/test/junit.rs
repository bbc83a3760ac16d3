// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Results as JUnit writes them, for machines that run tests.

use std::fmt::Write;

use super::Results;

/// The document.
pub(super) fn text(all: &[Results]) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for Results { file, cases } in all {
        let failures = cases.iter().filter(|case| case.failure.is_some()).count();
        let time: f64 = cases.iter().map(|case| case.time.as_secs_f64()).sum();
        let (file, tests) = (escaped(file), cases.len());
        let _ = writeln!(
            text,
            "  <testsuite name=\"{file}\" tests=\"{tests}\" failures=\"{failures}\" time=\"{time:.6}\">"
        );
        for case in cases {
            let (name, time) = (escaped(&case.name), case.time.as_secs_f64());
            let _ = write!(text, "    <testcase classname=\"{file}\" name=\"{name}\" time=\"{time:.6}\"");
            let _ = match &case.failure {
                None => writeln!(text, "/>"),
                Some(failure) => {
                    let failure = escaped(failure);
                    writeln!(text, ">\n      <failure>{failure}</failure>\n    </testcase>")
                }
            };
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

/// Text as it may stand in a document; characters that no document may have become a question mark.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(character),
            control if control.is_control() => out.push('?'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_has_for_itself_is_escaped() {
        assert_eq!(escaped("a<b>&\"c\"\u{1}"), "a&lt;b&gt;&amp;&quot;c&quot;?");
    }
}
