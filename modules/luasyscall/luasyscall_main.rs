// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `syscall`: where the kernel's system calls are, for `probe`. Their numbers are in
//! `linux.syscall.numbers`, and the library `syscall.table` has all by name.
//!
//! # syscall
//!
//! Where system calls are, for `probe`; while a script loads, or in process context; to be granted. `syscall.address(number)` is the address of the
//! function of a number (`linux.syscall.numbers`), nil if it cannot be probed; a number beyond the last raises "out of bounds".
//! `require("syscall.table")` has all addresses by name: `.openat`. Such a function has one argument, the address of
//! the system call's registers.
//!
//! ```lua hardirq
//! -- says in the log who sets the host's name
//! local syscall = require("syscall.table")
//! require("probe").new(syscall.sethostname, { pre = function(address, dump) dump() end })
//! ```

use core::ffi::{c_int, c_void};
use core::ptr;
use kernel::error::to_result;
use kernel::prelude::*;
use lua::{function, Address, Entry, Kind, State};
use lunatik_core::{errno, register, Access, Registration, Runtime};

module! {
    type: Module,
    name: "luasyscall",
    author: "The Lunagate authors",
    description: "Lua access to system calls",
    license: "Dual MIT/GPL",
}

/// What an address costs: the first one is as much work for the kernel as a thousand others, and is made once.
const LOOKUP: usize = 100;

extern "C" {
    fn luasyscall_exists(number: i64) -> bool;
    fn luasyscall_address(number: i64, address: *mut *mut c_void) -> c_int;
}

/// `syscall.address(number)`: nil for a system call that cannot be probed.
fn address(state: State<'_>, number: i64) -> lua::Result<Option<Address>> {
    Runtime::may_sleep(state)?;
    // SAFETY: No preconditions.
    if !unsafe { luasyscall_exists(number) } {
        return Err(lua::Error::from(Kind::OutOfBounds).at(1));
    }
    state.spend(LOOKUP)?;
    let mut address = ptr::null_mut();
    // SAFETY: The number exists, the place outlives the call, and the caller may sleep.
    match to_result(unsafe { luasyscall_address(number, &mut address) }) {
        Ok(()) => Ok((!address.is_null()).then_some(Address(address))),
        Err(errno) if errno == ENOMEM => Err(Kind::NoMemory.into()),
        Err(errno) => Err(state.raise(format_args!("syscall.address: {}", errno::Shown(errno)))),
    }
}

static LIBRARY: [Entry; 1] = [function(c"address", address)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"syscall", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
