// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Lists of names or addresses that a router keeps up to date.

use std::fmt;
use std::str::FromStr;

use crate::Url;

/// Where the compiled ones are.
pub(crate) const FOLDER: &str = "/data/lists";

/// A list that comes by HTTPS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub from: Url,
    /// What it has.
    pub kind: Contents,
    /// How often it is asked for, in seconds.
    pub every: u32,
}

/// What a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Names, with what is below them.
    Domains,
    /// IPv4, IPv6 and MAC addresses and prefixes.
    Addresses,
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Contents::Domains => "domains",
            Contents::Addresses => "addresses",
        })
    }
}

impl FromStr for Contents {
    type Err = String;

    fn from_str(text: &str) -> Result<Contents, String> {
        match text {
            "domains" => Ok(Contents::Domains),
            "addresses" => Ok(Contents::Addresses),
            other => Err(format!("kind '{other}' is neither domains nor addresses")),
        }
    }
}

impl List {
    /// The name of its compiled file.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.set", self.name)
    }
}

/// A line of the file that is rendered of them.
impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {} {} {}", self.name, self.kind, self.every, self.from)
    }
}

impl FromStr for List {
    type Err = String;

    /// Reads such a line.
    fn from_str(line: &str) -> Result<List, String> {
        let words: Vec<_> = line.split(' ').collect();
        let [name, kind, every, from] = words[..] else { return Err(format!("'{line}' is no list's line")) };
        let every = every.parse().map_err(|_| format!("'{every}' is no number of seconds"))?;
        Ok(List { name: name.to_owned(), from: from.parse()?, kind: kind.parse()?, every })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let from = "https://lists.example/hosts.txt".parse().unwrap();
        let list = List { name: "ads".into(), from, kind: Contents::Addresses, every: 86_400 };
        assert_eq!(list.to_string(), "ads addresses 86400 https://lists.example/hosts.txt");
        assert_eq!(list.to_string().parse(), Ok(list));
        assert!("ads domains".parse::<List>().is_err());
    }
}
