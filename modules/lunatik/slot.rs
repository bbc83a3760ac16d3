// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! One Lua state with what it may hold.

use core::cell::{Cell, UnsafeCell};
use core::ffi::{c_int, c_longlong, c_uint, c_void, CStr};
use core::ptr::{self, NonNull};
use kernel::alloc::{
    flags::{GFP_ATOMIC, GFP_KERNEL},
    KBox, KVec,
};
use kernel::error::{
    code::{ENOMEM, ENOSPC},
    Result,
};
use lua::{ffi, Reference, Shared, State};

use crate::ledger::Ledger;
use crate::lines::Lines;
use crate::spare::Spare;
use crate::trace::Trace;
use crate::{once, sys, Runtime};

extern "C" {
    fn lua_newstate(
        allocate: unsafe extern "C" fn(*mut c_void, *mut c_void, usize, usize) -> *mut c_void,
        ud: *mut c_void,
        seed: c_uint,
    ) -> *mut ffi::lua_State;
    fn lua_close(l: *mut ffi::lua_State);
}

extern "C" {
    /// By this odd number tables choose where they have integers.
    static mut lua_kmixer: u64;
}

/// Before there is a state: chooses a number that nobody knows.
pub(crate) fn hide_positions() {
    let number = (u64::from(sys::random()) << 32) | u64::from(sys::random()) | 1;
    // SAFETY: No state reads it yet.
    unsafe { lua_kmixer = number };
}

/// What closing a state may cost: finalizers written in Lua are cut off here, those in Rust
/// run whatever it costs.
const CLOSE_FUEL: c_longlong = 1_000_000;

/// A Lua state and its books. It does not move: Lua knows its address.
pub(crate) struct Slot {
    state: Cell<*mut ffi::lua_State>,
    runtime: Cell<*const Runtime>,
    used: Cell<usize>,
    spare: Spare,
    lines: Lines,
    limit: usize,
    atomic: Cell<bool>,
    /// Fuel beyond the slice that the state has now: see `fuel`.
    pub(crate) reserve: Cell<i64>,
    pub(crate) ledger: Ledger,
    pub(crate) trace: Trace,
    pub(crate) busy: Cell<bool>,
    pub(crate) loading: Cell<bool>,
    /// In milliseconds of the machine's uptime, since when the kernel thread that runs it has the fuel
    /// that it has; none if no thread does.
    pub(crate) thread: Cell<Option<u64>>,
    /// Its state is on its way out: what runs in it now must not sleep.
    closing: Cell<bool>,
    pub(crate) first: bool,
    pub(crate) attached: Cell<usize>,
    /// The coroutine that `resume` resumes.
    body: Cell<Option<Reference>>,
    /// How often each call of the body has made a shared object: see `once`.
    sites: UnsafeCell<KVec<(u64, u32)>>,
    /// Modules of objects that came from other states.
    pins: UnsafeCell<KVec<sys::Pin>>,
}

impl Slot {
    /// A fresh state with the standard libraries, with this seed for its strings' hashes.
    pub(crate) fn new(limit: usize, first: bool, seed: u32) -> Result<KBox<Slot>> {
        let slot = KBox::new(
            Slot {
                state: Cell::new(ptr::null_mut()),
                runtime: Cell::new(ptr::null()),
                used: Cell::new(0),
                spare: Spare::new(),
                lines: Lines::new(),
                limit,
                atomic: Cell::new(false),
                reserve: Cell::new(0),
                ledger: Ledger::new(),
                trace: Trace::new(),
                busy: Cell::new(false),
                loading: Cell::new(true),
                thread: Cell::new(None),
                closing: Cell::new(false),
                first,
                attached: Cell::new(0),
                body: Cell::new(None),
                sites: UnsafeCell::new(KVec::new()),
                pins: UnsafeCell::new(KVec::new()),
            },
            GFP_KERNEL,
        )?;
        let ud = ptr::from_ref::<Slot>(&slot).cast_mut().cast::<c_void>();
        // SAFETY: `allocate` gets the slot's address, which stays valid until lua_close in drop.
        let l = unsafe { lua_newstate(allocate, ud, seed) };
        if l.is_null() {
            return Err(ENOMEM);
        }
        slot.state.set(l);
        // SAFETY: Lua keeps a pointer's room before each lua_State, copied to every coroutine.
        unsafe { extra(l).write(ptr::from_ref::<Slot>(&slot)) };
        slot.lua().set_fuel(c_longlong::MAX);
        slot.lua().open_libraries().map_err(|_| ENOMEM)?;
        slot.lua().set_top(0);
        slot.lua().hear_errors();
        Ok(slot)
    }

