// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Values on their way from Lua to Rust and back.

use core::ffi::{c_int, c_void, CStr};

use crate::class::Owned;
use crate::raw::{self, tag, Value as Raw};
use crate::{ffi, Error, Kind, Object, Result, State, Window};

/// A parameter of a handler.
pub trait FromLua<'l>: Sized {
    /// How many arguments it takes: 1, but for [`State`] itself.
    const ARGUMENTS: c_int = 1;

    /// Reads the value at `index`.
    ///
    /// # Errors
    ///
    /// The value has another type or does not fit.
    fn from_lua(state: State<'l>, index: c_int) -> Result<Self>;
}

/// A result of a handler.
pub trait IntoLua {
    /// Pushes it and tells how many values that were.
    ///
    /// # Errors
    ///
    /// Lua's memory limit, or the error that the value is.
    fn push(self, state: State<'_>) -> Result<c_int>;
}

/// Values that the handler pushed itself: so many.
pub struct Pushed(pub c_int);

/// A table argument: its stack index.
#[derive(Clone, Copy)]
pub struct Table(pub c_int);

/// A function argument: its stack index.
#[derive(Clone, Copy)]
pub struct Function(pub c_int);

/// Any argument: its stack index.
#[derive(Clone, Copy)]
pub struct Value(pub c_int);

/// A light userdata: an address, which a script can have from who gave it only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Address(pub *mut c_void);

impl<'l> FromLua<'l> for State<'l> {
    const ARGUMENTS: c_int = 0;
    #[inline]
    fn from_lua(state: State<'l>, _: c_int) -> Result<Self> {
        Ok(state)
    }
}

impl<'l> FromLua<'l> for i64 {
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> Result<i64> {
        match state.value(index) {
            // SAFETY: The tag says what it carries.
            Some(value) if value.tag == tag::INTEGER => Ok(unsafe { value.payload.integer }),
            Some(_) => numeral(state, index),
            None => Err(Kind::ExpectedInteger.into()),
        }
    }
}

/// The integer that a string says, if it is one that does.
#[cold]
#[inline(never)]
fn numeral(state: State<'_>, index: c_int) -> Result<i64> {
    let mut ok = 0;
    // SAFETY: By the invariants of State it is valid; `ok` outlives the call.
    let n = unsafe { ffi::lua_tointegerx(state.as_ptr(), index, &mut ok) };
    if ok != 0 {
        Ok(n)
    } else {
        Err(Kind::ExpectedInteger.into())
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl<'l> FromLua<'l> for $type {
            #[inline]
        fn from_lua(state: State<'l>, index: c_int) -> Result<$type> {
                <$type>::try_from(i64::from_lua(state, index)?).map_err(|_| Kind::OutOfRange.into())
            }
        }
    )*};
}
integers!(u8 u16 u32 usize i8 i16 i32);

impl<'l> FromLua<'l> for bool {
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> Result<bool> {
        Ok(!state.is_none_or_nil(index) && state.value(index).is_some_and(|value| value.tag != tag::FALSE))
    }
}

impl<'l> FromLua<'l> for &'l [u8] {
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> Result<&'l [u8]> {
        match state.value(index) {
            // SAFETY: The tag says what it carries, and the bytes stay where they are while the
            // argument is on the stack, which is for `'l`.
            Some(Raw { payload, tag: tag::SHORT_STRING | tag::LONG_STRING }) => unsafe {
                Ok(raw::String::bytes(payload.string))
            },
            _ => Err(Kind::ExpectedString.into()),
        }
    }
}

/// Bytes to read: a string's, or those that an object shows ([`Object::WINDOW`]). A handler is
/// done with them before it pushes anything: a finalizer may run then, and take a packet away.
pub struct Bytes<'l>(pub &'l [u8]);

impl<'l> FromLua<'l> for Bytes<'l> {
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> Result<Bytes<'l>> {
        let bytes = match state.value(index) {
            Some(Raw { payload, tag: tag::USERDATA }) => {
                // SAFETY: By the tag it is a userdata, which is on the stack for `'l`.
                let window = unsafe { raw::Userdata::shown(payload.userdata) };
                window.map(Window::bytes)
            }
            _ => <&[u8]>::from_lua(state, index).ok(),
        };
        bytes.map(Bytes).ok_or_else(|| Kind::ExpectedBytes.into())
    }
}

/// Looking for a zero in so many bytes costs a unit.
const LONG: usize = 64;

