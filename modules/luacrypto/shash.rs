// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `crypto.shash`: hashes, with and without keys.

use core::ffi::CStr;
use lua::{function, meta, method, Bytes, Class, Entry, Kind, Object, Pushed, State};

use crate::sys::{self, NOT_BEGUN};
use crate::transform::{refused, Handle};

/// The class `crypto_shash`.
#[derive(Clone)]
pub(crate) struct Shash(Handle<sys::Shash>);

static CLASS: Class = Class::new::<Shash>(
    c"crypto_shash",
    &[
        method(c"algname", Shash::algname),
        method(c"digestsize", Shash::digestsize),
        method(c"blocksize", Shash::blocksize),
        method(c"setkey", Shash::setkey),
        method(c"digest", Shash::digest),
        method(c"init", Shash::init),
        method(c"update", Shash::update),
        method(c"final", Shash::finish),
        method(c"finup", Shash::finup),
        method(c"export", Shash::export),
        method(c"import", Shash::import),
        method(c"close", Shash::close),
        meta(c"__close", Shash::close),
    ],
)
.shared::<Shash>(|| crate::THIS_MODULE.as_ptr().cast());

impl Object for Shash {
    const CLASS: &'static Class = &CLASS;
}

/// The error that a script sees.
fn failed(state: State<'_>, number: sys::Errno) -> lua::Error {
    match number {
        NOT_BEGUN => state.raise(format_args!("crypto.shash: init comes first")),
        _ => refused(state, number),
    }
}

impl Shash {
    fn new(state: State<'_>, name: &CStr) -> lua::Result<Shash> {
        Handle::new(state, name).map(Shash)
    }

    fn algname(&self, state: State<'_>) -> lua::Result<Pushed> {
        self.0.algname(state)
    }

    fn digestsize(&self, state: State<'_>) -> lua::Result<usize> {
        Ok(self.0.open(state, 0)?.digest_size())
    }

    fn blocksize(&self, state: State<'_>) -> lua::Result<usize> {
        Ok(self.0.open(state, 0)?.block_size())
    }

    fn setkey(&self, state: State<'_>, key: Bytes<'_>) -> lua::Result {
        let open = self.0.open(state, key.0.len())?;
        open.lock().and_then(|hash| hash.set_key(key.0)).map_err(|number| failed(state, number))
    }

    /// Of these bytes alone: what `update` was given stays.
    fn digest(&self, state: State<'_>, bytes: Bytes<'_>) -> lua::Result<Pushed> {
        let open = self.0.open(state, bytes.0.len())?;
        let digest = open.lock().and_then(|hash| hash.digest(bytes.0)).map_err(|number| failed(state, number))?;
        state.push(digest.get(0, open.digest_size())).map(Pushed)
    }

    fn init(&self, state: State<'_>) -> lua::Result {
        let open = self.0.open(state, 0)?;
        open.lock().and_then(|hash| hash.init()).map_err(|number| failed(state, number))
    }

    fn update(&self, state: State<'_>, bytes: Bytes<'_>) -> lua::Result {
        let open = self.0.open(state, bytes.0.len())?;
        open.lock().and_then(|hash| hash.update(bytes.0)).map_err(|number| failed(state, number))
    }

    fn finish(&self, state: State<'_>) -> lua::Result<Pushed> {
        self.finup(state, Bytes(&[]))
    }

    fn finup(&self, state: State<'_>, bytes: Bytes<'_>) -> lua::Result<Pushed> {
        let open = self.0.open(state, bytes.0.len())?;
        let digest = open.lock().and_then(|hash| hash.finup(bytes.0)).map_err(|number| failed(state, number))?;
        state.push(digest.get(0, open.digest_size())).map(Pushed)
    }

    /// A string for `import`.
    fn export(&self, state: State<'_>) -> lua::Result<Pushed> {
        let open = self.0.open(state, 0)?;
        let (sealed, length) = open.lock().and_then(|hash| hash.export()).map_err(|number| failed(state, number))?;
        state.push(sealed.get(0, length)).map(Pushed)
    }

    /// Goes on from what `export` gave, of a hash with the same algorithm.
    fn import(&self, state: State<'_>, sealed: &[u8]) -> lua::Result {
        let open = self.0.open(state, sealed.len())?;
        open.lock().and_then(|hash| hash.import(sealed)).map_err(|number| match number {
            sys::EINVAL => lua::Error::from(Kind::InvalidValue).at(2),
            _ => failed(state, number),
        })
    }

    fn close(&self, state: State<'_>) -> lua::Result {
        self.0.close(state)
    }
}

pub(crate) static LIBRARY: [Entry; 1] = [function(c"new", Shash::new)];
