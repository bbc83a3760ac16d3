// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The class `bpf.queue`: maps without keys, which are queue and stack.

use kernel::error::code::*;
use lua::{meta, method, Class, Object, Pushed, State};

use crate::handle::{check, room, Handle};
use crate::key_value::{push, succeeded};
use crate::kinds;

/// Values are strings of the map's size.
#[derive(Clone)]
pub(crate) struct Queue(Handle);

static QUEUE: Class = Class::new::<Queue>(
    c"bpf.queue",
    &[
        method(c"push", Queue::push),
        method(c"pop", |map: &Queue, state: State<'_>| map.take(state, true)),
        method(c"peek", |map: &Queue, state: State<'_>| map.take(state, false)),
        method(c"info", |map: &Queue, state: State<'_>| map.0.info(state)),
        method(c"close", |map: &Queue| map.0.close()),
        meta(c"__len", |map: &Queue| map.0.len()),
        meta(c"__close", |map: &Queue| map.0.close()),
    ],
)
.shared::<Queue>(crate::owner);

impl Object for Queue {
    const CLASS: &'static Class = &QUEUE;
}

impl Queue {
    pub(crate) fn queue(state: State<'_>, path: &[u8]) -> lua::Result<Queue> {
        Handle::open(state, path, kinds::QUEUE).map(Queue)
    }

    pub(crate) fn stack(state: State<'_>, path: &[u8]) -> lua::Result<Queue> {
        Handle::open(state, path, kinds::STACK).map(Queue)
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
