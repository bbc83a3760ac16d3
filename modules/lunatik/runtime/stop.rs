// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The end of a runtime.

use core::sync::atomic::Ordering;
use kernel::alloc::{flags::GFP_KERNEL, KVec};
use kernel::error::Result;
use kernel::sync::Arc;

use super::{Phase, Runtime};
use crate::failure::Failure;
use crate::reclaim::{self, Head};
use crate::stay::Expulsion;
use crate::{control, sys};

impl Runtime {
    /// Ends it: all that the script attached, then its states. Returns when nothing of it runs
    /// any more; harmless when it is stopped already. May sleep.
    ///
    /// # Errors
    ///
    /// This call would wait for itself: the script, or one that waits for it, is the caller. The
    /// task was killed. Nothing is done then.
    pub(crate) fn stop(&self) -> core::result::Result<(), Failure> {
        let blocked = |errno| self.blocked(errno);
        let _stopping = self.stopping.lock_patiently().map_err(blocked)?;
        {
            // Who runs it now comes out first, and who comes later sees that it is closing.
            self.lock.check().map_err(blocked)?;
            let _expulsion = Expulsion::new(self);
            let _guard = self.lock.lock_patiently().map_err(blocked)?;
            if self.closing.swap(true, Ordering::AcqRel) {
                return Ok(());
            }
        }
        self.close();
        Ok(())
    }

    /// Ends one that nobody has a handle of: now, or, if this task is killed meanwhile, later.
    pub(crate) fn abandon(runtime: Arc<Runtime>) {
        match runtime.stop() {
            Ok(()) => control::end_doomed(&runtime),
            Err(_) => Runtime::stop_later(runtime),
        }
    }

    /// Another is to end when this one has: a finalizer says so, in the task that closes this one, which must not
    /// wait for others now. They may be waiting for it.
    pub(crate) fn doom(&self, other: Arc<Runtime>) -> Result {
        let mut doomed = self.doomed.take();
        let known = doomed.iter().any(|known| core::ptr::eq(&**known, &*other));
        let added = if known { Ok(()) } else { doomed.push(other, GFP_KERNEL) };
        self.doomed.set(doomed);
        Ok(added?)
    }

    /// Those, for a task that finds this one closed: the first that asks.
    pub(crate) fn take_doomed(&self) -> KVec<Arc<Runtime>> {
        let _books = self.books.lock();
        self.doomed.take()
    }

    /// Ends what nobody runs any more, but hooks.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::Release);
        for attachment in self.attachments().iter() {
            attachment.stop();
        }
        self.enter_phase(Phase::Closed);
        let slots = {
            let _books = self.books.lock();
            // SAFETY: No hook runs, and who would run a state under the lock sees `closing`.
            core::mem::take(unsafe { &mut *self.slots.get() })
        };
        // States first: finalizers may use what modules provide.
        drop(slots);
        // SAFETY: As above; these are not used by who counts.
        unsafe {
            drop(core::mem::take(&mut *self.attachments.get()));
            drop(core::mem::take(&mut *self.pins.get()));
        }
    }

    /// Stops it in a worker: for the last holder, which may be one that must not sleep.
    pub(crate) fn stop_later(runtime: Arc<Runtime>) {
        let runtime = Arc::into_raw(runtime).cast_mut();
        // SAFETY: The head is the first field; the reference goes to `end`; nobody else stops it
        // later, because the last holder is one.
        unsafe { reclaim::later(runtime.cast(), end) }
    }
}

unsafe fn end(head: *mut Head) {
    // SAFETY: `stop_later` passes a reference, by the address of its first field.
    let runtime = unsafe { Arc::from_raw(head.cast_const().cast::<Runtime>()) };
    if let Err(failure) = control::end(&runtime) {
        sys::complain(runtime.name(), &failure.text, b"");
    }
}