    /// The slot of a state or of one of its coroutines.
    #[inline]
    pub(crate) fn of<'l>(state: State<'l>) -> &'l Slot {
        // SAFETY: Every state of this module was made by `new`, which wrote a slot that lives
        // at least as long as the state.
        unsafe { &*extra(state.as_ptr()).read() }
    }

    /// The main thread.
    #[inline]
    pub(crate) fn lua(&self) -> State<'_> {
        // SAFETY: `state` is valid from `new` to drop; who calls this owns the slot for now:
        // it is loading, or its runtime entered it.
        unsafe { State::from_raw(self.state.get()) }
    }

    /// Ties the slot to its runtime, once that has its final address.
    pub(crate) fn bind(&self, runtime: *const Runtime) {
        self.runtime.set(runtime);
    }

    pub(crate) fn runtime(&self) -> Option<&Runtime> {
        // SAFETY: A runtime outlives its slots, which it owns.
        NonNull::new(self.runtime.get().cast_mut()).map(|runtime| unsafe { runtime.as_ref() })
    }

    /// The script may do what it may do while it loads, once more.
    pub(crate) fn begin_loading(&self) {
        self.loading.set(true);
        self.atomic.set(false);
    }

    /// From here on, allocations must not sleep.
    pub(crate) fn arm(&self) {
        self.finish_loading();
        self.atomic.set(true);
    }

    pub(crate) fn finish_loading(&self) {
        self.loading.set(false);
        // SAFETY: Used by the task that loads, in no more than one function at a time.
        unsafe { *self.sites.get() = KVec::new() };
    }

    /// Whether nothing that runs in the state now may sleep, allocations of its own neither.
    pub(crate) fn atomic(&self) -> bool {
        self.atomic.get()
    }

    /// Whether what runs in the state now may wait for memory that others give up.
    pub(crate) fn may_wait(&self) -> bool {
        // A state may be closing in the very worker that would be waited for.
        !self.atomic() && !self.closing()
    }

    /// Whether its state is on its way out.
    pub(crate) fn closing(&self) -> bool {
        self.closing.get()
    }

    /// Makes of the value on top of the stack what `resume` calls, unless it is nil.
    pub(crate) fn set_body(&self, state: State<'_>) -> lua::Result {
        if state.is_none_or_nil(-1) {
            return Ok(());
        }
        state.new_coroutine()?;
        self.body.set(Some(state.reference()?));
        Ok(())
    }

    pub(crate) fn body(&self) -> Option<Reference> {
        self.body.get()
    }

    /// How often this call of the script's has come here before, while the script loads.
    pub(crate) fn count_site(&self, site: u64) -> Result<u32> {
        // SAFETY: As in `finish_loading`.
        let sites = unsafe { &mut *self.sites.get() };
        for (known, count) in sites.iter_mut() {
            if *known == site {
                let before = *count;
                *count = before.wrapping_add(1);
                return Ok(before);
            }
        }
        if sites.len() >= once::MOST {
            return Err(ENOSPC);
        }
        sites.push((site, 1), GFP_KERNEL)?;
        Ok(0)
    }

    /// An object comes from another state, whose module stays in memory until this one has ended: the script may keep
    /// methods of it, and objects of other classes that they make.
    pub(crate) fn pin(&self, object: &Shared) -> lua::Result {
        let module = object.owner();
        // SAFETY: Used by who has the slot, in no more than one function at a time.
        let pins = unsafe { &mut *self.pins.get() };
        if module == crate::THIS_MODULE.as_ptr().cast() || pins.iter().any(|pin| pin.is(module)) {
            return Ok(());
        }
        let flags = if self.atomic() { GFP_ATOMIC } else { GFP_KERNEL };
        // SAFETY: The object keeps its module, which is null or valid.
        let pin = unsafe { sys::Pin::new(module) }.map_err(|_| lua::Kind::Busy)?;
        pins.push(pin, flags).map_err(|_| lua::Kind::NoMemory.into())
    }

    /// Whether the state may hold so many bytes; what it keeps beside them goes if it has to.
    #[inline]
    fn has_room(&self, used: usize) -> bool {
        if used.saturating_add(self.spare.bytes()) > self.limit {
            self.spare.clear();
        }
        used <= self.limit || cfg!(unbudgeted)
    }

    /// Bytes that the state holds now.
    pub(crate) fn used(&self) -> usize {
        self.used.get()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if self.state.get().is_null() {
            return;
        }
        self.closing.set(true);
        self.atomic.set(false);
        self.lua().set_top(0);
        self.refuel(self.lua(), CLOSE_FUEL);
        sys::limit_stack_left(self.lua());
        if let Some(reference) = self.body() {
            // What a suspended body has open is closed; that it fails is its own loss.
            self.lua().push_reference(&reference);
            let _ = self.lua().close_coroutine(1);
        }
        // SAFETY: The state is valid and not running; nothing uses it afterwards.
        unsafe { lua_close(self.state.replace(ptr::null_mut())) };
        if self.used.get() != 0 {
            let name = self.runtime().map_or(c"lunatik", |runtime| runtime.name());
            sys::complain(name, b"BUG: the state leaked memory", b"");
        }
    }
}

