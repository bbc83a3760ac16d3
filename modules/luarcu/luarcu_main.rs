// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `rcu`: tables that runtimes share.
//!
//! `rcu.table([size])` makes one, with room for `size` entries (256 unless told) before it grows
//! the first time; `rcu.lasting(name[, size])` makes one that outlasts the script, or finds it; `rcu.map(t, f)` calls `f(key, value)` for each entry.
//!
//! # rcu
//!
//! Tables that runtimes share. Reading takes no lock, in every context, nor does changing a number or
//! a boolean that is there; other writes hold a spin lock for a moment.
//!
//! | function | |
//! |---|---|
//! | `rcu.table([size])` | a table with room for `size` entries (256) before it grows |
//! | `rcu.lasting(name[, size])` | while the script loads, or in process context: the table of this name that outlasts the script. A script that runs under the same name afterwards, or in its place, finds what is in it; other scripts do not, but for those that have `lunatik._ENV` (new) |
//! | `t[key]`, `t[key] = value` | keys are strings of up to 255 bytes (an integer stands for its decimal digits); values are booleans, integers, strings of up to 65536 bytes, and objects that can be shared; nil takes the entry away. Others raise "cannot share ..." |
//! | `rcu.map(t, f)` | `f(key, value)` for each entry. `f` may write to the table, too: an entry that stays is visited once, with its value of then; one that comes or goes meanwhile, perhaps |
//!
//! `t[k] = t[k] + 1` on two CPUs at once may lose one of the two; give each its own key. Reading an object
//! gives a new handle on the same object. A table cannot be in itself, by way of other tables neither.
//!
//! A script has at most 16 tables that outlast it. They are there until `forget(script)` of [lunatik.runner](#lunatikrunner),
//! `lunatik tables forget SCRIPT`, or `shutdown()`; what a policy's manifest says is saved outlasts a restart of the router, too.
//!
//! What tables hold is bounded, by parameters of the module `lunatik`: `table_entries` (65536) and
//! `table_memory` (8 MiB) each, `shared_memory` (32 MiB) together. What was replaced counts until no
//! reader can see it: a script that may sleep waits for that, up to 0.4 s, one in a hook gets the
//! error at once.
//!
//! ```lua process
//! local rcu = require("rcu")
//! local seen = rcu.table()
//! seen["10.0.0.1"] = 1
//! rcu.map(seen, function(address, count) seen[address] = count + 1 end)
//! assert(seen["10.0.0.1"] == 2)
//!
//! -- how often it has run: the next run goes on from there
//! local runs = rcu.lasting("runs")
//! runs.count = (runs.count or 0) + 1
//! ```

use kernel::prelude::*;
use lua::{function, Entry, State};
use lunatik_core::rcu::RcuTable;
use lunatik_core::{once, register, Access, Registration};

module! {
    type: Module,
    name: "luarcu",
    author: "The Lunagate authors",
    description: "Lua tables that runtimes share",
    license: "Dual MIT/GPL",
}

fn table(state: State<'_>, size: Option<i64>) -> lua::Result<RcuTable> {
    let size = RcuTable::size(size, 1)?;
    once(state, || RcuTable::new(state, size))
}

fn lasting(state: State<'_>, name: &[u8], size: Option<i64>) -> lua::Result<RcuTable> {
    let size = RcuTable::size(size, 2)?;
    once(state, || RcuTable::lasting(state, name, size))
}

static LIBRARY: [Entry; 3] =
    [function(c"table", table), function(c"lasting", lasting), function(c"map", RcuTable::map)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"rcu", access: Access::Free, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
