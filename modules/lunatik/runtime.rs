// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A script with its states, its budget and what it attached to the kernel.

use core::cell::UnsafeCell;
use core::ffi::{c_int, CStr};
use core::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use kernel::alloc::{
    flags::{GFP_ATOMIC, GFP_KERNEL},
    Flags, KBox, KVec,
};
use kernel::error::{code::*, Error, Result};
use kernel::str::CString;
use kernel::sync::Arc;
use lua::{Shared, State};

use crate::attachment::Attachment;
use crate::capabilities::Capabilities;
use crate::failure::Failure;
use crate::health::{Health, Record};
use crate::ledger::{Fault, Ledger};
use crate::monitor::{Guard, Monitor};
use crate::once::{self, Made};
use crate::portable::{self, Message};
use crate::reclaim::{self, Head};
use crate::slot::Slot;
use crate::stay::{self, Expulsion};
use crate::sync::SpinLock;
use crate::{control, events, loader, sys, Budget, Context, Fail};

/// Whether its functions are called.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Phase {
    /// Not yet, or no more.
    Closed,
    /// They are.
    Ready,
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
/// shared). A hook looks into `slots` while `phase` is Ready, and until every attachment has been
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
    /// It is being stopped, or is.
    closing: AtomicBool,
    /// Its chunks are a person's.
    person: AtomicBool,
    health: Health,
    slots: UnsafeCell<KVec<Option<KBox<Slot>>>>,
    attachments: UnsafeCell<KVec<KBox<dyn Attachment>>>,
    pins: UnsafeCell<KVec<sys::Pin>>,
    made: UnsafeCell<KVec<Made>>,
}

// SAFETY: A slot is used by one CPU at a time (softirq and hardirq: its own; process: under
// the lock), everything else is read-only or locked, by the invariants.
unsafe impl Send for Runtime {}
// SAFETY: As above.
unsafe impl Sync for Runtime {}

