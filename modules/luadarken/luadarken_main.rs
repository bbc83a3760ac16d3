// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `darken`: chunks that are encrypted, with AES-256 in counter mode.
//!
//! A chunk is text once it is decrypted, until it is compiled: that memory is wiped before the first line runs. What
//! it compiles to is its caller's, and so are its budgets and what it may require.
//!
//! # darken, lighten
//!
//! Chunks that are encrypted, with AES-256 in counter mode. A script needs the capability `darken`.
//!
//! | function | |
//! |---|---|
//! | `darken.run(ciphertext, iv, key)` | runs the chunk, which is text, and returns what that returns; 16 and 32 bytes. At most 262144 bytes |
//! | `lighten.run(ciphertext, iv)` | the same with hexadecimal text, and the key that the script `light` returns (`require("light")`), hexadecimal, too |
//!
//! The chunk runs in its caller's state, as part of its call: with its budgets and capabilities, and its globals. Also the body
//! of a hooks' script may call it. The text is wiped before the chunk's first line runs, and so is the key, but for the
//! caller's strings; what the chunk compiles to (constants, names) stays in the state's memory. Counter mode does not tell
//! whether a text is whole: another key gives another text, which is a syntax error most likely.
//!
//! ```lua process
//! local cipher <close> = require("crypto.skcipher").new("ctr(aes)")
//! local iv, key = ("i"):rep(16), ("k"):rep(32)
//! cipher:setkey(key)
//! assert(require("darken").run(cipher:encrypt(iv, "return 6 * 7"), iv, key) == 42)
//! ```

use core::ffi::c_int;
use kernel::prelude::*;
use lua::{function, Entry, Kind, Pushed, State};
use lunatik_core::{register, Access, Registration, Runtime};

module! {
    type: Module,
    name: "luadarken",
    author: "The Lunagate authors",
    description: "Encrypted Lua scripts",
    license: "Dual MIT/GPL",
}

/// The longest chunk, in bytes: what kmalloc still finds.
const LIMIT: usize = 1 << 18;
/// The bytes of a key, and of an initialization vector.
const KEY: usize = 32;
const IV: usize = 16;
/// What a chunk is called in messages.
const NAME: &core::ffi::CStr = c"=darken";

fn fits(state: State<'_>, what: &str, bytes: &[u8], length: usize) -> lua::Result {
    match bytes.len() == length {
        true => Ok(()),
        false => Err(state.raise(format_args!("{what} must be {length} bytes"))),
    }
}

/// `darken.run(ciphertext, iv, key)`: what the chunk returns.
fn run(state: State<'_>, chunk: &[u8], iv: &[u8], key: &[u8]) -> lua::Result<Pushed> {
    Runtime::may_sleep(state)?;
    fits(state, "IV", iv, IV)?;
    fits(state, "key", key, KEY)?;
    if chunk.len() > LIMIT {
        return Err(lua::Error::from(Kind::OutOfBounds).at(1));
    }
    state.spend(luacrypto_main::NEW.saturating_add(luacrypto_main::bytes_cost(chunk.len())))?;
    let plain = luacrypto_main::decrypt(c"ctr(aes)", key, iv, chunk)
        .map_err(|number| luacrypto_main::refused(state, number))?;
    let before: c_int = state.top();
    state.load(plain.get(0, chunk.len()), NAME)?;
    // Wiped.
    drop(plain);
    state.call(0, lua::ALL)?;
    Ok(Pushed(state.top() - before))
}

static LIBRARY: [Entry; 1] = [function(c"run", run)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"darken", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
