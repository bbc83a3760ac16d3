// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Libraries of kernel modules, in userland.
//!
//! `packet` is the very library of the kernel. `data` and `set` are ours, over the same crates, for
//! scripts that read packets and look names up: `data.new`, `set.labeled`, and `set.list`, which
//! takes the bytes of a list file where the kernel's `set.load` takes its path.

use lua::{function, leaf, meta, method, window, Class, Entry, Kind, Object, Place, Pushed, State, Table, Window};
use lua::{FromLua, Result};
use packet::{Number, LONGEST_NAME};
use packet_lua::{lower, Part};
use sets::{Domains, Strings};

static DATA: [Entry; 1] = [function(c"new", Data::new)];
static SET: [Entry; 2] = [function(c"labeled", Labeled::new), function(c"list", List::new)];

/// Bytes of a script's own.
struct Data {
    window: Window,
    _bytes: Vec<u8>,
}

static DATA_CLASS: Class = Class::new::<Data>(
    c"data",
    &[
        meta(c"__len", Data::len),
        meta(c"__tostring", Data::contents),
        leaf(c"getbyte", Data::get::<u8>),
        leaf(c"getint8", Data::get::<i8>),
        leaf(c"getuint8", Data::get::<u8>),
        leaf(c"getint16", Data::get::<i16>),
        leaf(c"getuint16", Data::get::<u16>),
        leaf(c"getint32", Data::get::<i32>),
        leaf(c"getuint32", Data::get::<u32>),
        leaf(c"getint64", Data::get::<i64>),
        leaf(c"getnumber", Data::get::<i64>),
        leaf(c"u16", Data::network::<2>),
        leaf(c"u24", Data::network::<3>),
        leaf(c"u32", Data::network::<4>),
        leaf(c"u64", Data::network::<8>),
        method(c"getstring", Data::getstring),
        method(c"setstring", Data::setstring),
    ],
);

impl Object for Data {
    const CLASS: &'static Class = &DATA_CLASS;
    const WINDOW: Option<Place> = Some(window!(Data, window));
}

impl Data {
    fn new(size: usize) -> Result<Data> {
        /// Of the machine's memory, which no limit of the state's counts.
        const MOST: usize = 1 << 20;
        if size > MOST {
            return Err(Kind::NoMemory.into());
        }
        let mut bytes = vec![0; size];
        let window = Window::closed();
        // SAFETY: The vector is part of the same value, and nothing changes its size.
        unsafe { window.open(bytes.as_mut_ptr(), bytes.len()) };
        Ok(Data { window, _bytes: bytes })
    }

    fn len(&self) -> usize {
        self.window.len()
    }

    fn contents(&self) -> &[u8] {
        self.window.bytes()
    }

    fn get<N: Number>(&self, offset: usize) -> Result<i64> {
        packet::read::<N>(self.window.bytes(), offset).map(N::into_integer).ok_or_else(|| Kind::OutOfBounds.into())
    }

    fn network<const WIDTH: usize>(&self, offset: usize) -> Result<i64> {
        packet::network::<WIDTH>(self.window.bytes(), offset).ok_or_else(|| Kind::OutOfBounds.into())
    }

    fn getstring(&self, offset: usize, length: Option<usize>) -> Result<&[u8]> {
        let rest = self.window.bytes().get(offset..).ok_or(Kind::OutOfBounds)?;
        Ok(rest.get(..length.unwrap_or(rest.len())).ok_or(Kind::OutOfBounds)?)
    }

    fn setstring(&self, offset: usize, text: &[u8]) -> Result {
        let place = self.window.bytes_mut().get_mut(offset..).and_then(|rest| rest.get_mut(..text.len()));
        place.ok_or(Kind::OutOfBounds)?.copy_from_slice(text);
        Ok(())
    }
}

/// Names with labels, from a table.
struct Labeled {
    memory: Vec<u8>,
    strings: Strings,
}

