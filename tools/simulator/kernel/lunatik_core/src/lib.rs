// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! lunatik.ko on the host, for the modules above it.
//!
//! A [`Runtime`] runs one script in one state, as the router does on each CPU: its body while it
//! loads, then its functions, each call within the budget. What is attached while it loads is
//! started afterwards. What the router reads from its file system, [`Files`] gives.

mod attachment;
mod charge;
pub mod errno;
mod file;
mod ledger;
mod loader;
mod quota;
pub mod rcu;
mod runtime;
pub mod sync;

pub use attachment::{attach, boxed, check_loading, Attachment, Callback};
pub use charge::Charge;
pub use file::{File, Files, Identity, Memory};
pub use ledger::{Failure, Fault, Ledger, Verdict};
pub use loader::{register, Access, Module, Registration};
pub use quota::{Bound, Quota, Refusal};
pub use runtime::{granted, Budget, Context, Fail, Runtime, LOAD_FUEL, STACK};

use kernel::alloc::flags::{Flags, GFP_KERNEL};
use lua::{Object, State};

/// How a handler may allocate.
#[must_use]
pub fn allocation(_: State<'_>) -> Flags {
    GFP_KERNEL
}

/// What sleeps for a script says so when it wakes up, for one that is being stopped to hear of it: none is here.
pub fn leaving(_: State<'_>) {}

/// A body makes no more objects for all CPUs: the kernel's module keeps them until all of it has run.
const MOST: usize = 1024;

/// What a constructor returns: what it makes, in the states of other CPUs, too.
///
/// # Errors
///
/// What `make` returns; the body has made [`MOST`] of them.
pub fn once<T: Object + Clone>(state: State<'_>, make: impl FnOnce() -> lua::Result<T>) -> lua::Result<T> {
    let object = make()?;
    if Runtime::of(state)?.count_made() > MOST {
        return Err(state.raise(format_args!("the script makes more than {MOST} objects for all CPUs while it loads")));
    }
    Ok(object)
}
