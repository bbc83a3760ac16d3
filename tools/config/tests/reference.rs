// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! docs/admin.md names every key that the file may have, and no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use config::Config;

/// A key that there is nowhere.
const NONE: &str = "?";
/// What the head of a table of keys begins with.
const HEAD: &str = "| key |";
/// Sections whose tables begin below a key.
const SECTIONS: [(&str, &str); 2] = [("## Wi-Fi", "wifi."), ("## WireGuard", "wireguard.NAME.")];

/// The keys that the file may have at a place, as it says itself to who gives it another one.
fn keys_at(path: &str) -> Option<Vec<String>> {
    let mut text = format!("{{ '{NONE}': 0 }}");
    for part in path.split('.').filter(|part| !part.is_empty()).rev() {
        text = match part.strip_suffix("[]") {
            Some(name) => format!("{{ {name}: [{text}] }}"),
            None => format!("{{ {part}: {text} }}"),
        };
    }
    let said = text.parse::<Config>().err()?.to_string();
    let (_, expected) = said.split_once(&format!("unknown field `{NONE}`, expected one of "))?;
    Some(expected.split(", ").map(str::to_owned).collect())
}

/// Every key below a place, by its path: NAME stands for a name of the owner's, [] for each of a list.
fn keys_below(path: &str, found: &mut BTreeSet<String>) {
    let dot = if path.is_empty() { "" } else { "." };
    for key in keys_at(path).unwrap_or_default() {
        let key = format!("{path}{dot}{key}");
        for place in [key.clone(), format!("{key}.NAME"), format!("{key}[]")] {
            if keys_at(&place).is_some() {
                keys_below(&place, found);
            }
        }
        found.insert(key);
    }
}

/// A row of a table of keys: what its first cell names, and what the others do.
struct Row {
    keys: Vec<String>,
    words: Vec<String>,
}

/// What stands between backticks in a text.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The rows of all tables of keys.
fn rows(text: &str) -> Vec<Row> {
    let (mut rows, mut prefix, mut is_table) = (Vec::new(), "", false);
    for line in text.lines() {
        if line.starts_with("## ") {
            prefix = SECTIONS.iter().find(|(section, _)| *section == line).map_or("", |(_, prefix)| prefix);
        }
        is_table = line.starts_with(HEAD) || (is_table && line.starts_with('|'));
        let Some((first, others)) = line.strip_prefix('|').filter(|_| is_table).and_then(|row| row.split_once('|'))
        else {
            continue;
        };
        let keys: Vec<_> = code(first).map(|key| format!("{prefix}{key}")).collect();
        // `enabled: false` is about `enabled`.
        let words = code(others).map(|word| word.split(':').next().unwrap_or(word).to_owned()).collect();
        if !keys.is_empty() {
            rows.push(Row { keys, words });
        }
    }
    rows
}

/// Whether a row names a key: in its first cell, or beside its parent or its like there.
fn is_named(rows: &[Row], key: &str) -> bool {
    let parent = |key: &str| key.rsplit_once('.').map(|(parent, _)| parent.trim_end_matches("[]").to_owned());
    let last = key.rsplit('.').next().unwrap_or(key);
    let beside = |named: &String| parent(key).is_some_and(|above| *named == above || parent(named) == Some(above));
    let named = |row: &Row| {
        row.keys.iter().any(|named| named == key)
            || (row.words.iter().any(|word| word == last) && row.keys.iter().any(beside))
    };
    // What a network has as the LAN has it, too, is said there.
    rows.iter().any(named)
        || key.strip_prefix("networks.NAME.").is_some_and(|rest| is_named(rows, &format!("lan.{rest}")))
}

/// What a description of the keys leaves out, and what it makes up.
fn faults(text: &str) -> Vec<String> {
    let mut known = BTreeSet::new();
    keys_below("", &mut known);
    let has_more = |key: &String| {
        known.iter().any(|other| other.starts_with(&format!("{key}.")) || other.starts_with(&format!("{key}[]")))
    };
    let rows = rows(text);
    let missing = known.iter().filter(|key| !has_more(key) && !is_named(&rows, key));
    let there = |key: &&String| !known.contains(*key) && !has_more(key);
    let invented = rows.iter().flat_map(|row| &row.keys).filter(there);
    missing.map(|key| format!("{key} is missing")).chain(invented.map(|key| format!("there is no {key}"))).collect()
}

fn admin() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/admin.md")).unwrap()
}

#[test]
fn the_documentation_has_every_key_and_no_other() {
    assert_eq!(faults(&admin()), Vec::<String>::new(), "docs/admin.md");
}

#[test]
fn a_key_that_is_missing_or_made_up_is_found() {
    for (there, instead, expected) in [
        ("| `hostname` |", "| `hostnames` |", ["hostname is missing", "there is no hostnames"]),
        ("| `dns.servers` |", "| `dns.server` |", ["dns.servers is missing", "there is no dns.server"]),
        (
            "| `peers.NAME.keepalive` |",
            "| `peers.NAME.alive` |",
            ["wireguard.NAME.peers.NAME.keepalive is missing", "there is no wireguard.NAME.peers.NAME.alive"],
        ),
        ("| `networks[].ssid` |", "| `ssid` |", ["wifi.networks[].ssid is missing", "there is no wifi.ssid"]),
    ] {
        let text = admin().replace(there, instead);
        assert_eq!(faults(&text), expected, "{there}");
    }
    let text = admin().replace("`to_port`", "another one");
    assert_eq!(faults(&text), ["firewall.forwards[].to_port is missing"]);
    let text = admin().replace("`lease` (", "(");
    assert_eq!(faults(&text), ["lan.dhcp.lease is missing", "networks.NAME.dhcp.lease is missing"]);
}
