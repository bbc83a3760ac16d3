// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The members of all sources together.

use std::collections::btree_map::Entry as Place;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, Read};

use sets::{Kind, Prefix};

use crate::line::LONGEST;
use crate::{read, Entry, Error, Reason};

/// The members, with their labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Members {
    /// Names.
    Domains(BTreeMap<String, u64>),
    /// Prefixes.
    Addresses(BTreeMap<Prefix, u64>),
}

/// How many there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines, comments too.
    pub lines: u64,
    /// Members that were there before; their labels are added.
    pub duplicates: u64,
    /// Lines, or words of them, that are no members.
    pub rejected: u64,
}

/// A line that is rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected<'a> {
    /// The source.
    pub source: &'a str,
    /// Counted from 1.
    pub line: u64,
    /// Why.
    pub why: Why,
}

/// Why a line is rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It says nothing that can be kept.
    Reason(Reason),
    /// It is of the other kind.
    Kind(Kind),
}

impl fmt::Display for Rejected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.source, self.line, self.why)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Reason(reason) => reason.fmt(f),
            Why::Kind(Kind::Domains) => f.write_str("an address, in a list of domains"),
            Why::Kind(Kind::Addresses) => f.write_str("a name, in a list of addresses"),
        }
    }
}

/// Collects members. Of which kind they are, the caller says, or the first of them.
pub struct Collection<F> {
    kind: Option<Kind>,
    names: BTreeMap<String, u64>,
    prefixes: BTreeMap<Prefix, u64>,
    counts: Counts,
    most: usize,
    reject: F,
}

impl<F: FnMut(Rejected<'_>)> Collection<F> {
    /// Nothing yet; `reject` hears of what is rejected.
    pub fn new(kind: Option<Kind>, reject: F) -> Self {
        let counts = Counts::default();
        Collection { kind, names: BTreeMap::new(), prefixes: BTreeMap::new(), counts, most: usize::MAX, reject }
    }

    /// With more members than this, a source is not read on.
    #[must_use]
    pub fn at_most(self, most: usize) -> Self {
        Collection { most, ..self }
    }

    /// Reads a source. `name` is for who hears of rejected lines.
    ///
    /// # Errors
    ///
    /// It cannot be read, or has too many members.
    pub fn add(&mut self, name: &str, label: u64, mut source: impl BufRead) -> std::io::Result<()> {
        let (mut line, mut number) = (Vec::new(), 0);
        while (&mut source).take(LONGEST as u64).read_until(b'\n', &mut line)? > 0 {
            number += 1;
            self.counts.lines += 1;
            let cut = line.len() == LONGEST && !line.ends_with(b"\n") && source.skip_until(b'\n')? > 0;
            for entry in if cut { vec![Err(Reason::Line)] } else { read(&line) } {
                if let Err(why) = entry.map_err(Why::Reason).and_then(|entry| self.keep(entry, label)) {
                    self.counts.rejected += 1;
                    (self.reject)(Rejected { source: name, line: number, why });
                }
            }
            line.clear();
            if self.names.len().max(self.prefixes.len()) > self.most {
                return Err(std::io::Error::other(format!("there are more than {} members", self.most)));
            }
        }
        Ok(())
    }

    fn keep(&mut self, entry: Entry, label: u64) -> Result<(), Why> {
        let found = match entry {
            Entry::Name(_) => Kind::Domains,
            Entry::Prefix(_) => Kind::Addresses,
        };
        let kind = *self.kind.get_or_insert(found);
        if found != kind {
            return Err(Why::Kind(kind));
        }
        let new = match entry {
            Entry::Name(name) => insert(self.names.entry(name), label),
            Entry::Prefix(prefix) => insert(self.prefixes.entry(prefix), label),
        };
        self.counts.duplicates += u64::from(!new);
        Ok(())
    }

    /// The counts so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The members.
    ///
    /// # Errors
    ///
    /// There are none, and nobody said what kind of list this is.
    pub fn members(self) -> Result<Members, Error> {
        match self.kind.ok_or(Error::Nothing)? {
            Kind::Domains => Ok(Members::Domains(self.names)),
            Kind::Addresses => Ok(Members::Addresses(self.prefixes)),
        }
    }
}

/// Puts a member in, or adds to its label; tells whether it is new.
fn insert<K: Ord>(place: Place<'_, K, u64>, label: u64) -> bool {
    match place {
        Place::Vacant(vacant) => {
            vacant.insert(label);
            true
        }
        Place::Occupied(mut occupied) => {
            *occupied.get_mut() |= label;
            false
        }
    }
}

impl Members {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        match self {
            Members::Domains(names) => names.len(),
            Members::Addresses(prefixes) => prefixes.len(),
        }
    }

    /// What a member is called.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        match self {
            Members::Domains(_) => "names",
            Members::Addresses(_) => "prefixes",
        }
    }

    /// The list file.
    ///
    /// # Errors
    ///
    /// The members do not fit one.
    pub fn compile(&self, notes: &[u8]) -> Result<Vec<u8>, Error> {
        match self {
            Members::Domains(names) => crate::domains(names, notes),
            Members::Addresses(prefixes) => crate::addresses(prefixes, notes),
        }
    }
}
