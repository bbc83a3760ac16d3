// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Lists that come by HTTPS, and the policies that use them.

use std::str::FromStr;

use files::{wrong, Problem};
use policy::{Scalar, Value};

use super::{label, optional, read};
use crate::check;
use crate::list::FOLDER;
use crate::raw::{Entries, RawList, RawPolicy};
use crate::{Contents, List, Url};

/// A day.
const EVERY: u32 = 86_400;

pub(super) fn resolve(raw: Entries<RawList>) -> Result<Vec<List>, Problem> {
    let mut lists: Vec<List> = Vec::new();
    for (key, raw) in raw.0 {
        let name = label(&key)?;
        if lists.iter().any(|other| other.name == name) {
            return wrong(key.referenced, format!("there is a list {name} already"));
        }
        lists.push(List {
            name,
            from: read(&raw.from, Url::from_str)?,
            kind: optional(raw.kind, Contents::Domains, |raw| read(raw, Contents::from_str))?,
            every: optional(raw.every, EVERY, |raw| read(raw, check::interval))?,
        });
    }
    Ok(lists)
}

/// Whether the lists that a policy's parameters name are there: without one the policy would not start.
pub(super) fn known(policy: &RawPolicy, lists: &[List]) -> Result<(), Problem> {
    for raw in policy.parameters.values() {
        let Value::Scalar(Scalar::String(path)) = &raw.value else { continue };
        let Some(file) = path.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/')) else { continue };
        if !lists.iter().any(|list| list.file_name() == file) {
            let there: Vec<_> = lists.iter().map(|list| format!("{FOLDER}/{}", list.file_name())).collect();
            let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
            return wrong(raw.referenced, format!("'{path}' is no list of 'lists': there is {there}"));
        }
    }
    Ok(())
}
