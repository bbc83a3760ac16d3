// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A script that goes on where it yielded.

use core::ffi::c_int;
use core::sync::atomic::Ordering;
use kernel::alloc::{
    flags::{GFP_ATOMIC, GFP_KERNEL},
    Flags,
};
use kernel::error::code::*;
use lua::Reference;

use super::Runtime;
use crate::failure::Failure;
use crate::portable::{self, Message};
use crate::slot::Slot;
use crate::{loader, stay, sys, Context};

impl Runtime {
    /// Resumes the script where it yielded; at first, calls what its body returned. In a runtime
    /// with a state for each CPU, each of them does so, and the results are the first's. `fuel`
    /// is what there is for it, and then what is left.
    ///
    /// As long as it has attached nothing, a runtime of packet hooks is still loading: this may
    /// sleep and attach. May sleep.
    ///
    /// # Errors
    ///
    /// What the script raises, which ends it; the script has ended or is stopped; this call
    /// would wait for itself.
    pub fn resume(&self, arguments: &Message, fuel: &mut i64) -> core::result::Result<Message, Failure> {
        let _guard = self.lock.lock().map_err(|errno| self.blocked(errno))?;
        stay::during(self, || self.resume_locked(arguments, fuel))
    }

    pub(super) fn resume_locked(&self, arguments: &Message, fuel: &mut i64) -> core::result::Result<Message, Failure> {
        let name = loader::Plain(self.name().to_bytes());
        if self.is_closing() {
            return Err(Failure::new(ENXIO, format_args!("{name}: stopped")));
        }
        if self.torn.load(Ordering::Relaxed) {
            return Err(Failure::new(
                EINVAL,
                format_args!("{name}: it has failed in one of its states, and goes on in none"),
            ));
        }
        self.slots().try_for_each(|slot| self.body_of(slot).map(|_| ()))?;
        let mut results = None;
        let resumed = if !self.is_split() {
            let slot = self.slots().next().ok_or(ENXIO)?;
            self.resume_in(slot, &self.body_of(slot)?, arguments, fuel, GFP_KERNEL).map(|ran| results = Some(ran))
        } else if self.armed.load(Ordering::Acquire) {
            self.slots().try_for_each(|slot| {
                let ran = self.resume_at_work(slot, arguments, fuel)?;
                results.get_or_insert(ran);
                Ok(())
            })
        } else {
            self.load_states(fuel, |slot, fuel| {
                let ran = self.resume_in(slot, &self.body_of(slot)?, arguments, fuel, GFP_KERNEL)?;
                results.get_or_insert(ran);
                Ok(())
            })
        };
        if self.is_split() && resumed.is_err() {
            // It is over in one of them, or got further there; the others wait where they are.
            self.torn.store(true, Ordering::Relaxed);
        }
        resumed.map(|()| results.unwrap_or_default())
    }

    /// What the script's body returned, in this state.
    fn body_of(&self, slot: &Slot) -> core::result::Result<Reference, Failure> {
        let name = loader::Plain(self.name().to_bytes());
        let nothing = || Failure::new(EINVAL, format_args!("{name}: the script returned nothing to resume"));
        slot.body().ok_or_else(nothing)
    }

    /// Resumes a state between its hooks, on its CPU.
    fn resume_at_work(
        &self,
        slot: &Slot,
        arguments: &Message,
        fuel: &mut i64,
    ) -> core::result::Result<Message, Failure> {
        let cpu = u32::try_from(self.cpu_of(slot)).map_err(|_| ENXIO)?;
        // Nothing sleeps on that CPU, so what asks for memory to say why not is before and afterwards.
        let body = self.body_of(slot)?;
        let ran = sys::on_cpu(cpu, || {
            let pinned = self.pin_cpu();
            let _turn = self.turns.as_ref().map(|turns| turns.take(pinned.cpu()).ok_or(EBUSY)).transpose()?;
            // A hook that this interrupted would be in the way, but hooks run to their end.
            if slot.busy.replace(true) {
                return Err(EBUSY);
            }
            let ran = self.resume_in(slot, &body, arguments, fuel, GFP_ATOMIC);
            slot.busy.set(false);
            Ok(ran)
        });
        ran.ok_or(ENXIO)??
    }

    fn resume_in(
        &self,
        slot: &Slot,
        body: &Reference,
        arguments: &Message,
        fuel: &mut i64,
        flags: Flags,
    ) -> core::result::Result<Message, Failure> {
        let state = slot.lua();
        state.set_top(0);
        let ran = self.governed(slot, self.budget.fuel, fuel, |state| {
            let count = c_int::try_from(arguments.len()).map_err(|_| lua::Kind::OutOfRange)?;
            state.reserve(count.saturating_add(1))?;
            state.push_reference(body);
            for argument in arguments.iter() {
                argument.push(state)?;
            }
            state.resume(1, count)?;
            portable::message(state, 2, flags)
        });
        let ran = ran.map_err(|_| {
            let failure = Failure::of_lua(state, flags);
            slot.ledger.fault(failure.fault());
            failure
        });
        state.set_top(0);
        // What a hook says of its next failure is not this one's place.
        slot.trace.clear();
        ran
    }

    fn pin_cpu(&self) -> sys::Pinned {
        match self.context {
            Context::Hardirq => sys::Pinned::hardirq(),
            _ => sys::Pinned::softirq(),
        }
    }
}
