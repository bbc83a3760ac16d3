// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a chunk says once it is compiled, without running.

use std::collections::BTreeSet;
use std::ffi::{c_char, c_int, c_void};
use std::sync::atomic::AtomicI32;

use lua::ffi;

#[repr(C)]
struct Visitor {
    data: *mut c_void,
    line: unsafe extern "C" fn(*mut c_void, c_int),
    global: unsafe extern "C" fn(*mut c_void, c_int, *const c_char, usize, c_int),
}

extern "C" {
    fn lua_kvisit(l: *mut ffi::lua_State, visitor: *const Visitor);
    /// How many machines are watched.
    pub(crate) static lua_kwatched: AtomicI32;
}

/// A compiled chunk: all of its functions.
#[derive(Debug, Default)]
pub struct Code {
    /// The lines that have something to run.
    pub lines: BTreeSet<u32>,
    /// The globals that it names, in the order of its code.
    pub globals: Vec<Global>,
}

/// A global, where it is named.
#[derive(Debug, PartialEq, Eq)]
pub struct Global {
    /// Its name.
    pub name: String,
    /// Where.
    pub line: u32,
    /// Whether it is set there.
    pub set: bool,
}

/// Of the function on top of the state's stack.
///
/// # Safety
///
/// The state is valid, and has a value there.
pub(crate) unsafe fn code(l: *mut ffi::lua_State) -> Code {
    let mut code = Code::default();
    let visitor = Visitor { data: std::ptr::from_mut(&mut code).cast(), line, global };
    // SAFETY: By the caller's promise; the functions below take what they are given here.
    unsafe { lua_kvisit(l, &visitor) };
    code
}

unsafe extern "C" fn line(data: *mut c_void, line: c_int) {
    // SAFETY: It is the Code of `code`, and nobody else's.
    let code = unsafe { &mut *data.cast::<Code>() };
    code.lines.extend(u32::try_from(line).ok().filter(|line| *line > 0));
}

unsafe extern "C" fn global(data: *mut c_void, line: c_int, name: *const c_char, length: usize, set: c_int) {
    // SAFETY: As above; the name is a string of Lua's, of that length.
    let (code, name) = unsafe { (&mut *data.cast::<Code>(), std::slice::from_raw_parts(name.cast::<u8>(), length)) };
    let name = String::from_utf8_lossy(name).into_owned();
    code.globals.push(Global { name, line: u32::try_from(line).unwrap_or(0), set: set != 0 });
}
