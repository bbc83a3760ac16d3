// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! From the text that comes to a set.

use std::io::{BufReader, Read};

use anyhow::{bail, Result};
use config::List;
use list::Collection;

use super::kind;

/// Members of a list at most: to compile so many names takes 90 MiB, of the 256 that a router has.
pub(super) const MOST_MEMBERS: usize = 400_000;
/// The longest set. Policies that use it hold the old and the new one for a moment, and all have 32 MiB.
const LARGEST_SET: usize = 8 << 20;

/// A set, and what its source was.
pub(super) struct Compiled {
    pub(super) file: Vec<u8>,
    pub(super) members: u64,
    pub(super) rejected: u64,
    pub(super) example: Option<String>,
}

/// Compiles what comes.
///
/// # Errors
///
/// Not all comes; it is no list; it is too large.
pub(super) fn compile(list: &List, from: impl Read) -> Result<Compiled> {
    let mut example = None;
    let mut collection = Collection::new(Some(kind(list.kind)), |rejected| {
        // Of which source it is, is known.
        example.get_or_insert_with(|| rejected.to_string().replacen(':', " ", 1));
    })
    .at_most(MOST_MEMBERS);
    collection.add("line", 1, BufReader::new(from)).map_err(plain)?;
    let counts = collection.counts();
    let members = collection.members()?;
    let found = members.count() as u64;
    if found == 0 || counts.rejected > found + counts.duplicates {
        let example = example.map(|example| format!(" ({example})")).unwrap_or_default();
        bail!(
            "this is no list of {}: {found} lines have some, {} have not{example}: is the address right?",
            list.kind,
            counts.rejected
        );
    }
    let file = members.compile(&[])?;
    if file.len() > LARGEST_SET {
        bail!("the set would have {} bytes, {LARGEST_SET} at most are taken: choose a shorter list", file.len());
    }
    Ok(Compiled { file, members: found, rejected: counts.rejected, example })
}

/// What a download says is all that there is to say.
fn plain(error: std::io::Error) -> anyhow::Error {
    anyhow::Error::msg(error.to_string())
}
