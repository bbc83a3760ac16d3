// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Tasks at work in a runtime, with what they may spend.

use core::mem::ManuallyDrop;
use kernel::alloc::flags::GFP_KERNEL;
use kernel::error::{code::*, Error, Result};
use kernel::sync::Arc;
use lua::State;

use super::{Phase, Runtime};
use crate::failure::{worded, Failure};
use crate::ledger::Fault;
use crate::monitor::Guard;
use crate::slot::Slot;
use crate::{loader, stay, sys, Context};

impl Runtime {
    /// Runs `f` on the state of a process runtime, with fresh fuel; sleeps until it is free.
    ///
    /// # Errors
    ///
    /// ENXIO: it is stopped, or has no such state. EDEADLK, EINTR: [`Monitor::lock`].
    pub(crate) fn with<R>(&self, f: impl FnOnce(State<'_>) -> R) -> Result<R> {
        self.inside(self.lock.lock()?, f)
    }

    /// As [`Runtime::with`], but returns `f` if another task is inside.
    pub(crate) fn with_now<R, F: FnOnce(State<'_>) -> R>(&self, f: F) -> Result<core::result::Result<R, F>> {
        match self.lock.try_lock() {
            Some(guard) => self.inside(guard, f).map(Ok),
            None => Ok(Err(f)),
        }
    }

    fn inside<R>(&self, _guard: Guard<'_>, f: impl FnOnce(State<'_>) -> R) -> Result<R> {
        // Who stops the runtime finds this stay, or is found to be stopping it.
        stay::during(self, || {
            if self.context != Context::Process || self.is_in(Phase::Closed) || self.is_closing() {
                return Err(ENXIO);
            }
            let slot = self.slots().next().ok_or(ENXIO)?;
            slot.refuel(slot.lua(), self.budget.fuel);
            sys::limit_stack_left(slot.lua());
            let result = f(slot.lua());
            slot.defuel(slot.lua());
            Ok(result)
        })
    }

    /// Runs `f` on the state of a process runtime on behalf of a task that comes from elsewhere, as a
    /// call: with its fuel and in its books, and a failure is told. Sleeps until the state is free.
    ///
    /// # Errors
    ///
    /// ENXIO: the script has not loaded, is stopped, or is in quarantine. EIO: it failed. EDEADLK, EINTR:
    /// [`Monitor::lock`].
    pub fn serve<R>(&self, f: impl FnOnce(State<'_>) -> lua::Result<R>) -> Result<R> {
        once(f, |f| self.serve_once(self.lock.lock()?, f))
    }

    /// The same for who does not wait.
    ///
    /// # Errors
    ///
    /// As above; EBUSY: another task is inside.
    pub fn serve_now<R>(&self, f: impl FnOnce(State<'_>) -> lua::Result<R>) -> Result<R> {
        once(f, |f| self.serve_once(self.lock.try_lock().ok_or(EBUSY)?, f))
    }

    /// Has a module take back what it has in the state, in quarantine, too: nothing that runs the script. Sleeps until the
    /// state is free.
    ///
    /// # Errors
    ///
    /// ENXIO: it is stopped, and has forgotten it. EDEADLK, EINTR: [`Monitor::lock`].
    pub fn tidy(&self, f: &mut dyn FnMut(State<'_>)) -> Result {
        self.with(f)
    }

    // What is not generic is compiled once, in lunatik.ko.
    fn serve_once(&self, _guard: Guard<'_>, f: &mut dyn FnMut(State<'_>) -> lua::Result) -> Result {
        stay::during(self, || {
            // One that is closing may have lost its states.
            if self.is_split() || self.is_closing() || !self.is_in(Phase::Ready) {
                return Err(ENXIO);
            }
            let slot = self.slots().next().ok_or(ENXIO)?;
            let served = self.governed(slot, self.budget.fuel, &mut { i64::MAX }, f);
            let served = served.map_err(|_| {
                let failure = Failure::of_lua(slot.lua(), GFP_KERNEL);
                if !stay::is_leaving() {
                    self.book(slot, failure.fault(), &failure.text, b"");
                }
                EIO
            });
            slot.lua().set_top(0);
            served
        })
    }

    /// Has a script that called a handler call one of its own functions, as if the kernel did: that it fails is in the
    /// books and in the log, and the script goes on. It is the script's own fuel.
    ///
    /// # Errors
    ///
    /// None that a handler can meet: its state has a runtime.
    pub fn attempt(state: State<'_>, f: impl FnOnce(State<'_>) -> lua::Result) -> lua::Result {
        let (runtime, slot, top) = (Runtime::of(state)?, Slot::of(state), state.top());
        if let Err(error) = f(state) {
            let _ = worded(state, error);
            let text = state.bytes(-1);
            let fault = if text.starts_with(b"not enough memory") { Fault::Memory } else { Fault::Error };
            slot.ledger.fault(fault);
            sys::complain(runtime.name(), text, b"");
        }
        state.set_top(top);
        Ok(())
    }

    /// The same once more, for who may come when it is stopped.
    pub fn shared(&self) -> Arc<Runtime> {
        // SAFETY: `new` puts every runtime into an Arc, whose count is not touched here but by the clone.
        let this = ManuallyDrop::new(unsafe { Arc::from_raw(self) });
        Arc::clone(&this)
    }

    /// Runs `f` on a task's own stack, with no more than `left` units, of which it takes what
    /// `f` used.
    pub(super) fn governed<R>(
        &self,
        slot: &Slot,
        fuel: i64,
        left: &mut i64,
        f: impl FnOnce(State<'_>) -> lua::Result<R>,
    ) -> lua::Result<R> {
        let state = slot.lua();
        let given = fuel.min(*left);
        slot.refuel(state, given);
        sys::limit_stack_left(state);
        let result = f(state).map_err(|error| worded(state, error));
        let rest = slot.defuel(state);
        slot.ledger.call(given.saturating_sub(rest));
        *left = left.saturating_sub(given.saturating_sub(rest));
        if rest < 0 {
            return Err(state.raise(format_args!("out of fuel")));
        }
        result
    }

    /// Why a lock of this runtime's is not to be had.
    pub(super) fn blocked(&self, errno: Error) -> Failure {
        let name = loader::Plain(self.name().to_bytes());
        if errno == EINTR {
            Failure::new(errno, format_args!("{name}: interrupted"))
        } else {
            Failure::new(errno, format_args!("{name}: deadlock: it is waiting for this call to end"))
        }
    }
}

/// Has `serve` call `f` once, and returns what that returned.
fn once<R>(
    f: impl FnOnce(State<'_>) -> lua::Result<R>,
    serve: impl FnOnce(&mut dyn FnMut(State<'_>) -> lua::Result) -> Result,
) -> Result<R> {
    let (mut f, mut result) = (Some(f), None);
    serve(&mut |state| {
        result = f.take().map(|f| f(state)).transpose()?;
        Ok(())
    })?;
    result.ok_or(EIO)
}
