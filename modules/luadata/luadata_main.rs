// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `data`: bytes with bounds, owned (`data.new`), lent by a packet, or shared with other scripts.
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
//! | `d:getbyte(o)`, `getint8`, `getuint8`, `getint16`, `getuint16`, `getint32`, `getuint32`, `getint64`, `getnumber` | integer at offset `o` |
//! | `d:setbyte(o, n)`, `setint8`, `setuint8`, `setint16`, `setuint16`, `setint32`, `setuint32`, `setint64`, `setnumber` | writes `n` there, cut to the width |
//! | `d:getstring(o[, n])`, `d:setstring(o, s)` | `n` bytes (default: to the end) as a string, and back |
//! | `d[o]` | the byte at `o`, by far the cheapest read; `d[o] = n` writes one |
//! | `d:u16(o)`, `u24`, `u32`, `u64` | integer at `o` as the network orders it; also functions of the module (`local u16 = data.u16`), which are cheaper to call |
//! | `d:checksum([o[, n]])` | the Internet checksum (RFC 1071) of the bytes, as an integer whose big-endian bytes go into a header |
//! | `d:resize(n)` | grows with zeros or cuts; not for a packet's window |
//!
//! What `data.new` gave can be given to other scripts (`runtime:resume`, [rcu](#rcu) tables, `lunatik._ENV`), at most 1048576
//! bytes; packets' windows cannot. From then on all who hold it have the same bytes, each call happens as a whole, and
//! they count towards luadata's parameter `memory` (16777216) instead of a script's. Only the methods above reach shared
//! bytes: `d[o]` and functions of other modules do not, so give these `tostring(d)`. In the body of a script with a
//! state for each CPU, each state makes bytes of its own: have them made by the one who resumes it.
//!
//! ```lua process
//! local data = require("data")
//! local d = data.new(8)
//! d:setstring(0, "\x0a\0\0\1")
//! assert(d:u32(0) == 0x0a000001 and d[3] == 1 and #d == 8)
//! assert(not pcall(d.u32, d, 5)) -- out of bounds
//! ```

mod lent;
mod shared;

pub use lent::Lent;
pub use shared::Shared;

use core::cell::{Cell, OnceCell, UnsafeCell};
use core::ffi::c_int;
use kernel::prelude::*;
use lua::{function, leaf, meta, method, window, Class, Entry, Kind, Object, Place, Pushed, Share, State, Window};
use lunatik_core::{allocation, register, Access, Charge, Registration};
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
/// `window` shows the vector `own`, or what [`Data::lend`] was given until [`Data::revoke`]. Once there is
/// `shared`, which has the bytes then, it shows nothing.
pub struct Data {
    window: Window,
    own: UnsafeCell<KVec<u8>>,
    charge: Cell<Option<Charge>>,
    shared: OnceCell<Shared>,
}

