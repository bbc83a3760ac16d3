// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Bytes to look up.

use core::ffi::c_int;
use lua::{Argument, FromLua, Given, State};
use luadata_main::Data;

/// A string, or bytes of a `data` object, then offset and perhaps length.
pub struct Name<'l>(pub &'l [u8]);

/// The same, of which all is looked at, however long it is.
pub struct Whole<'l>(pub &'l [u8]);

/// So many bytes are looked up for what a call costs.
const SHORT: usize = 64;
/// So many more cost a unit of fuel.
const UNIT: usize = 8;
/// No lookup reads more of a name.
const LONGEST: usize = 256;

impl<'l> FromLua<'l> for Name<'l> {
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> lua::Result<Name<'l>> {
        let bytes = bytes(state, index)?;
        if bytes.len() > SHORT {
            state.charge(bytes.len().min(LONGEST) / UNIT);
        }
        Ok(Name(bytes))
    }
}

impl<'l> FromLua<'l> for Whole<'l> {
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> lua::Result<Whole<'l>> {
        let bytes = bytes(state, index)?;
        if bytes.len() > SHORT {
            state.spend(bytes.len() / UNIT)?;
        }
        Ok(Whole(bytes))
    }
}

fn bytes<'l>(state: State<'l>, index: c_int) -> lua::Result<&'l [u8]> {
    <&[u8]>::from_lua(state, index).or_else(|error| {
        let data = <&Data>::from_lua(state, index).map_err(|_| error)?;
        let offset = usize::from_lua(state, index + 1).map_err(|error| error.at(index + 1))?;
        let length = Option::<usize>::from_lua(state, index + 2).map_err(|error| error.at(index + 2))?;
        data.range(offset, length)
    })
}

impl<'l> Argument<'l> for Name<'l> {
    #[inline(always)]
    fn given(given: Given<'l>) -> Option<Name<'l>> {
        short(given).map(Name)
    }
}

impl<'l> Argument<'l> for Whole<'l> {
    #[inline(always)]
    fn given(given: Given<'l>) -> Option<Whole<'l>> {
        short(given).map(Whole)
    }
}

/// A string that costs what a call does.
#[inline(always)]
fn short(given: Given<'_>) -> Option<&[u8]> {
    <&[u8]>::given(given).filter(|bytes| bytes.len() <= SHORT)
}
