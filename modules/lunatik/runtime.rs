// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A script with its states, its budget and what it attached to the kernel.

mod call;
mod load;
mod resume;
mod stop;
mod task;
mod thread;

use core::cell::{Cell, UnsafeCell};
use core::ffi::CStr;
use core::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use kernel::alloc::{flags::GFP_KERNEL, KBox, KVec};
use kernel::error::{code::*, Result};
use kernel::str::CString;
use kernel::sync::Arc;
use lua::{Shared, State};

use crate::attachment::Attachment;
use crate::capabilities::Capabilities;
use crate::health::{Health, Record};
use crate::ledger::Ledger;
use crate::monitor::Monitor;
use crate::once::{self, Made};
use crate::quota::Share;
use crate::reclaim::Head;
use crate::slot::Slot;
use crate::sync::SpinLock;
use crate::turns::Turns;
use crate::{loader, sys, Budget, Context, Fail};

/// Whether its functions are called.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Phase {
    /// Not yet, or no more.
    Closed,
    /// They are.
    Ready,
    /// They are, on one state for all CPUs, which take turns at it.
    Turns,
    /// They are not: they failed too often, and packets get the fail verdict.
    Quarantine,
}

/// What one state holds and did.
pub(crate) struct Books {
    pub(crate) cpu: usize,
    pub(crate) bytes: usize,
    pub(crate) ledger: Ledger,
}

/// A running script.
///
/// # Invariants
///
/// `slots`, `attachments`, `pins` and `made` change under `lock` (or before the runtime is
/// shared). A hook looks into `slots` while `phase` is Ready or Turns, and until every attachment has been
/// stopped after that: meanwhile the vector stays as it is. `books` guards it against who counts.
#[repr(C)]
pub struct Runtime {
    /// How it ends when its last holder, perhaps a hook's script, lets go of it.
    head: Head,
    name: CString,
    context: Context,
    budget: Budget,
    capabilities: Capabilities,
    /// Held by who runs the states of a process runtime, or changes what loading changes.
    lock: Monitor,
    /// Held by who stops it, all the while.
    stopping: Monitor,
    /// Who comes in is asked to come out again: read and written by stay.rs, under its lock.
    pub(crate) expelling: AtomicBool,
    books: SpinLock<()>,
    /// A [`Phase`].
    phase: AtomicU8,
    /// Hooks run: each state is its CPU's.
    armed: AtomicBool,
    /// Some of its states got further than others: none is resumed any more.
    torn: AtomicBool,
    /// It is being stopped, or is.
    closing: AtomicBool,
    /// Its chunks are a person's.
    person: AtomicBool,
    health: Health,
    /// What it has made that outlives states.
    share: Arc<Share>,
    /// Its CPUs share one state; else each has its own.
    turns: Option<Turns>,
    slots: UnsafeCell<KVec<Option<KBox<Slot>>>>,
    attachments: UnsafeCell<KVec<KBox<dyn Attachment>>>,
    pins: UnsafeCell<KVec<sys::Pin>>,
    made: UnsafeCell<KVec<Made>>,
    /// Those that its finalizers stop, for the task that closes it.
    doomed: Cell<KVec<Arc<Runtime>>>,
}

// SAFETY: A slot is used by one CPU at a time (softirq and hardirq: its own, or whose turn it is; process:
// under the lock), everything else is read-only or locked, by the invariants.
unsafe impl Send for Runtime {}
// SAFETY: As above.
unsafe impl Sync for Runtime {}

