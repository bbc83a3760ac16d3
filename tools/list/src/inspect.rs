// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is in a list file.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sets::file::{CHECKSUM, VERSION};
use sets::{Addresses, Domains, Header, Kind, Prefix};

use crate::{Error, Labels};

/// A list file that was checked.
pub struct Opened {
    path: PathBuf,
    bytes: Vec<u8>,
    view: View,
}

enum View {
    Domains(Domains),
    Addresses(Addresses),
}

impl Opened {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is no list file.
    pub fn new(path: &Path) -> Result<Opened, Error> {
        let bytes = files::read(path)?;
        let view = Header::read(&bytes).and_then(|header| match header.kind {
            Kind::Domains => Domains::new(&bytes).map(View::Domains),
            Kind::Addresses => Addresses::new(&bytes).map(View::Addresses),
        });
        let view = view.map_err(|source| Error::File { path: path.to_owned(), source })?;
        Ok(Opened { path: path.to_owned(), bytes, view })
    }

    /// What kind of list it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match &self.view {
            View::Domains(_) => Kind::Domains,
            View::Addresses(_) => Kind::Addresses,
        }
    }

    /// What its labels mean.
    #[must_use]
    pub fn labels(&self) -> Labels {
        Labels::from_notes(match &self.view {
            View::Domains(domains) => domains.notes(&self.bytes),
            View::Addresses(addresses) => addresses.notes(&self.bytes),
        })
    }

    /// The label of a name, with those of its parents, or of an address; `None` for no label.
    #[must_use]
    pub fn label(&self, asked: &str) -> Option<u64> {
        match &self.view {
            View::Domains(domains) => Some(domains.matching(&self.bytes, asked.as_bytes())).filter(|label| *label != 0),
            View::Addresses(addresses) => {
                let prefix = Prefix::parse(asked.as_bytes()).ok().filter(|prefix| prefix.is_address())?;
                let bytes = prefix.bits.to_be_bytes();
                addresses.matching(&self.bytes, &bytes[..usize::from(prefix.family.bits() / 8)])?
            }
        }
    }

    /// Calls `visit` with each member, as text, and its label. Of addresses, the ranges that
    /// have one label.
    pub fn each(&self, mut visit: impl FnMut(&str, u64)) {
        match &self.view {
            View::Domains(domains) => {
                let mut names = Vec::new();
                domains.each(&self.bytes, |name, label| {
                    names.push((String::from_utf8_lossy(name).into_owned(), label));
                });
                names.sort_unstable();
                names.iter().for_each(|(name, label)| visit(name, *label));
            }
            View::Addresses(addresses) => addresses.each(&self.bytes, |family, first, last, label| {
                let text = |bits| Prefix { family, bits, length: family.bits() }.to_string();
                visit(&if first == last { text(first) } else { format!("{}-{}", text(first), text(last)) }, label);
            }),
        }
    }

    /// Writes what there is to know.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn describe(&self, out: &mut impl Write) -> io::Result<()> {
        let (kind, noun, count) = match &self.view {
            View::Domains(domains) => ("domains", "names", domains.count()),
            View::Addresses(addresses) => ("addresses", "prefixes", addresses.count()),
        };
        let checksum = self.bytes.last_chunk::<CHECKSUM>().map_or(0, |sum| u64::from_le_bytes(*sum));
        writeln!(out, "{}: a list of {kind}, version {VERSION}", self.path.display())?;
        writeln!(out, "{noun}: {count}")?;
        writeln!(out, "bytes: {}", self.bytes.len())?;
        writeln!(out, "checksum: {checksum:016x}")?;
        let labels = self.labels();
        let mut counts = BTreeMap::new();
        self.each(|_, label| *counts.entry(label).or_insert(0u64) += 1);
        let what = if matches!(self.view, View::Domains(_)) { noun } else { "ranges" };
        for (label, count) in counts {
            let names = labels.names(label).join(" ");
            writeln!(out, "label {label:#x}: {count} {what}{}{names}", if names.is_empty() { "" } else { ": " })?;
        }
        Ok(())
    }
}
