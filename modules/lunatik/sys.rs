// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The kernel as lunatik.ko uses it: safe functions over the C files beside it.

use core::cell::UnsafeCell;
use core::ffi::{c_char, c_int, c_long, c_uint, c_ulong, c_void, CStr};
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;
use kernel::error::to_result;
use kernel::error::{code::*, Result};

/// What shim.h calls `struct lunatik_budget`.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Defaults {
    pub(crate) fuel: u64,
    pub(crate) process_fuel: u64,
    pub(crate) load_fuel: u64,
    pub(crate) memory: u64,
    pub(crate) stack: u64,
    pub(crate) faults: u64,
    pub(crate) window: u64,
}

/// What shim.h calls `struct lunatik_limits`.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Limits {
    pub(crate) runtimes: u64,
    pub(crate) hooks: u64,
    pub(crate) probes: u64,
    pub(crate) table_entries: u64,
    pub(crate) table_memory: u64,
    pub(crate) shared_memory: u64,
}

extern "C" {
    fn lunatik_defaults(budget: *mut Defaults);
    fn lunatik_limits(limits: *mut Limits);
    fn lunatik_realloc(block: *mut c_void, size: usize, atomic: bool) -> *mut c_void;
    fn lunatik_free(block: *mut c_void);
    fn lunatik_random() -> u32;
    fn lunatik_cpus() -> c_uint;
    fn lunatik_cpu_possible(cpu: c_uint) -> bool;
    fn lunatik_bh_pin() -> c_int;
    fn lunatik_bh_unpin();
    fn lunatik_irq_save() -> c_ulong;
    fn lunatik_irq_restore(flags: c_ulong);
    fn lunatik_cpu() -> c_uint;
    fn lunatik_limit_stack(l: *mut lua::ffi::lua_State, bytes: usize);
    fn lunatik_limit_stack_in_interrupt(l: *mut lua::ffi::lua_State, bytes: usize);
    fn lunatik_limit_stack_left(l: *mut lua::ffi::lua_State);
    fn lunatik_killed() -> bool;
    fn lunatik_exiting() -> bool;
    fn lunatik_nap();
    fn lunatik_resched();
    fn lunatik_on_a_stack(function: unsafe extern "C" fn(*mut c_void) -> c_long, argument: *mut c_void);
    fn lunatik_on_cpu(
        cpu: c_uint,
        function: unsafe extern "C" fn(*mut c_void) -> c_long,
        argument: *mut c_void,
    ) -> c_long;
    fn lunatik_brief_lock() -> c_ulong;
    fn lunatik_brief_unlock(flags: c_ulong);
    fn lunatik_print(script: *const c_char, text: *const c_char, length: usize);
    fn lunatik_complain(
        script: *const c_char,
        text: *const c_char,
        length: usize,
        trace: *const c_char,
        trace_length: usize,
    );
    fn lunatik_uptime() -> u64;
    fn lunatik_date() -> u64;
    fn lunatik_module_get(module: *mut c_void) -> bool;
    fn lunatik_module_put(module: *mut c_void);
    fn lunatik_request_module(name: *const c_char) -> c_int;
    fn lunatik_global_lock();
    fn lunatik_global_unlock();
    fn lunatik_lock_new() -> *mut c_void;
    fn lunatik_lock_try(lock: *mut c_void) -> bool;
    fn lunatik_lock_take(lock: *mut c_void, patient: bool) -> c_int;
    fn lunatik_lock_release(lock: *mut c_void);
    fn lunatik_current_task() -> *mut c_void;
    fn lunatik_wake(task: *mut c_void);
    fn lunatik_device_register() -> c_int;
    fn lunatik_device_unregister();
}

/// ETIME, which the kernel crate does not name: out of fuel.
pub(crate) fn etime() -> kernel::error::Error {
    const ETIME: c_int = 62;
    to_result(-ETIME).err().unwrap_or(EINVAL)
}

/// EDEADLK, likewise.
pub(crate) fn edeadlk() -> kernel::error::Error {
    const EDEADLK: c_int = 35;
    to_result(-EDEADLK).err().unwrap_or(EINVAL)
}

/// The module parameters that bound what scripts share.
pub(crate) fn limits() -> Limits {
    let mut limits = Limits::default();
    // SAFETY: The structure is as shim.h declares it and outlives the call.
    unsafe { lunatik_limits(&mut limits) };
    limits
}

