// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The virtual machine's structures, as far as Rust reads and writes them without a call.
//!
//! A function call costs more than what most of the C API does, and a packet makes dozens. The
//! layouts are those of lstate.h and lobject.h on 64-bit machines; kern/klayout.c, which is
//! compiled with them, holds the same numbers against the C structures.

use core::ffi::{c_int, c_longlong, c_void};
use core::mem::{offset_of, size_of};

use crate::ffi::{self, lua_State};
use crate::Window;

/// The tags of values, with their variants (lobject.h).
pub(crate) mod tag {
    pub(crate) const NIL: u8 = 0;
    pub(crate) const FALSE: u8 = 0x01;
    pub(crate) const TRUE: u8 = 0x11;
    pub(crate) const INTEGER: u8 = 0x03;
    pub(crate) const SHORT_STRING: u8 = 0x44;
    pub(crate) const LONG_STRING: u8 = 0x54;
    pub(crate) const USERDATA: u8 = 0x47;
    /// The bits that say the type: one of `ffi::LUA_T*`.
    pub(crate) const TYPE: u8 = 0x0f;
}

/// What a value carries.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) union Payload {
    pub(crate) integer: c_longlong,
    pub(crate) string: *const String,
    pub(crate) userdata: *mut Userdata,
    pub(crate) pointer: *const c_void,
}

/// `TValue`. One outside of Lua is valid as long as Lua holds its object too.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Value {
    pub(crate) payload: Payload,
    pub(crate) tag: u8,
}

impl Value {
    pub(crate) const NIL: Value = Value { payload: Payload { integer: 0 }, tag: tag::NIL };

    pub(crate) fn integer(n: c_longlong) -> Value {
        Value { payload: Payload { integer: n }, tag: tag::INTEGER }
    }

    pub(crate) fn boolean(b: bool) -> Value {
        Value { payload: Payload { integer: 0 }, tag: if b { tag::TRUE } else { tag::FALSE } }
    }
}

/// The head of `TString`.
#[repr(C)]
pub(crate) struct String {
    next: *mut c_void,
    tt: u8,
    marked: u8,
    extra: u8,
    short_length: i8,
    hash: u32,
    long_length: usize,
    long_contents: *const u8,
}

impl String {
    /// Its bytes.
    ///
    /// # Safety
    ///
    /// `this` is a string that lives for `'l`.
    #[inline(always)]
    pub(crate) unsafe fn bytes<'l>(this: *const String) -> &'l [u8] {
        // SAFETY: By the function's contract. A short string's bytes stand where a long one's
        // pointer would; short ones have a length that is not negative.
        unsafe {
            match usize::try_from((*this).short_length) {
                Ok(length) => core::slice::from_raw_parts((&raw const (*this).long_contents).cast(), length),
                Err(_) => core::slice::from_raw_parts((*this).long_contents, (*this).long_length),
            }
        }
    }
}

/// The head of `Udata`.
#[repr(C)]
pub(crate) struct Userdata {
    next: *mut c_void,
    tt: u8,
    marked: u8,
    pub(crate) values: u16,
    /// The offset of a `Window` from here, or 0.
    pub(crate) window: u32,
    length: usize,
    metatable: *mut c_void,
    methods: *mut c_void,
    // With values only: the collector's list, and then the values.
    gray: *mut c_void,
    pub(crate) value: [Value; 0],
}

impl Userdata {
    /// Value `n`, from 1, that it keeps.
    ///
    /// # Safety
    ///
    /// `this` is a valid userdata.
    #[inline(always)]
    pub(crate) unsafe fn kept(this: *const Userdata, n: c_int) -> Option<Value> {
        // SAFETY: By the function's contract; the values stand after the head.
        unsafe {
            let there = n >= 1 && n <= c_int::from((*this).values);
            there.then(|| (&raw const (*this).value).cast::<Value>().add(n as usize - 1).read())
        }
    }

    /// The window that it has, if it has one.
    ///
    /// # Safety
    ///
    /// `this` is a userdata that lives for `'l`.
    #[inline(always)]
    pub(crate) unsafe fn shown<'l>(this: *const Userdata) -> Option<&'l Window> {
        // SAFETY: By the function's contract; where `window` says, one stands.
        unsafe {
            let offset = (*this).window;
            let window = (offset != 0).then(|| &*this.byte_add(offset as usize).cast::<Window>());
            window.filter(|window| !window.is_withheld())
        }
    }

