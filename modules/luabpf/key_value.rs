// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The class `bpf.hash`: maps with keys, which are hash, lru_hash and array.

use kernel::error::code::*;
use lua::{meta, method, Class, Kind, Object, Pushed, State};
use lunatik_core::Runtime;

use crate::handle::{check, refused, room, spend, Handle};
use crate::kinds;
use crate::sys::Outcome;

/// Keys and values are strings of the map's sizes.
#[derive(Clone)]
pub(crate) struct KeyValue(Handle);

static KEY_VALUE: Class = Class::new::<KeyValue>(
    c"bpf.hash",
    &[
        method(c"lookup", KeyValue::lookup),
        method(c"update", KeyValue::update),
        method(c"delete", KeyValue::delete),
        method(c"remove", KeyValue::remove),
        method(c"next", KeyValue::next),
        method(c"info", |map: &KeyValue, state: State<'_>| map.0.info(state)),
        method(c"close", |map: &KeyValue| map.0.close()),
        meta(c"__len", |map: &KeyValue| map.0.len()),
        meta(c"__close", |map: &KeyValue| map.0.close()),
    ],
)
.shared::<KeyValue>(crate::owner);

impl Object for KeyValue {
    const CLASS: &'static Class = &KEY_VALUE;
}

/// The largest hash whose keys may be walked where nothing else runs meanwhile: the kernel
/// looks at every empty bucket on its way to a key.
const WALKABLE: u32 = 1 << 16;

impl KeyValue {
    pub(crate) fn hash(state: State<'_>, path: &[u8]) -> lua::Result<KeyValue> {
        Handle::open(state, path, kinds::HASH).map(KeyValue)
    }

    pub(crate) fn array(state: State<'_>, path: &[u8]) -> lua::Result<KeyValue> {
        Handle::open(state, path, kinds::ARRAY).map(KeyValue)
    }

    pub(crate) fn lru_hash(state: State<'_>, path: &[u8]) -> lua::Result<KeyValue> {
        Handle::open(state, path, kinds::LRU_HASH).map(KeyValue)
    }

    /// The value, or nil.
    fn lookup(&self, key: &[u8], state: State<'_>) -> lua::Result<Pushed> {
        let map = self.0.map()?;
        check(state, "key", key, map.info().key_size)?;
        let mut value = room(state, map.info().value_size)?;
        let found = map.lookup(key, value.get_mut());
        push(state, found, value.get())
    }

    /// True, or false if the flags (`linux.bpf`: ANY, NOEXIST, EXIST) forbid it.
    fn update(&self, key: &[u8], value: &[u8], flags: Option<i64>, state: State<'_>) -> lua::Result<bool> {
        let map = self.0.writable(state)?;
        check(state, "key", key, map.info().key_size)?;
        check(state, "value", value, map.info().value_size)?;
        match map.update(key, value, flags.unwrap_or(0) as u64) {
            // An array has all of its keys, from the beginning; others are too big.
            Err(errno) if errno == E2BIG && map.info().kind == kinds::ARRAY => Err(Kind::OutOfBounds.into()),
            result => succeeded(state, result),
        }
    }

    /// True, or false if there is no such key.
    fn delete(&self, key: &[u8], state: State<'_>) -> lua::Result<bool> {
        let map = self.0.writable(state)?;
        check(state, "key", key, map.info().key_size)?;
        succeeded(state, map.delete(key))
    }

    /// The value that was deleted, or nil.
    fn remove(&self, key: &[u8], state: State<'_>) -> lua::Result<Pushed> {
        let map = self.0.writable(state)?;
        check(state, "key", key, map.info().key_size)?;
        let mut value = room(state, map.info().value_size)?;
        let found = map.remove(key, value.get_mut());
        push(state, found, value.get())
    }

    /// The key after this one (the first for nil, and for a key that is not there), or nil.
    fn next(&self, key: Option<&[u8]>, state: State<'_>) -> lua::Result<Pushed> {
        let map = self.0.map()?;
        let info = map.info();
        if let Some(key) = key {
            check(state, "key", key, info.key_size)?;
        }
        if info.kind != kinds::ARRAY && info.max_entries > WALKABLE && Runtime::may_sleep(state).is_err() {
            return Err(state.raise(format_args!(
                "next: {} entries are too many to walk here: at most {WALKABLE} outside of process context",
                info.max_entries
            )));
        }
        let mut next = room(state, info.key_size)?;
        let (found, nanoseconds) = map.next(key, next.get_mut());
        spend(state, nanoseconds);
        push(state, found, next.get())
    }
}

/// Whether it was done.
pub(crate) fn succeeded(state: State<'_>, result: kernel::error::Result<Outcome>) -> lua::Result<bool> {
    match result {
        Ok(Outcome::Done) => Ok(true),
        Ok(Outcome::Not) => Ok(false),
        Err(errno) => Err(refused(state, errno)),
    }
}

/// What was found, or nil.
pub(crate) fn push(state: State<'_>, result: kernel::error::Result<Outcome>, bytes: &[u8]) -> lua::Result<Pushed> {
    match result {
        Ok(Outcome::Done) => state.push(bytes),
        Ok(Outcome::Not) => state.push(None::<bool>),
        Err(errno) => Err(refused(state, errno)),
    }
    .map(Pushed)
}