/// So many of the bytes from an offset on, or all from there.
fn part(bytes: &[u8], offset: usize, length: Option<usize>) -> Option<&[u8]> {
    let end = match length {
        Some(length) => offset.checked_add(length)?,
        None => bytes.len(),
    };
    bytes.get(offset..end)
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
)
.sharing_as::<Data>(|| THIS_MODULE.as_ptr().cast());

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
        let full = bounded.then(|| own.extend_with(size, 0, allocation(state)));
        if !matches!(full, Some(Ok(()))) {
            return Err(Kind::NoMemory.into());
        }
        let window = Window::closed();
        // SAFETY: The vector is part of the same value, and does not grow.
        unsafe { window.open(own.as_mut_ptr(), size) };
        Ok(Data { window, own: UnsafeCell::new(own), charge: Cell::new(Some(charge)), shared: OnceCell::new() })
    }

    /// A window onto nothing yet.
    #[must_use]
    pub fn window() -> Data {
        Data {
            window: Window::closed(),
            own: UnsafeCell::new(KVec::new()),
            charge: Cell::new(None),
            shared: OnceCell::new(),
        }
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

    /// The vector, unless the bytes are lent or shared.
    #[allow(clippy::mut_from_ref, reason = "a state runs one method at a time; not each clippy looks into an Option")]
    fn own(&self) -> Option<&mut KVec<u8>> {
        // SAFETY: No other reference into `own` is alive while a method runs.
        let own = unsafe { &mut *self.own.get() };
        core::ptr::eq(own.as_ptr(), self.window.base()).then_some(own)
    }

    fn len(&self) -> usize {
        match self.shared.get() {
            None => self.window.len(),
            Some(shared) => shared.len(),
        }
    }

    fn contents(&self, state: State<'_>) -> lua::Result<Pushed> {
        self.getstring(0, None, state)
    }

    /// Calls `f` on the bytes, wherever they are; it wants some.
    #[inline]
    fn access<R>(&self, f: impl Fn(&mut [u8]) -> Option<R>) -> lua::Result<R> {
        match f(self.bytes_mut()) {
            Some(found) => Ok(found),
            None => self.elsewhere(f),
        }
    }

    /// [`Data::access`] to what the window does not show. Apart, so that packets' bytes are read without a stack frame for it.
    #[cold]
    #[inline(never)]
    fn elsewhere<R>(&self, f: impl Fn(&mut [u8]) -> Option<R>) -> lua::Result<R> {
        let found = self.shared.get().and_then(|shared| shared.with(f));
        found.ok_or_else(|| Kind::OutOfBounds.into())
    }

    fn get<N: Number>(&self, offset: usize) -> lua::Result<i64> {
        self.access(|bytes| packet::read::<N>(bytes, offset).map(N::into_integer))
    }

    fn set<N: Number>(&self, offset: usize, value: i64) -> lua::Result {
        self.access(|bytes| packet::write(bytes, offset, N::from_integer(value)))
    }

    fn network<const WIDTH: usize>(&self, offset: usize) -> lua::Result<i64> {
        self.access(|bytes| packet::network::<WIDTH>(bytes, offset))
    }

    /// So many bytes from an offset on, or all from there.
    ///
    /// # Errors
    ///
    /// They do not lie within, or others hold them, too.
    #[inline]
    pub fn range(&self, offset: usize, length: Option<usize>) -> lua::Result<&[u8]> {
        if self.window.is_withheld() {
            return Err(Kind::ExpectedBytes.into());
        }
        part(self.bytes(), offset, length).ok_or_else(|| Kind::OutOfBounds.into())
    }

    fn getstring(&self, offset: usize, length: Option<usize>, state: State<'_>) -> lua::Result<Pushed> {
        match self.shared.get() {
            None => state.push_bytes(self.range(offset, length)?)?,
            Some(shared) => state.push_bytes(&shared.copy(state, offset, length)?)?,
        }
        Ok(Pushed(1))
    }

    fn setstring(&self, offset: usize, text: &[u8], state: State<'_>) -> lua::Result {
        state.spend(text.len() / UNIT)?;
        self.access(|bytes| {
            let place = bytes.get_mut(offset..offset.checked_add(text.len())?)?;
            place.copy_from_slice(text);
            Some(())
        })
    }

    /// Looks at the bytes, wherever they are.
    fn look<R>(&self, f: impl Fn(&[u8]) -> Option<R>) -> lua::Result<R> {
        let found = match self.shared.get() {
            None => f(self.bytes()),
            Some(shared) => shared.with(|bytes| f(bytes)),
        };
        found.ok_or_else(|| Kind::OutOfBounds.into())
    }

    fn checksum(&self, offset: Option<usize>, length: Option<usize>, state: State<'_>) -> lua::Result<u16> {
        let offset = offset.unwrap_or(0);
        let length = self.look(|bytes| part(bytes, offset, length).map(<[u8]>::len))?;
        state.spend(length / UNIT)?;
        // Who shares them may have made them longer or shorter by now.
        self.look(|bytes| part(bytes, offset, Some(length)).map(packet::checksum))
    }

    /// Bytes that are lent cannot grow or shrink; new ones are zero.
    fn resize(&self, size: usize, state: State<'_>) -> lua::Result {
        if let Some(shared) = self.shared.get() {
            return shared.resize(state, size);
        }
        let own = self.own().ok_or(Kind::NotPermitted)?;
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

impl Share for Data {
    type Common = Shared;

    /// The bytes leave this object and its state's books.
    fn share(&self, state: State<'_>) -> lua::Result<Shared> {
        if let Some(shared) = self.shared.get() {
            return Ok(shared.clone());
        }
        let shared = Shared::new(state, self.own().ok_or(Kind::CannotShare)?)?;
        self.window.withhold();
        self.charge.set(None);
        Ok(self.shared.get_or_init(|| shared).clone())
    }

    fn join(shared: Shared) -> Data {
        let data = Data::window();
        data.window.withhold();
        Data { shared: OnceCell::from(shared), ..data }
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
