// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Changes of the owner's text: what is said of a policy is another, and the rest stays as it was written.

use config::edit::{edit, Change};
use config::Ports;
use policy::{Scalar, Value};

fn version(text: &str) -> Change {
    Change::Version(Some(text.to_owned()))
}

fn ports(ports: &[i64]) -> Change {
    let ports = ports.iter().map(|port| Scalar::Integer(*port)).collect();
    Change::Parameter("ports".to_owned(), Value::List(ports))
}

fn check(text: &str, change: &Change, expected: &str) {
    assert_eq!(edit(text, &Ports::default(), "gate", change).expect(text), expected, "{change:?}");
}

#[test]
fn what_is_not_said_yet_is_added() {
    check("", &version("1.0"), "policies:\n  gate:\n    version: \"1.0\"\n");
    check(
        "hostname: a # b\n",
        &Change::Enabled(Some(false)),
        "hostname: a # b\npolicies:\n  gate:\n    enabled: false\n",
    );
    check(
        "policies:\n    other:\n        enabled: false\n\n# The LAN.\nhostname: a\n",
        &ports(&[1, 2]),
        "policies:\n    other:\n        enabled: false\n    gate:\n      parameters:\n        ports: [1, 2]\n\n# The LAN.\nhostname: a\n",
    );
}

#[test]
fn comments_and_other_lines_stay() {
    let text = "# Mine.\npolicies:\n  # The gate.\n  gate:\n    version: \"1.0\" # good\n    parameters:\n      # Telnet.\n      ports: [23]\n      list: x\n  other: { enabled: false }\n# End.\n";
    check(text, &version("1.1"), &text.replace("1.0", "1.1"));
    check(text, &ports(&[1]), &text.replace("[23]", "[1]"));
    check(text, &Change::Version(None), &text.replace("    version: \"1.0\" # good\n", ""));
    check(text, &Change::Enabled(Some(false)), &text.replace("    version", "    enabled: false\n    version"));
    let (start, end) = (text.find("  gate").expect("there"), text.find("  other").expect("there"));
    check(text, &Change::Forget, &[&text[..start], &text[end..]].concat());
}

#[test]
fn what_stands_in_braces_is_written_anew() {
    let expected = "policies:\n  gate:\n    version: \"2\"\n    parameters:\n      ports: [23]\n";
    check("policies: { gate: { parameters: { ports: [23] } } }\n", &version("2"), expected);
    check("policies:\n  gate: { parameters: { ports: [23] } }\n", &version("2"), expected);
    check(
        "policies:\n  gate:\n    version: 1.5\n    parameters: { ports: [1] }\n",
        &ports(&[23]),
        &expected.replace("\"2\"", "1.5"),
    );
    check("policies: {}\n", &version("2"), "policies:\n  gate:\n    version: \"2\"\n");
}

#[test]
fn the_last_word_takes_its_keys_with_it() {
    check("hostname: a\npolicies:\n  gate:\n    enabled: false\n", &Change::Enabled(None), "hostname: a\n");
    check("policies: { gate: { version: a } }\n", &Change::Forget, "");
    check("hostname: a\n", &Change::Forget, "hostname: a\n");
}

#[test]
fn lists_below_their_keys_are_replaced_whole() {
    let text = "policies:\n  gate:\n    parameters:\n      ports:\n      - 1\n      - 2\n      list: x\n";
    check(text, &ports(&[3]), "policies:\n  gate:\n    parameters:\n      ports: [3]\n      list: x\n");
}

#[test]
fn any_text_is_a_value() {
    for text in ["true", "1", "a: b", "\"", "\\n\n\t", "# no comment", "", "ä"] {
        let value = Value::Scalar(Scalar::String(text.to_owned()));
        let edited =
            edit("", &Ports::default(), "gate", &Change::Parameter("x".to_owned(), value.clone())).expect(text);
        let config: config::Config = edited.parse().expect("right");
        assert_eq!(config.policies[0].parameters["x"], value);
    }
}

#[test]
fn what_is_not_understood_is_not_touched() {
    let text = "\"polic\\x69es\":\n  gate: { enabled: false }\n";
    let said =
        edit(text, &Ports::default(), "gate", &Change::Enabled(Some(true))).expect_err("an escaped key").to_string();
    assert!(said.ends_with("write 'enabled: true' below policies.gate yourself"), "{said}");
}
