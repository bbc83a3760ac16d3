// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Writing a file of addresses.

use std::collections::BTreeMap;

use sets::addresses::{Member, Plan};
use sets::Prefix;

use crate::Error;

/// Makes the file of these prefixes and their labels.
///
/// # Errors
///
/// The file would be too long.
pub fn addresses(prefixes: &BTreeMap<Prefix, u64>, notes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut members: Vec<Member> =
        prefixes.iter().map(|(prefix, label)| Member { prefix: *prefix, label: *label }).collect();
    let mut labels = vec![0; members.len()];
    // A map has no member twice.
    let plan = Plan::new(&mut members, &mut labels, notes.len()).ok().flatten().ok_or(Error::TooLong)?;
    let mut file = vec![0; plan.size()];
    plan.write(&members, &labels, notes, &mut file).ok_or(Error::TooLong)?;
    Ok(file)
}
