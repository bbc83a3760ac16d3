// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A script with its states, its budget and what it attached to the kernel.

use core::cell::UnsafeCell;
use core::ffi::CStr;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use kernel::alloc::{flags::GFP_KERNEL, KBox, KVec};
use kernel::error::{code::*, Result};
use kernel::str::CString;
use kernel::sync::Arc;
use lua::State;

use crate::attachment::Attachment;
use crate::failure::Failure;
use crate::slot::Slot;
use crate::{loader, stay, sys, Budget, Context, Fail};

/// A running script.
///
/// # Invariants
///
/// `slots`, `attachments` and `pins` change only while the script loads, by the one task
/// that loads it, before `ready` is set; afterwards they are read-only until drop.
pub struct Runtime {
    name: CString,
    context: Context,
    budget: Budget,
    lock: sys::Mutex,
    ready: AtomicBool,
    faults: AtomicU64,
    slots: UnsafeCell<KVec<Option<KBox<Slot>>>>,
    attachments: UnsafeCell<KVec<KBox<dyn Attachment>>>,
    pins: UnsafeCell<KVec<sys::Pin>>,
}

// SAFETY: A slot is used by one CPU at a time (softirq and hardirq: its own; process: under
// the mutex), everything else is read-only once shared, by the invariants.
unsafe impl Send for Runtime {}
// SAFETY: As above.
unsafe impl Sync for Runtime {}

impl Runtime {
    /// Makes the states; runs nothing yet.
    pub(crate) fn new(name: &[u8], context: Context, budget: Budget) -> Result<Arc<Runtime>> {
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
                name: CString::try_from_fmt(kernel::fmt!("{}", loader::Plain(name)))?,
                context,
                budget,
                lock: sys::Mutex::new()?,
                ready: AtomicBool::new(false),
                faults: AtomicU64::new(0),
                slots: UnsafeCell::new(slots),
                attachments: UnsafeCell::new(KVec::new()),
                pins: UnsafeCell::new(KVec::new()),
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

    /// Whether this call may sleep: the script is loading, or its context is process.
    ///
    /// # Errors
    ///
    /// It may not. A handler that sleeps returns this error instead.
    pub fn may_sleep(state: State<'_>) -> lua::Result {
        let loading = Slot::of(state).loading.get();
        if loading || Runtime::of(state)?.context == Context::Process {
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

    /// Calls that failed so far.
    pub fn faults(&self) -> u64 {
        self.faults.load(Ordering::Relaxed)
    }

    /// How many states it has, and the bytes that they hold together.
    pub(crate) fn size(&self) -> (usize, usize) {
        self.slots().fold((0, 0), |(states, bytes), slot| (states + 1, bytes + slot.used()))
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
        if self.ready.load(Ordering::Relaxed) {
            return Err(EBUSY);
        }
        // SAFETY: Not ready, so this is the task that loads, and no reference is held.
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

    /// Runs the body in each state, then starts what it attached.
    pub(crate) fn load(&self, path: &CString, chunk: &[u8]) -> core::result::Result<(), Failure> {
        for slot in self.slots() {
            let state = slot.lua();
            let body = self.bounded(state, self.budget.load_fuel, |state| {
                loader::prepare(state)?;
                loader::load(state, path, chunk)?;
                state.call_traced(0, 1)
            });
            if body.is_err() {
                return Err(Failure::of_lua(state));
            }
            // What the body returns is what `resume` calls.
            if self.context == Context::Process {
                state.set_top(1);
                slot.finish_loading();
            } else {
                state.set_top(0);
                slot.arm();
            }
        }
        self.ready.store(true, Ordering::Release);
        for attachment in self.attachments().iter() {
            if let Err(errno) = attachment.start() {
                self.ready.store(false, Ordering::Release);
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
            let prepared = self.bounded(slot.lua(), self.budget.load_fuel, loader::prepare);
            prepared.map_err(|_| ENOMEM)?;
            slot.lua().set_top(0);
            slot.finish_loading();
        }
        self.ready.store(true, Ordering::Release);
        Ok(())
    }

    /// Runs `f` on the state of a process runtime, with fresh fuel; sleeps until it is free.
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

    fn inside<R>(&self, _guard: sys::MutexGuard<'_>, f: impl FnOnce(State<'_>) -> R) -> Result<R> {
        // Who stops the runtime finds this stay, or is found to have stopped it.
        stay::during(self, || {
            if self.context != Context::Process || !self.ready.load(Ordering::Acquire) {
                return Err(ENXIO);
            }
            let slot = self.slots().next().ok_or(ENXIO)?;
            slot.lua().set_fuel(self.budget.fuel);
            sys::limit_stack(slot.lua(), self.budget.stack);
            Ok(f(slot.lua()))
        })
    }

    /// Runs `f` on this CPU's state. `None`: the script failed, or it already runs here.
    #[inline]
    pub(crate) fn enter<R>(&self, f: impl FnOnce(State<'_>, usize) -> lua::Result<R>) -> Option<R> {
        let pinned = match self.context {
            Context::Softirq => sys::Pinned::softirq(),
            Context::Hardirq => sys::Pinned::hardirq(),
            Context::Process => return None,
        };
        if !self.ready.load(Ordering::Acquire) {
            return None;
        }
        let cpu = pinned.cpu();
        // SAFETY: Ready, so the slots are read-only.
        let slot = unsafe { &*self.slots.get() }.get(cpu)?.as_deref()?;
        if slot.busy.replace(true) {
            return None;
        }
        let state = slot.lua();
        let result = self.bounded(state, self.budget.fuel, |state| f(state, cpu));
        let result = match result {
            Ok(value) => Some(value),
            Err(_) => {
                self.fault(state);
                None
            }
        };
        state.set_top(0);
        slot.busy.set(false);
        result
    }

    /// Fuel and stack for one call; spent fuel is a failure whatever the call says.
    #[inline]
    fn bounded<R>(&self, state: State<'_>, fuel: i64, f: impl FnOnce(State<'_>) -> lua::Result<R>) -> lua::Result<R> {
        state.set_fuel(fuel);
        sys::limit_stack(state, self.budget.stack);
        let result = f(state);
        if state.fuel() < 0 {
            return Err(out_of_fuel(state));
        }
        result
    }

    #[cold]
    fn fault(&self, state: State<'_>) {
        self.faults.fetch_add(1, Ordering::Relaxed);
        state.set_fuel(10_000);
        let text = if state.push_text(-1).is_ok() { state.bytes(-1) } else { b"error object without text" };
        sys::complain(self.name(), text);
    }

    /// Ends all that the script attached; returns when none of it runs any more.
    pub(crate) fn stop(&self) {
        self.ready.store(false, Ordering::Release);
        for attachment in self.attachments().iter() {
            attachment.stop();
        }
        stay::expel(self);
        drop(self.lock.lock_uninterruptible());
    }
}

#[cold]
fn out_of_fuel(state: State<'_>) -> lua::Error {
    state.raise(format_args!("out of fuel"))
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.stop();
        // States first: finalizers may use what modules provide.
        *self.slots.get_mut() = KVec::new();
        *self.attachments.get_mut() = KVec::new();
        *self.pins.get_mut() = KVec::new();
    }
}
