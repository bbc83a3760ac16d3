// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `crypto`, of `crypto.shash`, `crypto.skcipher`, `crypto.aead`, `crypto.rng` and `crypto.comp`: the
//! kernel's algorithms by their names (`sha256`, `ctr(aes)`, `gcm(aes)`), as /proc/crypto lists them, in process
//! context.
//!
//! A transform is one object, whoever holds it, and one call at a time works with it. What it knows of keys is wiped
//! when it is closed or when nobody holds it any more; the script's strings are the script's.
//!
//! # crypto
//!
//! The kernel's algorithms, by the names that `/proc/crypto` has (`sha256`, `hmac(sha256)`, `gcm(aes)`), in process context only:
//! elsewhere `new` raises "runtime context mismatch" and methods "function may sleep". A script needs the capability
//! `crypto`. Which algorithms there are is the kernel's configuration (`kernel/config/crypto.config`): MD5, SHA-1, SHA-2, SHA-3 and CRC-32C,
//! HMAC and CMAC, AES with `ecb`, `cbc`, `ctr`, `xts`, `gcm` and `ccm`, ChaCha20-Poly1305, DRBGs, and compression by deflate, LZO, LZ4
//! and Zstandard. For one that is a module, the kernel looks for that module.
//!
//! | function | |
//! |---|---|
//! | `require("crypto.shash").new(name)` | a hash: `digest(bytes)` at once; or `init()`, `update(bytes)`, and `final()` or `finup(bytes)`; `setkey(key)`, `digestsize()`, `blocksize()` (new), `algname()`; `export()` is a string with which `import(state)` goes on |
//! | `require("crypto.skcipher").new(name)` | a cipher: `setkey(key)`, `encrypt(iv, bytes)`, `decrypt(iv, bytes)`, `ivsize()`, `blocksize()`, `algname()` |
//! | `require("crypto.aead").new(name)` | a cipher that tells whether what it decrypts is whole: `setkey(key)`, `setauthsize(n)`, `encrypt(iv, bytes[, associated])` (the tag is at the end), `decrypt(iv, bytes[, associated])`, `ivsize()`, `authsize()`, `algname()` |
//! | `require("crypto.rng").new([name])` | random bytes, of the kernel's own generator if no name is given or `"stdrng"`: `getbytes(n)`, `generate(n[, seed])`, `reset([seed])`, `algname()`, `info()`: a table with `driver_name` and `seedsize` |
//! | `require("crypto.comp").new(name)` | compression: `compress(bytes, most)`, `decompress(bytes, most)`, into at most so many bytes |
//! | `require("crypto.hkdf").new(hash)` | keys from keys, RFC 5869: `extract(salt, ikm)`, `expand(prk, info, length)`, `hkdf(salt, ikm, info, length)`, `hmac(key, data)`, `#kdf` is the digest's length; a salt of nil is zeros. It computes HMAC of the hash where the kernel has none |
//!
//! An error of the kernel's is the errno's name, all of the message: `"ENOENT"` for a name that nothing has, `"ENOKEY"`
//! without a key, `"EBADMSG"` for what is not what was encrypted, `"EINVAL"` for a length that does not fit. Bytes are strings
//! or `data`. All objects have `close()`, and a variable marked `<close>` calls it. `require("crypto")` has the first five as
//! fields.
//!
//! Several runtimes may hold one object (by way of `lunatik._ENV`); one call at a time works with it. Keys, and what was
//! made of them in the kernel, are wiped when an object is closed, or when nobody holds it any more; strings of the script
//! are the script's. A call takes and gives at most 65536 bytes ("out of bounds"), and costs fuel by the byte: a unit for 4,
//! twice that for `aead`, 4 times for `comp`, 128 times for `rng`. `export` adds a seal, and `import` takes nothing without it,
//! for algorithms believe what a state says. All objects together take at most 8 MiB (luacrypto's parameter `memory`).
//!
//! ```lua process
//! local sha256 <close> = require("crypto.shash").new("sha256")
//! assert(require("util").bin2hex(sha256:digest("abc")):find("^ba7816bf"))
//! ```

mod aead;
mod comp;
mod rng;
mod shash;
mod skcipher;
mod sys;
mod transform;

use core::ffi::CStr;
use kernel::prelude::*;
use lua::State;
use lunatik_core::{register, Access, Registration};

pub use sys::{Errno, Secret};
pub use transform::{bytes_cost, refused, NEW};

module! {
    type: Module,
    name: "luacrypto",
    author: "The Lunagate authors",
    description: "Lua access to the kernel's cryptography",
    license: "Dual MIT/GPL",
}

/// Decrypts with a cipher that is used once: nothing of the key is left when this returns.
///
/// # Errors
///
/// A negative errno: there is no such cipher, or it does not take the key or the initialization vector.
pub fn decrypt(cipher: &CStr, key: &[u8], iv: &[u8], bytes: &[u8]) -> core::result::Result<Secret, Errno> {
    let cipher = sys::Transform::<sys::Skcipher>::new(cipher)?;
    let crypt = || {
        let mut copy = Secret::copy(&[bytes], 0)?;
        let locked = cipher.lock()?;
        locked.set_key(key)?;
        locked.crypt(false, iv, &mut copy, bytes.len())?;
        Ok(copy)
    };
    let plain = crypt();
    drop(cipher);
    sys::settle();
    plain
}

fn open(state: State<'_>) -> lua::Result {
    state.push_table(0, 16)?;
    for (name, library) in [
        (c"shash", &shash::LIBRARY),
        (c"skcipher", &skcipher::LIBRARY),
        (c"aead", &aead::LIBRARY),
        (c"rng", &rng::LIBRARY),
        (c"comp", &comp::LIBRARY),
    ] {
        state.push_library(library)?;
        state.set_field(-2, name)?;
    }
    Ok(())
}

static MODULE: lunatik_core::Module = lunatik_core::Module { name: c"crypto", access: Access::Granted, open };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        // The worker runs this module's code.
        sys::settle();
    }
}
