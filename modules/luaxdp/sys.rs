// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's functions, safe; and a pointer in Lua's registry.

use core::cell::UnsafeCell;
use core::ffi::{c_int, c_void, CStr};
use core::ops::{Deref, DerefMut};
use core::ptr::{self, NonNull};
use kernel::error::{to_result, Error, Result};
use lua::{ffi, State};

extern "C" {
    fn luaxdp_register() -> c_int;
    fn luaxdp_lock();
    fn luaxdp_unlock();
    fn luaxdp_adjust_head(xdp: *mut Buffer, delta: c_int) -> c_int;
    fn luaxdp_adjust_tail(xdp: *mut Buffer, delta: c_int) -> c_int;
    fn luaxdp_fragmented(xdp: *const Buffer) -> bool;
    fn luaxdp_length(xdp: *const Buffer) -> usize;
    fn luaxdp_ifindex(xdp: *const Buffer) -> u32;
    fn luaxdp_queue(xdp: *const Buffer) -> u32;
    fn luaxdp_for_us(xdp: *const Buffer) -> bool;
    fn luaxdp_redirect(xdp: *const Buffer, ifindex: u32) -> c_int;
    fn luaxdp_time() -> u64;
    fn luaxdp_route(xdp: *const Buffer, flow: *mut Flow) -> c_int;
    fn luaxdp_link_get(fd: c_int, link: *mut *mut c_void) -> c_int;
    fn luaxdp_link_where(link: *const c_void, place: *mut Where) -> bool;
    fn luaxdp_link_end(link: *mut c_void);
    fn luaxdp_link_put(link: *mut c_void);
}

/// Makes the functions for eBPF programs known; they stay so until the module goes.
pub(crate) fn register() -> Result {
    // SAFETY: Called once, by the module's init.
    to_result(unsafe { luaxdp_register() })
}

/// Nanoseconds since the machine started, as bpf_ktime_get_ns().
pub(crate) fn time() -> u64 {
    // SAFETY: No preconditions.
    unsafe { luaxdp_time() }
}

/// The beginning of `struct xdp_buff`.
#[repr(C)]
pub(crate) struct Buffer {
    data: *mut u8,
    data_end: *mut u8,
}

/// The packet of a call.
///
/// # Invariants
///
/// A valid `struct xdp_buff` of a running program, which nobody else uses as long as there
/// are copies of this; we are in the program's RCU read-side critical section.
#[derive(Clone, Copy)]
pub(crate) struct Packet(NonNull<Buffer>);

impl Packet {
    /// # Safety
    ///
    /// `xdp` is what the invariants say until the last copy of the result is gone.
    pub(crate) unsafe fn from_raw(xdp: NonNull<Buffer>) -> Packet {
        Packet(xdp)
    }

    /// The first buffer: where it is and how long.
    #[inline]
    pub(crate) fn linear(self) -> (*mut u8, usize) {
        // SAFETY: By the invariants; so are all calls below.
        let Buffer { data, data_end } = unsafe { self.0.as_ref() };
        (*data, (*data_end as usize).saturating_sub(*data as usize))
    }

    /// The first buffer's bytes.
    ///
    /// # Safety
    ///
    /// The packet is neither written nor adjusted as long as the slice is used.
    pub(crate) unsafe fn bytes<'a>(self) -> &'a [u8] {
        let (base, length) = self.linear();
        // SAFETY: See `linear`, and by the caller's promise.
        unsafe { core::slice::from_raw_parts(base, length) }
    }

    /// The same, to write.
    ///
    /// # Safety
    ///
    /// The packet is used through nothing else as long as the slice is.
    pub(crate) unsafe fn bytes_mut<'a>(self) -> &'a mut [u8] {
        let (base, length) = self.linear();
        // SAFETY: See `linear`, and by the caller's promise.
        unsafe { core::slice::from_raw_parts_mut(base, length) }
    }

    pub(crate) fn adjust_head(self, delta: i32) -> Result {
        // SAFETY: See `linear`.
        to_result(unsafe { luaxdp_adjust_head(self.0.as_ptr(), delta) })
    }

    pub(crate) fn adjust_tail(self, delta: i32) -> Result {
        // SAFETY: See `linear`.
        to_result(unsafe { luaxdp_adjust_tail(self.0.as_ptr(), delta) })
    }

    pub(crate) fn is_fragmented(self) -> bool {
        // SAFETY: See `linear`.
        unsafe { luaxdp_fragmented(self.0.as_ptr()) }
    }

    /// The bytes of all buffers.
    pub(crate) fn length(self) -> usize {
        // SAFETY: See `linear`.
        unsafe { luaxdp_length(self.0.as_ptr()) }
    }

    pub(crate) fn ifindex(self) -> u32 {
        // SAFETY: See `linear`.
        unsafe { luaxdp_ifindex(self.0.as_ptr()) }
    }

    pub(crate) fn queue(self) -> u32 {
        // SAFETY: See `linear`.
        unsafe { luaxdp_queue(self.0.as_ptr()) }
    }

    /// Whether its link-layer address is that of the interface it came by.
    pub(crate) fn is_for_us(self) -> bool {
        // SAFETY: See `linear`.
        unsafe { luaxdp_for_us(self.0.as_ptr()) }
    }

