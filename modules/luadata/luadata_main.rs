// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `data`: bytes with bounds, owned (`data.new`) or lent by a packet.
//!
//! Offsets count from 0. `d[i]` is a byte; `u16`, `u24`, `u32`, `u64` are numbers as on the
//! wire; those of `get...` and `set...` are in the host's byte order. An access outside of the
//! bytes raises "out of bounds"; after the packet is gone, every access does.
//!
//! # data
//!
//! `data.new(size)` gives `size` zero bytes; packets give windows onto theirs. Offsets count from 0;
//! numbers are in the host's byte order unless said otherwise; what does not lie within raises "out
//! of bounds".
//!
//! | function | |
//! |---|---|
//! | `#d`, `tostring(d)` | bytes, as number and as string |
//! | `d:getbyte(o)`, `getint8`, `getuint8`, `getint16`, `getuint16`, `getint32`, `getuint32`, `getint64`, `getnumber` | integer at offset `o`; `setX(o, n)` writes, cutting `n` to the width |
//! | `d:getstring(o[, n])`, `d:setstring(o, s)` | `n` bytes (default: to the end) as a string, and back |
//! | `d[o]` | the byte at `o`, by far the cheapest read; `d[o] = n` writes one |
//! | `d:u16(o)`, `u24`, `u32`, `u64` | integer at `o` as the network orders it; also functions of the module (`local u16 = data.u16`), which are cheaper to call |
//! | `d:checksum([o[, n]])` | the Internet checksum (RFC 1071) of the bytes, as an integer whose big-endian bytes go into a header |
//! | `d:resize(n)` | grows with zeros or cuts; not for a packet's window |
//!
//! ```lua process
//! local data = require("data")
//! local d = data.new(8)
//! d:setstring(0, "\x0a\0\0\1")
//! assert(d:u32(0) == 0x0a000001 and d[3] == 1 and #d == 8)
//! assert(not pcall(d.u32, d, 5)) -- out of bounds
//! ```

mod lent;

pub use lent::Lent;

use core::cell::{Cell, UnsafeCell};
use core::ffi::c_int;
use kernel::prelude::*;
use lua::{function, leaf, meta, method, window, Class, Entry, Kind, Object, Place, State, Window};
use lunatik_core::{register, Access, Charge, Registration};
use packet::Number;

module! {
    type: Module,
    name: "luadata",
    author: "The Lunagate authors",
    description: "Lua access to bytes",
    license: "Dual MIT/GPL",
}

/// So many bytes cost a unit of fuel to make, copy or add up.
const UNIT: usize = 32;

/// Bytes that a script may read and write.
///
/// # Invariants
///
/// `window` shows the vector `own`, or what [`Data::lend`] was given until [`Data::revoke`].
pub struct Data {
    window: Window,
    own: UnsafeCell<KVec<u8>>,
    charge: Cell<Option<Charge>>,
}

/// The class `data`.
pub static DATA: Class = Class::new::<Data>(
    c"data",
    &[
        meta(c"__len", Data::len),
        meta(c"__tostring", Data::contents),
        leaf(c"getbyte", Data::get::<u8>),
        leaf(c"setbyte", Data::set::<u8>),
        leaf(c"getint8", Data::get::<i8>),
        leaf(c"setint8", Data::set::<i8>),
        leaf(c"getuint8", Data::get::<u8>),
        leaf(c"setuint8", Data::set::<u8>),
        leaf(c"getint16", Data::get::<i16>),
        leaf(c"setint16", Data::set::<i16>),
        leaf(c"getuint16", Data::get::<u16>),
        leaf(c"setuint16", Data::set::<u16>),
        leaf(c"getint32", Data::get::<i32>),
        leaf(c"setint32", Data::set::<i32>),
        leaf(c"getuint32", Data::get::<u32>),
        leaf(c"setuint32", Data::set::<u32>),
        leaf(c"getint64", Data::get::<i64>),
        leaf(c"setint64", Data::set::<i64>),
        leaf(c"getnumber", Data::get::<i64>),
        leaf(c"setnumber", Data::set::<i64>),
        leaf(c"u16", Data::network::<2>),
        leaf(c"u24", Data::network::<3>),
        leaf(c"u32", Data::network::<4>),
        leaf(c"u64", Data::network::<8>),
        method(c"getstring", Data::getstring),
        method(c"setstring", Data::setstring),
        method(c"checksum", Data::checksum),
        method(c"resize", Data::resize),
    ],
);

impl Object for Data {
    const CLASS: &'static Class = &DATA;
    /// A window keeps what its bytes are part of.
    const VALUES: c_int = 1;
    const WINDOW: Option<Place> = Some(window!(Data, window));
}