/// The module parameters.
pub(crate) fn defaults() -> Defaults {
    let mut defaults = Defaults::default();
    // SAFETY: The structure is as shim.h declares it and outlives the call.
    unsafe { lunatik_defaults(&mut defaults) };
    defaults
}

/// krealloc, or kfree for size 0.
///
/// # Safety
///
/// `block` is null or comes from this function, and is not used afterwards.
pub(crate) unsafe fn reallocate(block: *mut c_void, size: usize, atomic: bool) -> *mut c_void {
    // SAFETY: By the function's own contract.
    unsafe {
        if size == 0 {
            lunatik_free(block);
            return core::ptr::null_mut();
        }
        lunatik_realloc(block, size, atomic)
    }
}

/// A random seed.
pub(crate) fn random() -> u32 {
    // SAFETY: No preconditions.
    unsafe { lunatik_random() }
}

/// One more than the highest CPU number.
pub(crate) fn cpus() -> u32 {
    // SAFETY: No preconditions.
    unsafe { lunatik_cpus() }
}

/// Whether this CPU can ever come up.
pub(crate) fn cpu_possible(cpu: u32) -> bool {
    // SAFETY: shim.c checks the number.
    unsafe { lunatik_cpu_possible(cpu) }
}

/// Bottom halves, or interrupts, are off on this CPU while it lives.
pub(crate) struct Pinned {
    cpu: c_uint,
    undo: Undo,
}

enum Undo {
    /// Bottom halves were off before.
    Nothing,
    /// They are on again afterwards.
    BottomHalves,
    /// These flags come back.
    Interrupts(c_ulong),
}

impl Pinned {
    #[inline]
    pub(crate) fn softirq() -> Pinned {
        // SAFETY: What it disables is enabled in drop.
        let cpu = unsafe { lunatik_bh_pin() };
        if cpu < 0 {
            Pinned { cpu: !cpu as c_uint, undo: Undo::BottomHalves }
        } else {
            Pinned { cpu: cpu as c_uint, undo: Undo::Nothing }
        }
    }

    pub(crate) fn hardirq() -> Pinned {
        // SAFETY: Paired in drop.
        let undo = Undo::Interrupts(unsafe { lunatik_irq_save() });
        // SAFETY: No preconditions.
        Pinned { cpu: unsafe { lunatik_cpu() }, undo }
    }

    /// Lets Lua use so many bytes of stack below the caller, if there are so many.
    #[inline(never)]
    pub(crate) fn limit_stack(&self, state: lua::State<'_>, bytes: usize) {
        match self.undo {
            // SAFETY: The state is valid by its invariants.
            Undo::Interrupts(_) => unsafe { lunatik_limit_stack_in_interrupt(state.as_ptr(), bytes) },
            // SAFETY: As above.
            _ => unsafe { lunatik_limit_stack(state.as_ptr(), bytes) },
        }
    }

    /// The CPU that runs this.
    #[inline]
    pub(crate) fn cpu(&self) -> usize {
        self.cpu as usize
    }

    #[inline(never)]
    fn undo(&self) {
        // SAFETY: Pairs with the constructors.
        unsafe {
            match self.undo {
                Undo::Nothing => {}
                Undo::BottomHalves => lunatik_bh_unpin(),
                Undo::Interrupts(flags) => lunatik_irq_restore(flags),
            }
        }
    }
}

impl Drop for Pinned {
    #[inline]
    fn drop(&mut self) {
        if !matches!(self.undo, Undo::Nothing) {
            self.undo();
        }
    }
}

/// Lets Lua use the stack of a task, but for a reserve.
pub(crate) fn limit_stack_left(state: lua::State<'_>) {
    // SAFETY: The state is valid by its invariants.
    unsafe { lunatik_limit_stack_left(state.as_ptr()) }
}

/// Whether that task is about to die.
pub(crate) fn killed() -> bool {
    // SAFETY: No preconditions.
    unsafe { lunatik_killed() }
}

/// Whether the task that runs this exits.
pub(crate) fn is_exiting() -> bool {
    // SAFETY: No preconditions.
    unsafe { lunatik_exiting() }
}

