// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's functions, safe, and those that it calls.

use core::ffi::{c_char, c_int, c_uint, c_void, CStr};
use core::mem::ManuallyDrop;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::sync::Arc;

use crate::Body;

extern "C" {
    fn luadevice_register() -> c_int;
    fn luadevice_unregister();
    fn luadevice_create(name: *const c_char, mode: c_uint, body: *mut c_void, made: *mut *mut c_void) -> c_int;
    fn luadevice_destroy(device: *mut c_void);
}

/// There can be devices while this lives.
pub(crate) struct Kind(());

impl Kind {
    pub(crate) fn new() -> Result<Kind> {
        // SAFETY: Called once, by the module's init.
        to_result(unsafe { luadevice_register() })?;
        Ok(Kind(()))
    }
}

impl Drop for Kind {
    fn drop(&mut self) {
        // SAFETY: Registered in `new`; devices and open files keep the module, so there are none.
        unsafe { luadevice_unregister() }
    }
}

/// A device's place in /dev, while there is one.
///
/// # Invariants
///
/// Null, or what `luadevice_create` made and nobody has destroyed.
pub(crate) struct Node(AtomicPtr<c_void>);

impl Node {
    /// None yet.
    pub(crate) const fn none() -> Node {
        Node(AtomicPtr::new(ptr::null_mut()))
    }

    /// Gives the body of this node a place. Sleeps.
    pub(crate) fn create(body: &Arc<Body>, name: &CStr, mode: u32) -> Result {
        let mut made = ptr::null_mut();
        let share = Arc::into_raw(body.clone());
        // SAFETY: The name ends in zero; the share is shim.c's until `luadevice_drop`, whatever comes.
        to_result(unsafe { luadevice_create(name.as_ptr(), mode, share.cast_mut().cast(), &mut made) })?;
        body.node.0.store(made, Ordering::Release);
        Ok(())
    }

    /// Takes the place away; whether there was one. Sleeps.
    pub(crate) fn destroy(&self) -> bool {
        let made = self.0.swap(ptr::null_mut(), Ordering::AcqRel);
        if made.is_null() {
            return false;
        }
        // SAFETY: By the invariants.
        unsafe { luadevice_destroy(made) };
        true
    }
}

/// The body that shim.c passes.
///
/// # Safety
///
/// It is a device's, which lives for the call.
unsafe fn body<'a>(body: *mut c_void) -> &'a Body {
    // SAFETY: By the function's contract the device has its share of it.
    unsafe { &*body.cast::<Body>() }
}

fn status(result: Result<usize>) -> isize {
    result.map_or_else(|errno| errno.to_errno() as isize, |count| isize::try_from(count).unwrap_or(isize::MAX))
}

/// See shim.h; so it is for all of these.
#[no_mangle]
unsafe extern "C" fn luadevice_open(device: *mut c_void) -> c_int {
    // SAFETY: A file of the device is being opened.
    unsafe { body(device) }.open().map_or_else(|errno| errno.to_errno(), |()| 0)
}

#[no_mangle]
unsafe extern "C" fn luadevice_read(
    device: *mut c_void,
    size: usize,
    offset: *mut i64,
    bytes: *mut *mut c_char,
) -> isize {
    // SAFETY: A file of the device is open; the pointers are the caller's to write to. The memory of a
    // KVec is kmalloc's, which shim.c frees with kvfree.
    unsafe {
        let read = body(device).read(size, &mut *offset).map(|text| {
            let mut text = ManuallyDrop::new(text);
            if text.capacity() > 0 {
                *bytes = text.as_mut_ptr().cast();
            }
            text.len()
        });
        status(read)
    }
}

#[no_mangle]
unsafe extern "C" fn luadevice_write(
    device: *mut c_void,
    bytes: *const c_char,
    size: usize,
    offset: *mut i64,
) -> isize {
    // SAFETY: A file of the device is open; there are so many bytes; the offset is the caller's.
    unsafe {
        let bytes = if size == 0 { &[] } else { core::slice::from_raw_parts(bytes.cast::<u8>(), size) };
        status(body(device).write(bytes, &mut *offset))
    }
}

#[no_mangle]
unsafe extern "C" fn luadevice_release(device: *mut c_void, patient: bool) -> bool {
    // SAFETY: A file of the device is being closed, or was, and shim.c keeps the device.
    unsafe { body(device) }.release(patient)
}

#[no_mangle]
unsafe extern "C" fn luadevice_drop(body: *mut c_void) {
    // SAFETY: The share that `create` gave away, whose device is gone.
    drop(unsafe { Arc::from_raw(body.cast_const().cast::<Body>()) });
}
