// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The global `io` of scripts in tasks: what `require("io")` returns, which the first use of a field loads.

use core::ffi::CStr;
use lua::{ffi, function, Entry, FromLua, Pushed, State, Value};

use crate::loader;

static INDEX: Entry = function(c"__index", field);

/// Pushes it.
pub(crate) fn push(state: State<'_>) -> lua::Result {
    state.push_table(0, 0)?;
    state.push_table(0, 1)?;
    INDEX.push(state);
    state.set_field(-2, INDEX.name())?;
    // SAFETY: The state is valid; a table is below the table on top.
    unsafe { ffi::lua_setmetatable(state.as_ptr(), -2) };
    Ok(())
}

fn field(state: State<'_>, _: Value, key: Value) -> lua::Result<Pushed> {
    let Ok(name) = <&CStr>::from_lua(state, key.0) else { return Ok(Pushed(0)) };
    loader::push_module(state, c"io")?;
    state.get_field(-1, name)?;
    Ok(Pushed(1))
}
