// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `byteorder`: between the host's byte order, big endian (network) and little
//! endian, for 16, 32 and 64 bits. Higher bits of the argument are ignored.
//!
//! # byteorder
//!
//! `htobe16 htobe32 htobe64 htole16 htole32 htole64 be16toh be32toh be64toh le16toh le32toh le64toh
//! hton16 hton32 hton64 ntoh16 ntoh32 ntoh64`: integer to integer.
//!
//! ```lua process
//! local byteorder = require("byteorder")
//! assert(string.pack("I2", byteorder.hton16(53)) == "\0\x35")
//! ```

use kernel::prelude::*;
use lua::{leaf, Entry};
use lunatik_core::{register, Access, Registration};

module! {
    type: Module,
    name: "luabyteorder",
    author: "The Lunagate authors",
    description: "Lua byte order",
    license: "Dual MIT/GPL",
}

macro_rules! swaps {
    ($($big:ident $little:ident $type:ty;)*) => {$(
        /// To big endian, and from it: the same swap.
        fn $big(n: i64) -> i64 {
            (n as $type).to_be() as i64
        }
        /// To little endian, and from it.
        fn $little(n: i64) -> i64 {
            (n as $type).to_le() as i64
        }
    )*};
}
swaps! {
    be16 le16 u16;
    be32 le32 u32;
    be64 le64 u64;
}

static LIBRARY: [Entry; 18] = [
    leaf(c"htobe16", be16),
    leaf(c"htole16", le16),
    leaf(c"be16toh", be16),
    leaf(c"le16toh", le16),
    leaf(c"hton16", be16),
    leaf(c"ntoh16", be16),
    leaf(c"htobe32", be32),
    leaf(c"htole32", le32),
    leaf(c"be32toh", be32),
    leaf(c"le32toh", le32),
    leaf(c"hton32", be32),
    leaf(c"ntoh32", be32),
    leaf(c"htobe64", be64),
    leaf(c"htole64", le64),
    leaf(c"be64toh", be64),
    leaf(c"le64toh", le64),
    leaf(c"hton64", be64),
    leaf(c"ntoh64", be64),
];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"byteorder", access: Access::Free, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
