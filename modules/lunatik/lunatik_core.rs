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
mod capabilities;
mod control;
mod driver;
pub mod environment;
pub mod errno;
mod events;
mod failure;
mod file;
mod fuel;
mod global_io;
mod handle;
mod health;
mod json;
mod kept;
mod ledger;
mod library;
mod life;
mod lines;
mod loader;
mod memory;
mod monitor;
mod once;
pub mod portable;
mod quota;
pub mod rcu;
mod reclaim;
mod report;
mod runner;
mod runtime;
mod scratch;
mod service;
mod slot;
mod spare;
mod stay;
pub mod sync;
mod sys;
mod trace;
mod turns;

pub use attachment::{attach, boxed, check_loading, Attachment, Callback};
pub use budget::{Budget, Context, Fail};
pub use capabilities::granted;
pub use failure::Failure;
pub use file::{File, Identity};
pub use handle::Handle;
pub use kept::Kept;
pub use ledger::{Fault, Ledger, Verdict};
pub use life::Life;
pub use loader::{register, Access, Module, Registration};
pub use memory::Memory;
pub use once::once;
pub use quota::{Bound, Quota, Refusal};
pub use runtime::Runtime;
pub use scratch::{allocation, Scratch};
pub use service::Service;
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
    _libraries: [Registration; 2],
    // After the libraries, and in this order.
    _driver: Driver,
    _events: events::Device,
}

impl kernel::Module for Lunatik {
    fn init(module: &'static ThisModule) -> Result<Self> {
        slot::hide_positions();
        let events = events::Device::new()?;
        let driver = Driver::new()?;
        let libraries = [register(&library::MODULE, module)?, register(&runner::MODULE, module)?];
        Ok(Lunatik { device: Some(sys::Device::new()?), _libraries: libraries, _driver: driver, _events: events })
    }
}

impl Drop for Lunatik {
    fn drop(&mut self) {
        self.device = None;
    }
}

/// The driver, and what scripts share.
struct Driver;

impl Driver {
    fn new() -> Result<Driver> {
        let driver = Driver;
        environment::start()?;
        driver::start()?;
        Ok(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A script that runs keeps the module, so there is none.
        driver::end();
        environment::end();
        reclaim::settle_all();
        memory::settle();
    }
}
