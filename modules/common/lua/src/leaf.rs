// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Handlers that do without a frame.
//!
//! Most of what a call costs is its frame, and a handler that only reads needs none: a *leaf*
//! reads its arguments where the caller has put them, and writes its results over them. It has no
//! [`State`], so it cannot allocate, call or raise. Whatever it cannot do (an argument of another
//! type, an error) is done by the same handler called as any other; so a handler that fails has
//! changed nothing.
//!
//! [`State`]: crate::State

use core::ffi::c_int;
use core::marker::PhantomData;
use core::mem::size_of;
use core::ptr::NonNull;

use crate::class::Owned;
use crate::raw::{self, tag, Value};
use crate::{Bytes, Error, FromLua, Handler, IntoLua, Object};

/// What a leaf returns if it cannot do it.
const DECLINED: c_int = -1;

/// What stands in the place of an argument, if there is one.
#[derive(Clone, Copy)]
pub struct Given<'l> {
    pub(crate) value: Option<Value>,
    _call: PhantomData<&'l ()>,
}

/// A parameter of a leaf.
pub trait Argument<'l>: FromLua<'l> {
    /// The argument, if it is of this type as it stands.
    fn given(given: Given<'l>) -> Option<Self>;
}

/// A result of a leaf.
pub trait Results: IntoLua {
    /// How many values it is; `None` if it is an error.
    fn count(&self) -> Option<c_int>;

    /// Writes the values into the room for them.
    fn write(self, room: &mut Room<'_>);
}

/// Where a call wants its results.
///
/// # Invariants
///
/// At `base` are `wanted` values, and at least one.
pub struct Room<'l> {
    base: *mut Value,
    wanted: c_int,
    written: c_int,
    _call: PhantomData<&'l mut ()>,
}

impl Room<'_> {
    /// Writes the next value, if somebody wants it. For the first one there is always room.
    #[inline(always)]
    pub(crate) fn put(&mut self, value: Value) {
        if self.written == 0 || self.written < self.wanted {
            // SAFETY: By the invariants.
            unsafe { self.base.add(self.written as usize).write(value) };
        }
        self.written += 1;
    }
}

/// A function that Lua calls as a leaf.
pub trait Leaf<M>: Handler<M> {
    /// Reads, calls and writes, unless it cannot; how many values it has written.
    fn run(&self, arguments: Arguments<'static>, room: Room<'_>) -> Option<c_int>;
}

/// The arguments of a call.
///
/// # Invariants
///
/// `count` values follow the one at `base`, for `'l`.
#[derive(Clone, Copy)]
pub struct Arguments<'l> {
    base: *const Value,
    count: c_int,
    _call: PhantomData<&'l ()>,
}

impl<'l> Arguments<'l> {
    /// Argument `n`, from 1.
    #[inline(always)]
    fn get(self, n: c_int) -> Given<'l> {
        // SAFETY: By the invariants.
        let value = (n <= self.count).then(|| unsafe { self.base.add(n as usize).read() });
        Given { value, _call: PhantomData }
    }
}

/// What `lua_Leaf` calls.
///
/// # Safety
///
/// `count` values follow the one at `base`, and there is room for `wanted` values from there on.
pub(crate) unsafe extern "C" fn leaf<F: Leaf<M>, M>(base: *mut Value, count: c_int, wanted: c_int) -> c_int {
    const { assert!(size_of::<F>() == 0, "a leaf is a function item or captures nothing") };
    // SAFETY: `F` has no size, so any aligned address holds one; functions are never dropped.
    let handler: &F = unsafe { NonNull::dangling().as_ref() };
    let room = Room { base, wanted, written: 0, _call: PhantomData };
    handler.run(Arguments { base, count, _call: PhantomData }, room).unwrap_or(DECLINED)
}

/// Writes a result, unless it is an error or there may be no room for it; counts its values.
#[inline(always)]
fn finish(result: impl Results, mut room: Room<'_>) -> Option<c_int> {
    let count = result.count()?;
    // A call that wants all has room for one.
    if room.wanted < 0 && count > 1 {
        return None;
    }
    result.write(&mut room);
    while room.written < room.wanted {
        room.put(Value::NIL);
    }
    Some(count)
}