impl Data {
    fn new(state: State<'_>, size: usize) -> lua::Result<Data> {
        let charge = Charge::new(state, size)?;
        state.spend(size / UNIT)?;
        let mut own = KVec::new();
        let bounded = size <= isize::MAX as usize;
        // Scripts load in a task, but may also call this where nothing may sleep.
        let full = bounded.then(|| own.extend_with(size, 0, GFP_ATOMIC));
        if !matches!(full, Some(Ok(()))) {
            return Err(Kind::NoMemory.into());
        }
        let window = Window::closed();
        // SAFETY: The vector is part of the same value, and does not grow.
        unsafe { window.open(own.as_mut_ptr(), size) };
        Ok(Data { window, own: UnsafeCell::new(own), charge: Cell::new(Some(charge)) })
    }

    /// A window onto nothing yet.
    #[must_use]
    pub fn window() -> Data {
        Data { window: Window::closed(), own: UnsafeCell::new(KVec::new()), charge: Cell::new(None) }
    }

    /// Opens a window onto `length` bytes at `base`.
    ///
    /// # Safety
    ///
    /// The bytes stay valid, and nobody else touches them while the script runs, until
    /// [`Data::revoke`].
    #[inline]
    pub unsafe fn lend(&self, base: *mut u8, length: usize) {
        // SAFETY: By the caller's promise.
        unsafe { self.window.open(base, length) }
    }

    /// Closes the window.
    #[inline]
    pub fn revoke(&self) {
        self.window.close();
    }

    fn bytes(&self) -> &[u8] {
        self.window.bytes()
    }

    fn bytes_mut(&self) -> &mut [u8] {
        self.window.bytes_mut()
    }

    fn len(&self) -> usize {
        self.window.len()
    }

    fn contents(&self) -> &[u8] {
        self.bytes()
    }

    fn get<N: Number>(&self, offset: usize) -> lua::Result<i64> {
        packet::read::<N>(self.bytes(), offset).map(N::into_integer).ok_or_else(|| Kind::OutOfBounds.into())
    }

    fn set<N: Number>(&self, offset: usize, value: i64) -> lua::Result {
        packet::write(self.bytes_mut(), offset, N::from_integer(value)).ok_or_else(|| Kind::OutOfBounds.into())
    }

    fn network<const WIDTH: usize>(&self, offset: usize) -> lua::Result<i64> {
        packet::network::<WIDTH>(self.bytes(), offset).ok_or_else(|| Kind::OutOfBounds.into())
    }

    /// So many bytes from an offset on, or all from there.
    ///
    /// # Errors
    ///
    /// They do not lie within.
    #[inline]
    pub fn range(&self, offset: usize, length: Option<usize>) -> lua::Result<&[u8]> {
        let end = match length {
            Some(length) => offset.checked_add(length),
            None => Some(self.len()),
        };
        end.and_then(|end| self.bytes().get(offset..end)).ok_or_else(|| Kind::OutOfBounds.into())
    }

    fn getstring(&self, offset: usize, length: Option<usize>) -> lua::Result<&[u8]> {
        self.range(offset, length)
    }

    fn setstring(&self, offset: usize, text: &[u8], state: State<'_>) -> lua::Result {
        state.spend(text.len() / UNIT)?;
        let end = offset.checked_add(text.len());
        let place = end.and_then(|end| self.bytes_mut().get_mut(offset..end)).ok_or(Kind::OutOfBounds)?;
        place.copy_from_slice(text);
        Ok(())
    }

    fn checksum(&self, offset: Option<usize>, length: Option<usize>, state: State<'_>) -> lua::Result<u16> {
        let bytes = self.range(offset.unwrap_or(0), length)?;
        state.spend(bytes.len() / UNIT)?;
        Ok(packet::checksum(bytes))
    }

    /// Only owned bytes can grow or shrink; new ones are zero.
    fn resize(&self, size: usize, state: State<'_>) -> lua::Result {
        // SAFETY: No other reference into `own` is alive while a method runs.
        let own = unsafe { &mut *self.own.get() };
        if !core::ptr::eq(own.as_ptr(), self.window.base()) {
            return Err(Kind::NotPermitted.into());
        }
        let resized = Data::new(state, size)?;
        let kept = size.min(self.len());
        state.spend(kept / UNIT)?;
        if let (Some(to), Some(from)) = (resized.bytes_mut().get_mut(..kept), self.bytes().get(..kept)) {
            to.copy_from_slice(from);
        }
        // SAFETY: The new vector moves into self, and does not grow.
        unsafe { self.window.open(resized.window.base(), size) };
        self.charge.set(resized.charge.take());
        *own = resized.own.into_inner();
        Ok(())
    }
}

static LIBRARY: [Entry; 5] = [
    function(c"new", Data::new),
    // Methods as functions, for scripts that keep them in local variables.
    leaf(c"u16", Data::network::<2>),
    leaf(c"u24", Data::network::<3>),
    leaf(c"u32", Data::network::<4>),
    leaf(c"u64", Data::network::<8>),
];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"data", access: Access::Free, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
