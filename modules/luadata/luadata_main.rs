// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `data`: bytes with bounds, owned (`data.new`) or lent by a packet.
//!
//! Offsets count from 0; numbers are in the host's byte order. An access outside of the
//! bytes raises "out of bounds"; after the packet is gone, every access does.

use core::cell::{Cell, UnsafeCell};
use core::ffi::c_int;
use kernel::prelude::*;
use lua::{function, meta, method, Class, Entry, Kind, Object, State};
use lunatik_core::{register, Charge, Registration};
use packet::Number;

module! {
    type: Module,
    name: "luadata",
    author: "The Lunagate authors",
    description: "Lua access to bytes",
    license: "Dual MIT/GPL",
}

/// Bytes that a script may read and write.
///
/// # Invariants
///
/// `base` and `length` describe memory that nobody else touches while a script runs: the
/// vector `own`, or what [`Data::lend`] was given until [`Data::revoke`].
pub struct Data {
    base: Cell<*mut u8>,
    length: Cell<usize>,
    own: UnsafeCell<KVec<u8>>,
    charge: Cell<Option<Charge>>,
}

/// The class `data`.
pub static DATA: Class = Class::new::<Data>(
    c"data",
    &[
        meta(c"__len", Data::len),
        meta(c"__tostring", Data::contents),
        method(c"getbyte", Data::get::<u8>),
        method(c"setbyte", Data::set::<u8>),
        method(c"getint8", Data::get::<i8>),
        method(c"setint8", Data::set::<i8>),
        method(c"getuint8", Data::get::<u8>),
        method(c"setuint8", Data::set::<u8>),
        method(c"getint16", Data::get::<i16>),
        method(c"setint16", Data::set::<i16>),
        method(c"getuint16", Data::get::<u16>),
        method(c"setuint16", Data::set::<u16>),
        method(c"getint32", Data::get::<i32>),
        method(c"setint32", Data::set::<i32>),
        method(c"getuint32", Data::get::<u32>),
        method(c"setuint32", Data::set::<u32>),
        method(c"getint64", Data::get::<i64>),
        method(c"setint64", Data::set::<i64>),
        method(c"getnumber", Data::get::<i64>),
        method(c"setnumber", Data::set::<i64>),
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
}

impl Data {
    fn new(state: State<'_>, size: usize) -> lua::Result<Data> {
        let charge = Charge::new(state, size)?;
        let mut own = KVec::new();
        let bounded = size <= isize::MAX as usize;
        // Scripts load in a task, but may also call this where nothing may sleep.
        let full = bounded.then(|| own.extend_with(size, 0, GFP_ATOMIC));
        if !matches!(full, Some(Ok(()))) {
            return Err(Kind::NoMemory.into());
        }
        let base = own.as_mut_ptr();
        Ok(Data {
            base: Cell::new(base),
            length: Cell::new(size),
            own: UnsafeCell::new(own),
            charge: Cell::new(Some(charge)),
        })
    }

    /// A window onto nothing yet.
    #[must_use]
    pub fn window() -> Data {
        let own = UnsafeCell::new(KVec::new());
        Data { base: Cell::new(core::ptr::null_mut()), length: Cell::new(0), own, charge: Cell::new(None) }
    }

    /// Opens a window onto `length` bytes at `base`.
    ///
    /// # Safety
    ///
    /// The bytes stay valid, and nobody else touches them while the script runs, until
    /// [`Data::revoke`].
    pub unsafe fn lend(&self, base: *mut u8, length: usize) {
        self.base.set(base);
        self.length.set(length);
    }

    /// Closes the window.
    pub fn revoke(&self) {
        self.base.set(core::ptr::null_mut());
        self.length.set(0);
    }

    #[inline]
    fn bytes(&self) -> &[u8] {
        if self.base.get().is_null() {
            return &[];
        }
        // SAFETY: By the invariants; a reference lives no longer than the method that asked,
        // or than the copy of its result into a Lua string, and writers borrow no other.
        unsafe { core::slice::from_raw_parts(self.base.get(), self.length.get()) }
    }

    #[inline]
    #[expect(clippy::mut_from_ref, reason = "the bytes are not part of self")]
    fn bytes_mut(&self) -> &mut [u8] {
        if self.base.get().is_null() {
            return &mut [];
        }
        // SAFETY: As in `bytes`; the one writer of a state runs one method at a time.
        unsafe { core::slice::from_raw_parts_mut(self.base.get(), self.length.get()) }
    }

    fn len(&self) -> usize {
        self.length.get()
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

    fn range(&self, offset: usize, length: Option<usize>) -> lua::Result<&[u8]> {
        let end = match length {
            Some(length) => offset.checked_add(length),
            None => Some(self.len()),
        };
        end.and_then(|end| self.bytes().get(offset..end)).ok_or_else(|| Kind::OutOfBounds.into())
    }

    fn getstring(&self, offset: usize, length: Option<usize>) -> lua::Result<&[u8]> {
        self.range(offset, length)
    }

    fn setstring(&self, offset: usize, text: &[u8]) -> lua::Result {
        let end = offset.checked_add(text.len());
        let place = end.and_then(|end| self.bytes_mut().get_mut(offset..end)).ok_or(Kind::OutOfBounds)?;
        place.copy_from_slice(text);
        Ok(())
    }

    fn checksum(&self, offset: Option<usize>, length: Option<usize>) -> lua::Result<u16> {
        Ok(packet::checksum(self.range(offset.unwrap_or(0), length)?))
    }

    /// Only owned bytes can grow or shrink; new ones are zero.
    fn resize(&self, size: usize, state: State<'_>) -> lua::Result {
        // SAFETY: No other reference into `own` is alive while a method runs.
        let own = unsafe { &mut *self.own.get() };
        if !core::ptr::eq(own.as_ptr(), self.base.get()) {
            return Err(Kind::NotPermitted.into());
        }
        let resized = Data::new(state, size)?;
        let kept = size.min(self.len());
        if let (Some(to), Some(from)) = (resized.bytes_mut().get_mut(..kept), self.bytes().get(..kept)) {
            to.copy_from_slice(from);
        }
        self.base.set(resized.base.get());
        self.length.set(size);
        self.charge.set(resized.charge.take());
        *own = resized.own.into_inner();
        Ok(())
    }
}

static LIBRARY: [Entry; 1] = [function(c"new", Data::new)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"data", open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
