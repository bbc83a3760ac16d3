// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `crypto`, of `crypto.shash`, `crypto.skcipher`, `crypto.aead`, `crypto.rng` and `crypto.comp`: the
//! kernel's algorithms by their names (`sha256`, `ctr(aes)`, `gcm(aes)`), as /proc/crypto lists them, in process
//! context.
//!
//! A transform is one object, whoever holds it, and one call at a time works with it. What it knows of keys is wiped
//! when it is closed or when nobody holds it any more; the script's strings are the script's.

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
