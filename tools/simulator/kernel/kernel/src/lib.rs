// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The kernel's crate `kernel`, as far as our modules use it, over the standard library.
//!
//! Modules that see packets compile against this as they are, so that a policy on the host is judged by
//! the code that judges it on the router.

pub mod alloc;
pub mod error;
mod module;
pub mod str;
pub mod sync;

/// Numbers of C.
pub mod bindings {
    /// It makes no sense.
    pub const EINVAL: u32 = 22;
}

pub use module::{Module, ThisModule};

/// What every module uses.
pub mod prelude {
    pub use crate::alloc::flags::*;
    pub use crate::alloc::{KBox, KVVec, KVec};
    pub use crate::error::code::*;
    pub use crate::error::{Error, Result};
    pub use crate::{module, Module as _, ThisModule};
}
