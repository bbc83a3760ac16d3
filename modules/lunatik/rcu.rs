// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Tables that all runtimes share, for scripts: `rcu.table`, `rcu.map`, `lunatik._ENV`.
//!
//! Keys are strings of less than 256 bytes. Values are copies: booleans, integers, strings and
//! objects that several runtimes can hold; nil takes an entry away. Reading takes no lock, in
//! any context; who writes holds a spin lock for a moment.

mod account;
mod array;
mod node;
mod table;

use core::ffi::c_int;
use core::fmt::Write;
use core::mem::ManuallyDrop;
use kernel::alloc::{
    flags::{__GFP_NOWARN, GFP_ATOMIC, GFP_KERNEL},
    Flags, KVec,
};
use kernel::sync::Arc;
use lua::{ffi, meta, Class, FromLua, Function, IntoLua, Kind, Object, Pushed, Shared, State};

use crate::portable::Portable;
use crate::slot::Slot;
use crate::{environment, reclaim, sys, Runtime};
use node::Seen;
use table::Table;

/// No key is longer, in bytes.
const KEY_LIMIT: usize = 255;
/// No string in a table is longer, in bytes.
const TEXT_LIMIT: usize = 65536;

/// So many bytes cost a unit of fuel to copy, and so many places of a table to look at.
const UNIT: usize = 64;
/// So many of its places cost one to make.
const PLACES: usize = 8;
/// A walk looks at so many places before it is paid; 16 of them cost one.
const STEP: usize = 1024;
/// What a new value costs: memory for it, the lock, and the end of the one before.
const WRITE: usize = 16;

/// How long a script waits for memory that was given up: some 400 ms.
const NAPS: usize = 100;

/// A table, as one of its holders has it.
pub struct RcuTable(ManuallyDrop<Arc<Table>>);

/// Why a table does not take a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// It has as many entries as tables may have.
    Entries,
    /// It, or all tables together, hold as many bytes as they may.
    Limit,
    /// The kernel has no memory.
    Memory,
    /// The table would be part of itself.
    Circle,
    /// Too many tables are in the one to be put in.
    Nested,
}

impl Refusal {
    fn raise(self, state: State<'_>) -> lua::Error {
        let limits = sys::limits();
        match self {
            Refusal::Memory => Kind::NoMemory.into(),
            Refusal::Circle => state.raise(format_args!("a table cannot be in itself")),
            Refusal::Nested => state.raise(format_args!(
                "too many tables in the table that is to be put into another: put it there first, then fill it"
            )),
            Refusal::Entries => state.raise(format_args!(
                "rcu table is full: {} entries (module parameter table_entries of lunatik)",
                limits.table_entries
            )),
            Refusal::Limit => state.raise(format_args!(
                "shared memory is used up: a table may hold {} bytes, all tables {} \
                 (module parameters table_memory and shared_memory of lunatik)",
                limits.table_memory, limits.shared_memory
            )),
        }
    }
}

impl Clone for RcuTable {
    fn clone(&self) -> RcuTable {
        RcuTable(ManuallyDrop::new((*self.0).clone()))
    }
}

impl Drop for RcuTable {
    fn drop(&mut self) {
        // SAFETY: Taken once, in drop.
        let table = unsafe { ManuallyDrop::take(&mut self.0) };
        // Thousands of entries, perhaps with objects whose end sleeps, are no work for a hook.
        if let Some(last) = table.into_unique_or_drop() {
            Table::end_later(last.into());
        }
    }
}

/// A key of a script's: a string, or an integer as a decimal one.
enum Key<'l> {
    Text(&'l [u8]),
    Number(Decimal),
}

struct Decimal {
    digits: [u8; 20],
    length: usize,
}

impl Write for Decimal {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        for byte in text.bytes() {
            *self.digits.get_mut(self.length).ok_or(core::fmt::Error)? = byte;
            self.length += 1;
        }
        Ok(())
    }
}