/// Sleeps a tick of the clock, or less if the task is killed.
pub(crate) fn nap() {
    // SAFETY: The caller may sleep.
    unsafe { lunatik_nap() }
}

/// In a long loop of a task: lets others run.
pub(crate) fn resched() {
    // SAFETY: The caller may sleep.
    unsafe { lunatik_resched() }
}

/// What a function of C that waits gets: the closure that it calls, and then what that returned.
struct Call<F, R>(Option<F>, Option<R>);

impl<F: FnOnce() -> R, R> Call<F, R> {
    /// Lets `wait` have it called, with the argument that this expects, and wait for it.
    fn by(f: F, wait: impl FnOnce(unsafe extern "C" fn(*mut c_void) -> c_long, *mut c_void)) -> Option<R> {
        let mut call = Call(Some(f), None);
        wait(Call::<F, R>::entry, core::ptr::from_mut(&mut call).cast());
        call.1
    }

    unsafe extern "C" fn entry(argument: *mut c_void) -> c_long {
        // SAFETY: `by` passes a Call of its own, which outlives the call.
        let call = unsafe { &mut *argument.cast::<Call<F, R>>() };
        call.1 = call.0.take().map(|f| f());
        0
    }
}

/// Calls `f` on a CPU, or here while that CPU is off; sleeps until it has returned.
pub(crate) fn on_cpu<R>(cpu: u32, f: impl FnOnce() -> R) -> Option<R> {
    Call::by(f, |function, argument| {
        // SAFETY: The argument lives until the function has returned, and is of the type that it expects.
        unsafe { lunatik_on_cpu(cpu, function, argument) };
    })
}

/// Calls `f` in another task, which has a stack of its own; sleeps until it has returned.
pub(crate) fn on_a_stack<R>(f: impl FnOnce() -> R) -> Option<R> {
    Call::by(f, |function, argument| {
        // SAFETY: As above.
        unsafe { lunatik_on_a_stack(function, argument) };
    })
}

/// A line of the script in the log.
pub(crate) fn print(script: &CStr, text: &[u8]) {
    // SAFETY: The string ends in zero; pointer and length are those of a slice.
    unsafe { lunatik_print(script.as_ptr(), text.as_ptr().cast(), text.len()) }
}

/// An error in the log, with the lines of a traceback or without. Each line gets there, so who calls this bounds how
/// many there are: one for each kind of failure of a script's, say.
pub(crate) fn complain(script: &CStr, text: &[u8], trace: &[u8]) {
    // SAFETY: As above.
    unsafe { lunatik_complain(script.as_ptr(), text.as_ptr().cast(), text.len(), trace.as_ptr().cast(), trace.len()) }
}

/// Milliseconds since the machine started.
pub(crate) fn uptime() -> u64 {
    // SAFETY: No preconditions.
    unsafe { lunatik_uptime() }
}

/// Nanoseconds since 1970, as far as the machine knows.
pub(crate) fn date() -> u64 {
    // SAFETY: No preconditions.
    unsafe { lunatik_date() }
}

/// A `struct module` that cannot go while this lives.
pub(crate) struct Pin(*mut c_void);

// SAFETY: Module reference counts may be changed anywhere.
unsafe impl Send for Pin {}
// SAFETY: As above.
unsafe impl Sync for Pin {}

impl Pin {
    /// Fails if the module is on its way out.
    ///
    /// # Safety
    ///
    /// `module` is null (built in) or a valid `struct module`.
    pub(crate) unsafe fn new(module: *mut c_void) -> Result<Pin> {
        // SAFETY: By the function's own contract; null is allowed.
        if unsafe { lunatik_module_get(module) } {
            Ok(Pin(module))
        } else {
            Err(ENODEV)
        }
    }

    pub(crate) fn is(&self, module: *mut c_void) -> bool {
        self.0 == module
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        // SAFETY: Pairs with try_module_get in `new`.
        unsafe { lunatik_module_put(self.0) }
    }
}

/// Asks user space for the module `lua<name>`.
pub(crate) fn request_module(name: &CStr) {
    // SAFETY: The name ends in zero.
    unsafe { lunatik_request_module(name.as_ptr()) };
}

/// A value that the one global mutex guards, which is held for a short time.
pub struct Global<T>(UnsafeCell<T>);

// SAFETY: The value is reached under the global mutex only.
unsafe impl<T: Send> Sync for Global<T> {}

