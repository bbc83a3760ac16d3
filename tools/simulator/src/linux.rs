// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The clock, the names of interfaces and what else lualinux has in C.

use std::cell::Cell;
use std::ffi::{c_char, c_int, c_uint, c_void, CStr};
use std::ptr;
use std::time::Duration;

/// The interfaces that a router has: [`LAN`] is where packets come from unless they say otherwise, and [`WAN`]
/// where answers do.
pub const INTERFACES: [(&str, i32); 3] = [("lo", LOOPBACK), ("eth1", LAN), ("eth0", WAN)];
/// The index of the router's way to itself.
pub(crate) const LOOPBACK: i32 = 1;
/// The index of the LAN's interface.
pub const LAN: i32 = 2;
/// The index of the WAN's interface.
pub const WAN: i32 = 3;

/// Midnight of January 1st, 2026, a Thursday: the time, since 1970, when a router boots unless [`boot_at`] says another.
pub const BOOT: Duration = Duration::from_secs(1_767_225_600);

const ENODEV: c_int = -19;

thread_local! {
    /// What the clock says, and what it said at boot, in nanoseconds.
    static NOW: Cell<u64> = const { Cell::new(nanoseconds(BOOT)) };
    static BOOTED: Cell<u64> = const { Cell::new(nanoseconds(BOOT)) };
}

const fn nanoseconds(time: Duration) -> u64 {
    let all = time.as_nanos();
    if all > u64::MAX as u128 {
        u64::MAX
    } else {
        all as u64
    }
}

/// Sets the clock of this thread's routers to a time since 1970. It stands still until it is set again.
pub fn set_clock(time: Duration) {
    NOW.set(nanoseconds(time));
}

/// The same, and they have just booted.
pub fn boot_at(time: Duration) {
    set_clock(time);
    BOOTED.set(nanoseconds(time));
}

/// The link-layer address of all of them.
pub(crate) const ADDRESS: [u8; 6] = [2, 0, 0, 0, 0, 2];

/// The index of the interface of this name.
#[must_use]
pub fn interface(name: &str) -> Option<i32> {
    INTERFACES.iter().find(|(known, _)| *known == name).map(|(_, index)| *index)
}

/// Nanoseconds since the router booted.
pub(crate) fn uptime() -> u64 {
    NOW.get().saturating_sub(BOOTED.get())
}

#[no_mangle]
extern "C" fn lualinux_time() -> u64 {
    NOW.get()
}

/// The same each time: runs are repeatable.
#[no_mangle]
extern "C" fn lualinux_random() -> u64 {
    1
}

/// Nobody waits here.
#[no_mangle]
extern "C" fn lualinux_schedule(_milliseconds: i64, _interruptible: bool) -> i64 {
    0
}

#[no_mangle]
extern "C" fn lualinux_tracing(_enable: c_int) -> c_int {
    0
}

#[no_mangle]
unsafe extern "C" fn lualinux_ifindex(name: *const c_char) -> c_int {
    // SAFETY: The module passes a string.
    let name = unsafe { CStr::from_ptr(name) };
    name.to_str().ok().and_then(interface).unwrap_or(0)
}

/// Interfaces have no addresses here.
#[no_mangle]
extern "C" fn lualinux_ifaddr(_index: c_int, _address: *mut u8, _room: usize) -> c_int {
    ENODEV
}

#[no_mangle]
extern "C" fn lualinux_cpus() -> c_uint {
    1
}

/// There is no kernel to look into.
#[no_mangle]
extern "C" fn lualinux_lookup(_name: *const c_char) -> *mut c_void {
    ptr::null_mut()
}
