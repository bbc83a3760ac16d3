// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Fuel in slices: a task that runs a script for long lets others run meanwhile, and hears that it
//! shall come to its end.

use core::ffi::c_int;
use lua::{ffi, State};

use crate::slot::Slot;
use crate::{stay, sys};

/// What a script that may pause gets at a time: some ten milliseconds at worst.
const SLICE: i64 = 50_000;
/// So many milliseconds pass at least before a thread gets fuel anew.
const PACE: u64 = 10;
/// What a script that was asked to come out may still spend.
const FAREWELL: i64 = 10_000;

impl Slot {
    /// Gives `state`, of this slot, fuel for what comes next. One that may pause gets a slice of
    /// it, and the rest piece by piece.
    pub(crate) fn refuel(&self, state: State<'_>, fuel: i64) {
        let now = if self.atomic() { fuel } else { fuel.min(SLICE) };
        state.set_fuel(now);
        self.reserve.set(fuel.saturating_sub(now));
    }

    /// What is left of it; negative if it is spent.
    pub(crate) fn fuel(&self, state: State<'_>) -> i64 {
        state.fuel().saturating_add(self.reserve.get())
    }

    /// Takes back what [`Slot::refuel`] gave, and says what was left.
    pub(crate) fn defuel(&self, state: State<'_>) -> i64 {
        let left = self.fuel(state);
        self.reserve.set(0);
        state.set_fuel(left);
        left
    }

    /// The slice is spent: pauses, and hands out another. Says whether there was one.
    fn pause(&self, state: State<'_>) -> bool {
        if self.atomic() || self.reserve.get() <= 0 {
            return false;
        }
        sys::resched();
        if sys::killed() {
            self.reserve.set(0);
            return false;
        }
        if stay::is_leaving() {
            self.reserve.set(self.reserve.get().min(FAREWELL));
        }
        let owed = state.fuel().min(0).saturating_neg();
        let more = owed.saturating_add(SLICE).min(self.reserve.get());
        self.reserve.set(self.reserve.get() - more);
        state.set_fuel(state.fuel().saturating_add(more));
        state.fuel() >= 0
    }

    /// A kernel thread's script, whose one call may last for ever, has slept or asked whether it
    /// shall stop: it gets the fuel of a call anew, and what it has spent is a call's in the books.
    pub(crate) fn renew(&self, state: State<'_>) {
        let (Some(since), Some(runtime), now) = (self.thread.get(), self.runtime(), sys::uptime()) else { return };
        if now.saturating_sub(since) < PACE {
            return;
        }
        self.thread.set(Some(now));
        let fuel = runtime.budget().fuel;
        self.ledger.call(fuel.saturating_sub(self.fuel(state)));
        self.refuel(state, fuel);
        // It may never sleep for long enough to let others run.
        sys::resched();
    }

    /// Leaves no more than a farewell takes.
    pub(crate) fn hurry(&self, state: State<'_>) {
        self.refuel(state, self.fuel(state).min(FAREWELL));
    }
}

/// The virtual machine asks for more fuel.
#[no_mangle]
unsafe extern "C" fn lua_krefuel(l: *mut ffi::lua_State) -> c_int {
    // SAFETY: The virtual machine passes the thread that runs.
    let state = unsafe { State::from_raw(l) };
    Slot::of(state).pause(state).into()
}