impl<'l> FromLua<'l> for Key<'l> {
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> lua::Result<Self> {
        if state.type_of(index) != ffi::LUA_TNUMBER {
            return Ok(Key::Text(<&[u8]>::from_lua(state, index)?));
        }
        let mut decimal = Decimal { digits: [0; 20], length: 0 };
        write!(decimal, "{}", i64::from_lua(state, index)?).map_err(|_| Kind::Failed)?;
        Ok(Key::Number(decimal))
    }
}

impl Key<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Key::Text(bytes) => bytes,
            Key::Number(decimal) => decimal.digits.get(..decimal.length).unwrap_or(&[]),
        }
    }
}

/// The class of tables.
pub static RCU_TABLE: Class =
    Class::new::<RcuTable>(c"rcu_table", &[meta(c"__index", RcuTable::index), meta(c"__newindex", RcuTable::newindex)])
        // What is of lunatik.ko needs no hold on it: all states and tables are its own.
        .shared::<RcuTable>(core::ptr::null_mut);

impl Object for RcuTable {
    const CLASS: &'static Class = &RCU_TABLE;
}

/// A value out of its table: the RCU section has ended, so that pushing it may sleep.
enum Copied {
    Nil,
    Boolean(bool),
    Integer(i64),
    /// In the first bytes of the small room, or, if longer than that, of the large one.
    Text(usize),
    Object(Shared),
    /// The large room must have so many bytes.
    TooLong(usize),
}

/// Where strings are copied to.
struct Room {
    small: [u8; KEY_LIMIT + 1],
    large: KVec<u8>,
}

impl Room {
    fn new() -> Room {
        Room { small: [0; KEY_LIMIT + 1], large: KVec::new() }
    }

    /// Copies without sleeping.
    fn copy(&mut self, seen: Seen<'_>) -> lua::Result<Copied> {
        Ok(match seen {
            Seen::Boolean(value) => Copied::Boolean(value),
            Seen::Integer(value) => Copied::Integer(value),
            Seen::Object(object) => Copied::Object(object.again()?),
            Seen::Text(text) => match self.small.get_mut(..text.len()) {
                Some(room) => {
                    room.copy_from_slice(text);
                    Copied::Text(text.len())
                }
                None if self.large.capacity() < text.len() => Copied::TooLong(text.len()),
                None => {
                    // SAFETY: Bytes have nothing to drop.
                    unsafe { self.large.set_len(0) };
                    self.large.extend_from_slice(text, GFP_ATOMIC).map_err(|_| Kind::NoMemory)?;
                    Copied::Text(text.len())
                }
            },
        })
    }

    fn grow(&mut self, bytes: usize, flags: Flags) -> lua::Result {
        self.large = KVec::with_capacity(bytes, flags | __GFP_NOWARN).map_err(|_| Kind::NoMemory)?;
        Ok(())
    }

    fn text(&self, length: usize) -> &[u8] {
        let room = if length <= self.small.len() { &self.small[..] } else { &self.large };
        room.get(..length).unwrap_or(&[])
    }

    fn push(&self, copied: Copied, state: State<'_>) -> lua::Result<c_int> {
        match copied {
            Copied::Nil | Copied::TooLong(_) => None::<bool>.push(state),
            Copied::Boolean(value) => value.push(state),
            Copied::Integer(value) => value.push(state),
            Copied::Text(length) => self.text(length).push(state),
            Copied::Object(object) => {
                Slot::of(state).pin(&object)?;
                object.give(state)
            }
        }
    }
}

fn flags(atomic: bool) -> Flags {
    if atomic {
        GFP_ATOMIC
    } else {
        GFP_KERNEL
    }
}

impl RcuTable {
    /// A table of a script's, which has room for `size` entries and grows beyond.
    ///
    /// # Errors
    ///
    /// No memory, of the kernel's or within the limits.
    pub fn new(state: State<'_>, size: usize) -> lua::Result<RcuTable> {
        let atomic = Slot::of(state).atomic();
        state.spend(WRITE + Table::places_for(size) / PLACES)?;
        let made = Table::new(size, |_| false, atomic, false).or_else(|refusal| {
            RcuTable::find_memory(state, refusal)?;
            Table::new(size, |_| false, atomic, false).map_err(|refusal| refusal.raise(state))
        });
        Ok(RcuTable(ManuallyDrop::new(made?)))
    }

