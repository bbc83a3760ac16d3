// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `packet`: what the headers of packets say, and the names in them.

use kernel::prelude::*;
use lunatik_core::{register, Access, Registration};

module! {
    type: Module,
    name: "luapacket",
    author: "The Lunagate authors",
    description: "Lua functions for the headers of packets",
    license: "Dual MIT/GPL",
}

static MODULE: lunatik_core::Module = lunatik_core::Module {
    name: c"packet",
    access: Access::Free,
    open: |state| state.push_library(&packet_lua::LIBRARY),
};

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
