// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `crypto.skcipher`: symmetric ciphers.

use core::ffi::CStr;
use lua::{function, meta, method, Bytes, Class, Entry, Object, Pushed, State};

use crate::sys::{self, Secret};
use crate::transform::{refused, Handle};

/// The class `crypto_skcipher`.
#[derive(Clone)]
pub(crate) struct Skcipher(Handle<sys::Skcipher>);

static CLASS: Class = Class::new::<Skcipher>(
    c"crypto_skcipher",
    &[
        method(c"algname", Skcipher::algname),
        method(c"setkey", Skcipher::setkey),
        method(c"ivsize", Skcipher::ivsize),
        method(c"blocksize", Skcipher::blocksize),
        method(c"encrypt", Skcipher::encrypt),
        method(c"decrypt", Skcipher::decrypt),
        method(c"close", Skcipher::close),
        meta(c"__close", Skcipher::close),
    ],
)
.shared::<Skcipher>(|| crate::THIS_MODULE.as_ptr().cast());

impl Object for Skcipher {
    const CLASS: &'static Class = &CLASS;
}

impl Skcipher {
    fn new(state: State<'_>, name: &CStr) -> lua::Result<Skcipher> {
        Handle::new(state, name).map(Skcipher)
    }

    fn algname(&self, state: State<'_>) -> lua::Result<Pushed> {
        self.0.algname(state)
    }

    fn setkey(&self, state: State<'_>, key: Bytes<'_>) -> lua::Result {
        let open = self.0.open(state, key.0.len())?;
        open.lock().and_then(|cipher| cipher.set_key(key.0)).map_err(|number| refused(state, number))
    }

    fn ivsize(&self, state: State<'_>) -> lua::Result<usize> {
        Ok(self.0.open(state, 0)?.iv_size())
    }

    fn blocksize(&self, state: State<'_>) -> lua::Result<usize> {
        Ok(self.0.open(state, 0)?.block_size())
    }

    fn crypt(&self, state: State<'_>, encrypt: bool, iv: Bytes<'_>, bytes: Bytes<'_>) -> lua::Result<Pushed> {
        let length = bytes.0.len();
        let open = self.0.open(state, length)?;
        let crypt = || {
            let mut result = Secret::copy(&[bytes.0], 0)?;
            open.lock()?.crypt(encrypt, iv.0, &mut result, length)?;
            Ok(result)
        };
        let result = crypt().map_err(|number| refused(state, number))?;
        state.push(result.get(0, length)).map(Pushed)
    }

    fn encrypt(&self, state: State<'_>, iv: Bytes<'_>, bytes: Bytes<'_>) -> lua::Result<Pushed> {
        self.crypt(state, true, iv, bytes)
    }

    fn decrypt(&self, state: State<'_>, iv: Bytes<'_>, bytes: Bytes<'_>) -> lua::Result<Pushed> {
        self.crypt(state, false, iv, bytes)
    }

    fn close(&self, state: State<'_>) -> lua::Result {
        self.0.close(state)
    }
}

pub(crate) static LIBRARY: [Entry; 1] = [function(c"new", Skcipher::new)];
