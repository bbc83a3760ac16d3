// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `bpf`: eBPF maps that user space or programs made and pinned.
//!
//! A script opens a map by its path in bpffs, while it loads or in process context; the map's
//! operations are then for every context. Several scripts, eBPF programs and user space may
//! use a map at once, as the kernel's own helpers do; a value is copied as it is at that time.
//!
//! # bpf
//!
//! eBPF maps that others made and pinned: `bpf.hash(path)`, `bpf.array(path)`, `bpf.lru_hash(path)`,
//! `bpf.queue(path)`, `bpf.stack(path)`, while the script loads or in process context. What is pinned at
//! the path must be a map of that type; values with locks, timers or kernel pointers are refused, and the
//! types per CPU. Everything else is for every context. Keys and values are strings of the map's sizes;
//! another length raises. Scripts, programs and user space share a map; each value is copied as it is at
//! that time.
//!
//! | function | |
//! |---|---|
//! | `m:lookup(key)` | the value, or nil |
//! | `m:update(key, value[, flags])` | true, or false if the flags forbid it (`linux.bpf`: `ANY`, `NOEXIST`, `EXIST`); raises "the map is full", or for an array "out of bounds" |
//! | `m:delete(key)`, `m:remove(key)` | true or false; the value that was deleted, or nil. Not for arrays |
//! | `m:next([key])` | the key behind this one, or nil; the first for nil, and for a key that is gone. `for key in m.next, m do`. A hash of more than 65536 entries is walked in process context only |
//! | `q:push(value[, flags])` | true, or false if it is full; with `EXIST` the oldest makes room |
//! | `q:pop()`, `q:peek()` | the value whose turn it is, taken off or left, or nil |
//! | `m:info()`, `#m` | `type`, `key_size`, `value_size`, `max_entries`, and `writable` (new); `max_entries` |
//! | `m:close()` | gives the map up; a variable marked `<close>` does, too. Other holders keep it |
//!
//! A map that user space froze, or made read-only for programs, can be read. While a script holds a map
//! that it may write to, user space cannot freeze it.
//!
//! ```lua process
//! -- counts, in a map that another program has pinned there, with keys and values of 4 bytes
//! local seen <close> = require("bpf").hash("/sys/fs/bpf/seen")
//! local key = "\x0a\0\0\1"
//! local count = string.unpack("I4", seen:lookup(key) or "\0\0\0\0")
//! assert(seen:update(key, string.pack("I4", count + 1)))
//! ```

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