    /// A table of lunatik's own, in which scripts must leave some keys alone.
    ///
    /// `own`: scripts put nothing there, and what they hold is no limit for it.
    pub(crate) fn reserved(reserved: fn(&[u8]) -> bool, own: bool) -> kernel::error::Result<RcuTable> {
        let table = Table::new(64, reserved, false, own).map_err(|_| kernel::error::code::ENOMEM)?;
        Ok(RcuTable(ManuallyDrop::new(table)))
    }

    fn table(&self) -> &Table {
        &self.0
    }

    /// Garbage of the script's may hold what is missing; what was given up may not have ended.
    fn find_memory(state: State<'_>, refusal: Refusal) -> lua::Result {
        if refusal != Refusal::Limit {
            return Err(refusal.raise(state));
        }
        state.collect();
        if Slot::of(state).may_wait() {
            reclaim::settle(2, NAPS);
        }
        Ok(())
    }

    /// `t[key]`
    fn index(&self, key: Key<'_>, state: State<'_>) -> lua::Result<Pushed> {
        let (key, table) = (key.bytes(), self.table());
        if key.len() > KEY_LIMIT {
            // There is none, and nobody has paid for a look at all of it.
            return None::<bool>.push(state).map(Pushed);
        }
        if Slot::of(state).atomic() {
            // Nothing sleeps here anyway, so the value goes to Lua as it is.
            return table
                .read(key, |seen| match seen {
                    None => None::<bool>.push(state),
                    Some(Seen::Boolean(value)) => value.push(state),
                    Some(Seen::Integer(value)) => value.push(state),
                    Some(Seen::Text(text)) => text.push(state),
                    Some(Seen::Object(object)) => {
                        Slot::of(state).pin(object)?;
                        object.push(state)
                    }
                })
                .map(Pushed);
        }
        RcuTable::index_sleeping(table, key, state)
    }

    /// Apart, because it takes the room for a copy on the stack.
    #[inline(never)]
    fn index_sleeping(table: &Table, key: &[u8], state: State<'_>) -> lua::Result<Pushed> {
        let mut room = Room::new();
        loop {
            let copied = table.read(key, |seen| seen.map_or(Ok(Copied::Nil), |seen| room.copy(seen)))?;
            match copied {
                Copied::TooLong(bytes) => room.grow(bytes, GFP_KERNEL)?,
                copied => return room.push(copied, state).map(Pushed),
            }
        }
    }

    /// `t[key] = value`
    fn newindex(&self, key: Key<'_>, value: lua::Value, state: State<'_>) -> lua::Result {
        let (key, table) = (key.bytes(), self.table());
        if key.len() > KEY_LIMIT {
            return Err(lua::Error::from(Kind::OutOfBounds).at(2));
        }
        if (table.reserved)(key) {
            return Err(state.raise(format_args!("lunatik's own entry: scripts can only read it")));
        }
        state.charge(WRITE);
        let atomic = Slot::of(state).atomic();
        let value = || {
            let value = Portable::of(state, value.0)?;
            if let Portable::Text(text) = &value {
                if text.len() > TEXT_LIMIT {
                    return Err(state
                        .raise(format_args!("a string of {} bytes: a table takes at most {TEXT_LIMIT}", text.len())));
                }
                state.charge(text.len() / UNIT);
            }
            if let Portable::Object(object) = &value {
                // Whether the table would be part of itself is looked for in what may hold it.
                state.charge(object.get::<RcuTable>().map_or(0, |inner| inner.table().search() / UNIT));
            }
            Ok(value)
        };
        match table.write(key, value()?, atomic) {
            Ok(()) => Ok(()),
            Err(refusal) => {
                RcuTable::find_memory(state, refusal)?;
                table.write(key, value()?, atomic).map_err(|refusal| refusal.raise(state))
            }
        }
    }

    /// Puts a value under a key, for lunatik itself: also a reserved one. May sleep.
    pub(crate) fn set(&self, key: &[u8], value: Portable<&[u8]>) -> kernel::error::Result {
        self.table().write(key, value, false).map_err(|_| kernel::error::code::ENOMEM)
    }

