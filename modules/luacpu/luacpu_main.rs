// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `cpu`: how many processors there are, which ones, and what each spends its
//! time on.
//!
//! # cpu
//!
//! `num_possible()`, `num_present()`, `num_online()`; `foreach_possible(f)`, `foreach_present(f)` and
//! `foreach_online(f)` call `f(cpu)`. `stats(cpu)` is a table of nanoseconds since boot: `user nice system
//! softirq irq idle iowait steal guest guest_nice`, as in `/proc/stat`.
//!
//! ```lua process
//! local cpu = require("cpu")
//! cpu.foreach_online(function(number) print(number, cpu.stats(number).idle) end)
//! ```

mod sys;

use core::ffi::CStr;
use kernel::prelude::*;
use lua::{function, Entry, Function, Kind, Pushed, State};
use lunatik_core::{register, Access, Registration};

module! {
    type: Module,
    name: "luacpu",
    author: "The Lunagate authors",
    description: "Lua access to processors",
    license: "Dual MIT/GPL",
}

/// Kinds of time, named as in `enum cpu_usage_stat`, in shim.c's order.
static FIELDS: [&CStr; sys::FIELDS] =
    [c"user", c"nice", c"system", c"softirq", c"irq", c"idle", c"iowait", c"steal", c"guest", c"guest_nice"];

static LIBRARY: [Entry; 7] = [
    function(c"num_possible", || count(sys::possible)),
    function(c"num_present", || count(sys::present)),
    function(c"num_online", || count(sys::online)),
    function(c"stats", stats),
    function(c"foreach_possible", |state: State<'_>, callback| foreach(state, callback, sys::possible)),
    function(c"foreach_present", |state: State<'_>, callback| foreach(state, callback, sys::present)),
    function(c"foreach_online", |state: State<'_>, callback| foreach(state, callback, sys::online)),
];

fn count(is: fn(u32) -> bool) -> usize {
    (0..sys::ids()).filter(|cpu| is(*cpu)).count()
}

/// Calls `callback(cpu)` for each; an error ends it.
fn foreach(state: State<'_>, callback: Function, is: fn(u32) -> bool) -> lua::Result {
    for cpu in (0..sys::ids()).filter(|cpu| is(*cpu)) {
        state.push_value(callback.0);
        state.push(cpu)?;
        state.call(1, 0)?;
    }
    Ok(())
}

/// A table of nanoseconds since boot.
fn stats(state: State<'_>, cpu: i64) -> lua::Result<Pushed> {
    let cpu = u32::try_from(cpu).ok().filter(|cpu| sys::possible(*cpu)).ok_or(Kind::OutOfBounds)?;
    state.push_table(0, FIELDS.len() as i32)?;
    for (name, nanoseconds) in FIELDS.iter().zip(sys::stats(cpu)) {
        state.push(nanoseconds as i64)?;
        state.set_field(-2, name)?;
    }
    Ok(Pushed(1))
}

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"cpu", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