impl<T> Global<T> {
    /// The value as it is at first.
    pub const fn new(value: T) -> Self {
        Global(UnsafeCell::new(value))
    }

    /// Not to be nested; sleeps.
    pub fn lock(&self) -> GlobalGuard<'_, T> {
        // SAFETY: Paired in the guard's drop.
        unsafe { lunatik_global_lock() };
        GlobalGuard(self)
    }
}

/// The mutex is held while this lives.
pub struct GlobalGuard<'a, T>(&'a Global<T>);

impl<T> Deref for GlobalGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: The guard holds the mutex.
        unsafe { &*self.0 .0.get() }
    }
}

impl<T> DerefMut for GlobalGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: The guard holds the mutex.
        unsafe { &mut *self.0 .0.get() }
    }
}

impl<T> Drop for GlobalGuard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: Pairs with `lock`.
        unsafe { lunatik_global_unlock() }
    }
}

/// A value that the one global spin lock guards, in every context and for a moment only.
pub(crate) struct Brief<T>(UnsafeCell<T>);

// SAFETY: The value is reached under the lock only.
unsafe impl<T: Send> Sync for Brief<T> {}

impl<T> Brief<T> {
    pub(crate) const fn new(value: T) -> Self {
        Brief(UnsafeCell::new(value))
    }

    /// Not to be nested, with any other of these neither.
    pub(crate) fn lock(&self) -> BriefGuard<'_, T> {
        // SAFETY: Paired in the guard's drop.
        BriefGuard(self, unsafe { lunatik_brief_lock() })
    }
}

pub(crate) struct BriefGuard<'a, T>(&'a Brief<T>, c_ulong);

impl<T> Deref for BriefGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: The guard holds the lock.
        unsafe { &*self.0 .0.get() }
    }
}

impl<T> DerefMut for BriefGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: The guard holds the lock.
        unsafe { &mut *self.0 .0.get() }
    }
}

impl<T> Drop for BriefGuard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: Pairs with `lock`.
        unsafe { lunatik_brief_unlock(self.1) }
    }
}

/// A lock of tasks.
pub(crate) struct Lock(NonNull<c_void>);

// SAFETY: sync.c reaches what it points to under a spin lock.
unsafe impl Send for Lock {}
// SAFETY: As above.
unsafe impl Sync for Lock {}

impl Lock {
    pub(crate) fn new() -> Result<Lock> {
        // SAFETY: No preconditions.
        NonNull::new(unsafe { lunatik_lock_new() }).map(Lock).ok_or(ENOMEM)
    }

    /// Sleeps until the lock is free. EINTR: the task is killed, or, unless it is patient, shall
    /// come out of a runtime.
    pub(crate) fn take(&self, patient: bool) -> Result {
        // SAFETY: The lock lives as long as self.
        to_result(unsafe { lunatik_lock_take(self.0.as_ptr(), patient) })
    }

    /// Takes the lock if it is free.
    pub(crate) fn try_take(&self) -> bool {
        // SAFETY: As above.
        unsafe { lunatik_lock_try(self.0.as_ptr()) }
    }

    /// For who took it, or whom it was taken for.
    pub(crate) fn release(&self) {
        // SAFETY: As above.
        unsafe { lunatik_lock_release(self.0.as_ptr()) }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // SAFETY: Allocated by `new`, and nobody waits for it or has it, who would borrow self.
        unsafe { lunatik_free(self.0.as_ptr()) }
    }
}

/// The `struct task_struct` that runs this.
pub(crate) fn current_task() -> *mut c_void {
    // SAFETY: No preconditions.
    unsafe { lunatik_current_task() }
}

/// Wakes a task that sleeps; every sleeper looks why it woke up.
///
/// # Safety
///
/// The task exists.
pub(crate) unsafe fn wake(task: *mut c_void) {
    // SAFETY: By the function's own contract.
    unsafe { lunatik_wake(task) }
}

/// /dev/lunatik, while it lives.
pub(crate) struct Device(());

impl Device {
    pub(crate) fn new() -> Result<Device> {
        // SAFETY: Called once, by the module's init.
        to_result(unsafe { lunatik_device_register() })?;
        Ok(Device(()))
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // SAFETY: Registered in `new`.
        unsafe { lunatik_device_unregister() }
    }
}
