// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's functions, safe, and those that it calls.

use core::ffi::{c_char, c_int, c_uint, c_void};
use core::mem::ManuallyDrop;
use core::ptr;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::sync::Arc;

use crate::connection::{Connection, Function, Verdict};
use crate::filter::Filter;

extern "C" {
    fn luaulp_register() -> c_int;
    fn luaulp_unregister();
    fn luaulp_states() -> c_uint;
    fn luaulp_may_grant() -> bool;
}

/// Sockets can have the protocol while this lives.
pub(crate) struct Protocol(());

impl Protocol {
    pub(crate) fn new() -> Result<Protocol> {
        // SAFETY: Called once, by the module's init.
        to_result(unsafe { luaulp_register() })?;
        Ok(Protocol(()))
    }
}

impl Drop for Protocol {
    fn drop(&mut self) {
        // SAFETY: Registered in `new`; sockets keep the module, so there are none.
        unsafe { luaulp_unregister() }
    }
}

/// How many states a listener has at most.
pub(crate) fn states() -> usize {
    // SAFETY: No preconditions.
    unsafe { luaulp_states() as usize }
}

/// Whether the calling task may give a script what it cannot do itself: CAP_SYS_ADMIN.
pub(crate) fn may_grant() -> bool {
    // SAFETY: No preconditions.
    unsafe { luaulp_may_grant() }
}

/// The filter that shim.c passes.
///
/// # Safety
///
/// It comes from `luaulp_filter_new` or `luaulp_filter_share`, and is not dropped during the call.
unsafe fn filter<'a>(filter: *mut c_void) -> &'a Filter {
    // SAFETY: By the function's contract there is a share of it.
    unsafe { &*filter.cast::<Filter>() }
}

/// The bytes that shim.c passes.
///
/// # Safety
///
/// There are so many, for the call.
unsafe fn slice<'a>(bytes: *const c_char, size: usize) -> &'a [u8] {
    match size {
        0 => &[],
        // SAFETY: By the function's contract.
        _ => unsafe { core::slice::from_raw_parts(bytes.cast(), size) },
    }
}

/// See shim.h; so it is for all of these.
#[no_mangle]
extern "C" fn luaulp_filter_new() -> *mut c_void {
    Filter::new().map_or(ptr::null_mut(), |filter| Arc::into_raw(filter).cast_mut().cast())
}

#[no_mangle]
unsafe extern "C" fn luaulp_filter_share(filter: *mut c_void) -> *mut c_void {
    // SAFETY: It is a listener's, whose share is dropped after the RCU readers of now; it is given back as it came.
    let listeners = ManuallyDrop::new(unsafe { Arc::from_raw(filter.cast_const().cast::<Filter>()) });
    Arc::into_raw(Arc::clone(&listeners)).cast_mut().cast()
}

#[no_mangle]
unsafe extern "C" fn luaulp_filter_drop(filter: *mut c_void) {
    // SAFETY: A share that shim.c does not use again.
    drop(unsafe { Arc::from_raw(filter.cast_const().cast::<Filter>()) });
}

#[no_mangle]
unsafe extern "C" fn luaulp_filter_is_set(of: *mut c_void) -> bool {
    // SAFETY: A socket keeps it.
    unsafe { filter(of) }.is_set()
}

#[no_mangle]
unsafe extern "C" fn luaulp_filter_set(of: *mut c_void, option: c_int, value: *const c_char, size: usize) -> c_int {
    // SAFETY: A socket keeps the filter; there are so many bytes.
    let set = unsafe { filter(of).set(option, slice(value, size)) };
    set.map_or_else(|errno| errno.to_errno(), |()| 0)
}

#[no_mangle]
unsafe extern "C" fn luaulp_filter_fill(of: *mut c_void, connections: c_uint) {
    // SAFETY: A socket keeps it.
    unsafe { filter(of) }.fill(connections as usize)
}

#[no_mangle]
unsafe extern "C" fn luaulp_filter_problem(of: *mut c_void, text: *mut *mut c_char) -> isize {
    // SAFETY: A socket keeps the filter; the place is the caller's.
    unsafe {
        match filter(of).problem() {
            Ok(problem) => {
                let mut problem = ManuallyDrop::new(problem);
                *text = problem.as_mut_ptr().cast();
                problem.len() as isize
            }
            Err(errno) => errno.to_errno() as isize,
        }
    }
}

#[no_mangle]
unsafe extern "C" fn luaulp_filter_ask(
    filter: *mut c_void,
    connection: *mut *mut c_void,
    function: c_int,
    bytes: *const c_char,
    size: usize,
    replaced: *mut *mut c_char,
    length: *mut usize,
) -> c_int {
    const RESET: c_int = 2;
    const INTERRUPTED: c_int = 3;
    let function = match function {
        0 => Function::Receive,
        1 => Function::Send,
        _ => Function::Finish,
    };
    // SAFETY: A socket keeps the filter, and lets one task at a time at the connection, which is null or comes from
    // here; there are so many bytes; the other pointers are the caller's to write to.
    unsafe {
        if (*connection).is_null() {
            let filter = ManuallyDrop::new(Arc::from_raw(filter.cast_const().cast::<Filter>()));
            match Connection::new(&filter) {
                Ok(made) => *connection = KBox::into_raw(made).cast(),
                // What nobody can be asked about does not pass.
                Err(_) => return RESET,
            }
        }
        match (*(*connection).cast::<Connection>()).ask(function, slice(bytes, size)) {
            Verdict::Unchanged => 0,
            Verdict::Replaced(bytes) => {
                let mut bytes = ManuallyDrop::new(bytes);
                *length = bytes.len();
                *replaced = if bytes.capacity() > 0 { bytes.as_mut_ptr().cast() } else { ptr::null_mut() };
                1
            }
            Verdict::Reset => RESET,
            Verdict::Refused(errno) => errno.saturating_neg(),
            Verdict::Interrupted => INTERRUPTED,
        }
    }
}

#[no_mangle]
unsafe extern "C" fn luaulp_connection_drop(connection: *mut c_void) {
    if !connection.is_null() {
        // SAFETY: It comes from `luaulp_filter_ask`, and its socket is gone.
        drop(unsafe { KBox::from_raw(connection.cast::<Connection>()) });
    }
}
