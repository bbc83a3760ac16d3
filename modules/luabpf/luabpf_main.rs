// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `bpf`: eBPF maps that user space or programs made and pinned.
//!
//! A script opens a map by its path in bpffs, while it loads or in process context; the map's
//! operations are then for every context. Several scripts, eBPF programs and user space may
//! use a map at once, as the kernel's own helpers do; a value is copied as it is at that time.

mod handle;
mod key_value;
mod keyless;
mod kinds;
mod sys;

use core::ffi::c_void;
use kernel::prelude::*;
use lua::{function, Entry};
use lunatik_core::{register, Access, Registration};

use key_value::KeyValue;
use keyless::Keyless;

module! {
    type: Module,
    name: "luabpf",
    author: "The Lunagate authors",
    description: "Lua access to eBPF maps",
    license: "Dual MIT/GPL",
}

/// The kernel module that has the classes' code.
fn owner() -> *mut c_void {
    THIS_MODULE.as_ptr().cast()
}

static LIBRARY: [Entry; 5] = [
    function(c"hash", KeyValue::hash),
    function(c"array", KeyValue::array),
    function(c"lru_hash", KeyValue::lru_hash),
    function(c"queue", Keyless::queue),
    function(c"stack", Keyless::stack),
];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"bpf", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

struct Module {
    registration: Option<Registration>,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { registration: Some(register(&MODULE, module)?) })
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        self.registration = None;
        // Maps that scripts closed are released a little later, by this module's code.
        sys::drain();
    }
}
