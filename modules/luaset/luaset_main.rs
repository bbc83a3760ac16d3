// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `set`: sets of names, made from a table or loaded from a file.
//!
//! A set does not change. Several runtimes hold one and the same, and look up in it in every
//! context, without a lock. `set.new` and `set.labeled` are Lunatik's; `set.load` reads a list
//! file, which is in memory once, whoever loads it.
//!
//! # set
//!
//! Sets of names. A set does not change, and is looked up in without a lock, in every context; [sets.md](sets.md) has
//! limits, costs, the format of the files and what errors mean.
//!
//! | function | |
//! |---|---|
//! | `set.new{ s, ... }` | a set of any strings |
//! | `set.labeled{ [name] = label, ... }` | names of up to 255 bytes with integers as labels. Upper and lower case are different |
//! | `set.load(path)` | the set of a file that `lunagate list compile` made, below `/data` or `/lib/modules/lua`, where relative paths begin; while the script loads or in process context. It is in memory once, whoever loads it. Upper and lower case are the same, and a dot at the end does not count (new) |
//!
//! | method | of | |
//! |---|---|---|
//! | `#s` | all | how many strings or names |
//! | `s:has(name)` | `new`, `load` | whether this very name is in the set |
//! | `s:match(name)` | `labeled`, `load` | the labels of the name and of all that it is below, together (OR); 0 for none |
//! | `s:question(bytes[, at[, length]])` | `labeled`, `load` | `match` of the name that a DNS query asks for first; nil if the bytes are none (new) |
//! | `s:hello(bytes[, at[, length]])` | `labeled`, `load` | `match` of the host that a TLS ClientHello names; nil without, nil and true if more bytes would tell (new) |
//! | `s:memory()` | all | bytes of the kernel's memory that it holds (new) |
//!
//! A name is a string, or a `data` object, an offset and perhaps a length: `s:match(d, 12, 7)`. `question` and `hello` take
//! bytes as `packet` does, and look names up in lower case, so those of `set.labeled` must be in lower case for them.
//!
//! All sets of `set` and `lpm` together hold at most the bytes of luaset's parameter `memory` (33554432). What one script
//! has made of sets and queues, not loaded, holds at most as many as `--memory` gives each of its states.
//!
//! ```lua process
//! local set = require("set")
//! local blocked = set.labeled { ["ads.example"] = 1, ["example"] = 2 }
//! assert(blocked:match("ads.example") == 3 and blocked:match("www.example") == 2 and blocked:match("com") == 0)
//! ```

pub mod held;
mod list;
mod made;
mod name;

use kernel::prelude::*;
use lua::{function, Entry};
use lunatik_core::{register, Access, Registration};

pub use name::{Name, Whole};

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
