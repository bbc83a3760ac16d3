// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Rust functions as Lua functions.
//!
//! A handler is a plain function; its type alone carries it, so the C function that Lua calls
//! is made by the compiler, one for each handler, with the conversions inlined.

use core::ffi::{c_int, CStr};
use core::mem::size_of;

use crate::leaf::{self, Leaf};
use crate::{ffi, FromLua, IntoLua, Result, State};

/// A name and a Lua function.
///
/// # Invariants
///
/// It begins as `lua_Leaf` does, and is one if `leaf` is some.
#[repr(C)]
pub struct Entry {
    call: ffi::lua_CFunction,
    leaf: Option<ffi::lua_LeafFunction>,
    name: &'static CStr,
}

impl Entry {
    /// The name in the library or class.
    pub const fn name(&self) -> &'static CStr {
        self.name
    }

    /// Pushes the function.
    pub fn push(&'static self, state: State<'_>) {
        // SAFETY: By the invariants of State it is valid; without upvalues nothing is allocated.
        // An entry with a leaf is a `lua_Leaf`, and stays.
        unsafe {
            if self.leaf.is_some() {
                ffi::lua_pushleaf(state.as_ptr(), core::ptr::from_ref(self).cast());
            } else {
                ffi::lua_pushcclosure(state.as_ptr(), self.call, 0);
            }
        }
    }
}

/// A library function: its parameters start at argument 1.
pub const fn function<F: Handler<M> + Copy, M>(name: &'static CStr, _: F) -> Entry {
    Entry { call: call::<F, M>, leaf: None, name }
}

/// A method: its first parameter is the object.
pub const fn method<F: Handler<M> + Copy, M>(name: &'static CStr, _: F) -> Entry {
    Entry { call: call::<F, M>, leaf: None, name }
}

/// A function or method that only reads, quickly: called without a frame where that will do.
pub const fn leaf<F: Leaf<M> + Copy, M>(name: &'static CStr, _: F) -> Entry {
    Entry { call: call::<F, M>, leaf: Some(leaf::leaf::<F, M>), name }
}

/// A metamethod (`__len`, `__index`, ...): a method by another name.
pub const fn meta<F: Handler<M> + Copy, M>(name: &'static CStr, _: F) -> Entry {
    Entry { call: call::<F, M>, leaf: None, name }
}

/// What [`function`] and [`method`] take: functions of up to six parameters, each
/// [`FromLua`] (objects as `&T`), with an [`IntoLua`] result. `M` only tells the compiler which.
pub trait Handler<M>: 'static {
    /// Reads the arguments, calls, pushes the results and counts them.
    ///
    /// # Errors
    ///
    /// What the conversions or the function return.
    fn handle(&self, state: State<'static>) -> Result<c_int>;
}

unsafe extern "C" fn call<F: Handler<M>, M>(l: *mut ffi::lua_State) -> c_int {
    const { assert!(size_of::<F>() == 0, "a handler is a function item or captures nothing") };
    // SAFETY: `F` has no size, so any aligned address holds one; functions are never dropped.
    let handler: &F = unsafe { core::ptr::NonNull::dangling().as_ref() };
    // SAFETY: Lua calls with a valid state. `'static` stands for "until the handler returns";
    // the rule for handlers in the crate's documentation keeps them from relying on more.
    let state = unsafe { State::from_raw(l) };
    match handler.handle(state) {
        Ok(count) => count,
        Err(error) => error.code(),
    }
}

macro_rules! handlers {
    ($($name:ident)*) => {
        impl<F, R, $($name),*> Handler<fn($($name),*) -> R> for F
        where
            F: Fn($($name),*) -> R + 'static,
            R: IntoLua,
            $($name: FromLua<'static>,)*
        {
            #[inline]
            #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments)]
            fn handle(&self, state: State<'static>) -> Result<c_int> {
                let mut index: c_int = 1;
                $(
                    let $name = $name::from_lua(state, index).map_err(|error| error.at(index))?;
                    index += $name::ARGUMENTS;
                )*
                self($($name),*).push(state)
            }
        }
    };
}
handlers!();
handlers!(A);
handlers!(A B);
handlers!(A B C);
handlers!(A B C D);
handlers!(A B C D E);
handlers!(A B C D E G);
