// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua class `runtime`: a running script in the hands of another.

use kernel::alloc::flags::GFP_KERNEL;
use kernel::error::Result;
use kernel::sync::Arc;
use lua::{meta, method, Class, Object, Pushed, State};

use crate::slot::Slot;
use crate::{control, loader, portable, Runtime};

/// One holder's share of a runtime. When the last one goes, the runtime is stopped, unless it
/// runs under its name.
#[derive(Clone)]
pub struct Handle(Arc<Holders>);

/// All who hold a runtime.
struct Holders(Arc<Runtime>);

impl Drop for Holders {
    fn drop(&mut self) {
        // The last holder may be a hook's script, and to stop may sleep.
        if !self.0.is_closing() {
            Runtime::stop_later(self.0.clone());
        }
    }
}

impl Handle {
    /// The first holder of a runtime.
    pub(crate) fn new(runtime: Arc<Runtime>) -> Result<Handle> {
        Ok(Handle(Arc::new(Holders(runtime), GFP_KERNEL)?))
    }

    /// The runtime, for who does not keep it running.
    pub(crate) fn shared(&self) -> Arc<Runtime> {
        self.0 .0.clone()
    }

    /// The runtime.
    #[must_use]
    pub fn runtime(&self) -> &Runtime {
        &self.0 .0
    }

    /// `runtime:resume(...)`
    fn resume(&self, state: State<'_>) -> lua::Result<Pushed> {
        Runtime::may_sleep(state)?;
        let arguments = portable::message(state, 2, GFP_KERNEL)?;
        let slot = Slot::of(state);
        let mut fuel = slot.fuel(state);
        let results = self.runtime().resume(&arguments, &mut fuel);
        // What others do for a script is the script's to pay for.
        slot.refuel(state, fuel);
        let results = results.map_err(|failure| loader::raise(state, &failure))?;
        let count = core::ffi::c_int::try_from(results.len()).map_err(|_| lua::Kind::OutOfRange)?;
        state.reserve(count)?;
        for result in results.iter() {
            result.push(state)?;
        }
        Ok(Pushed(count))
    }

    /// `runtime:stop()`; in a finalizer while the own script is stopped, a moment later.
    fn stop(&self, state: State<'_>) -> lua::Result {
        if Slot::of(state).closing() {
            return Runtime::of(state)?.doom(self.shared()).map_err(|_| lua::Kind::NoMemory.into());
        }
        Runtime::may_sleep(state)?;
        control::end(self.runtime()).map_err(|failure| loader::raise(state, &failure))
    }
}

/// The class of runtimes.
pub(crate) static RUNTIME: Class = Class::new::<Handle>(
    c"runtime",
    &[method(c"resume", Handle::resume), method(c"stop", Handle::stop), meta(c"__close", Handle::stop)],
)
// What is of lunatik.ko needs no hold on it: a runtime keeps it while it lives.
.shared::<Handle>(core::ptr::null_mut);

impl Object for Handle {
    const CLASS: &'static Class = &RUNTIME;
}
