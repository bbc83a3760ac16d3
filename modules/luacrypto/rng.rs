// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `crypto.rng`: generators of random bytes.

use core::ffi::CStr;
use lua::{function, meta, method, Bytes, Class, Entry, Kind, Object, Pushed, State};

use crate::sys;
use crate::transform::{refused, Handle, LIMIT};

/// The class `crypto_rng`.
#[derive(Clone)]
pub(crate) struct Rng(Handle<sys::Rng>);

static CLASS: Class = Class::new::<Rng>(
    c"crypto_rng",
    &[
        method(c"algname", Rng::algname),
        method(c"generate", Rng::generate),
        method(c"reset", Rng::reset),
        method(c"getbytes", Rng::getbytes),
        method(c"info", Rng::info),
        method(c"close", Rng::close),
        meta(c"__close", Rng::close),
    ],
)
.shared::<Rng>(|| crate::THIS_MODULE.as_ptr().cast());

impl Object for Rng {
    const CLASS: &'static Class = &CLASS;
}

impl Rng {
    /// The kernel's default if no name is given; it is seeded.
    fn new(state: State<'_>, name: Option<&CStr>) -> lua::Result<Rng> {
        Handle::new(state, name.unwrap_or(c"stdrng")).map(Rng)
    }

    fn algname(&self, state: State<'_>) -> lua::Result<Pushed> {
        self.0.algname(state)
    }

    /// So many bytes; the seed, if there is one, is mixed in.
    fn generate(&self, state: State<'_>, length: usize, seed: Option<Bytes<'_>>) -> lua::Result<Pushed> {
        let seed = seed.map_or(&[][..], |seed| seed.0);
        if length == 0 || length > LIMIT {
            return Err(lua::Error::from(Kind::OutOfBounds).at(2));
        }
        let open = self.0.open(state, length.saturating_add(seed.len()))?;
        let bytes = open.lock().and_then(|rng| rng.generate(length, seed)).map_err(|number| refused(state, number))?;
        state.push(bytes.get(0, length)).map(Pushed)
    }

    fn getbytes(&self, state: State<'_>, length: usize) -> lua::Result<Pushed> {
        self.generate(state, length, None)
    }

    /// Begins anew; without a seed the kernel finds one.
    fn reset(&self, state: State<'_>, seed: Option<Bytes<'_>>) -> lua::Result {
        /// To seed it costs no less than so many random bytes.
        const SEED: usize = 64;
        let seed = seed.map(|seed| seed.0);
        let open = self.0.open(state, seed.map_or(0, <[u8]>::len).saturating_add(SEED))?;
        open.lock().and_then(|rng| rng.reset(seed)).map_err(|number| refused(state, number))
    }

    /// A table: `driver_name` and `seedsize`.
    fn info(&self, state: State<'_>) -> lua::Result<Pushed> {
        let open = self.0.open(state, 0)?;
        state.push_table(0, 4)?;
        state.push(open.driver())?;
        state.set_field(-2, c"driver_name")?;
        state.push(open.seed_size())?;
        state.set_field(-2, c"seedsize")?;
        Ok(Pushed(1))
    }

    fn close(&self, state: State<'_>) -> lua::Result {
        self.0.close(state)
    }
}

pub(crate) static LIBRARY: [Entry; 1] = [function(c"new", Rng::new)];