    /// Where the memory of a userdata with so many values stands in it.
    pub(crate) const fn offset(values: usize) -> usize {
        if values == 0 {
            offset_of!(Userdata, gray)
        } else {
            offset_of!(Userdata, value) + values * size_of::<Value>()
        }
    }
}

/// The head of `CallInfo`.
#[repr(C)]
struct CallInfo {
    function: *mut Value,
    top: *mut Value,
}

/// The head of `lua_State`.
#[repr(C)]
struct Head {
    next: *mut c_void,
    tt: u8,
    marked: u8,
    allow_hook: u8,
    status: u8,
    fuel: c_longlong,
    top: *mut Value,
    global: *mut c_void,
    call: *mut CallInfo,
}

const _: () = {
    assert!(size_of::<usize>() == 8);
    assert!(size_of::<Value>() == 16 && offset_of!(Value, tag) == 8);
    assert!(offset_of!(String, short_length) == 11);
    assert!(offset_of!(String, long_length) == 16 && offset_of!(String, long_contents) == 24);
    assert!(offset_of!(Userdata, values) == 10 && offset_of!(Userdata, window) == 12);
    assert!(Userdata::offset(0) == 40 && Userdata::offset(2) == 48 + 2 * 16);
    assert!(offset_of!(CallInfo, function) == 0);
    assert!(offset_of!(Head, fuel) == 16 && offset_of!(Head, top) == 24 && offset_of!(Head, call) == 40);
};

/// The fuel that is left.
///
/// # Safety
///
/// `l` is valid; so it is for all functions here.
#[inline(always)]
pub(crate) unsafe fn fuel(l: *mut lua_State) -> *mut c_longlong {
    // SAFETY: By the contract.
    unsafe { &raw mut (*l.cast::<Head>()).fuel }
}

/// How many values the running function has on the stack.
///
/// # Safety
///
/// See [`fuel`].
#[inline(always)]
pub(crate) unsafe fn top(l: *mut lua_State) -> c_int {
    // SAFETY: By the contract; a function stands below its values, on the same stack.
    unsafe {
        let head = l.cast::<Head>();
        (*head).top.offset_from((*(*head).call).function) as c_int - 1
    }
}

/// Where the value at an index stands, if there is one. The index is no upvalue's and not the
/// registry's.
///
/// # Safety
///
/// See [`fuel`]; a negative index stays within the function's values.
#[inline(always)]
pub(crate) unsafe fn at(l: *mut lua_State, index: c_int) -> Option<*mut Value> {
    // SAFETY: By the contract; what lies above the top is not touched.
    unsafe {
        let head = l.cast::<Head>();
        if index < 0 {
            return Some((*head).top.offset(index as isize));
        }
        let place = (*(*head).call).function.wrapping_offset(index as isize);
        (place < (*head).top).then_some(place)
    }
}

/// The value at an index, or none (whose type is `LUA_TNONE`).
///
/// # Safety
///
/// See [`at`].
#[inline(always)]
pub(crate) unsafe fn get(l: *mut lua_State, index: c_int) -> Option<Value> {
    // SAFETY: By the contract.
    unsafe { at(l, index).map(|place| place.read()) }
}

/// Pushes a value.
///
/// # Safety
///
/// See [`fuel`]; there is a free slot, and the value is valid.
#[inline(always)]
pub(crate) unsafe fn push(l: *mut lua_State, value: Value) {
    // SAFETY: By the contract.
    unsafe {
        let head = l.cast::<Head>();
        debug_assert!((*head).top < (*(*head).call).top, "a push beyond what a call has");
        (*head).top.write(value);
        (*head).top = (*head).top.add(1);
    }
}

/// Drops the topmost `n` values.
///
/// # Safety
///
/// See [`fuel`]; there are as many.
#[inline(always)]
pub(crate) unsafe fn pop(l: *mut lua_State, n: c_int) {
    // SAFETY: By the contract.
    unsafe {
        let head = l.cast::<Head>();
        (*head).top = (*head).top.offset(-(n as isize));
    }
}

/// Drops all but the lowest `n` values.
///
/// # Safety
///
/// See [`fuel`]; there are as many or more.
#[inline(always)]
pub(crate) unsafe fn keep(l: *mut lua_State, n: c_int) {
    // SAFETY: By the contract.
    unsafe {
        let head = l.cast::<Head>();
        (*head).top = (*(*head).call).function.offset(n as isize + 1);
    }
}

/// Whether an index is one for [`at`].
#[inline(always)]
pub(crate) const fn is_plain(index: c_int) -> bool {
    index > ffi::LUA_REGISTRYINDEX
}
