// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Tables that runtimes share. On the host there is one runtime, so that nothing is shared; what scripts see is the same,
//! but for objects, which these tables do not take.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::c_int;
use std::rc::Rc;

use crate::Runtime;
use lua::{ffi, meta, Class, FromLua, Function, IntoLua, Kind, Object, Pushed, State, Value};

/// No key is longer, in bytes.
const KEY_LIMIT: usize = 255;
/// No string in a table is longer, in bytes.
const TEXT_LIMIT: usize = 65536;
/// What a new value costs.
const WRITE: usize = 16;
/// The default of lunatik's parameter `table_entries`.
const ENTRIES: usize = 65536;

/// A script has so many tables that outlast it.
const MOST_LASTING: usize = 16;

/// What is in a table.
#[derive(Clone)]
enum Kept {
    Boolean(bool),
    Integer(i64),
    Text(Vec<u8>),
}

impl Kept {
    /// The value at `index`; `None` for nil.
    fn of(state: State<'_>, index: c_int) -> lua::Result<Option<Kept>> {
        Ok(Some(match state.type_of(index) {
            ffi::LUA_TNONE | ffi::LUA_TNIL => return Ok(None),
            ffi::LUA_TBOOLEAN => Kept::Boolean(bool::from_lua(state, index)?),
            ffi::LUA_TNUMBER => Kept::Integer(i64::from_lua(state, index)?),
            ffi::LUA_TSTRING if state.bytes(index).len() <= TEXT_LIMIT => Kept::Text(state.bytes(index).to_vec()),
            ffi::LUA_TSTRING => return Err(state.raise(format_args!("a table takes at most {TEXT_LIMIT} bytes"))),
            _ => return Err(state.raise(format_args!("cannot share this: only nil, booleans, integers and strings"))),
        }))
    }

    fn push(&self, state: State<'_>) -> lua::Result<c_int> {
        match self {
            Kept::Boolean(value) => value.push(state),
            Kept::Integer(value) => value.push(state),
            Kept::Text(text) => text.as_slice().push(state),
        }
    }
}

/// A table, as one of its holders has it.
#[derive(Clone)]
pub struct RcuTable(Rc<RefCell<BTreeMap<Vec<u8>, Kept>>>);

static RCU_TABLE: Class =
    Class::new::<RcuTable>(c"rcu_table", &[meta(c"__index", RcuTable::index), meta(c"__newindex", RcuTable::newindex)]);

impl Object for RcuTable {
    const CLASS: &'static Class = &RCU_TABLE;
}

/// A key: a string, or an integer as a decimal one.
fn key(state: State<'_>, index: c_int) -> lua::Result<Vec<u8>> {
    if state.type_of(index) == ffi::LUA_TNUMBER {
        return Ok(i64::from_lua(state, index)?.to_string().into_bytes());
    }
    Ok(<&[u8]>::from_lua(state, index)?.to_vec())
}

impl RcuTable {
    /// A table, which grows.
    ///
    /// # Errors
    ///
    /// None here.
    pub fn new(state: State<'_>, _size: usize) -> lua::Result<RcuTable> {
        state.spend(WRITE)?;
        Ok(RcuTable(Rc::default()))
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

    /// The table of this name that outlasts the script; on the host, nothing does.
    ///
    /// # Errors
    ///
    /// Called in a hook; the name is too long; the script has too many of them.
    pub fn lasting(state: State<'_>, name: &[u8], size: usize) -> lua::Result<RcuTable> {
        Runtime::may_sleep(state)?;
        if name.len() > KEY_LIMIT {
            return Err(state.raise(format_args!("lasting: a name of more than {KEY_LIMIT} bytes")));
        }
        let mut lasting = Runtime::of(state)?.lasting().borrow_mut();
        if let Some(table) = lasting.get(name) {
            return Ok(table.clone());
        }
        if lasting.len() == MOST_LASTING {
            return Err(state.raise(format_args!("lasting: a script has {MOST_LASTING} such tables at most")));
        }
        let table = RcuTable::new(state, size)?;
        lasting.insert(name.to_vec(), table.clone());
        Ok(table)
    }

    fn index(&self, name: Value, state: State<'_>) -> lua::Result<Pushed> {
        let found = self.0.borrow().get(&key(state, name.0)?).cloned();
        found.map_or_else(|| None::<bool>.push(state), |kept| kept.push(state)).map(Pushed)
    }

    fn newindex(&self, name: Value, value: Value, state: State<'_>) -> lua::Result {
        let key = key(state, name.0)?;
        if key.len() > KEY_LIMIT {
            return Err(lua::Error::from(Kind::OutOfBounds).at(2));
        }
        state.charge(WRITE);
        let value = Kept::of(state, value.0)?;
        let mut table = self.0.borrow_mut();
        match value {
            None => drop(table.remove(&key)),
            Some(_) if table.len() >= ENTRIES && !table.contains_key(&key) => {
                return Err(state.raise(format_args!("rcu table is full: {ENTRIES} entries")))
            }
            Some(value) => drop(table.insert(key, value)),
        }
        Ok(())
    }

    /// `rcu.map(t, f)`: calls `f(key, value)` for each entry.
    ///
    /// # Errors
    ///
    /// What `f` raises.
    pub fn map(state: State<'_>, table: &RcuTable, function: Function) -> lua::Result {
        let keys: Vec<_> = table.0.borrow().keys().cloned().collect();
        for key in keys {
            let Some(value) = table.0.borrow().get(&key).cloned() else { continue };
            state.push_value(function.0);
            state.push(key.as_slice())?;
            value.push(state)?;
            state.call(2, 0)?;
        }
        Ok(())
    }
}
