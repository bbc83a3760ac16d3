// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The part of Lua's C API that Rust calls. None of these functions raises: they neither
//! allocate nor call metamethods, or else they are `lua_try*` and return a status.
#![allow(missing_docs, non_camel_case_types)]

use core::ffi::{c_char, c_int, c_longlong, c_void};

use crate::raw::Value;

#[repr(C)]
pub struct lua_State {
    _private: [u8; 0],
}

pub type lua_CFunction = unsafe extern "C" fn(*mut lua_State) -> c_int;
pub(crate) type lua_LeafFunction = unsafe extern "C" fn(*mut Value, c_int, c_int) -> c_int;

pub const LUA_OK: c_int = 0;
pub const LUA_GCSTOP: c_int = 0;
pub const LUA_GCRESTART: c_int = 1;
pub const LUA_GCCOLLECT: c_int = 2;
pub const LUA_GCISRUNNING: c_int = 6;
pub const LUA_RIDX_GLOBALS: c_longlong = 2;
pub const LUA_REGISTRYINDEX: c_int = -(c_int::MAX / 2 + 1000);

/// No key of the registry: releasing it does nothing.
pub const LUA_NOREF: c_int = -2;

pub const LUA_TNONE: c_int = -1;
pub const LUA_TNIL: c_int = 0;
pub const LUA_TBOOLEAN: c_int = 1;
pub const LUA_TLIGHTUSERDATA: c_int = 2;
pub const LUA_TNUMBER: c_int = 3;
pub const LUA_TSTRING: c_int = 4;
pub const LUA_TTABLE: c_int = 5;
pub const LUA_TFUNCTION: c_int = 6;
pub const LUA_TUSERDATA: c_int = 7;

