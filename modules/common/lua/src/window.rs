// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Bytes that scripts index.

use core::cell::Cell;
use core::ptr;

/// Memory that an object shows, or none: of an object with a window, `object[i]` is byte `i`,
/// from 0, which the virtual machine reads and writes without a call.
///
/// # Invariants
///
/// `base` points to `length` bytes that nobody else touches while a script runs, or `length`
/// is 0.
#[repr(C)]
pub struct Window {
    base: Cell<*mut u8>,
    length: Cell<usize>,
}

/// The base of a window whose object has bytes, but shows them to nobody.
const WITHHELD: *mut u8 = ptr::without_provenance_mut(usize::MAX);

impl Window {
    /// One that shows nothing.
    #[must_use]
    pub const fn closed() -> Window {
        Window { base: Cell::new(ptr::null_mut()), length: Cell::new(0) }
    }

    /// Shows `length` bytes at `base`.
    ///
    /// # Safety
    ///
    /// The bytes stay valid, and nobody else touches them while a script runs, until
    /// [`Window::close`] or the window is gone.
    pub unsafe fn open(&self, base: *mut u8, length: usize) {
        self.base.set(base);
        self.length.set(length);
    }

    /// Shows nothing from here on.
    #[inline]
    pub fn close(&self) {
        self.base.set(ptr::null_mut());
        self.length.set(0);
    }

    /// Shows nothing from here on, though there are bytes: others may touch them.
    pub fn withhold(&self) {
        self.base.set(WITHHELD);
        self.length.set(0);
    }

    /// Whether it shows nothing for that reason.
    #[inline]
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        self.base.get() == WITHHELD
    }

    /// Where the bytes are.
    #[inline]
    #[must_use]
    pub fn base(&self) -> *mut u8 {
        self.base.get()
    }

    /// How many bytes there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.length.get()
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes, for the handler that asks.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        if self.is_empty() {
            return &[];
        }
        // SAFETY: By the invariants; a reference lives no longer than the handler that asked, or
        // than the copy of its result into a Lua string, and writers borrow no other.
        unsafe { core::slice::from_raw_parts(self.base.get(), self.len()) }
    }

    /// The bytes, to be written.
    #[inline]
    #[must_use]
    #[expect(clippy::mut_from_ref, reason = "the bytes are not part of self")]
    pub fn bytes_mut(&self) -> &mut [u8] {
        if self.is_empty() {
            return &mut [];
        }
        // SAFETY: As in `bytes`; a state runs one handler at a time.
        unsafe { core::slice::from_raw_parts_mut(self.base.get(), self.len()) }
    }
}

/// Where the [`Window`] of an object stands in it: [`window!`](crate::window!).
#[derive(Clone, Copy)]
pub struct Place(usize);

impl Place {
    /// The place at this offset.
    ///
    /// # Safety
    ///
    /// At `offset` in the type whose `Object::WINDOW` it becomes is a [`Window`].
    #[must_use]
    pub const unsafe fn new(offset: usize) -> Place {
        Place(offset)
    }

    pub(crate) const fn offset(self) -> usize {
        self.0
    }
}

/// The window of a type, by its field's name: `const WINDOW: Option<Place> = Some(window!(Data, window));`.
#[macro_export]
macro_rules! window {
    ($type:ty, $field:ident) => {{
        // The field is a window, or this does not compile.
        const _: fn(&$type) -> &$crate::Window = |object| &object.$field;
        // SAFETY: It is the offset of a field that is a window.
        unsafe { $crate::Place::new(::core::mem::offset_of!($type, $field)) }
    }};
}