impl Runtime {
    /// Makes the states, or one that all CPUs share; runs nothing yet.
    pub(crate) fn new(
        name: &[u8],
        context: Context,
        budget: Budget,
        capabilities: Capabilities,
        single: bool,
    ) -> Result<Arc<Runtime>> {
        let mut slots = KVec::new();
        let single_state = single || context == Context::Process;
        let cpus = if single_state { 1 } else { sys::cpus() };
        let mut first = true;
        // The same for all, so that `pairs` finds names in one order on every CPU.
        let seed = sys::random();
        for cpu in 0..cpus {
            let wanted = single_state || sys::cpu_possible(cpu);
            let slot = if wanted { Some(Slot::new(budget.memory, first, seed)?) } else { None };
            first = first && !wanted;
            slots.push(slot, GFP_KERNEL)?;
        }
        let runtime = Arc::new(
            Runtime {
                head: Head::new(),
                name: CString::try_from_fmt(kernel::fmt!("{}", loader::Plain(name)))?,
                context,
                budget,
                capabilities,
                lock: Monitor::new()?,
                stopping: Monitor::new()?,
                expelling: AtomicBool::new(false),
                books: SpinLock::new(()),
                phase: AtomicU8::new(Phase::Closed as u8),
                armed: AtomicBool::new(false),
                torn: AtomicBool::new(false),
                closing: AtomicBool::new(false),
                person: AtomicBool::new(false),
                health: Health::new()?,
                share: Share::new(budget.memory)?,
                turns: (single && context != Context::Process).then(|| Turns::new(context == Context::Hardirq)),
                slots: UnsafeCell::new(slots),
                attachments: UnsafeCell::new(KVec::new()),
                pins: UnsafeCell::new(KVec::new()),
                made: UnsafeCell::new(KVec::new()),
                doomed: Cell::new(KVec::new()),
            },
            GFP_KERNEL,
        )?;
        for slot in runtime.slots() {
            slot.bind(&*runtime);
        }
        Ok(runtime)
    }

