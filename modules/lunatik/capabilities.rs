// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a script may reach beyond its own state and the packets that it is shown.

use kernel::alloc::{flags::GFP_KERNEL, KVec};
use kernel::error::{code::ENOMEM, Result};
use lua::State;

use crate::loader::Plain;
use crate::Runtime;

/// Names of modules (`netfilter`) and of single functions (`linux.lookup`) that a script may
/// use; or all.
pub(crate) struct Capabilities(Option<KVec<u8>>);

impl Capabilities {
    /// What a person gives who gives no list.
    pub(crate) const ALL: Capabilities = Capabilities(None);

    /// Those of a list whose separators are commas; nothing if it is empty.
    pub(crate) fn listed(list: &[u8]) -> Result<Capabilities> {
        let mut copy = KVec::new();
        copy.extend_from_slice(list, GFP_KERNEL).map_err(|_| ENOMEM)?;
        Ok(Capabilities(Some(copy)))
    }

    /// The names, unless there are all.
    pub(crate) fn names(&self) -> Option<impl Iterator<Item = &[u8]> + Clone> {
        self.0.as_ref().map(|list| list.split(|byte| *byte == b',').filter(|name| !name.is_empty()))
    }

    /// Whether this name is among them.
    pub(crate) fn has(&self, wanted: &[u8]) -> bool {
        self.names().is_none_or(|mut names| names.any(|name| name == wanted))
    }

    /// The first of them that `others` do not have, as text.
    pub(crate) fn beyond<'a>(&'a self, others: &Capabilities) -> Option<&'a [u8]> {
        match self.names() {
            Some(mut names) => names.find(|name| !others.has(name)),
            None => others.0.is_some().then_some(b"all"),
        }
    }

    /// The same once more.
    pub(crate) fn copy(&self) -> Result<Capabilities> {
        match &self.0 {
            Some(list) => Capabilities::listed(list),
            None => Ok(Capabilities::ALL),
        }
    }
}

/// Whether the script may use what is called so: for functions that not every script may call
/// that may require their module.
///
/// # Errors
///
/// It may not.
pub fn granted(state: State<'_>, name: &str) -> lua::Result {
    if Runtime::of(state)?.capabilities().has(name.as_bytes()) {
        return Ok(());
    }
    Err(refused(state, name.as_bytes()))
}

/// The error for what is not granted.
pub(crate) fn refused(state: State<'_>, name: &[u8]) -> lua::Error {
    let name = Plain(name);
    state.raise(format_args!("{name}: not granted: list it in the policy's capabilities, or with --capabilities"))
}
