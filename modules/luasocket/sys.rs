// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! shim.c's sockets, safe. What may wait is for where sleeping is allowed.

use core::ffi::{c_int, c_uint, c_void};
use core::ptr::{self, NonNull};

use crate::address::{Address, ROOM};

extern "C" {
    fn luasocket_new(family: c_int, kind: c_int, protocol: c_int, made: *mut *mut c_void) -> c_int;
    fn luasocket_hang_up(socket: *mut c_void);
    fn luasocket_release(socket: *mut c_void);
    fn luasocket_settle();
    fn luasocket_family(socket: *const c_void) -> c_int;
    fn luasocket_bind(socket: *mut c_void, address: *const c_void, length: c_int) -> c_int;
    fn luasocket_listen(socket: *mut c_void, backlog: c_int) -> c_int;
    fn luasocket_accept(socket: *mut c_void, wait: bool, made: *mut *mut c_void) -> c_int;
    fn luasocket_connect(socket: *mut c_void, address: *const c_void, length: c_int, wait: bool) -> c_int;
    fn luasocket_send(
        socket: *mut c_void,
        bytes: *const c_void,
        size: usize,
        address: *const c_void,
        length: c_int,
    ) -> c_int;
    fn luasocket_receive(
        socket: *mut c_void,
        to: *mut c_void,
        room: usize,
        flags: c_uint,
        from: *mut c_void,
        length: *mut c_int,
    ) -> c_int;
    fn luasocket_name(socket: *mut c_void, peer: bool, address: *mut c_void) -> c_int;
    fn luasocket_set(socket: *mut c_void, level: c_int, option: c_int, value: *const c_void, size: usize) -> c_int;
}

/// A negative errno.
pub(crate) type Errno = c_int;
pub(crate) type Result<T = ()> = core::result::Result<T, Errno>;

/// What C returned, which is an errno if it is negative.
fn checked(result: c_int) -> Result<usize> {
    usize::try_from(result).map_err(|_| result)
}

/// A socket, which is closed some time after this is dropped, wherever that is.
///
/// # Invariants
///
/// It comes from `luasocket_new` or `luasocket_accept`, and is released once.
pub(crate) struct Socket(NonNull<c_void>);

// SAFETY: The kernel locks its sockets, and shim.c's own flag is read and written whole.
unsafe impl Send for Socket {}
// SAFETY: As above.
unsafe impl Sync for Socket {}

impl Drop for Socket {
    fn drop(&mut self) {
        // SAFETY: By the invariants; nobody uses it from here on.
        unsafe { luasocket_release(self.0.as_ptr()) }
    }
}

/// Sleeps until all that were dropped are closed.
pub(crate) fn settle() {
    // SAFETY: No preconditions, but that the caller may sleep.
    unsafe { luasocket_settle() }
}

impl Socket {
    fn made(make: impl FnOnce(*mut *mut c_void) -> c_int) -> Result<Socket> {
        const ENOMEM: c_int = 12;
        let mut made = ptr::null_mut();
        checked(make(&mut made))?;
        NonNull::new(made).map(Socket).ok_or(-ENOMEM)
    }

    /// In the network namespace of the task.
    pub(crate) fn new(family: c_int, kind: c_int, protocol: c_int) -> Result<Socket> {
        // SAFETY: The place outlives the call.
        Socket::made(|made| unsafe { luasocket_new(family, kind, protocol, made) })
    }

    /// Waits for a connection, or says EAGAIN.
    pub(crate) fn accept(&self, wait: bool) -> Result<Socket> {
        // SAFETY: By the invariants; the place outlives the call.
        Socket::made(|made| unsafe { luasocket_accept(self.0.as_ptr(), wait, made) })
    }

    pub(crate) fn family(&self) -> c_int {
        // SAFETY: By the invariants.
        unsafe { luasocket_family(self.0.as_ptr()) }
    }

    /// Wakes who waits, with EBADF.
    pub(crate) fn hang_up(&self) {
        // SAFETY: By the invariants.
        unsafe { luasocket_hang_up(self.0.as_ptr()) }
    }

    pub(crate) fn bind(&self, address: &Address) -> Result {
        // SAFETY: By the invariants; the kernel copies the address, which is as long as it says.
        checked(unsafe { luasocket_bind(self.0.as_ptr(), address.as_ptr(), address.len()) })?;
        Ok(())
    }

    pub(crate) fn listen(&self, backlog: c_int) -> Result {
        // SAFETY: By the invariants.
        checked(unsafe { luasocket_listen(self.0.as_ptr(), backlog) })?;
        Ok(())
    }

    /// Waits until there is a connection, or says EINPROGRESS.
    pub(crate) fn connect(&self, address: &Address, wait: bool) -> Result {
        // SAFETY: As in `bind`.
        checked(unsafe { luasocket_connect(self.0.as_ptr(), address.as_ptr(), address.len(), wait) })?;
        Ok(())
    }

    /// How many bytes went out.
    pub(crate) fn send(&self, bytes: &[u8], to: Option<&Address>) -> Result<usize> {
        let (address, length) = to.map_or((ptr::null(), 0), |to| (to.as_ptr(), to.len()));
        // SAFETY: By the invariants; pointers and lengths are those of a slice and of an address.
        checked(unsafe { luasocket_send(self.0.as_ptr(), bytes.as_ptr().cast(), bytes.len(), address, length) })
    }

    /// How many bytes came, and from whom, if they say so.
    pub(crate) fn receive(&self, to: &mut [u8], flags: c_uint) -> Result<(usize, Address)> {
        let (mut from, mut length) = ([0u64; ROOM / 8], 0);
        let place = from.as_mut_ptr().cast();
        // SAFETY: By the invariants; pointer and length are those of a slice, and the room for the
        // address, a struct sockaddr_storage, outlives the call.
        let received =
            unsafe { luasocket_receive(self.0.as_ptr(), to.as_mut_ptr().cast(), to.len(), flags, place, &mut length) };
        Ok((checked(received)?, Address::new(from, length)))
    }

    /// The socket's address, or its peer's.
    pub(crate) fn name(&self, peer: bool) -> Result<Address> {
        let mut name = [0u64; ROOM / 8];
        // SAFETY: By the invariants; the room, a struct sockaddr_storage's, outlives the call.
        let length = unsafe { luasocket_name(self.0.as_ptr(), peer, name.as_mut_ptr().cast()) };
        checked(length)?;
        Ok(Address::new(name, length))
    }

    pub(crate) fn set(&self, level: c_int, option: c_int, value: &[u8]) -> Result {
        // SAFETY: By the invariants; pointer and length are those of a slice, which is only read.
        checked(unsafe { luasocket_set(self.0.as_ptr(), level, option, value.as_ptr().cast(), value.len()) })?;
        Ok(())
    }
}
