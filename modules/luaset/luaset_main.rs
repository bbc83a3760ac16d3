// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `set`: sets of names, made from a table or loaded from a file.
//!
//! A set does not change. Several runtimes hold one and the same, and look up in it in every
//! context, without a lock. `set.new` and `set.labeled` are Lunatik's; `set.load` reads a list
//! file, which is in memory once, whoever loads it.

pub mod held;
mod list;
mod made;
mod name;

use kernel::prelude::*;
use lua::{function, Entry};
use lunatik_core::{register, Access, Registration};

pub use name::Name;

module! {
    type: Module,
    name: "luaset",
    author: "The Lunagate authors",
    description: "Lua sets of names",
    license: "Dual MIT/GPL",
}

static LIBRARY: [Entry; 3] =
    [function(c"new", made::Set::new), function(c"labeled", made::Labeled::new), function(c"load", list::List::load)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"set", access: Access::Free, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
    _cache: held::Open<list::Names>,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let cache = held::Open::new(&list::CACHE)?;
        Ok(Module { _registration: register(&MODULE, module)?, _cache: cache })
    }
}
