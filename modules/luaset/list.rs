// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Sets of domain names that are loaded from files.

use lua::{leaf, meta, method, Class, Object, Pushed, State};
use packet_lua::Part;
use sets::Domains;

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
        leaf(c"has", List::has),
        leaf(c"match", List::matching),
        method(c"question", List::question),
        method(c"hello", List::hello),
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
        self.labels(name.0) as i64
    }

    /// The same for the name that a DNS query asks for first; nil if the bytes are none.
    fn question(&self, message: Part<'_>, state: State<'_>) -> lua::Result<Pushed> {
        packet_lua::question(state, message, |name| self.labels(name))
    }

    /// The same for the host that a TLS ClientHello names; nil without, and true if more bytes
    /// would tell.
    fn hello(&self, stream: Part<'_>, state: State<'_>) -> lua::Result<Pushed> {
        packet_lua::hello(state, stream, |name| self.labels(name))
    }

    #[inline]
    fn labels(&self, name: &[u8]) -> u64 {
        self.0.view().matching(self.0.bytes(), name)
    }

    fn memory(&self) -> usize {
        self.0.held()
    }
}
