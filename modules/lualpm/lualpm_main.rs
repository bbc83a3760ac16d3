// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `lpm`: sets of address prefixes, of which the longest that an address begins
//! with tells its label.
//!
//! A set does not change. Several runtimes hold one and the same, and look up in it in every
//! context, without a lock. `lpm.new` makes it of a table; `lpm.load` reads a list file, which
//! is in memory once, whoever loads it.
//!
//! # lpm
//!
//! Sets of IPv4, IPv6 and MAC prefixes, of which the longest that an address begins with counts. Everything else is as for
//! `set` (all new).
//!
//! | function | |
//! |---|---|
//! | `lpm.new{ [prefix] = label, prefix, ... }` | prefixes as text: `"10.0.0.0/8"`, `"2001:db8::/32"`, `"02:00:5e"`, a whole address; with integers as labels, 1 for those without |
//! | `lpm.load(path)` | the set of a file, as `set.load` |
//! | `lpm.address(text)` | the 4, 16 or 6 bytes of an address, as packets have them |
//!
//! | method | |
//! |---|---|
//! | `#s`, `s:memory()` | how many prefixes; bytes that it holds |
//! | `s:match(bytes)` | the label of the longest prefix, or nil. A string's length tells what address it is |
//! | `s:match(d, at[, length])` | the same for 4 (the default), 16 or 6 bytes of a `data` object: `s:match(packet, 12)` is an IPv4 packet's source |
//! | `s:match(n)` | the same for IPv4 as an integer: 10.0.0.1 is 0x0a000001 |
//!
//! ```lua process
//! local lpm = require("lpm")
//! local networks = lpm.new { ["10.0.0.0/8"] = 1, ["10.2.0.0/16"] = 2 }
//! assert(networks:match(lpm.address("10.2.3.4")) == 2 and networks:match(0x0a000001) == 1)
//! ```

use core::ffi::c_int;
use kernel::prelude::*;
use lua::{ffi, function, meta, method, Class, Entry, FromLua, Kind, Object, Pushed, State, Table};
use luadata_main::Data;
use luaset_main::held::{Counted, Handle, Open, Place};
use lunatik_core::{allocation, once, register, Access, Registration};
use sets::addresses::{Member, Plan};
use sets::{Addresses, Prefix};

module! {
    type: Module,
    name: "lualpm",
    author: "The Lunagate authors",
    description: "Lua sets of address prefixes",
    license: "Dual MIT/GPL",
}

static CACHE: Place<Addresses> = Place::new(None);

/// Of a member that has no other.
const LABEL: u64 = 1;
/// A prefix costs so many units of fuel to read, and so many to write and to check; to put it in order, one for each
/// doubling of how many there are.
const READ: usize = 4;
const WRITE: usize = 4;

/// The class `lpm`.
#[derive(Clone)]
struct Lpm(Handle<Addresses>);

static LPM: Class = Class::new::<Lpm>(
    c"lpm",
    &[meta(c"__len", Lpm::count), method(c"match", Lpm::matching), method(c"memory", Lpm::memory)],
)
.shared::<Lpm>(|| THIS_MODULE.as_ptr().cast());

impl Object for Lpm {
    const CLASS: &'static Class = &LPM;
}

/// An address: bytes as packets have them, or IPv4 as a number.
enum Address<'l> {
    Bytes(&'l [u8]),
    Number(u32),
}

impl<'l> FromLua<'l> for Address<'l> {
    /// A string; or a `data` object, an offset, and perhaps a length (4); or an integer.
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> lua::Result<Address<'l>> {
        match state.type_of(index) {
            ffi::LUA_TUSERDATA => {
                let data = <&Data>::from_lua(state, index)?;
                let offset = usize::from_lua(state, index + 1).map_err(|error| error.at(index + 1))?;
                let length = Option::<usize>::from_lua(state, index + 2).map_err(|error| error.at(index + 2))?;
                data.range(offset, Some(length.unwrap_or(4))).map(Address::Bytes)
            }
            ffi::LUA_TSTRING => <&[u8]>::from_lua(state, index).map(Address::Bytes),
            _ => u32::from_lua(state, index).map(Address::Number),
        }
    }
}