    /// Says where XDP_REDIRECT goes.
    pub(crate) fn redirect(self, ifindex: u32) -> Result {
        // SAFETY: See `linear`.
        to_result(unsafe { luaxdp_redirect(self.0.as_ptr(), ifindex) })
    }

    /// Fills in the results of a flow; one of BPF_FIB_LKUP_RET_*.
    pub(crate) fn route(self, flow: &mut Flow) -> c_int {
        // SAFETY: See `linear`; shim.h declares the structure so.
        unsafe { luaxdp_route(self.0.as_ptr(), flow) }
    }
}

/// `struct luaxdp_flow`.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Flow {
    pub(crate) source: [u8; 16],
    pub(crate) destination: [u8; 16],
    /// Network byte order, as the ports.
    pub(crate) label: u32,
    pub(crate) length: u32,
    pub(crate) source_port: u16,
    pub(crate) destination_port: u16,
    pub(crate) version: u8,
    pub(crate) protocol: u8,
    pub(crate) tos: u8,
    pub(crate) to: [u8; 6],
    pub(crate) from: [u8; 6],
    pub(crate) ifindex: u32,
    pub(crate) mtu: u32,
}

/// `struct luaxdp_where`.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Where {
    pub(crate) ifindex: u32,
    mode: u32,
    /// In the calling task's network namespace.
    pub(crate) here: bool,
    name: [u8; 16],
}

impl Where {
    /// The interface's name.
    pub(crate) fn name(&self) -> &[u8] {
        CStr::from_bytes_until_nul(&self.name).map_or(b"?", CStr::to_bytes)
    }

    /// The name of the mode.
    pub(crate) fn mode(&self) -> &'static str {
        match self.mode {
            0 => "generic",
            1 => "native",
            _ => "offload",
        }
    }
}

/// A reference to a `struct bpf_link` of XDP.
pub(crate) struct Link(NonNull<c_void>);

// SAFETY: Links are counted and locked by the kernel.
unsafe impl Send for Link {}

impl Link {
    /// The link behind a file descriptor of this task.
    pub(crate) fn of_fd(fd: c_int) -> Result<Link> {
        let mut link = ptr::null_mut();
        // SAFETY: The variable outlives the call.
        to_result(unsafe { luaxdp_link_get(fd, &mut link) })?;
        NonNull::new(link).map(Link).ok_or(Error::from_errno(-(kernel::bindings::EINVAL as c_int)))
    }

    /// Where it is attached, if it is. Sleeps.
    pub(crate) fn place(&self) -> Option<Where> {
        let mut place = Where::default();
        // SAFETY: The reference keeps the link; shim.h declares the structure so.
        unsafe { luaxdp_link_where(self.0.as_ptr(), &mut place) }.then_some(place)
    }

    pub(crate) fn is(&self, other: &Link) -> bool {
        self.0 == other.0
    }

    /// Takes the program off the interface, whoever else has the link. Sleeps.
    pub(crate) fn end(self) {
        // SAFETY: The reference is given up here.
        unsafe { luaxdp_link_end(self.0.as_ptr()) };
        core::mem::forget(self);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // SAFETY: The reference is ours.
        unsafe { luaxdp_link_put(self.0.as_ptr()) }
    }
}

/// A value that shim.c's mutex guards.
pub(crate) struct Guarded<T>(UnsafeCell<T>);

// SAFETY: The value is reached under the mutex only.
unsafe impl<T: Send> Sync for Guarded<T> {}

impl<T> Guarded<T> {
    /// There may be one: all would share the mutex.
    pub(crate) const fn new(value: T) -> Self {
        Guarded(UnsafeCell::new(value))
    }

    /// Sleeps until the mutex is free; not to be nested.
    pub(crate) fn lock(&self) -> Guard<'_, T> {
        // SAFETY: Paired in the guard's drop.
        unsafe { luaxdp_lock() };
        Guard(self)
    }
}

pub(crate) struct Guard<'a, T>(&'a Guarded<T>);

impl<T> Deref for Guard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: The guard holds the mutex.
        unsafe { &*self.0 .0.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: The guard holds the mutex.
        unsafe { &mut *self.0 .0.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: Pairs with `lock`.
        unsafe { luaxdp_unlock() }
    }
}

/// Its address is a key of Lua's registry.
static KEY: u8 = 0;

fn key() -> *const c_void {
    ptr::addr_of!(KEY).cast()
}

/// Keeps a pointer in the state, for [`recall`].
pub(crate) fn remember<T>(state: State<'_>, pointer: *const T) -> lua::Result {
    // SAFETY: By the invariants of State it is valid and has a free slot; the registry is a table.
    let status = unsafe {
        ffi::lua_pushlightuserdata(state.as_ptr(), pointer.cast_mut().cast());
        ffi::lua_tryrawsetp(state.as_ptr(), ffi::LUA_REGISTRYINDEX, key())
    };
    if status == ffi::LUA_OK {
        Ok(())
    } else {
        Err(lua::Error::RAISED)
    }
}

/// What [`remember`] kept last, or null.
pub(crate) fn recall<T>(state: State<'_>) -> *const T {
    // SAFETY: As in `remember`; lua_touserdata gives null for what is none.
    unsafe {
        ffi::lua_rawgetp(state.as_ptr(), ffi::LUA_REGISTRYINDEX, key());
        let pointer = ffi::lua_touserdata(state.as_ptr(), -1);
        state.pop(1);
        pointer.cast::<T>().cast_const()
    }
}
