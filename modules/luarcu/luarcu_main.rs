// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `rcu`: tables that runtimes share.
//!
//! `rcu.table([size])` makes one, with room for `size` entries (256 unless told) before it grows
//! the first time; `rcu.map(t, f)` calls `f(key, value)` for each entry.

use kernel::prelude::*;
use lua::{function, Entry, Kind, State};
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
    let size = usize::try_from(size.unwrap_or(256)).ok().filter(|size| *size > 0);
    let size = size.ok_or_else(|| lua::Error::from(Kind::OutOfBounds).at(1))?;
    once(state, || RcuTable::new(state, size))
}

static LIBRARY: [Entry; 2] = [function(c"table", table), function(c"map", RcuTable::map)];

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