    /// The table that is under a key.
    pub(crate) fn table_at(&self, key: &[u8]) -> Option<RcuTable> {
        self.table().read(key, |seen| match seen {
            Some(Seen::Object(object)) => object.get::<RcuTable>().cloned(),
            _ => None,
        })
    }

    /// How many entries it has.
    pub(crate) fn entries(&self) -> usize {
        self.table().entries()
    }

    /// For how many entries a script wants room, as the argument with this number.
    ///
    /// # Errors
    ///
    /// It is none.
    pub fn size(given: Option<i64>, argument: c_int) -> lua::Result<usize> {
        let size = usize::try_from(given.unwrap_or(256)).ok().filter(|size| *size > 0);
        size.ok_or_else(|| lua::Error::from(Kind::OutOfBounds).at(argument))
    }

    /// `rcu.lasting(name[, size])`: the table of this name that outlasts the script. May sleep.
    ///
    /// # Errors
    ///
    /// Called in a hook; the name is too long; the script has too many of them; no memory, as for [`RcuTable::new`].
    pub fn lasting(state: State<'_>, name: &[u8], size: usize) -> lua::Result<RcuTable> {
        RcuTable::lasting_of(state, Runtime::of(state)?.name().to_bytes(), name, size)
    }

    /// The same of the script of that name.
    pub(crate) fn lasting_of(state: State<'_>, script: &[u8], name: &[u8], size: usize) -> lua::Result<RcuTable> {
        Runtime::may_sleep(state)?;
        if script.len() > KEY_LIMIT || name.len() > KEY_LIMIT {
            return Err(state.raise(format_args!("lasting: a name of more than {KEY_LIMIT} bytes")));
        }
        environment::lasting(script, name, || RcuTable::new(state, size))?.map_err(|errno| match errno {
            _ if errno == kernel::error::code::ENOSPC => {
                let most = environment::MOST_LASTING;
                state.raise(format_args!("lasting: a script has {most} such tables at most"))
            }
            _ => Kind::NoMemory.into(),
        })
    }

    /// Takes all entries away that scripts put there, or simply all. May sleep.
    pub(crate) fn clear(&self, all: bool) {
        let mut walk = self.table().walk();
        let mut room = Room::new();
        while let Some(length) = walk.next(usize::MAX, |key, _| {
            if let Some(place) = room.small.get_mut(..key.len()) {
                place.copy_from_slice(key);
            }
            key.len()
        }) {
            let key = room.text(length);
            if all || !(self.table().reserved)(key) {
                // To take away needs no memory.
                let _ = self.table().write(key, Portable::Nil, false);
            }
        }
    }

    /// `rcu.map(t, f)`: calls `f(key, value)` for each entry.
    ///
    /// # Errors
    ///
    /// What `f` raises; no memory.
    pub fn map(state: State<'_>, table: &RcuTable, function: Function) -> lua::Result {
        let flags = flags(Slot::of(state).atomic());
        let mut walk = table.table().walk();
        let (mut room, mut value) = (Room::new(), Room::new());
        loop {
            let before = walk.position();
            let entry = walk.next(STEP, |key, seen| (room.copy(Seen::Text(key)), value.copy(seen)));
            state.spend((walk.position() - before) >> 4)?;
            let Some((key, copied)) = entry else {
                if walk.is_over() {
                    return Ok(());
                }
                continue;
            };
            let key = key?;
            let copied = match copied? {
                Copied::TooLong(bytes) => {
                    value.grow(bytes, flags)?;
                    let Copied::Text(length) = key else { continue };
                    let read = |seen: Option<Seen<'_>>| seen.map_or(Ok(Copied::Nil), |seen| value.copy(seen));
                    match table.table().read(room.text(length), read)? {
                        Copied::Nil | Copied::TooLong(_) => continue,
                        copied => copied,
                    }
                }
                copied => copied,
            };
            state.push_value(function.0);
            room.push(key, state)?;
            value.push(copied, state)?;
            state.call(2, 0)?;
        }
    }
}
