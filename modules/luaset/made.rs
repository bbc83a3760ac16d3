// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Sets that are made from a table.

use core::ffi::c_int;
use kernel::str::BStr;
use kernel::sync::Arc;
use lua::{leaf, meta, method, Class, FromLua, Kind, Object, Pushed, State, Table};
use lunatik_core::{allocation, once};
use packet::LONGEST_NAME;
use packet_lua::{lower, Part};
use sets::Strings;

use crate::held::Counted;
use crate::{Name, Whole, THIS_MODULE};

extern "C" {
    fn luaset_random() -> u64;
}

/// A name with labels is not longer: this bounds what a lookup can cost.
const LONGEST_LABELED: usize = 255;
/// What it costs to look at a pair of the Lua table, which is done twice; and so many bytes of the set cost a unit to write.
const PAIR: usize = 2;
const UNIT: usize = 16;
/// Of a string that is refused, messages show so many bytes.
const SHOWN: usize = 60;

/// What a pair of a Lua table says, whose key and value are at these indices: string and label.
type Read = for<'l> fn(State<'l>, c_int, c_int) -> lua::Result<(&'l [u8], u64)>;

/// A table of strings in its memory.
struct Made {
    counted: Counted,
    strings: Strings,
}

impl Made {
    /// Makes the table of what `read` finds in each pair of a Lua table.
    fn new(state: State<'_>, caller: &str, Table(table): Table, read: Read) -> lua::Result<Arc<Made>> {
        let (mut count, mut bytes) = (0usize, 0usize);
        each(state, table, |key, value| {
            let (string, _) = read(state, key, value)?;
            count += 1;
            bytes = bytes.saturating_add(string.len());
            Ok(())
        })?;
        let size = Strings::size(count, bytes).ok_or(Kind::NoMemory)?;
        state.spend(size / UNIT)?;
        let mut counted = Counted::made(state, format_args!("{caller}"), size)?;
        // SAFETY: No preconditions.
        let mut strings = Strings::new(count, unsafe { luaset_random() }).ok_or(Kind::NoMemory)?;
        each(state, table, |key, value| {
            let (string, label) = read(state, key, value)?;
            strings.insert(counted.bytes_mut(), string, label).ok_or_else(|| Kind::Failed.into())
        })?;
        Arc::new(Made { counted, strings }, allocation(state)).map_err(|_| Kind::NoMemory.into())
    }
}

/// Calls `visit` with the indices of each key and value of a table, as long as there is fuel.
fn each(state: State<'_>, table: c_int, mut visit: impl FnMut(c_int, c_int) -> lua::Result) -> lua::Result {
    state.push(None::<bool>)?;
    while state.next(table)? {
        state.spend(PAIR)?;
        let value = state.top();
        visit(value - 1, value)?;
        state.pop(1);
    }
    Ok(())
}

/// The class `set`.
#[derive(Clone)]
pub(crate) struct Set(Arc<Made>);

static SET: Class =
    Class::new::<Set>(c"set", &[meta(c"__len", Set::count), leaf(c"has", Set::has), method(c"memory", Set::memory)])
        .shared::<Set>(|| THIS_MODULE.as_ptr().cast());

impl Object for Set {
    const CLASS: &'static Class = &SET;
}

impl Set {
    /// `set.new{ string, ... }`: one for all CPUs if the script's body makes it.
    pub(crate) fn new(strings: Table, state: State<'_>) -> lua::Result<Set> {
        fn read<'l>(state: State<'l>, _: c_int, value: c_int) -> lua::Result<(&'l [u8], u64)> {
            match <&[u8]>::from_lua(state, value) {
                Ok(string) => Ok((string, 0)),
                Err(_) => Err(state.raise(format_args!("set.new: string expected, in a list of strings"))),
            }
        }
        once(state, || Made::new(state, "set.new", strings, read).map(Set))
    }

    fn count(&self) -> usize {
        self.0.strings.count()
    }

    fn has(&self, name: Whole<'_>) -> bool {
        self.0.strings.has(self.0.counted.bytes(), name.0)
    }

    fn memory(&self) -> usize {
        self.0.counted.held()
    }
}

/// The class `set.labeled`.
#[derive(Clone)]
pub(crate) struct Labeled(Arc<Made>);

static LABELED: Class = Class::new::<Labeled>(
    c"set.labeled",
    &[
        meta(c"__len", Labeled::count),
        leaf(c"match", Labeled::matching),
        method(c"question", Labeled::question),
        method(c"hello", Labeled::hello),
        method(c"memory", Labeled::memory),
    ],
)
.shared::<Labeled>(|| THIS_MODULE.as_ptr().cast());

impl Object for Labeled {
    const CLASS: &'static Class = &LABELED;
}

impl Labeled {
    /// `set.labeled{ [string] = bits, ... }`: one for all CPUs if the script's body makes it.
    pub(crate) fn new(labels: Table, state: State<'_>) -> lua::Result<Labeled> {
        fn read<'l>(state: State<'l>, key: c_int, value: c_int) -> lua::Result<(&'l [u8], u64)> {
            let Ok(string) = <&[u8]>::from_lua(state, key) else {
                return Err(state.raise(format_args!("set.labeled: string keys and integer values expected")));
            };
            let begin = BStr::from_bytes(string.get(..SHOWN).unwrap_or(string));
            let Ok(label) = i64::from_lua(state, value) else {
                return Err(state.raise(format_args!("set.labeled: '{begin}': integer values expected")));
            };
            if string.len() > LONGEST_LABELED {
                return Err(
                    state.raise(format_args!("set.labeled: '{begin}...' is longer than {LONGEST_LABELED} bytes"))
                );
            }
            Ok((string, label as u64))
        }
        once(state, || Made::new(state, "set.labeled", labels, read).map(Labeled))
    }

    fn count(&self) -> usize {
        self.0.strings.count()
    }

    fn matching(&self, name: Name<'_>) -> i64 {
        self.0.strings.matching(self.0.counted.bytes(), name.0) as i64
    }

    /// As a list's, for names in the table in lower case.
    fn question(&self, message: Part<'_>, state: State<'_>) -> lua::Result<Pushed> {
        packet_lua::question(state, message, |name| self.labels(name))
    }

    fn hello(&self, stream: Part<'_>, state: State<'_>) -> lua::Result<Pushed> {
        packet_lua::hello(state, stream, |name| self.labels(name))
    }

    #[inline]
    fn labels(&self, name: &[u8]) -> u64 {
        let mut buffer = [0; LONGEST_NAME];
        self.0.strings.matching(self.0.counted.bytes(), lower(name, &mut buffer))
    }

    fn memory(&self) -> usize {
        self.0.counted.held()
    }
}
