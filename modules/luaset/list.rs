// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Sets of domain names that are loaded from files.

use lua::{meta, method, Class, Object, State};
use luadata_main::Data;
use sets::{wire, Domains};

use crate::held::{Handle, Place};
use crate::{Name, THIS_MODULE};

/// What a file of domains is looked up in with.
pub(crate) type Names = Domains;

pub(crate) static CACHE: Place<Names> = Place::new(None);

/// The class `set.list`.
#[derive(Clone)]
pub(crate) struct List(Handle<Names>);

static LIST: Class = Class::new::<List>(
    c"set.list",
    &[
        meta(c"__len", List::count),
        method(c"has", List::has),
        method(c"match", List::matching),
        method(c"question", List::question),
        method(c"memory", List::memory),
    ],
)
.shared::<List>(|| THIS_MODULE.as_ptr().cast());

impl Object for List {
    const CLASS: &'static Class = &LIST;
}

impl List {
    /// `set.load(path)`.
    pub(crate) fn load(name: &[u8], state: State<'_>) -> lua::Result<List> {
        Handle::load(state, "set.load", &CACHE, name).map(List)
    }

    fn count(&self) -> i64 {
        self.0.view().count() as i64
    }

    /// Whether this very name is in the set.
    fn has(&self, name: Name<'_>) -> bool {
        self.0.view().has(self.0.bytes(), name.0)
    }

    /// The labels of the name and of those that it is below, together.
    fn matching(&self, name: Name<'_>) -> i64 {
        self.0.view().matching(self.0.bytes(), name.0) as i64
    }

    /// The same for the name that a DNS query asks for first; nil if the bytes are none.
    fn question(&self, message: &Data, offset: usize, length: Option<usize>) -> lua::Result<Option<i64>> {
        let mut text = wire::Text::new();
        let name = wire::question(message.range(offset, length)?, &mut text);
        Ok(name.map(|name| self.0.view().matching(self.0.bytes(), name) as i64))
    }

    fn memory(&self) -> usize {
        self.0.held()
    }
}
