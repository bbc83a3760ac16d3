// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A call from a hook: its budget, its books, and what becomes of its failure.

use core::sync::atomic::Ordering;
use lua::State;

use super::{Phase, Runtime};
use crate::ledger::{Fault, Ledger};
use crate::slot::Slot;
use crate::turns::Turn;
use crate::{events, sys, Context};

impl Runtime {
    /// Runs `f` on this CPU's state, or on the one that all share. `None`: the script failed, or it already runs here.
    #[inline]
    pub(crate) fn enter<R>(
        &self,
        f: impl FnOnce(State<'_>, usize, &Ledger) -> core::result::Result<R, (Fault, lua::Error)>,
    ) -> Option<R> {
        self.enter_with(self.budget.fuel, Some(self.budget.stack), f)
    }

    /// The same for a task that has the script do more than what a packet may have it do: the fuel of
    /// [`LONG`] calls, and what there is of the task's stack.
    pub(crate) fn enter_long<R>(
        &self,
        f: impl FnOnce(State<'_>, usize, &Ledger) -> core::result::Result<R, (Fault, lua::Error)>,
    ) -> Option<R> {
        let fuel = self.budget.fuel.saturating_mul(LONG).min(self.budget.load_fuel.max(self.budget.fuel));
        self.enter_with(fuel, None, f)
    }

    /// With so many bytes of stack, or with what there is. `f` is called in one place only: a second one for who waits for
    /// a turn would have the compiler make calls of what is in line, a tenth of what a packet costs.
    #[inline(always)]
    fn enter_with<R>(
        &self,
        fuel: i64,
        stack: Option<usize>,
        f: impl FnOnce(State<'_>, usize, &Ledger) -> core::result::Result<R, (Fault, lua::Error)>,
    ) -> Option<R> {
        let pinned = match self.context {
            Context::Softirq => sys::Pinned::softirq(),
            Context::Hardirq => sys::Pinned::hardirq(),
            Context::Process => return None,
        };
        let mut cpu = pinned.cpu();
        // It goes before `pinned`, which was there before it.
        let mut _turn = None;
        if !self.is_in(Phase::Ready) {
            _turn = self.turn(cpu)?;
            cpu = 0;
        }
        // SAFETY: Ready, so the slots are read-only.
        let slot = unsafe { &*self.slots.get() }.get(cpu)?.as_deref()?;
        if slot.busy.replace(true) {
            self.book(slot, Fault::Reentry, b"the script was at work already when a packet came", b"");
            return None;
        }
        let state = slot.lua();
        if !cfg!(unbudgeted) {
            state.set_fuel(fuel);
            match stack {
                Some(bytes) => pinned.limit_stack(state, bytes),
                None => sys::limit_stack_left(state),
            }
        }
        let result = f(state, cpu, &slot.ledger);
        // Spent fuel is a failure whatever the call says.
        let left = if cfg!(unbudgeted) { 0 } else { state.fuel() };
        slot.ledger.call(fuel - left);
        let result = match result {
            Ok(value) if left >= 0 => Some(value),
            other => {
                let failure = if left < 0 { None } else { other.err() };
                self.failed(slot, failure.unwrap_or_else(|| (Fault::Fuel, out_of_fuel(state))));
                None
            }
        };
        state.set_top(0);
        slot.busy.set(false);
        result
    }

    /// This CPU's turn at the one state that all share. `None`: there is none, or it cannot wait.
    #[cold]
    #[inline(never)]
    fn turn(&self, cpu: usize) -> Option<Option<Turn<'_>>> {
        if !self.is_in(Phase::Turns) {
            return None;
        }
        self.turns.as_ref()?.take(cpu)
    }

    /// A call failed: what it raised may be turned into text.
    #[cold]
    #[inline(never)]
    fn failed(&self, slot: &Slot, (fault, error): (Fault, lua::Error)) {
        let state = slot.lua();
        state.set_fuel(TELLING);
        let _ = state.raised(error);
        let text = if state.push_text(-1).is_ok() { state.bytes(-1) } else { b"error object without text" };
        let fault = if text.starts_with(b"not enough memory") { Fault::Memory } else { fault };
        self.book(slot, fault, text, slot.trace.text());
        slot.trace.clear();
    }

    /// Counts a failure, and tells it.
    #[cold]
    #[inline(never)]
    pub(super) fn book(&self, slot: &Slot, fault: Fault, text: &[u8], trace: &[u8]) {
        slot.ledger.fault(fault);
        self.tell(fault, text, trace);
    }

    /// Tells a failure that is the first of its kind, and ends the calls if there are too many.
    #[cold]
    pub(super) fn tell(&self, fault: Fault, text: &[u8], trace: &[u8]) {
        let remedy = self.health.note(fault, text, trace, &self.budget);
        if remedy.tell {
            sys::complain(self.name(), text, trace);
            events::failed(self, fault, text, trace);
        }
        if remedy.quarantine {
            let (from, to) = (self.at_work() as u8, Phase::Quarantine as u8);
            // Only if it is not being stopped.
            if self.phase.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed).is_ok() {
                sys::complain(self.name(), QUARANTINED, b"");
                events::quarantined(self, text);
            }
        }
    }
}

/// So many calls' fuel is for who has a script do more. All that time bottom halves are off, and for a single state
/// packets wait for their turn.
const LONG: i64 = 100;
/// Fuel to turn an error into text: the script's, if it says how (`__tostring`).
const TELLING: i64 = 10_000;

const QUARANTINED: &[u8] = b"quarantined after too many failures: its functions are not called until `lunatik resume`";

#[cold]
fn out_of_fuel(state: State<'_>) -> lua::Error {
    state.raise(format_args!("out of fuel"))
}
