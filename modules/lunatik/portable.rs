// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Values that can leave their Lua state.

use core::ffi::c_int;
use core::ops::Deref;
use kernel::alloc::{flags::__GFP_NOWARN, Flags, KVec};
use lua::{ffi, FromLua, IntoLua, Kind, Shared, State};

use crate::slot::Slot;
use crate::Runtime;

/// A value between states; `B` is where the bytes of a string are.
pub enum Portable<B> {
    /// Nothing.
    Nil,
    /// True or false.
    Boolean(bool),
    /// A number.
    Integer(i64),
    /// A string.
    Text(B),
    /// An object that several runtimes can hold.
    Object(Shared),
}

/// Values on their way from one state to another.
pub type Message = KVec<Portable<KVec<u8>>>;

fn name_of(kind: c_int) -> &'static str {
    match kind {
        ffi::LUA_TTABLE => "table",
        ffi::LUA_TFUNCTION => "function",
        ffi::LUA_TLIGHTUSERDATA => "light userdata",
        _ => "coroutine",
    }
}

impl<'l> Portable<&'l [u8]> {
    /// The value at `index`.
    ///
    /// # Errors
    ///
    /// It is bound to its state: "cannot share SINGLE object" for an object, or what it is.
    pub fn of(state: State<'l>, index: c_int) -> lua::Result<Self> {
        Ok(match state.type_of(index) {
            ffi::LUA_TNONE | ffi::LUA_TNIL => Portable::Nil,
            ffi::LUA_TBOOLEAN => Portable::Boolean(bool::from_lua(state, index)?),
            ffi::LUA_TNUMBER => Portable::Integer(i64::from_lua(state, index)?),
            ffi::LUA_TSTRING => Portable::Text(state.bytes(index)),
            ffi::LUA_TUSERDATA => Portable::Object(Shared::of(state, index)?),
            other => {
                return Err(state.raise(format_args!(
                    "cannot share a {}: only nil, booleans, integers, strings and objects",
                    name_of(other)
                )))
            }
        })
    }

    /// With a copy of the string's bytes.
    ///
    /// # Errors
    ///
    /// No memory.
    pub fn to_owned(self, flags: Flags) -> lua::Result<Portable<KVec<u8>>> {
        Ok(match self {
            Portable::Nil => Portable::Nil,
            Portable::Boolean(value) => Portable::Boolean(value),
            Portable::Integer(value) => Portable::Integer(value),
            Portable::Object(object) => Portable::Object(object),
            Portable::Text(bytes) => {
                let mut copy = KVec::new();
                copy.extend_from_slice(bytes, flags).map_err(|_| Kind::NoMemory)?;
                Portable::Text(copy)
            }
        })
    }
}

impl<B: Deref<Target = [u8]>> Portable<B> {
    /// Pushes a copy.
    ///
    /// # Errors
    ///
    /// Lua's memory limit.
    pub fn push(&self, state: State<'_>) -> lua::Result<c_int> {
        match self {
            Portable::Nil => None::<bool>.push(state),
            Portable::Boolean(value) => value.push(state),
            Portable::Integer(value) => value.push(state),
            Portable::Text(bytes) => bytes.deref().push(state),
            Portable::Object(object) => {
                Slot::of(state).pin(object)?;
                object.push(state)
            }
        }
    }
}

/// So many bytes cost a unit of fuel to copy.
const UNIT: usize = 64;

/// What a value takes beside the bytes of a string.
const VALUE: usize = size_of::<Portable<KVec<u8>>>();

/// Copies the values from `first` to the top of the stack: at most as many bytes as a state of the script may hold, for no
/// state counts them.
///
/// # Errors
///
/// One of them is bound to its state; they are more; no memory.
pub fn message(state: State<'_>, first: c_int, flags: Flags) -> lua::Result<Message> {
    let flags = flags | __GFP_NOWARN;
    let limit = Runtime::of(state)?.budget().memory;
    let (mut message, mut left) = (KVec::new(), limit);
    for index in first..=state.top() {
        let value = Portable::of(state, index).map_err(|error| error.at(index))?;
        let length = if let Portable::Text(text) = &value { text.len() } else { 0 };
        left = left.checked_sub(VALUE.saturating_add(length)).ok_or_else(|| {
            state.raise(format_args!(
                "arguments and results are bounded as the memory of the script that gives them is (--memory): {limit} bytes"
            ))
        })?;
        state.spend(length / UNIT)?;
        let value = value.to_owned(flags)?;
        message.push(value, flags).map_err(|_| Kind::NoMemory)?;
    }
    Ok(message)
}
