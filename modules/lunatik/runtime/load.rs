// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! How a script's body runs, in each state, and what it attached begins.

use core::sync::atomic::Ordering;
use kernel::alloc::flags::GFP_KERNEL;
use kernel::error::{code::*, Result};
use kernel::str::CString;

use super::{Phase, Runtime};
use crate::attachment::OTHERS;
use crate::failure::Failure;
use crate::loader;
use crate::slot::Slot;

impl Runtime {
    /// Runs the body in each state, then starts what it attached. `fuel`: what there is for it. Who comes
    /// meanwhile, by what the body made, waits.
    pub(crate) fn load(&self, path: &CString, chunk: &[u8], fuel: &mut i64) -> core::result::Result<(), Failure> {
        let _guard = self.lock.lock().map_err(|errno| self.blocked(errno))?;
        self.load_states(fuel, |slot, fuel| {
            let state = slot.lua();
            let body = self.governed(slot, self.budget.load_fuel, fuel, |state| {
                loader::prepare(state)?;
                loader::load(state, path, chunk)?;
                state.call_traced(0, 1)?;
                slot.set_body(state)
            });
            let result = body.map_err(|_| Failure::of_lua(state, GFP_KERNEL));
            state.set_top(0);
            result
        })
    }

    /// Lets `f` load something in each state. When it has in all, what it attached starts; if
    /// it fails in one, nothing does.
    pub(super) fn load_states(
        &self,
        fuel: &mut i64,
        mut f: impl FnMut(&Slot, &mut i64) -> core::result::Result<(), Failure>,
    ) -> core::result::Result<(), Failure> {
        let loaded = self.slots().try_for_each(|slot| {
            slot.begin_loading();
            let loaded = f(slot, fuel);
            slot.finish_loading();
            loaded?;
            if slot.attached.get() < self.attachments().len() {
                return Err(Failure::new(EINVAL, format_args!("{OTHERS}")));
            }
            Ok(())
        });
        // SAFETY: The task that loads is the only one that uses it.
        let made = core::mem::take(unsafe { &mut *self.made.get() });
        drop(made);
        loaded?;
        if self.is_split() && !self.attachments().is_empty() {
            self.slots().for_each(Slot::arm);
            self.armed.store(true, Ordering::Release);
        }
        self.enter_phase(self.at_work());
        for attachment in self.attachments().iter() {
            if let Err(errno) = attachment.start() {
                self.attachments().iter().for_each(|attachment| attachment.stop());
                return Err(Failure::new(
                    errno,
                    format_args!("the kernel refuses what the script registers: {}", crate::errno::Shown(errno)),
                ));
            }
        }
        Ok(())
    }

    /// Makes a state without a script ready for [`Runtime::with`].
    pub(crate) fn load_nothing(&self) -> Result {
        for slot in self.slots() {
            let prepared = self.governed(slot, self.budget.load_fuel, &mut { i64::MAX }, loader::prepare);
            prepared.map_err(|_| ENOMEM)?;
            slot.lua().set_top(0);
            slot.finish_loading();
        }
        self.enter_phase(Phase::Ready);
        Ok(())
    }
}