impl Runtime {
    /// Makes the states; runs nothing yet.
    pub(crate) fn new(
        name: &[u8],
        context: Context,
        budget: Budget,
        capabilities: Capabilities,
    ) -> Result<Arc<Runtime>> {
        let mut slots = KVec::new();
        let cpus = if context == Context::Process { 1 } else { sys::cpus() };
        let mut first = true;
        for cpu in 0..cpus {
            let wanted = context == Context::Process || sys::cpu_possible(cpu);
            let slot = if wanted { Some(Slot::new(budget.memory, first)?) } else { None };
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
                closing: AtomicBool::new(false),
                person: AtomicBool::new(false),
                health: Health::new()?,
                slots: UnsafeCell::new(slots),
                attachments: UnsafeCell::new(KVec::new()),
                pins: UnsafeCell::new(KVec::new()),
                made: UnsafeCell::new(KVec::new()),
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

    /// Whether this call may sleep: the script is loading, or its context is process; and it is
    /// not being closed.
    ///
    /// # Errors
    ///
    /// It may not. A handler that sleeps returns this error instead.
    pub fn may_sleep(state: State<'_>) -> lua::Result {
        let slot = Slot::of(state);
        let task = slot.loading.get() || Runtime::of(state)?.context == Context::Process;
        // What runs while a state closes must not wait for another that may be waiting for it.
        if task && !slot.closing() {
            return Ok(());
        }
        Err(lua::Kind::MaySleep.into())
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
    pub(crate) fn is_quarantined(&self) -> bool {
        self.is_in(Phase::Quarantine)
    }

    /// Ends its quarantine; whether there was one.
    pub(crate) fn recover(&self) -> bool {
        let recovered = self.health.recover();
        let (from, to) = (Phase::Quarantine as u8, Phase::Ready as u8);
        // Only if it has not been stopped meanwhile.
        let _ = self.phase.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed);
        recovered
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

    /// Runs the body in each state, then starts what it attached. `fuel`: what there is for it.
    pub(crate) fn load(&self, path: &CString, chunk: &[u8], fuel: &mut i64) -> core::result::Result<(), Failure> {
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
    fn load_states(
        &self,
        fuel: &mut i64,
        mut f: impl FnMut(&Slot, &mut i64) -> core::result::Result<(), Failure>,
    ) -> core::result::Result<(), Failure> {
        let loaded = self.slots().try_for_each(|slot| {
            slot.begin_loading();
            let loaded = f(slot, fuel);
            slot.finish_loading();
            loaded
        });
        // SAFETY: The task that loads is the only one that uses it.
        let made = core::mem::take(unsafe { &mut *self.made.get() });
        drop(made);
        loaded?;
        if self.is_split() && !self.attachments().is_empty() {
            self.slots().for_each(Slot::arm);
            self.armed.store(true, Ordering::Release);
        }
        self.enter_phase(Phase::Ready);
        for attachment in self.attachments().iter() {
            if let Err(errno) = attachment.start() {
                self.attachments().iter().for_each(|attachment| attachment.stop());
                return Err(Failure::new(
                    errno,
                    format_args!("the kernel refuses what the script registers: {errno:?}"),
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
            sys::limit_stack_left(slot.lua(), self.budget.stack);
            let result = f(slot.lua());
            slot.defuel(slot.lua());
            Ok(result)
        })
    }

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

    fn resume_locked(&self, arguments: &Message, fuel: &mut i64) -> core::result::Result<Message, Failure> {
        let name = loader::Plain(self.name().to_bytes());
        if self.is_closing() {
            return Err(Failure::new(ENXIO, format_args!("{name}: stopped")));
        }
        let mut results = None;
        if !self.is_split() {
            let slot = self.slots().next().ok_or(ENXIO)?;
            results = Some(self.resume_in(slot, arguments, fuel, GFP_KERNEL)?);
        } else if self.armed.load(Ordering::Acquire) {
            for slot in self.slots() {
                let cpu = u32::try_from(self.cpu_of(slot)).map_err(|_| ENXIO)?;
                let ran = sys::on_cpu(cpu, || {
                    let _pinned = self.pin_cpu();
                    // A hook that this interrupted would be in the way, but hooks run to their end.
                    if slot.busy.replace(true) {
                        return Err(EBUSY.into());
                    }
                    let ran = self.resume_in(slot, arguments, fuel, GFP_ATOMIC);
                    slot.busy.set(false);
                    ran
                });
                let ran = ran.ok_or(ENXIO)??;
                results.get_or_insert(ran);
            }
        } else {
            let loaded = self.load_states(fuel, |slot, fuel| {
                let ran = self.resume_in(slot, arguments, fuel, GFP_KERNEL)?;
                results.get_or_insert(ran);
                Ok(())
            });
            if let Err(failure) = loaded {
                // Some states got further than others: none of them goes on.
                self.slots().for_each(Slot::drop_body);
                return Err(failure);
            }
        }
        Ok(results.unwrap_or_default())
    }

    fn resume_in(
        &self,
        slot: &Slot,
        arguments: &Message,
        fuel: &mut i64,
        flags: Flags,
    ) -> core::result::Result<Message, Failure> {
        let state = slot.lua();
        let Some(body) = slot.body() else {
            let name = loader::Plain(self.name().to_bytes());
            return Err(Failure::new(EINVAL, format_args!("{name}: the script returned nothing to resume")));
        };
        state.set_top(0);
        let ran = self.governed(slot, self.budget.fuel, fuel, |state| {
            let count = c_int::try_from(arguments.len()).map_err(|_| lua::Kind::OutOfRange)?;
            state.reserve(count.saturating_add(1))?;
            state.push_reference(&body);
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
        ran
    }

    /// Why a lock of this runtime's is not to be had.
    fn blocked(&self, errno: Error) -> Failure {
        let name = loader::Plain(self.name().to_bytes());
        if errno == EINTR {
            Failure::new(errno, format_args!("{name}: interrupted"))
        } else {
            Failure::new(errno, format_args!("{name}: deadlock: it is waiting for this call to end"))
        }
    }

    fn pin_cpu(&self) -> sys::Pinned {
        match self.context {
            Context::Hardirq => sys::Pinned::hardirq(),
            _ => sys::Pinned::softirq(),
        }
    }

    /// Runs `f` on this CPU's state. `None`: the script failed, or it already runs here.
    #[inline]
    pub(crate) fn enter<R>(
        &self,
        f: impl FnOnce(State<'_>, usize, &Ledger) -> core::result::Result<R, (Fault, lua::Error)>,
    ) -> Option<R> {
        let pinned = match self.context {
            Context::Softirq => sys::Pinned::softirq(),
            Context::Hardirq => sys::Pinned::hardirq(),
            Context::Process => return None,
        };
        if !self.is_in(Phase::Ready) {
            return None;
        }
        let cpu = pinned.cpu();
        // SAFETY: Ready, so the slots are read-only.
        let slot = unsafe { &*self.slots.get() }.get(cpu)?.as_deref()?;
        if slot.busy.replace(true) {
            self.book(slot, Fault::Reentry, b"the script was at work already when a packet came", b"");
            return None;
        }
        let state = slot.lua();
        if !cfg!(unbudgeted) {
            state.set_fuel(self.budget.fuel);
            sys::limit_stack(state, self.budget.stack);
        }
        let result = f(state, cpu, &slot.ledger);
        // Spent fuel is a failure whatever the call says.
        let left = if cfg!(unbudgeted) { 0 } else { state.fuel() };
        slot.ledger.call(self.budget.fuel - left);
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

    /// Counts a failure, tells the first of its kind, and ends the calls if there are too many.
    #[cold]
    #[inline(never)]
    fn book(&self, slot: &Slot, fault: Fault, text: &[u8], trace: &[u8]) {
        slot.ledger.fault(fault);
        let remedy = self.health.note(fault, text, trace, &self.budget);
        if remedy.tell {
            sys::complain(self.name(), text, trace);
            events::failed(self, fault, text, trace);
        }
        if remedy.quarantine {
            let (from, to) = (Phase::Ready as u8, Phase::Quarantine as u8);
            // Only if it is not being stopped.
            if self.phase.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed).is_ok() {
                sys::complain(self.name(), QUARANTINED, b"");
                events::quarantined(self, text);
            }
        }
    }

    /// The same on a task's own stack, with no more than `left` units, of which it takes what
    /// `f` used.
    fn governed<R>(
        &self,
        slot: &Slot,
        fuel: i64,
        left: &mut i64,
        f: impl FnOnce(State<'_>) -> lua::Result<R>,
    ) -> lua::Result<R> {
        let state = slot.lua();
        let given = fuel.min(*left);
        slot.refuel(state, given);
        sys::limit_stack_left(state, self.budget.stack);
        let result = f(state);
        let rest = slot.defuel(state);
        slot.ledger.call(given.saturating_sub(rest));
        *left = left.saturating_sub(given.saturating_sub(rest));
        if rest < 0 {
            return Err(state.raise(format_args!("out of fuel")));
        }
        result.map_err(|error| state.raised(error))
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

    /// Ends it: all that the script attached, then its states. Returns when nothing of it runs
    /// any more; harmless when it is stopped already. May sleep.
    ///
    /// # Errors
    ///
    /// This call would wait for itself: the script, or one that waits for it, is the caller. The
    /// task was killed. Nothing is done then.
    pub(crate) fn stop(&self) -> core::result::Result<(), Failure> {
        let blocked = |errno| self.blocked(errno);
        let _stopping = self.stopping.lock().map_err(blocked)?;
        {
            // Who runs it now comes out first, and who comes later sees that it is closing.
            self.lock.check().map_err(blocked)?;
            let _expulsion = Expulsion::new(self);
            let _guard = self.lock.lock().map_err(blocked)?;
            if self.closing.swap(true, Ordering::AcqRel) {
                return Ok(());
            }
        }
        self.close();
        Ok(())
    }

    /// Ends what nobody runs any more, but hooks.
    fn close(&self) {
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

/// Fuel to turn an error into text: the script's, if it says how (`__tostring`).
const TELLING: i64 = 10_000;

const QUARANTINED: &[u8] = b"quarantined after too many failures: packets get its fail verdict until `lunatik resume`";

#[cold]
fn out_of_fuel(state: State<'_>) -> lua::Error {
    state.raise(format_args!("out of fuel"))
}

impl Drop for Runtime {
    fn drop(&mut self) {
        // Only one that did not load is dropped before it is stopped.
        if !self.is_closing() {
            self.close();
        }
    }
}