extern "C" {
    pub fn lua_gettop(l: *mut lua_State) -> c_int;
    pub fn lua_settop(l: *mut lua_State, index: c_int);
    pub fn lua_absindex(l: *mut lua_State, index: c_int) -> c_int;
    pub fn lua_rotate(l: *mut lua_State, index: c_int, n: c_int);
    pub fn lua_pushvalue(l: *mut lua_State, index: c_int);
    pub fn lua_type(l: *mut lua_State, index: c_int) -> c_int;
    pub fn lua_toboolean(l: *mut lua_State, index: c_int) -> c_int;
    pub fn lua_tointegerx(l: *mut lua_State, index: c_int, ok: *mut c_int) -> c_longlong;
    pub fn lua_tolstring(l: *mut lua_State, index: c_int, length: *mut usize) -> *const c_char;
    pub fn lua_touserdata(l: *mut lua_State, index: c_int) -> *mut c_void;
    pub fn lua_rawlen(l: *mut lua_State, index: c_int) -> u64;
    pub fn lua_pushnil(l: *mut lua_State);
    pub fn lua_pushboolean(l: *mut lua_State, b: c_int);
    pub fn lua_pushinteger(l: *mut lua_State, n: c_longlong);
    pub fn lua_pushlightuserdata(l: *mut lua_State, p: *mut c_void);
    pub fn lua_pushcclosure(l: *mut lua_State, f: lua_CFunction, upvalues: c_int);
    /// Of a `lua_Leaf`, which stays as long as the state: see `Entry`.
    pub fn lua_pushleaf(l: *mut lua_State, leaf: *const c_void);
    pub fn lua_rawgetp(l: *mut lua_State, index: c_int, key: *const c_void) -> c_int;
    pub fn lua_rawgeti(l: *mut lua_State, index: c_int, n: c_longlong) -> c_int;
    pub fn lua_getmetatable(l: *mut lua_State, index: c_int) -> c_int;
    pub fn lua_setmetatable(l: *mut lua_State, index: c_int) -> c_int;
    /// Pops a metatable that nobody changes any more, whose `__index` is a table.
    pub fn lua_setclass(l: *mut lua_State, index: c_int);
    pub fn lua_setiuservalue(l: *mut lua_State, index: c_int, n: c_int) -> c_int;
    pub fn lua_getiuservalue(l: *mut lua_State, index: c_int, n: c_int) -> c_int;
    pub fn luaL_unref(l: *mut lua_State, table: c_int, reference: c_int);
    /// The `__gc` of our objects, for which the collector calls `lua_kend`.
    pub fn lua_kfinalize(l: *mut lua_State) -> c_int;
    /// Which call instruction of which chunk runs the current C function: see ktry.c.
    pub fn lua_kcallsite(l: *mut lua_State) -> u64;
    /// From here on `lua_kraised` hears of errors that no Lua code of the main thread catches.
    pub fn lua_khearerrors(l: *mut lua_State);
    /// Where a call is: see ktry.c.
    pub fn lua_kwhere(l: *mut lua_State, level: c_int, source: *mut c_char, name: *mut *const c_char) -> c_int;

    pub fn luaL_loadbufferx(
        l: *mut lua_State,
        chunk: *const c_char,
        length: usize,
        name: *const c_char,
        mode: *const c_char,
    ) -> c_int;

    /// With [`LUA_GCCOLLECT`], which takes no more arguments and does not raise: errors of
    /// finalizers are warnings.
    pub fn lua_gc(l: *mut lua_State, what: c_int, ...) -> c_int;
    pub fn lua_setfuel(l: *mut lua_State, fuel: c_longlong);
    pub fn lua_getfuel(l: *mut lua_State) -> c_longlong;

    pub fn lua_trypushlstring(l: *mut lua_State, s: *const c_char, length: usize) -> c_int;
    pub fn lua_trynewuserdata(l: *mut lua_State, size: usize, values: c_int, out: *mut *mut c_void) -> c_int;
    pub fn lua_trynewtable(l: *mut lua_State, array: c_int, records: c_int) -> c_int;
    pub fn lua_tryrawset(l: *mut lua_State, index: c_int) -> c_int;
    pub fn lua_tryrawseti(l: *mut lua_State, index: c_int, n: c_longlong) -> c_int;
    pub fn lua_tryrawsetp(l: *mut lua_State, index: c_int, key: *const c_void) -> c_int;
    pub fn lua_tryref(l: *mut lua_State, out: *mut c_int) -> c_int;
    pub fn lua_trycheckstack(l: *mut lua_State, n: c_int) -> c_int;
    pub fn lua_trysetfield(l: *mut lua_State, index: c_int, name: *const c_char) -> c_int;
    pub fn lua_trygetfield(l: *mut lua_State, index: c_int, name: *const c_char) -> c_int;
    pub fn lua_trygettable(l: *mut lua_State, index: c_int) -> c_int;
    pub fn lua_trynext(l: *mut lua_State, index: c_int, more: *mut c_int) -> c_int;
    pub fn lua_trytolstring(l: *mut lua_State, index: c_int) -> c_int;
    pub fn lua_trynewthread(l: *mut lua_State) -> c_int;
    pub fn lua_trynewcoroutine(l: *mut lua_State) -> c_int;
    pub fn lua_tryresume(l: *mut lua_State, index: c_int, arguments: c_int, results: *mut c_int) -> c_int;
    pub fn lua_tryclosethread(l: *mut lua_State, index: c_int) -> c_int;
    pub fn lua_tryopenlibs(l: *mut lua_State) -> c_int;
    pub fn lua_trycall(l: *mut lua_State, arguments: c_int, results: c_int) -> c_int;
    pub fn lua_trycalltb(l: *mut lua_State, arguments: c_int, results: c_int) -> c_int;

    /// The host's: whether a state whose fuel is spent has got more.
    pub fn lua_krefuel(l: *mut lua_State) -> c_int;
    /// The host's: keeps a `struct module` in memory, unless it is on its way out (then 0).
    pub fn lua_khold(module: *mut c_void) -> c_int;
    /// The host's: undoes `lua_khold`.
    pub fn lua_krelease(module: *mut c_void);
}
