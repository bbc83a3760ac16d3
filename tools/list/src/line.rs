// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! One line of a source.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use sets::domains::{LONGEST_NAME, SHORTEST_NAME};
use sets::prefix::Invalid;
use sets::Prefix;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A domain, in lower case.
    Name(String),
    /// A prefix of addresses.
    Prefix(Prefix),
}

/// Why a line, or a word of it, is rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is no text.
    Encoding,
    /// A rule of an ad blocker with more than a domain.
    Rule(&'static str),
    /// Several words without an address before them.
    Words,
    /// No address, although it begins as one.
    Address(Invalid),
    /// A part of a URL that is no domain.
    Url,
    /// A star elsewhere than before the first dot.
    Star,
    /// A character that names do not have.
    Character(char),
    /// The name, or a part between dots, is too long or too short.
    Length,
    /// Not even international names are so.
    International,
    /// It ends in a number.
    Number,
    /// The line is longer than [`LONGEST`].
    Line,
}

/// No line is longer, in bytes.
pub const LONGEST: usize = 64 << 10;

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Encoding => f.write_str("not UTF-8"),
            Reason::Rule(what) => write!(f, "a rule {what}: only ||domain^ can be kept"),
            Reason::Words => f.write_str("more than one word, and the first is no address as in hosts files"),
            Reason::Address(invalid) => invalid.fmt(f),
            Reason::Url => f.write_str("a URL or path: give the domain alone"),
            Reason::Star => f.write_str("a pattern: only *.domain can be kept"),
            Reason::Character(c) => write!(f, "no name has {c:?}"),
            Reason::Length => f.write_str("a name has 2 to 253 characters, and 1 to 63 between dots"),
            Reason::International => f.write_str("no valid international name"),
            Reason::Line => write!(f, "a line of more than {} KiB", LONGEST >> 10),
            Reason::Number => f.write_str("neither a name nor a whole address: it ends in a number"),
        }
    }
}

/// What hosts files say of the host itself.
const HOST: [&str; 11] = [
    "localhost",
    "localhost.localdomain",
    "local",
    "broadcasthost",
    "ip6-localhost",
    "ip6-loopback",
    "ip6-localnet",
    "ip6-mcastprefix",
    "ip6-allnodes",
    "ip6-allrouters",
    "ip6-allhosts",
];

/// Options of a rule that leave it a rule for all of a domain.
const WHOLE: [&str; 3] = ["all", "document", "important"];

/// The entries of a line: none for a comment, several for a line of a hosts file.
pub fn read(line: &[u8]) -> Vec<Result<Entry, Reason>> {
    let Ok(text) = std::str::from_utf8(line) else { return vec![Err(Reason::Encoding)] };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() || text.starts_with(['#', '!', ';', '[']) {
        return Vec::new();
    }
    if let Some(rule) = rule(text) {
        return vec![rule];
    }
    let text = text.find(" #").or_else(|| text.find("\t#")).map_or(text, |end| text[..end].trim_end());
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    let rest: Vec<&str> = words.collect();
    if rest.is_empty() {
        return vec![word(first)];
    }
    // `fe80::1%lo0`: an address of a link says by which interface.
    let address = first.split_once('%').map_or(first, |(address, _)| address);
    if address.parse::<IpAddr>().is_err() {
        return vec![Err(Reason::Words)];
    }
    rest.into_iter().filter(|word| !HOST.contains(word) && word.parse::<IpAddr>().is_err()).map(named).collect()
}

/// A rule as ad blockers have them, if it is one.
fn rule(text: &str) -> Option<Result<Entry, Reason>> {
    let rejected = |what| Some(Err(Reason::Rule(what)));
    if text.starts_with("@@") {
        return rejected("for exceptions");
    }
    if text.contains("##") || text.contains("#@#") || text.contains("#?#") {
        return rejected("for parts of pages");
    }
    let Some(rest) = text.strip_prefix("||") else {
        return if text.starts_with(['|', '/', '^', '&', '?', '$']) {
            rejected("for addresses of pages")
        } else {
            None
        };
    };
    let (domain, options) = rest.split_once('$').unwrap_or((rest, ""));
    if !options.is_empty() && !options.split(',').all(|option| WHOLE.contains(&option)) {
        return rejected("with options, for some requests only");
    }
    let domain = domain.strip_suffix('|').unwrap_or(domain);
    match domain.strip_suffix('^').unwrap_or(domain) {
        domain if domain.contains(['/', '^', '?', '*', ':']) => rejected("for addresses of pages"),
        domain => Some(named(domain)),
    }
}

/// A line of one word.
fn word(word: &str) -> Result<Entry, Reason> {
    match Prefix::parse(word.as_bytes()) {
        Ok(prefix) => Ok(Entry::Prefix(prefix)),
        Err(Invalid::Address) => named(word),
        Err(invalid) => Err(Reason::Address(invalid)),
    }
}

/// A name, perhaps with a star or a dot before it, or a dot behind it.
fn named(word: &str) -> Result<Entry, Reason> {
    let word = word.strip_prefix("*.").or_else(|| word.strip_prefix('.')).unwrap_or(word);
    let word = word.strip_suffix('.').unwrap_or(word);
    if word.contains("://") || word.contains(['/', ':', '?', '@']) {
        return Err(Reason::Url);
    }
    if word.contains('*') {
        return Err(Reason::Star);
    }
    let name = if word.is_ascii() {
        Cow::Owned(word.to_ascii_lowercase())
    } else {
        idna::domain_to_ascii_cow(word.as_bytes(), idna::AsciiDenyList::EMPTY).map_err(|_| Reason::International)?
    };
    if let Some(other) = name.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
        return Err(Reason::Character(other));
    }
    let labels = name.split('.').all(|label| (1..=63).contains(&label.len()));
    if !labels || !(SHORTEST_NAME..=LONGEST_NAME).contains(&name.len()) {
        return Err(Reason::Length);
    }
    if name.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(Reason::Number);
    }
    Ok(Entry::Name(name.into_owned()))
}