impl Lpm {
    /// `lpm.load(path)`.
    fn load(name: &[u8], state: State<'_>) -> lua::Result<Lpm> {
        Handle::load(state, "lpm.load", &CACHE, name).map(Lpm)
    }

    /// `lpm.new{ ["10.0.0.0/8"] = label, "192.0.2.1", ... }`: one for all CPUs if the script's
    /// body makes it.
    fn new(prefixes: Table, state: State<'_>) -> lua::Result<Lpm> {
        once(state, || Lpm::make(prefixes, state))
    }

    fn make(Table(table): Table, state: State<'_>) -> lua::Result<Lpm> {
        let flags = allocation(state);
        let mut members = KVVec::new();
        state.push(None::<bool>)?;
        while state.next(table)? {
            let top = state.top();
            state.spend(READ)?;
            members.push(member(state, top - 1, top)?, flags).map_err(|_| Kind::NoMemory)?;
            state.pop(1);
        }
        let doublings = members.len().checked_ilog2().unwrap_or(0) as usize;
        state.spend(members.len().saturating_mul(WRITE + doublings))?;
        let mut labels = KVVec::<u64>::new();
        labels.extend_with(members.len(), 0, flags).map_err(|_| Kind::NoMemory)?;
        let plan = Plan::new(&mut members, &mut labels, 0)
            .map_err(|twice| state.raise(format_args!("lpm.new: {} is there with two labels", twice.0)))?
            .ok_or_else(|| state.raise(format_args!("lpm.new: too many prefixes")))?;
        let mut counted = Counted::made(state, format_args!("lpm.new"), plan.size())?;
        plan.write(&members, &labels, &[], counted.bytes_mut()).ok_or(Kind::Failed)?;
        let view = Addresses::new(counted.bytes()).map_err(|_| Kind::Failed)?;
        Handle::of(state, counted, view).map(Lpm)
    }

    fn count(&self) -> i64 {
        self.0.view().count() as i64
    }

    /// The label of the longest prefix that the address begins with, or nil.
    fn matching(&self, address: Address<'_>) -> lua::Result<Option<i64>> {
        let label = match address {
            Address::Number(address) => self.0.view().v4(self.0.bytes(), address),
            Address::Bytes(bytes) => self.0.view().matching(self.0.bytes(), bytes).ok_or(Kind::InvalidValue)?,
        };
        Ok(label.map(|label| label as i64))
    }

    fn memory(&self) -> usize {
        self.0.held()
    }
}

/// The member that a pair of a table says: text and label, or a place and text.
fn member(state: State<'_>, key: c_int, value: c_int) -> lua::Result<Member> {
    let (text, label) = match (<&[u8]>::from_lua(state, key), i64::from_lua(state, value)) {
        (Ok(text), Ok(label)) => (text, label as u64),
        (Err(_), _) if state.type_of(value) == ffi::LUA_TSTRING => (<&[u8]>::from_lua(state, value)?, LABEL),
        _ => return Err(state.raise(format_args!("lpm.new: expected [\"prefix\"] = label, or a list of prefixes"))),
    };
    Ok(Member { prefix: parse(state, "lpm.new", text)?, label })
}

fn parse(state: State<'_>, caller: &str, text: &[u8]) -> lua::Result<Prefix> {
    Prefix::parse(text).map_err(|invalid| {
        let text = core::str::from_utf8(text).unwrap_or("?");
        state.raise(format_args!("{caller}: '{text:.60}': {invalid}"))
    })
}

/// `lpm.address(text)`: the bytes of an address, as packets have them.
fn address(text: &[u8], state: State<'_>) -> lua::Result<Pushed> {
    let prefix = parse(state, "lpm.address", text)?;
    if !prefix.is_address() {
        return Err(state.raise(format_args!("lpm.address: {prefix} is no single address")));
    }
    let bytes = prefix.bits.to_be_bytes();
    state.push_bytes(bytes.get(..usize::from(prefix.family.bits() / 8)).unwrap_or(&[]))?;
    Ok(Pushed(1))
}

static LIBRARY: [Entry; 3] = [function(c"new", Lpm::new), function(c"load", Lpm::load), function(c"address", address)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"lpm", access: Access::Free, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
    _cache: Open<Addresses>,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let cache = Open::new(&CACHE)?;
        Ok(Module { _registration: register(&MODULE, module)?, _cache: cache })
    }
}