    /// The runtime of a state or of one of its coroutines.
    ///
    /// # Errors
    ///
    /// None that a handler can meet: its state has a runtime.
    #[inline]
    pub fn of<'l>(state: State<'l>) -> lua::Result<&'l Runtime> {
        Slot::of(state).runtime().ok_or_else(|| lua::Kind::Failed.into())
    }

    /// Whether this call may sleep: the script is loading, or its context is process; it is not being closed, and no
    /// task that exits runs it.
    ///
    /// # Errors
    ///
    /// It may not. A handler that sleeps returns this error instead.
    pub fn may_sleep(state: State<'_>) -> lua::Result {
        let slot = Slot::of(state);
        let task = slot.loading.get() || Runtime::of(state)?.context == Context::Process;
        // What runs while a state closes must not wait for another that may be waiting for it; and a task that exits, whose
        // last interface goes with it, has no files and namespaces that the kernel would look for.
        if task && !slot.closing() && !sys::is_exiting() {
            return Ok(());
        }
        Err(lua::Kind::MaySleep.into())
    }

    /// The runtime, for a handler that makes what belongs to a context: this must be its runtime's, and the call
    /// may sleep.
    ///
    /// # Errors
    ///
    /// It is another context, or the call may not.
    pub fn making_in(state: State<'_>, context: Context) -> lua::Result<&Runtime> {
        let runtime = Runtime::of(state)?;
        if runtime.context != context {
            return Err(lua::Kind::Context.into());
        }
        Runtime::may_sleep(state)?;
        Ok(runtime)
    }

    /// The script's name, as in `lunatik run`.
    pub fn name(&self) -> &CStr {
        loader::core_str(&self.name)
    }

    /// Where its functions are called.
    pub fn context(&self) -> Context {
        self.context
    }

    /// Its limits.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Whether all CPUs share one state, which its functions are called on one at a time.
    pub fn is_single(&self) -> bool {
        self.turns.is_some()
    }

    /// The phase in which its functions are called.
    fn at_work(&self) -> Phase {
        if self.is_single() {
            Phase::Turns
        } else {
            Phase::Ready
        }
    }

    /// The verdict of a failed call.
    #[inline]
    pub fn fail(&self) -> Fail {
        self.budget.fail
    }

    /// What it may require.
    pub(crate) fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn enter_phase(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Release);
    }

    #[inline]
    fn is_in(&self, phase: Phase) -> bool {
        self.phase.load(Ordering::Acquire) == phase as u8
    }

    /// Whether it failed so often that its functions are not called any more.
    pub fn is_quarantined(&self) -> bool {
        self.is_in(Phase::Quarantine)
    }

    /// Ends its quarantine; whether there was one.
    pub(crate) fn recover(&self) -> bool {
        let (from, to) = (Phase::Quarantine as u8, self.at_work() as u8);
        // Only if it has not been stopped meanwhile.
        let leave = || self.phase.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed).is_ok();
        self.health.recover(leave)
    }

    /// What it has made that may outlive it.
    pub(crate) fn share(&self) -> &Arc<Share> {
        &self.share
    }

    /// What is known of its failures.
    pub(crate) fn record(&self) -> Result<Record> {
        self.health.record()
    }

    /// The books of its states as they are now. May sleep.
    pub(crate) fn states(&self) -> Result<KVec<Books>> {
        let mut states = KVec::with_capacity(sys::cpus() as usize, GFP_KERNEL)?;
        let _books = self.books.lock();
        // SAFETY: The books are locked.
        let slots = unsafe { &*self.slots.get() };
        for (cpu, slot) in slots.iter().enumerate() {
            if let Some(slot) = slot {
                // There is room, so no memory is asked for.
                states.push(Books { cpu, bytes: slot.used(), ledger: slot.ledger.copy() }, GFP_KERNEL)?;
            }
        }
        Ok(states)
    }

    pub(crate) fn slots(&self) -> impl Iterator<Item = &Slot> {
        // SAFETY: Read-only here; changed only before the runtime is shared.
        unsafe { &*self.slots.get() }.iter().filter_map(|slot| slot.as_deref())
    }

    /// The index (the CPU) of one of its slots.
    pub(crate) fn cpu_of(&self, wanted: &Slot) -> usize {
        // SAFETY: As above.
        let slots = unsafe { &*self.slots.get() };
        let same = |slot: &Option<KBox<Slot>>| slot.as_deref().is_some_and(|slot| core::ptr::eq(slot, wanted));
        slots.iter().position(same).unwrap_or(usize::MAX)
    }

    pub(crate) fn attachments(&self) -> &KVec<KBox<dyn Attachment>> {
        // SAFETY: By the invariants, changed only by the task that loads, through `attach`.
        unsafe { &*self.attachments.get() }
    }

    pub(crate) fn attach(&self, attachment: KBox<dyn Attachment>) -> Result {
        if self.armed.load(Ordering::Relaxed) {
            return Err(EBUSY);
        }
        // SAFETY: Called while the script loads, by the task that loads; no hook runs yet, and
        // no reference is held.
        Ok(unsafe { &mut *self.attachments.get() }.push(attachment, GFP_KERNEL)?)
    }

    /// Keeps a module in memory as long as the runtime lives.
    ///
    /// # Safety
    ///
    /// `module` is null or a valid `struct module`.
    pub(crate) unsafe fn pin(&self, module: *mut core::ffi::c_void) -> Result {
        if module == crate::THIS_MODULE.as_ptr().cast() {
            return Ok(()); // Held already, but for the driver, which must not hold it.
        }
        // SAFETY: By the function's own contract.
        unsafe { self.hold(module) }
    }

    /// Keeps lunatik.ko in memory as long as the runtime lives.
    pub(crate) fn pin_lunatik(&self) -> Result {
        // SAFETY: Our own module is valid.
        unsafe { self.hold(crate::THIS_MODULE.as_ptr().cast()) }
    }

    /// # Safety
    ///
    /// As [`Runtime::pin`].
    unsafe fn hold(&self, module: *mut core::ffi::c_void) -> Result {
        // SAFETY: Reached from `require` only: by the task that loads, or, in a process runtime,
        // under its mutex.
        let pins = unsafe { &mut *self.pins.get() };
        if pins.iter().any(|pin| pin.is(module)) {
            return Ok(());
        }
        // SAFETY: By the function's own contract.
        Ok(pins.push(unsafe { sys::Pin::new(module) }?, GFP_KERNEL)?)
    }

    /// Whether it has more than one state.
    pub(crate) fn is_split(&self) -> bool {
        self.context != Context::Process
    }

    /// Keeps what a body made, while it loads, for the other states.
    pub(crate) fn remember(&self, made: Made) -> Result {
        // SAFETY: Reached while the script loads only, by the task that loads.
        once::remember(unsafe { &mut *self.made.get() }, made)
    }

    /// What [`Runtime::remember`] kept.
    pub(crate) fn recall(&self, site: u64, time: u32) -> Option<&Shared> {
        // SAFETY: As above.
        once::find(unsafe { &*self.made.get() }, site, time)
    }

    /// Its chunks are a person's, whose commands have budgets of their own.
    pub(crate) fn is_a_persons(&self) {
        self.person.store(true, Ordering::Relaxed);
    }

    /// Whether they are.
    pub(crate) fn person(&self) -> bool {
        self.person.load(Ordering::Relaxed)
    }

    /// Whether it is stopped, or about to be.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        // Only one that did not load is dropped before it is stopped.
        if !self.is_closing() {
            self.close();
        }
    }
}
