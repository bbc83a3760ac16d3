// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The class `bpf.queue`: maps without keys, which are queue and stack.

use kernel::error::code::*;
use lua::{meta, method, Class, Object, Pushed, State};

use crate::handle::{check, room, Handle};
use crate::key_value::{push, succeeded};
use crate::kinds;

/// Values are strings of the map's size.
#[derive(Clone)]
pub(crate) struct Keyless(Handle);

static KEYLESS: Class = Class::new::<Keyless>(
    c"bpf.queue",
    &[
        method(c"push", Keyless::push),
        method(c"pop", |map: &Keyless, state: State<'_>| map.take(state, true)),
        method(c"peek", |map: &Keyless, state: State<'_>| map.take(state, false)),
        method(c"info", |map: &Keyless, state: State<'_>| map.0.info(state)),
        method(c"close", |map: &Keyless| map.0.close()),
        meta(c"__len", |map: &Keyless| map.0.len()),
        meta(c"__close", |map: &Keyless| map.0.close()),
    ],
)
.shared::<Keyless>(crate::owner);

impl Object for Keyless {
    const CLASS: &'static Class = &KEYLESS;
}

impl Keyless {
    pub(crate) fn queue(state: State<'_>, path: &[u8]) -> lua::Result<Keyless> {
        Handle::open(state, path, kinds::QUEUE).map(Keyless)
    }

    pub(crate) fn stack(state: State<'_>, path: &[u8]) -> lua::Result<Keyless> {
        Handle::open(state, path, kinds::STACK).map(Keyless)
    }

    /// True, or false if it is full; the flag `linux.bpf.EXIST` makes room by the oldest value.
    fn push(&self, value: &[u8], flags: Option<i64>, state: State<'_>) -> lua::Result<bool> {
        let map = self.0.writable(state)?;
        check(state, "value", value, map.info().value_size)?;
        match map.push(value, flags.unwrap_or(0) as u64) {
            Err(errno) if errno == E2BIG => Ok(false),
            result => succeeded(state, result),
        }
    }

    /// The value whose turn it is, or nil.
    fn take(&self, state: State<'_>, take: bool) -> lua::Result<Pushed> {
        let map = if take { self.0.writable(state)? } else { self.0.map()? };
        let mut value = room(state, map.info().value_size)?;
        let found = map.pop(value.get_mut(), take);
        push(state, found, value.get())
    }
}
