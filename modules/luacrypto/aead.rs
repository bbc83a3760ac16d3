// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `crypto.aead`: ciphers that tell whether what they decrypt, and what is associated with it, is whole.

use core::ffi::{c_uint, CStr};
use lua::{function, meta, method, Bytes, Class, Entry, Object, Pushed, State};

use crate::sys;
use crate::transform::{refused, Handle};

/// The class `crypto_aead`.
#[derive(Clone)]
pub(crate) struct Aead(Handle<sys::Aead>);

static CLASS: Class = Class::new::<Aead>(
    c"crypto_aead",
    &[
        method(c"algname", Aead::algname),
        method(c"setkey", Aead::setkey),
        method(c"setauthsize", Aead::setauthsize),
        method(c"ivsize", Aead::ivsize),
        method(c"authsize", Aead::authsize),
        method(c"encrypt", Aead::encrypt),
        method(c"decrypt", Aead::decrypt),
        method(c"close", Aead::close),
        meta(c"__close", Aead::close),
    ],
)
.shared::<Aead>(|| crate::THIS_MODULE.as_ptr().cast());

impl Object for Aead {
    const CLASS: &'static Class = &CLASS;
}

impl Aead {
    fn new(state: State<'_>, name: &CStr) -> lua::Result<Aead> {
        Handle::new(state, name).map(Aead)
    }

    fn algname(&self, state: State<'_>) -> lua::Result<Pushed> {
        self.0.algname(state)
    }

    fn setkey(&self, state: State<'_>, key: Bytes<'_>) -> lua::Result {
        let open = self.0.open(state, key.0.len())?;
        open.lock().and_then(|aead| aead.set_key(key.0)).map_err(|number| refused(state, number))
    }

    fn setauthsize(&self, state: State<'_>, size: c_uint) -> lua::Result {
        let open = self.0.open(state, 0)?;
        open.lock().and_then(|aead| aead.set_auth_size(size)).map_err(|number| refused(state, number))
    }

    fn ivsize(&self, state: State<'_>) -> lua::Result<usize> {
        Ok(self.0.open(state, 0)?.iv_size())
    }

    fn authsize(&self, state: State<'_>) -> lua::Result<usize> {
        let open = self.0.open(state, 0)?;
        open.lock().map(|aead| aead.auth_size()).map_err(|number| refused(state, number))
    }

    fn crypt(
        &self,
        state: State<'_>,
        encrypt: bool,
        iv: Bytes<'_>,
        bytes: Bytes<'_>,
        associated: Option<Bytes<'_>>,
    ) -> lua::Result<Pushed> {
        let associated = associated.map_or(&[][..], |associated| associated.0);
        let before = associated.len();
        let open = self.0.open(state, bytes.0.len().saturating_add(before))?;
        let (result, length) = open
            .lock()
            .and_then(|aead| aead.crypt(encrypt, iv.0, bytes.0, associated))
            .map_err(|number| refused(state, number))?;
        state.push(result.get(before, length)).map(Pushed)
    }

    /// What is encrypted, and the tag behind it.
    fn encrypt(
        &self,
        state: State<'_>,
        iv: Bytes<'_>,
        bytes: Bytes<'_>,
        associated: Option<Bytes<'_>>,
    ) -> lua::Result<Pushed> {
        self.crypt(state, true, iv, bytes, associated)
    }

    /// Back; EBADMSG if it is not what was encrypted.
    fn decrypt(
        &self,
        state: State<'_>,
        iv: Bytes<'_>,
        bytes: Bytes<'_>,
        associated: Option<Bytes<'_>>,
    ) -> lua::Result<Pushed> {
        self.crypt(state, false, iv, bytes, associated)
    }

    fn close(&self, state: State<'_>) -> lua::Result {
        self.0.close(state)
    }
}

pub(crate) static LIBRARY: [Entry; 1] = [function(c"new", Aead::new)];