macro_rules! leaves {
    ($($name:ident)*) => {
        impl<F, R, $($name),*> Leaf<fn($($name),*) -> R> for F
        where
            F: Fn($($name),*) -> R + 'static,
            R: Results,
            $($name: Argument<'static>,)*
        {
            #[inline(always)]
            #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments)]
            fn run(&self, arguments: Arguments<'static>, room: Room<'_>) -> Option<c_int> {
                let mut index: c_int = 1;
                $(
                    let $name = $name::given(arguments.get(index))?;
                    index += 1;
                )*
                finish(self($($name),*), room)
            }
        }
    };
}
leaves!(A);
leaves!(A B);
leaves!(A B C);
leaves!(A B C D);

impl<'l> Argument<'l> for i64 {
    #[inline(always)]
    fn given(given: Given<'l>) -> Option<i64> {
        match given.value {
            // SAFETY: The tag says what it carries.
            Some(Value { payload, tag: tag::INTEGER }) => Some(unsafe { payload.integer }),
            _ => None,
        }
    }
}

impl<'l> Argument<'l> for usize {
    #[inline(always)]
    fn given(given: Given<'l>) -> Option<usize> {
        usize::try_from(i64::given(given)?).ok()
    }
}

impl<'l, T: Argument<'l>> Argument<'l> for Option<T> {
    #[inline(always)]
    fn given(given: Given<'l>) -> Option<Option<T>> {
        match given.value {
            None | Some(Value { tag: tag::NIL, .. }) => Some(None),
            Some(_) => T::given(given).map(Some),
        }
    }
}

impl Results for () {
    #[inline(always)]
    fn count(&self) -> Option<c_int> {
        Some(0)
    }
    #[inline(always)]
    fn write(self, _: &mut Room<'_>) {}
}

macro_rules! single {
    ($($type:ty: $value:expr;)*) => {$(
        impl Results for $type {
            #[inline(always)]
            fn count(&self) -> Option<c_int> {
                Some(1)
            }
            #[inline(always)]
            fn write(self, room: &mut Room<'_>) {
                room.put($value(self));
            }
        }
    )*};
}
single! {
    bool: Value::boolean;
    i64: Value::integer;
    u8: |n: u8| Value::integer(n.into());
    u16: |n: u16| Value::integer(n.into());
    u32: |n: u32| Value::integer(n.into());
    usize: |n: usize| Value::integer(i64::try_from(n).unwrap_or(i64::MAX));
}

impl<T: Results> Results for Option<T> {
    #[inline(always)]
    fn count(&self) -> Option<c_int> {
        self.as_ref().map_or(Some(1), T::count)
    }
    #[inline(always)]
    fn write(self, room: &mut Room<'_>) {
        match self {
            Some(value) => value.write(room),
            None => room.put(Value::NIL),
        }
    }
}

impl<T: Results, E: Into<Error>> Results for core::result::Result<T, E> {
    #[inline(always)]
    fn count(&self) -> Option<c_int> {
        self.as_ref().ok()?.count()
    }
    #[inline(always)]
    fn write(self, room: &mut Room<'_>) {
        if let Ok(value) = self {
            value.write(room);
        }
    }
}

impl<'l, T: Object> Argument<'l> for &'l T {
    #[inline(always)]
    fn given(given: Given<'l>) -> Option<&'l T> {
        Owned::of(given.value?)
    }
}

impl<'l> Argument<'l> for &'l [u8] {
    #[inline(always)]
    fn given(given: Given<'l>) -> Option<&'l [u8]> {
        match given.value? {
            // SAFETY: The tag says what it carries, and the bytes stay where they are while the
            // argument is on the stack, which is for `'l`.
            Value { payload, tag: tag::SHORT_STRING | tag::LONG_STRING } => unsafe {
                Some(raw::String::bytes(payload.string))
            },
            _ => None,
        }
    }
}

impl<'l> Argument<'l> for Bytes<'l> {
    #[inline(always)]
    fn given(given: Given<'l>) -> Option<Bytes<'l>> {
        let Value { payload, tag: tag::USERDATA } = given.value? else {
            return <&[u8]>::given(given).map(Bytes);
        };
        // SAFETY: By the tag it is a userdata, which is on the stack for `'l`.
        let window = unsafe { raw::Userdata::shown(payload.userdata) };
        window.map(|window| Bytes(window.bytes()))
    }
}
