// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A call from a hook: its budget, its books, and what becomes of its failure.

use core::sync::atomic::Ordering;
use lua::State;

use super::{Phase, Runtime};
use crate::failure::worded;
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
        let result = match f(state, cpu, &slot.ledger) {
            // Spent fuel is a failure whatever the call says.
            Ok(value) if cfg!(unbudgeted) || state.fuel() >= 0 => Some(value),
            other => {
                self.failed(slot, other.err());
                None
            }
        };
        slot.ledger.call(fuel - state.fuel());
        state.set_top(0);
        slot.busy.set(false);
        result
    }

    /// This CPU's turn at the one state that all share. `None`: there is none, or it cannot wait, which is a failure.
    #[cold]
    #[inline(never)]
    fn turn(&self, cpu: usize) -> Option<Option<Turn<'_>>> {
        if !self.is_in(Phase::Turns) {
            return None;
        }
        let turn = self.turns.as_ref()?.take(cpu);
        if turn.is_none() {
            // It is not its turn, but whoever's turn it is: any CPU writes down faults.
            self.book(self.slots().next()?, Fault::Reentry, NO_TURN, b"");
        }
        turn
    }

    /// A call failed: for want of fuel, or by what it raised.
    #[cold]
    #[inline(never)]
    fn failed(&self, slot: &Slot, raised: Option<(Fault, lua::Error)>) {
        let state = slot.lua();
        let (fault, text) = match raised {
            Some((fault, error)) if cfg!(unbudgeted) || state.fuel() >= 0 => {
                let _ = worded(state, error);
                (fault, state.bytes(-1))
            }
            _ => (Fault::Fuel, OUT_OF_FUEL),
        };
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
        let (from, to) = (self.at_work() as u8, Phase::Quarantine as u8);
        // Only if it is not being stopped.
        let enter = || self.phase.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed).is_ok();
        let remedy = self.health.note(fault, text, trace, &self.budget, enter);
        if remedy.tell {
            sys::complain(self.name(), text, trace);
            events::failed(self, fault, text, trace);
        }
        if remedy.quarantined {
            sys::complain(self.name(), QUARANTINED, b"");
            events::quarantined(self, text);
        }
    }
}

/// So many calls' fuel is for who has a script do more. All that time bottom halves are off, and for a single state
/// packets wait for their turn.
const LONG: i64 = 100;

const OUT_OF_FUEL: &[u8] = b"out of fuel";
const NO_TURN: &[u8] = b"a packet came while the CPU was at work for another script that has one state for all CPUs";
const QUARANTINED: &[u8] = b"quarantined after too many failures: its functions are not called until `lunatik resume`";
