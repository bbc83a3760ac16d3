// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Lua, seen from Rust, without `alloc` and without a single `longjmp` across a Rust frame.
//!
//! A [`State`] is a Lua thread during one call. Rust functions become Lua functions through
//! [`function`] and [`method`]: their parameters are read by [`FromLua`], their results are
//! pushed by [`IntoLua`], and an [`Error`] that they return is raised by the virtual machine
//! after the Rust frame is gone. A [`Class`] is a static table of methods; an [`Object`] is a
//! Rust value that Lua owns, dropped by Lua's collector.
//!
//! Everything that Lua may refuse (it allocates, or calls a metamethod) goes through the
//! `lua_try*` functions of the patched virtual machine, which return a status.
//!
//! # Examples
//!
//! ```ignore
//! struct Counter(Cell<i64>);
//! impl Counter {
//!     fn add(&self, n: i64) -> i64 { self.0.set(self.0.get().wrapping_add(n)); self.0.get() }
//! }
//! static COUNTER: Class = Class::new::<Counter>(c"counter", &[method(c"add", Counter::add)]);
//! impl Object for Counter { const CLASS: &'static Class = &COUNTER; }
//!
//! fn new(start: Option<i64>) -> Counter { Counter(Cell::new(start.unwrap_or(0))) }
//! static LIBRARY: [Entry; 1] = [function(c"new", new)];
//! // in the module's open function: state.push_library(&LIBRARY)
//! ```
//!
//! # The rule for handlers
//!
//! What a handler receives (strings, objects) lives until the handler returns. Handlers must
//! not name `'static` for a parameter; elided lifetimes are right.
// The kernel gives this attribute to every crate by itself.
#![cfg_attr(not(MODULE), no_std)]

mod class;
mod convert;
mod error;
pub mod ffi;
mod frame;
mod handler;
mod leaf;
mod raw;
mod shared;
mod state;
mod window;

/// As many results as a function returns.
pub const ALL: core::ffi::c_int = -1;

pub use class::{Class, Object, Owned};
pub use convert::{Address, Bytes, FromLua, Function, IntoLua, Pushed, Table, Value};
pub use error::{Error, Kind, Result};
pub use frame::Frame;
pub use handler::{function, leaf, meta, method, Entry, Handler};
pub use leaf::{Argument, Given, Leaf, Results, Room};
pub use shared::{Share, Shared};
pub use state::{Raise, Reference, State};
pub use window::{Place, Window};
