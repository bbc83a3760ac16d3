// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Bytes to look up.

use core::ffi::c_int;
use lua::{Argument, FromLua, Given, State};
use luadata_main::Data;

/// A string, or bytes of a `data` object, then offset and perhaps length.
pub struct Name<'l>(pub &'l [u8]);

/// So many bytes are looked up for what a call costs.
const SHORT: usize = 64;
/// So many more cost a unit of fuel.
const UNIT: usize = 8;
/// No lookup reads more of a name.
const LONGEST: usize = 256;

impl<'l> FromLua<'l> for Name<'l> {
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> lua::Result<Name<'l>> {
        let bytes = match <&[u8]>::from_lua(state, index) {
            Ok(bytes) => bytes,
            Err(error) => {
                let data = <&Data>::from_lua(state, index).map_err(|_| error)?;
                let offset = usize::from_lua(state, index + 1).map_err(|error| error.at(index + 1))?;
                let length = Option::<usize>::from_lua(state, index + 2).map_err(|error| error.at(index + 2))?;
                data.range(offset, length)?
            }
        };
        if bytes.len() > SHORT {
            state.charge(bytes.len().min(LONGEST) / UNIT);
        }
        Ok(Name(bytes))
    }
}

impl<'l> Argument<'l> for Name<'l> {
    /// A string that costs what a call does.
    #[inline(always)]
    fn given(given: Given<'l>) -> Option<Name<'l>> {
        <&[u8]>::given(given).filter(|bytes| bytes.len() <= SHORT).map(Name)
    }
}
