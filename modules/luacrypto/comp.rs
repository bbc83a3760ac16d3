// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `crypto.comp`: compression.

use core::ffi::CStr;
use lua::{function, meta, method, Bytes, Class, Entry, Kind, Object, Pushed, State};

use crate::sys;
use crate::transform::{refused, Handle, LIMIT};

/// The class `crypto_comp`.
#[derive(Clone)]
pub(crate) struct Comp(Handle<sys::Comp>);

static CLASS: Class = Class::new::<Comp>(
    c"crypto_comp",
    &[
        method(c"compress", Comp::compress),
        method(c"decompress", Comp::decompress),
        method(c"close", Comp::close),
        meta(c"__close", Comp::close),
    ],
)
.shared::<Comp>(|| crate::THIS_MODULE.as_ptr().cast());

impl Object for Comp {
    const CLASS: &'static Class = &CLASS;
}

impl Comp {
    fn new(state: State<'_>, name: &CStr) -> lua::Result<Comp> {
        Handle::new(state, name).map(Comp)
    }

    fn run(&self, state: State<'_>, compress: bool, bytes: Bytes<'_>, most: usize) -> lua::Result<Pushed> {
        if most > LIMIT {
            return Err(lua::Error::from(Kind::OutOfBounds).at(3));
        }
        if bytes.0.len() > LIMIT {
            return Err(lua::Error::from(Kind::OutOfBounds).at(2));
        }
        // What is read and what is written costs.
        let open = self.0.open(state, bytes.0.len().max(most))?;
        let (result, length) =
            open.lock().and_then(|comp| comp.run(compress, bytes.0, most)).map_err(|number| refused(state, number))?;
        state.push(result.get(0, length)).map(Pushed)
    }

    /// Into at most so many bytes.
    fn compress(&self, state: State<'_>, bytes: Bytes<'_>, most: usize) -> lua::Result<Pushed> {
        self.run(state, true, bytes, most)
    }

    /// Back, into at most so many bytes.
    fn decompress(&self, state: State<'_>, bytes: Bytes<'_>, most: usize) -> lua::Result<Pushed> {
        self.run(state, false, bytes, most)
    }

    fn close(&self, state: State<'_>) -> lua::Result {
        self.0.close(state)
    }
}

pub(crate) static LIBRARY: [Entry; 1] = [function(c"new", Comp::new)];
