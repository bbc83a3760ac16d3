// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Lua in the kernel: the runtime that runs scripts, and the API of the modules that give
//! scripts something to call.
//!
//! A *script* is a Lua file below /lib/modules/lua. A [`Runtime`] runs it: in a [`Context`],
//! within a [`Budget`], on one Lua state per CPU (or one in all, in process context). A
//! binding module registers a [`Module`] that scripts `require`; what scripts attach to the
//! kernel through it is an [`Attachment`], which calls back through a [`Callback`].

mod attachment;
mod budget;
mod control;
mod driver;
mod failure;
mod loader;
mod runtime;
mod scratch;
mod slot;
mod stay;
pub mod sync;
mod sys;

pub use attachment::{attach, Attachment, Callback};
pub use budget::{Budget, Context, Fail};
pub use loader::{register, Module, Registration};
pub use runtime::Runtime;
pub use scratch::{allocation, Scratch};
pub use slot::Charge;
pub use stay::leaving;

use kernel::prelude::*;

module! {
    type: Lunatik,
    name: "lunatik",
    author: "The Lunagate authors",
    description: "Lua in the kernel",
    license: "Dual MIT/GPL",
}

struct Lunatik {
    device: Option<sys::Device>,
    _runner: Registration,
}

impl kernel::Module for Lunatik {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let runner = register(&driver::RUNNER_MODULE, module)?;
        driver::start()?;
        match sys::Device::new() {
            Ok(device) => Ok(Lunatik { device: Some(device), _runner: runner }),
            Err(errno) => {
                driver::end();
                Err(errno)
            }
        }
    }
}

impl Drop for Lunatik {
    fn drop(&mut self) {
        self.device = None;
        control::shutdown();
        driver::end();
    }
}