static LABELED: Class = Class::new::<Labeled>(
    c"set.labeled",
    &[
        meta(c"__len", Labeled::count),
        method(c"match", Labeled::matching),
        method(c"question", Labeled::question),
        method(c"hello", Labeled::hello),
    ],
);

impl Object for Labeled {
    const CLASS: &'static Class = &LABELED;
}

impl Labeled {
    fn new(Table(table): Table, state: State<'_>) -> Result<Labeled> {
        let mut names = Vec::new();
        state.push(None::<bool>)?;
        while state.next(table)? {
            let value = state.top();
            names.push((<&[u8]>::from_lua(state, value - 1)?.to_vec(), i64::from_lua(state, value)? as u64));
            state.pop(1);
        }
        let bytes = names.iter().map(|(name, _)| name.len()).sum();
        let mut memory = vec![0; Strings::size(names.len(), bytes).ok_or(Kind::NoMemory)?];
        let mut strings = Strings::new(names.len(), 1).ok_or(Kind::NoMemory)?;
        for (name, label) in names {
            strings.insert(&mut memory, &name, label).ok_or(Kind::Failed)?;
        }
        Ok(Labeled { memory, strings })
    }

    fn count(&self) -> usize {
        self.strings.count()
    }

    fn matching(&self, Part(name): Part<'_>) -> i64 {
        self.strings.matching(&self.memory, name) as i64
    }

    fn question(&self, message: Part<'_>, state: State<'_>) -> Result<Pushed> {
        packet_lua::question(state, message, |name| self.labels(name))
    }

    fn hello(&self, stream: Part<'_>, state: State<'_>) -> Result<Pushed> {
        packet_lua::hello(state, stream, |name| self.labels(name))
    }

    fn labels(&self, name: &[u8]) -> u64 {
        self.strings.matching(&self.memory, lower(name, &mut [0; LONGEST_NAME]))
    }
}

/// Names of a list file.
struct List {
    file: Vec<u8>,
    domains: Domains,
}

static LIST: Class = Class::new::<List>(
    c"set.list",
    &[
        meta(c"__len", List::count),
        method(c"has", List::has),
        method(c"match", List::matching),
        method(c"question", List::question),
        method(c"hello", List::hello),
    ],
);

impl Object for List {
    const CLASS: &'static Class = &LIST;
}

impl List {
    fn new(file: &[u8], state: State<'_>) -> Result<List> {
        let domains = Domains::new(file).map_err(|error| state.raise(format_args!("set.load: {error}")))?;
        Ok(List { file: file.to_vec(), domains })
    }

    fn count(&self) -> i64 {
        self.domains.count() as i64
    }

    fn has(&self, Part(name): Part<'_>) -> bool {
        self.domains.has(&self.file, name)
    }

    fn matching(&self, Part(name): Part<'_>) -> i64 {
        self.labels(name) as i64
    }

    fn question(&self, message: Part<'_>, state: State<'_>) -> Result<Pushed> {
        packet_lua::question(state, message, |name| self.labels(name))
    }

    fn hello(&self, stream: Part<'_>, state: State<'_>) -> Result<Pushed> {
        packet_lua::hello(state, stream, |name| self.labels(name))
    }

    fn labels(&self, name: &[u8]) -> u64 {
        self.domains.matching(&self.file, name)
    }
}

/// Makes the global BINDINGS: a table of these libraries.
///
/// # Errors
///
/// The state's memory limit.
pub fn open(state: State<'_>) -> Result {
    // SAFETY: The state is valid; this index of the registry is the table of globals.
    unsafe { lua::ffi::lua_rawgeti(state.as_ptr(), lua::ffi::LUA_REGISTRYINDEX, lua::ffi::LUA_RIDX_GLOBALS) };
    state.push_table(0, 3)?;
    for (name, library) in [(c"data", &DATA[..]), (c"packet", &packet_lua::LIBRARY), (c"set", &SET)] {
        state.push_library(library)?;
        state.set_field(-2, name)?;
    }
    state.set_field(-2, c"BINDINGS")?;
    state.pop(1);
    Ok(())
}
