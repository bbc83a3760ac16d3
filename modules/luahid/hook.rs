// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A script's driver, and bus.c's functions, safe.

use core::any::Any;
use core::cell::Cell;
use core::ffi::{c_char, c_int, c_void, CStr};
use core::ptr::{self, NonNull};
use kernel::error::to_result;
use kernel::prelude::*;
use lua::{ffi, FromLua, State};
use luadata_main::Lent;
use lunatik_core::{boxed, Attachment, Callback, Fail};

/// What shim.h calls `struct luahid_id`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Id {
    pub(crate) bus: i64,
    pub(crate) group: i64,
    pub(crate) vendor: i64,
    pub(crate) product: i64,
    pub(crate) data: i64,
}

const MORE: usize = 5;

/// What shim.h calls `struct luahid_call`.
#[repr(C)]
struct Call {
    event: u32,
    device: u32,
    name: *const c_char,
    identity: [i64; 5],
    count: u32,
    more: [i64; MORE],
    data: *mut u8,
    size: usize,
}

extern "C" {
    fn luahid_new(hook: *mut c_void, name: *const c_char, ids: *const Id, count: usize) -> *mut c_void;
    fn luahid_delete(hid: *mut c_void);
    fn luahid_start(hid: *mut c_void) -> c_int;
    fn luahid_stop(hid: *mut c_void);
}

/// Of the kernel's errors, negative as functions return them.
const LAST_ERRNO: i64 = -4095;
const ECANCELED: c_int = 125;
/// So many bytes cost a unit of fuel to keep, for a function that fails.
const UNIT: usize = 64;

/// # Invariants
///
/// `hid` was made with the address of this, which does not move, and is not null once `attach` is through. A place
/// is used by its own CPU only once the script has loaded.
pub(crate) struct Hook {
    callback: Callback,
    name: KVec<u8>,
    places: KVec<Lent>,
    hid: Cell<*mut c_void>,
}

// SAFETY: By the invariants; `hid` changes in `attach` only.
unsafe impl Send for Hook {}
// SAFETY: As above.
unsafe impl Sync for Hook {}

impl Hook {
    pub(crate) fn attach(callback: Callback, name: &CStr, ids: &[Id]) -> Result<KBox<dyn Attachment>> {
        let mut places = KVec::new();
        for _ in 0..callback.cpus() {
            places.push(Lent::new(), GFP_KERNEL)?;
        }
        let mut kept = KVec::new();
        kept.extend_from_slice(name.to_bytes(), GFP_KERNEL)?;
        let hook = KBox::new(Hook { callback, name: kept, places, hid: Cell::new(ptr::null_mut()) }, GFP_KERNEL)?;
        let this = ptr::from_ref::<Hook>(&hook).cast_mut().cast();
        // SAFETY: The box keeps the address until it is dropped, which stops first; all else is copied.
        let hid = unsafe { luahid_new(this, name.as_ptr(), ids.as_ptr(), ids.len()) };
        if hid.is_null() {
            return Err(ENOMEM);
        }
        hook.hid.set(hid);
        Ok(boxed(hook))
    }

    /// Whether it is the driver of that name.
    pub(crate) fn is_called(&self, name: &CStr) -> bool {
        *self.name == *name.to_bytes()
    }

    /// Makes what calls on this CPU are lent. The script is loading.
    pub(crate) fn prepare(&self, state: State<'_>, cpu: usize) -> lua::Result {
        self.places.get(cpu).ok_or(lua::Kind::Failed)?.prepare(state)
    }

    fn fail(&self) -> c_int {
        match self.callback.runtime().fail() {
            Fail::Accept => 0,
            Fail::Drop => -ECANCELED,
        }
    }

    /// Calls the function on this CPU's state. If it fails, `bytes` are as before.
    fn call(&self, call: &Call, name: &CStr, bytes: &mut [u8]) -> c_int {
        let mut before = KVec::new();
        if before.extend_from_slice(bytes, GFP_ATOMIC).is_err() {
            return self.fail();
        }
        let (base, size) = (bytes.as_mut_ptr(), bytes.len());
        let push = |state: State<'_>, cpu: usize| -> lua::Result<c_int> {
            state.spend(size / UNIT)?;
            state.reserve(20)?;
            let mut count = state.push((i64::from(call.event), i64::from(call.device)))? + state.push(name)?;
            for value in call.identity {
                count += state.push(value)?;
            }
            let place = self.places.get(cpu).ok_or(lua::Kind::Failed)?;
            if !call.data.is_null() {
                // SAFETY: They are ours until the call ends, which closes the window.
                unsafe { place.open(base, size)? };
                place.push(state);
                count += 1;
            }
            for value in call.more.iter().take(call.count as usize) {
                count += state.push(*value)?;
            }
            Ok(count)
        };
        let close = |cpu: usize| {
            if let Some(place) = self.places.get(cpu) {
                place.close();
            }
        };
        let answer = self.callback.call(push, 1, |state, _| read(state), close);
        answer.unwrap_or_else(|| {
            bytes.copy_from_slice(&before);
            self.fail()
        })
    }
}

/// Nothing, 0 or a negative errno.
fn read(state: State<'_>) -> lua::Result<c_int> {
    let answer = match state.type_of(1) {
        ffi::LUA_TBOOLEAN if bool::from_lua(state, 1) == Ok(false) => Some(0),
        _ => Option::<i64>::from_lua(state, 1).ok().map(|answer| answer.unwrap_or(0)),
    };
    match answer {
        Some(answer @ LAST_ERRNO..=0) => Ok(answer as c_int),
        _ => Err(state.raise(format_args!("hid: the function returned neither nothing nor a negative errno"))),
    }
}

impl Attachment for Hook {
    fn callback(&self) -> &Callback {
        &self.callback
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn start(&self) -> Result {
        // SAFETY: By the invariants, and it is not started yet.
        to_result(unsafe { luahid_start(self.hid.get()) })
    }

    fn stop(&self) {
        // SAFETY: By the invariants; it may be stopped already.
        unsafe { luahid_stop(self.hid.get()) }
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        if let Some(hid) = NonNull::new(self.hid.get()) {
            // SAFETY: By the invariants; stopped, nobody calls it any more.
            unsafe {
                luahid_stop(hid.as_ptr());
                luahid_delete(hid.as_ptr());
            }
        }
    }
}

/// See shim.h.
#[no_mangle]
unsafe extern "C" fn luahid_call(hook: *mut c_void, call: *const Call) -> c_int {
    // SAFETY: The driver carries the address of a Hook, which stops before it goes; bus.c passes a whole call, with a
    // name that ends in zero.
    let (hook, call, name) = unsafe { (&*hook.cast::<Hook>(), &*call, CStr::from_ptr((*call).name)) };
    if call.data.is_null() {
        return hook.call(call, name, &mut []);
    }
    // SAFETY: The bytes are the kernel's, which lends them to its driver for this call.
    hook.call(call, name, unsafe { core::slice::from_raw_parts_mut(call.data, call.size) })
}

/// See shim.h.
#[no_mangle]
unsafe extern "C" fn luahid_fail(hook: *const c_void) -> c_int {
    // SAFETY: As above.
    unsafe { &*hook.cast::<Hook>() }.fail()
}