/// Memory outside of Lua that counts towards a state's limit, while this lives.
///
/// # Invariants
///
/// It is part of an object of the slot's state, so the slot outlives it.
pub struct Charge {
    slot: NonNull<Slot>,
    bytes: usize,
}

impl Charge {
    /// Counts `bytes`, collecting garbage first if that makes the room. The object that the
    /// memory is for must be one of `state`'s.
    ///
    /// # Errors
    ///
    /// The state's memory limit.
    pub fn new(state: State<'_>, bytes: usize) -> lua::Result<Charge> {
        let slot = Slot::of(state);
        let room = || slot.used.get().checked_add(bytes).filter(|used| slot.has_room(*used));
        if room().is_none() {
            state.collect();
        }
        slot.used.set(room().ok_or(lua::Kind::NoMemory)?);
        Ok(Charge { slot: NonNull::from(slot), bytes })
    }

    /// Counts `bytes` more.
    ///
    /// # Errors
    ///
    /// The state's memory limit; then it is as before.
    pub fn grow(&mut self, state: State<'_>, bytes: usize) -> lua::Result {
        let mut more = Charge::new(state, bytes)?;
        self.bytes = self.bytes.saturating_add(core::mem::take(&mut more.bytes));
        Ok(())
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        // SAFETY: By the invariants the slot is still there.
        let used = unsafe { &self.slot.as_ref().used };
        used.set(used.get().saturating_sub(self.bytes));
    }
}

/// Where Lua keeps a pointer for its host.
///
/// # Safety
///
/// `l` must be a valid state.
unsafe fn extra(l: *mut ffi::lua_State) -> *mut *const Slot {
    // SAFETY: LUA_EXTRASPACE is one pointer, right before the state.
    unsafe { l.cast::<*const Slot>().sub(1) }
}

unsafe extern "C" fn allocate(ud: *mut c_void, block: *mut c_void, old: usize, new: usize) -> *mut c_void {
    // SAFETY: `ud` is the slot that `new` gave to lua_newstate.
    let slot = unsafe { &*ud.cast::<Slot>() };
    // For a new block, Lua says its type instead of its old size.
    let old = if block.is_null() { 0 } else { old };
    let used = slot.used.get().saturating_sub(old).saturating_add(new);
    if new > old && !slot.has_room(used) {
        return ptr::null_mut();
    }
    // SAFETY: Lua passes null or a block of ours with its size, and forgets it if this succeeds.
    let moved = unsafe { slot.spare.reallocate(block, old, new, slot.atomic.get()) };
    if new == 0 || !moved.is_null() {
        slot.used.set(used);
    }
    moved
}

/// A seed for string hashes.
#[no_mangle]
extern "C" fn lua_kseed() -> c_uint {
    sys::random()
}

/// A line of `print`.
#[no_mangle]
unsafe extern "C" fn lua_kprint(l: *mut ffi::lua_State, text: *const core::ffi::c_char, length: usize) {
    if l.is_null() {
        return;
    }
    // SAFETY: The virtual machine passes a valid state, and text of that length.
    let (state, text) = unsafe { (State::from_raw(l), core::slice::from_raw_parts(text.cast(), length)) };
    let slot = Slot::of(state);
    // The body runs once for each CPU, and is heard once.
    if slot.first || !slot.loading.get() {
        slot.lines.print(state, slot.runtime().map_or(c"lunatik", |runtime| runtime.name()), text);
    }
}

/// The virtual machine calls this for an error outside of protected mode. There is none:
/// every entry is protected.
#[no_mangle]
extern "C" fn lua_kpanic() -> ! {
    panic!("lunatik: Lua raised an error outside of protected mode")
}

/// The text of an error that a callback returned.
#[no_mangle]
extern "C" fn lua_kstrerror(kind: c_int) -> *const core::ffi::c_char {
    let text: &'static CStr = lua::Kind::message(kind);
    text.as_ptr()
}
