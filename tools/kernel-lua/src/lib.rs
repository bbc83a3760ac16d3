// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The kernel's Lua in userland: the same C, compiled with the same switches.
//!
//! A [`Machine`] is one state with the limits that a runtime in the kernel has; [`bindings`] are
//! libraries that kernel modules give scripts there. mlua works on this library too.

pub mod bindings;
mod code;
mod machine;
mod memory;

pub use code::{Code, Global};
pub use machine::{Limits, Machine, Module, Outcome};
pub use memory::{host, Held, Line, Lines};
pub use mlua;
