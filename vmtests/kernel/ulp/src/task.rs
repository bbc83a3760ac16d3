// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a task gives up, by the system calls themselves: those of the C library are for all threads.

use std::ffi::{c_int, CString};
use std::io::Result;

use crate::socket::checked;

/// CAP_NET_ADMIN and CAP_SYS_ADMIN.
pub const NET_ADMIN: u32 = 12;
pub const SYS_ADMIN: u32 = 21;
/// Nobody in particular.
pub const USER: u32 = 1000;

#[repr(C)]
struct Header {
    version: u32,
    pid: c_int,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Sets {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

/// Makes the calling task one of another user, which keeps these capabilities alone.
pub fn become_user(capabilities: &[u32]) -> Result<()> {
    const VERSION: u32 = 0x2008_0522;
    let set = capabilities.iter().fold(0, |set, bit| set | 1 << bit);
    let header = Header { version: VERSION, pid: 0 };
    let sets = [Sets { effective: set, permitted: set, inheritable: 0 }, Sets::default()];
    // SAFETY: Numbers but for the last call's addresses, which are those of what capset(2) reads.
    unsafe {
        checked(libc::prctl(libc::PR_SET_KEEPCAPS, 1, 0, 0, 0) as isize)?;
        checked(libc::syscall(libc::SYS_setresgid, USER, USER, USER) as isize)?;
        checked(libc::syscall(libc::SYS_setresuid, USER, USER, USER) as isize)?;
        checked(libc::syscall(libc::SYS_capset, &header, sets.as_ptr()) as isize)?;
    }
    Ok(())
}

/// Shuts the calling task up below a folder.
pub fn change_root(folder: &str) -> Result<()> {
    let folder = CString::new(folder)?;
    // SAFETY: The paths end in zero.
    unsafe {
        checked(libc::unshare(libc::CLONE_FS) as isize)?;
        checked(libc::chroot(folder.as_ptr()) as isize)?;
        checked(libc::chdir(c"/".as_ptr()) as isize)?;
    }
    Ok(())
}
