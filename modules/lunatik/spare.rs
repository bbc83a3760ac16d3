// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Small blocks that a state of a packet hook has freed and keeps, because it will want such again
//! with the next packets: their strings and tables. The kernel's allocator does more than they need.

use core::cell::Cell;
use core::ffi::c_void;
use core::ptr;

use crate::sys;

/// Blocks are multiples of it, so that few sizes serve all.
const STEP: usize = 32;
/// So many sizes are kept.
const SIZES: usize = 4;
/// Bytes that a state keeps at most, none where the kernel watches for memory that is used after
/// it was freed.
const MOST: usize = if cfg!(CONFIG_KASAN) { 0 } else { 32 << 10 };

/// The blocks of one state.
///
/// # Invariants
///
/// `first[n]` begins a list of free blocks of `n + 1` steps, each with the address of the next one
/// in it, which are `bytes` in all.
pub(crate) struct Spare {
    first: [Cell<*mut c_void>; SIZES],
    bytes: Cell<usize>,
}

/// How many steps a block for so many bytes has, if such are kept.
#[inline(always)]
fn steps(size: usize) -> Option<usize> {
    (1..=SIZES * STEP).contains(&size).then(|| size.div_ceil(STEP))
}

impl Spare {
    pub(crate) const fn new() -> Spare {
        Spare { first: [const { Cell::new(ptr::null_mut()) }; SIZES], bytes: Cell::new(0) }
    }

    /// The bytes that are kept.
    #[inline(always)]
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.get()
    }

    #[inline(always)]
    fn take(&self, steps: usize) -> Option<*mut c_void> {
        let first = self.first.get(steps - 1)?;
        let block = first.get();
        if block.is_null() {
            return None;
        }
        // SAFETY: By the invariants.
        first.set(unsafe { block.cast::<*mut c_void>().read() });
        self.bytes.set(self.bytes.get() - steps * STEP);
        Some(block)
    }

    /// Keeps a block, if there is room.
    ///
    /// # Safety
    ///
    /// The block has so many steps, and is not used any more.
    #[inline(always)]
    unsafe fn keep(&self, block: *mut c_void, steps: usize) -> bool {
        let bytes = self.bytes.get() + steps * STEP;
        let Some(first) = self.first.get(steps - 1).filter(|_| bytes <= MOST) else { return false };
        // SAFETY: By the function's contract.
        unsafe { block.cast::<*mut c_void>().write(first.get()) };
        first.set(block);
        self.bytes.set(bytes);
        true
    }

    /// As `krealloc`, or `kfree` for size 0. Blocks are kept in atomic context only.
    ///
    /// # Safety
    ///
    /// `block` is null or comes from this function, asked for `old` bytes, and is not used
    /// afterwards unless this fails.
    #[inline]
    pub(crate) unsafe fn reallocate(&self, block: *mut c_void, old: usize, new: usize, atomic: bool) -> *mut c_void {
        let room = steps(new);
        // SAFETY: Blocks that are kept have as many steps as their sizes say, and all of them come
        // from sys::reallocate.
        unsafe {
            if block.is_null() {
                if let Some(spare) = room.and_then(|steps| self.take(steps)) {
                    return spare;
                }
            } else if let Some(had) = steps(old) {
                if room == Some(had) {
                    return block;
                }
                if new == 0 && atomic && self.keep(block, had) {
                    return ptr::null_mut();
                }
            }
            sys::reallocate(block, room.map_or(new, |steps| steps * STEP), atomic)
        }
    }

    /// Gives all blocks back to the kernel.
    #[cold]
    pub(crate) fn clear(&self) {
        for steps in 1..=SIZES {
            while let Some(block) = self.take(steps) {
                // SAFETY: It is a block that nobody uses.
                unsafe { sys::reallocate(block, 0, true) };
            }
        }
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        self.clear();
    }
}
