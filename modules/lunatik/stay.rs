// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Tasks inside of process runtimes, and how they are asked to come out.
//!
//! A script may sleep in a process runtime, perhaps for ever. Who stops the runtime must not
//! wait as long: it expels the task inside, which wakes up, and whatever sleeps on behalf of
//! a script looks at [`leaving`] before it sleeps and whenever it wakes up.

use core::cell::Cell;
use core::ffi::c_void;
use core::ptr;
use core::sync::atomic::Ordering;
use lua::State;

use crate::slot::Slot;
use crate::{sys, Runtime};

/// One task's stay in a runtime, on the stack of its call. A task whose script calls into
/// another runtime has several. A kernel thread's first one is its whole life, in no runtime (null).
struct Stay {
    runtime: *const Runtime,
    task: *mut c_void,
    leaving: Cell<bool>,
    next: Cell<*const Stay>,
}

/// All stays, the newest first.
///
/// # Invariants
///
/// Its elements are on the stacks of [`during`].
struct List(*const Stay);

// SAFETY: What it points to is reached under the lock only.
unsafe impl Send for List {}

static STAYS: sys::Brief<List> = sys::Brief::new(List(ptr::null()));

/// Calls `f` on each stay until it says so; returns whether it did.
fn any(stays: &List, mut f: impl FnMut(&Stay) -> bool) -> bool {
    // SAFETY: By the invariants of List: the lock is held, and the elements are alive.
    let mut at = unsafe { stays.0.as_ref() };
    while let Some(stay) = at {
        if f(stay) {
            return true;
        }
        // SAFETY: As above.
        at = unsafe { stay.next.get().as_ref() };
    }
    false
}

/// Runs `f` as a stay of this task in `runtime`.
pub(crate) fn during<R>(runtime: &Runtime, f: impl FnOnce() -> R) -> R {
    stay(runtime, || runtime.expelling.load(Ordering::Relaxed), f)
}

/// The same in any runtime or in none. `leaving`, under the lock, tells whether it is to end at once.
fn stay<R>(runtime: *const Runtime, leaving: impl FnOnce() -> bool, f: impl FnOnce() -> R) -> R {
    let stay = Stay { runtime, task: sys::current_task(), leaving: Cell::new(false), next: Cell::new(ptr::null()) };
    {
        // The element leaves the list below, before it is gone: nothing unwinds in the kernel.
        let mut stays = STAYS.lock();
        stay.leaving.set(leaving());
        stay.next.set(stays.0);
        stays.0 = &stay;
    }
    let result = f();
    let mut stays = STAYS.lock();
    let before = |at: &Stay| {
        let found = ptr::eq(at.next.get(), &stay);
        if found {
            at.next.set(stay.next.get());
        }
        found
    };
    if !any(&stays, before) {
        // No element is before it, so it is the first.
        stays.0 = stay.next.get();
    }
    result
}

/// While this lives, the task inside of a runtime is asked to come out, and so are those who
/// come in after it.
pub(crate) struct Expulsion<'a>(&'a Runtime);

impl Expulsion<'_> {
    /// Begins.
    pub(crate) fn new(runtime: &Runtime) -> Expulsion<'_> {
        let stays = STAYS.lock();
        runtime.expelling.store(true, Ordering::Relaxed);
        any(&stays, |stay| {
            if ptr::eq(stay.runtime, runtime) {
                stay.leaving.set(true);
                // SAFETY: The task cannot end while it is inside.
                unsafe { sys::wake(stay.task) };
            }
            false
        });
        drop(stays);
        Expulsion(runtime)
    }
}

impl Drop for Expulsion<'_> {
    fn drop(&mut self) {
        let _stays = STAYS.lock();
        self.0.expelling.store(false, Ordering::Relaxed);
    }
}

/// A kernel thread's wish to live, which others may end at any time.
///
/// # Invariants
///
/// Both change under the lock. The task is the one inside of [`Wish::during`], or null.
pub(crate) struct Wish {
    task: Cell<*mut c_void>,
    ended: Cell<bool>,
}

// SAFETY: By the invariants.
unsafe impl Send for Wish {}
// SAFETY: As above.
unsafe impl Sync for Wish {}

impl Wish {
    pub(crate) const fn new() -> Wish {
        Wish { task: Cell::new(ptr::null_mut()), ended: Cell::new(false) }
    }

    /// Runs `f` as the life of this task.
    pub(crate) fn during<R>(&self, f: impl FnOnce() -> R) -> R {
        let begin = || {
            self.task.set(sys::current_task());
            self.ended.get()
        };
        stay(ptr::null(), begin, || {
            let result = f();
            let _stays = STAYS.lock();
            self.task.set(ptr::null_mut());
            result
        })
    }

    /// From here on the task is asked to come out of whatever it is in. In every context.
    pub(crate) fn end(&self) {
        let stays = STAYS.lock();
        self.ended.set(true);
        let task = self.task.get();
        any(&stays, |stay| {
            let life = stay.runtime.is_null() && stay.task == task;
            if life {
                stay.leaving.set(true);
                // SAFETY: The task cannot end while it is inside.
                unsafe { sys::wake(task) };
            }
            life
        });
    }
}

/// Whether this task shall come out: of one of the runtimes that it is in, or of its life.
pub(crate) fn is_leaving() -> bool {
    let task = sys::current_task();
    any(&STAYS.lock(), |stay| stay.task == task && stay.leaving.get())
}

/// The same, for the shims of what sleeps.
#[no_mangle]
extern "C" fn lunatik_leaving() -> bool {
    is_leaving()
}

/// Whether the script shall come to its end: what sleeps then returns instead. A script that
/// does not listen runs out of fuel soon. Whatever has slept on behalf of a script calls this: a
/// thread's script gets its fuel anew.
pub fn leaving(state: State<'_>) -> bool {
    let leaving = is_leaving();
    if leaving {
        Slot::of(state).hurry(state);
    } else {
        Slot::of(state).renew(state);
    }
    leaving
}