impl<'l> FromLua<'l> for &'l CStr {
    /// A string without zeros inside.
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> Result<&'l CStr> {
        let bytes = <&[u8]>::from_lua(state, index)?;
        if bytes.len() >= LONG {
            state.spend(bytes.len() / LONG)?;
        }
        // SAFETY: Lua ends every string in a zero that its length does not count.
        let bytes = unsafe { core::slice::from_raw_parts(bytes.as_ptr(), bytes.len() + 1) };
        CStr::from_bytes_with_nul(bytes).map_err(|_| Kind::InvalidValue.into())
    }
}

macro_rules! indices {
    ($($name:ident $type:ident $kind:ident;)*) => {$(
        impl<'l> FromLua<'l> for $name {
            #[inline]
            fn from_lua(state: State<'l>, index: c_int) -> Result<$name> {
                if state.type_of(index) == ffi::$type { Ok($name(index)) } else { Err(Kind::$kind.into()) }
            }
        }
    )*};
}
indices! {
    Table LUA_TTABLE ExpectedTable;
    Function LUA_TFUNCTION ExpectedFunction;
}

impl<'l> FromLua<'l> for Address {
    fn from_lua(state: State<'l>, index: c_int) -> Result<Address> {
        if state.type_of(index) != ffi::LUA_TLIGHTUSERDATA {
            return Err(Kind::ExpectedAddress.into());
        }
        // SAFETY: By the invariants of State it is valid.
        Ok(Address(unsafe { ffi::lua_touserdata(state.as_ptr(), index) }))
    }
}

impl<'l> FromLua<'l> for Value {
    #[inline]
    fn from_lua(_: State<'l>, index: c_int) -> Result<Value> {
        Ok(Value(index))
    }
}

impl<'l, T: FromLua<'l>> FromLua<'l> for Option<T> {
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> Result<Option<T>> {
        if state.is_none_or_nil(index) {
            Ok(None)
        } else {
            T::from_lua(state, index).map(Some)
        }
    }
}

impl<'l, T: Object> FromLua<'l> for &'l T {
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> Result<&'l T> {
        Owned::<T>::at(state, index)
    }
}

impl IntoLua for () {
    #[inline]
    fn push(self, _: State<'_>) -> Result<c_int> {
        Ok(0)
    }
}

impl IntoLua for Pushed {
    #[inline]
    fn push(self, _: State<'_>) -> Result<c_int> {
        Ok(self.0)
    }
}

impl IntoLua for i64 {
    #[inline]
    fn push(self, state: State<'_>) -> Result<c_int> {
        state.push_raw(Raw::integer(self));
        Ok(1)
    }
}

macro_rules! into_integers {
    ($($type:ty)*) => {$(
        impl IntoLua for $type {
            #[inline]
        fn push(self, state: State<'_>) -> Result<c_int> {
                i64::from(self).push(state)
            }
        }
    )*};
}
into_integers!(u8 u16 u32 i8 i16 i32);

impl IntoLua for usize {
    /// Sizes are below 2^63 on every machine.
    #[inline]
    fn push(self, state: State<'_>) -> Result<c_int> {
        i64::try_from(self).unwrap_or(i64::MAX).push(state)
    }
}

impl IntoLua for bool {
    #[inline]
    fn push(self, state: State<'_>) -> Result<c_int> {
        state.push_raw(Raw::boolean(self));
        Ok(1)
    }
}

impl IntoLua for &[u8] {
    #[inline]
    fn push(self, state: State<'_>) -> Result<c_int> {
        state.push_bytes(self)?;
        Ok(1)
    }
}

impl IntoLua for Address {
    fn push(self, state: State<'_>) -> Result<c_int> {
        // SAFETY: The state is valid with room for a value; a light userdata is only a number.
        unsafe { ffi::lua_pushlightuserdata(state.as_ptr(), self.0) };
        Ok(1)
    }
}

impl IntoLua for &CStr {
    #[inline]
    fn push(self, state: State<'_>) -> Result<c_int> {
        self.to_bytes().push(state)
    }
}

impl<T: IntoLua> IntoLua for Option<T> {
    #[inline]
    fn push(self, state: State<'_>) -> Result<c_int> {
        match self {
            Some(value) => value.push(state),
            None => {
                state.push_raw(Raw::NIL);
                Ok(1)
            }
        }
    }
}

impl<T: IntoLua, E: Into<Error>> IntoLua for core::result::Result<T, E> {
    #[inline]
    fn push(self, state: State<'_>) -> Result<c_int> {
        self.map_err(Into::into)?.push(state)
    }
}

impl<A: IntoLua, B: IntoLua> IntoLua for (A, B) {
    #[inline]
    fn push(self, state: State<'_>) -> Result<c_int> {
        Ok(self.0.push(state)? + self.1.push(state)?)
    }
}
