// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The system calls that no safe library has: bpf(2), a socket of rtnetlink, sockets of others, masks of signals.

use std::ffi::{c_int, c_long};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

/// `enum bpf_cmd`
const BPF_PROG_LOAD: c_int = 5;
const BPF_PROG_GET_FD_BY_ID: c_int = 13;
const BPF_OBJ_GET_INFO_BY_FD: c_int = 15;
const BPF_BTF_GET_FD_BY_ID: c_int = 19;
const BPF_BTF_GET_NEXT_ID: c_int = 23;
const BPF_LINK_CREATE: c_int = 28;
const BPF_LINK_UPDATE: c_int = 29;
const BPF_LINK_GET_FD_BY_ID: c_int = 30;
const BPF_LINK_GET_NEXT_ID: c_int = 31;
/// `enum bpf_prog_type`
const BPF_PROG_TYPE_XDP: u32 = 6;
/// `enum bpf_attach_type`
const BPF_XDP: u32 = 37;
/// `update_link` says what is replaced.
const BPF_F_REPLACE: u32 = 1 << 2;

/// A prefix of `union bpf_attr` for some command; the kernel takes what it is not given as zeros.
///
/// # Safety
///
/// A `repr(C)` structure of integers without padding, laid out as the kernel's. What its
/// addresses name is valid for what the command does with it, for as long as this is.
unsafe trait Attribute {}

/// bpf(2); what the kernel returns is not negative.
fn bpf<A: Attribute>(command: c_int, attribute: &mut A) -> io::Result<c_long> {
    let (address, size) = (std::ptr::from_mut(attribute), size_of::<A>());
    // SAFETY: The kernel reads and writes `size` bytes at `address`, which are a structure of
    // integers of ours, and what its addresses name, which is valid by the trait's contract.
    let result = unsafe { libc::syscall(libc::SYS_bpf, command, address, size) };
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(result)
}

/// A command that returns a descriptor.
fn bpf_open<A: Attribute>(command: c_int, attribute: &mut A) -> io::Result<OwnedFd> {
    let descriptor = bpf(command, attribute)?;
    let descriptor = c_int::try_from(descriptor).map_err(|_| io::Error::other("no descriptor"))?;
    // SAFETY: The kernel has just opened it for us, and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

#[repr(C)]
struct Load {
    prog_type: u32,
    insn_cnt: u32,
    insns: u64,
    license: u64,
    log_level: u32,
    log_size: u32,
    log_buf: u64,
    kern_version: u32,
    prog_flags: u32,
    prog_name: [u8; 16],
    prog_ifindex: u32,
    expected_attach_type: u32,
    prog_btf_fd: u32,
    func_info_rec_size: u32,
    func_info: u64,
    func_info_cnt: u32,
    line_info_rec_size: u32,
    line_info: u64,
    line_info_cnt: u32,
    attach_btf_id: u32,
    attach_prog_fd: u32,
    core_relo_cnt: u32,
    fd_array: u64,
}

// SAFETY: The layout is the kernel's, up to `fd_array`. `load_program` is the only place that
// makes one, and what its addresses name (instructions, licence, descriptors, and the log, which
// the kernel writes) outlives it there.
unsafe impl Attribute for Load {}

/// An XDP program to load.
pub struct Program<'a> {
    /// Its instructions.
    pub instructions: &'a [[u8; 8]],
    /// Its licence, ending with a zero.
    pub license: &'static std::ffi::CStr,
    /// Its name in lists, of letters, digits, `_` and `.`; at most 15.
    pub name: &'static str,
    /// BPF_F_*
    pub flags: u32,
    /// The BTF whose functions it calls, as place 1 of its array; place 0 is the kernel's own.
    pub btf: BorrowedFd<'a>,
}

/// Loads a program. With a log, the verifier writes into it what it thinks.
pub fn load_program(program: &Program<'_>, log: &mut [u8]) -> io::Result<OwnedFd> {
    let address = |bytes: *const u8| bytes as u64;
    let descriptors = [0, program.btf.as_raw_fd()];
    let mut prog_name = [0; 16];
    for (to, from) in prog_name[..15].iter_mut().zip(program.name.bytes()) {
        *to = from;
    }
    let mut load = Load {
        prog_type: BPF_PROG_TYPE_XDP,
        insn_cnt: program.instructions.len() as u32,
        insns: address(program.instructions.as_ptr().cast()),
        license: address(program.license.as_ptr().cast()),
        log_level: u32::from(!log.is_empty()),
        log_size: log.len() as u32,
        log_buf: if log.is_empty() { 0 } else { address(log.as_mut_ptr()) },
        kern_version: 0,
        prog_flags: program.flags,
        prog_name,
        prog_ifindex: 0,
        expected_attach_type: BPF_XDP,
        prog_btf_fd: 0,
        func_info_rec_size: 0,
        func_info: 0,
        func_info_cnt: 0,
        line_info_rec_size: 0,
        line_info: 0,
        line_info_cnt: 0,
        attach_btf_id: 0,
        attach_prog_fd: 0,
        core_relo_cnt: 0,
        fd_array: address(descriptors.as_ptr().cast()),
    };
    bpf_open(BPF_PROG_LOAD, &mut load)
}

#[repr(C)]
struct CreateLink {
    prog_fd: u32,
    target_ifindex: u32,
    attach_type: u32,
    flags: u32,
}

// SAFETY: The layout is the kernel's, and there are no addresses in it.
unsafe impl Attribute for CreateLink {}

/// Attaches an XDP program to an interface, as long as the link is open somewhere.
/// `flags` are XDP_FLAGS_*.
pub fn create_link(program: BorrowedFd<'_>, interface: u32, flags: u32) -> io::Result<OwnedFd> {
    let prog_fd = program.as_raw_fd() as u32;
    bpf_open(BPF_LINK_CREATE, &mut CreateLink { prog_fd, target_ifindex: interface, attach_type: BPF_XDP, flags })
}

#[repr(C)]
struct Id {
    id: u32,
    next_id: u32,
    open_flags: u32,
}

// SAFETY: The layout is the kernel's, and there are no addresses in it.
unsafe impl Attribute for Id {}

/// The number of the first BTF in the kernel that comes after `id`; an error of kind NotFound
/// after the last.
pub fn next_btf(id: u32) -> io::Result<u32> {
    let mut attribute = Id { id, next_id: 0, open_flags: 0 };
    bpf(BPF_BTF_GET_NEXT_ID, &mut attribute)?;
    Ok(attribute.next_id)
}

/// Opens a BTF by its number.
pub fn open_btf(id: u32) -> io::Result<OwnedFd> {
    bpf_open(BPF_BTF_GET_FD_BY_ID, &mut Id { id, next_id: 0, open_flags: 0 })
}

#[repr(C)]
struct GetInfo {
    bpf_fd: u32,
    info_len: u32,
    info: u64,
}

// SAFETY: The layout is the kernel's. `information` is the only place that makes one, and the
// information, of which `info_len` is the size, outlives it there.
unsafe impl Attribute for GetInfo {}

/// A prefix of what the kernel tells about some kind of object.
///
/// # Safety
///
/// As [`Attribute`].
unsafe trait Information {}

/// What the kernel tells about an object.
fn information<I: Information>(object: BorrowedFd<'_>, information: &mut I) -> io::Result<()> {
    let mut attribute = GetInfo {
        bpf_fd: object.as_raw_fd() as u32,
        info_len: size_of::<I>() as u32,
        info: std::ptr::from_mut(information) as u64,
    };
    bpf(BPF_OBJ_GET_INFO_BY_FD, &mut attribute).map(drop)
}

#[repr(C)]
struct BtfInformation {
    btf: u64,
    btf_size: u32,
    id: u32,
    name: u64,
    name_len: u32,
    kernel_btf: u32,
}

// SAFETY: The layout is the kernel's. `btf_name` is the only place that makes one; the name's
// bytes outlive it there, and none of the types is wanted (size 0).
unsafe impl Information for BtfInformation {}

/// The name of the module whose BTF this is; `None`: a program's, or a longer one than modules have.
pub fn btf_name(btf: BorrowedFd<'_>) -> io::Result<Option<String>> {
    let mut name = [0_u8; 64];
    let mut about = BtfInformation {
        btf: 0,
        btf_size: 0,
        id: 0,
        name: name.as_mut_ptr() as u64,
        name_len: name.len() as u32,
        kernel_btf: 0,
    };
    match information(btf, &mut about) {
        Ok(()) => {}
        Err(error) if error.raw_os_error() == Some(libc::ENOSPC) => return Ok(None),
        Err(error) => return Err(error),
    }
    let kernels = about.kernel_btf != 0;
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    Ok(kernels.then(|| String::from_utf8_lossy(name).into_owned()))
}

#[repr(C)]
#[derive(Default)]
struct ProgramInformation {
    /// `type` to `run_time_ns`. Zeros: none of the arrays is wanted.
    before: [u64; 25],
    run_cnt: u64,
}

// SAFETY: The layout is the kernel's, and the addresses in it are zeros.
unsafe impl Information for ProgramInformation {}

#[repr(C)]
struct UpdateLink {
    link_fd: u32,
    new_prog_fd: u32,
    flags: u32,
    old_prog_fd: u32,
}

// SAFETY: The layout is the kernel's, and there are no addresses in it.
unsafe impl Attribute for UpdateLink {}

/// A program in the place of another, which is a link's: an error of EPERM if it is not any more.
pub fn update_link(link: BorrowedFd<'_>, program: BorrowedFd<'_>, before: BorrowedFd<'_>) -> io::Result<()> {
    let [link_fd, new_prog_fd, old_prog_fd] = [link, program, before].map(|open| open.as_raw_fd() as u32);
    bpf(BPF_LINK_UPDATE, &mut UpdateLink { link_fd, new_prog_fd, flags: BPF_F_REPLACE, old_prog_fd }).map(drop)
}

/// The number of the first link in the kernel that comes after `id`; an error of kind NotFound after the last.
pub fn next_link(id: u32) -> io::Result<u32> {
    let mut attribute = Id { id, next_id: 0, open_flags: 0 };
    bpf(BPF_LINK_GET_NEXT_ID, &mut attribute)?;
    Ok(attribute.next_id)
}

/// Opens a link by its number.
pub fn open_link(id: u32) -> io::Result<OwnedFd> {
    bpf_open(BPF_LINK_GET_FD_BY_ID, &mut Id { id, next_id: 0, open_flags: 0 })
}

#[repr(C)]
#[derive(Default)]
struct LinkInformation {
    kind: u32,
    id: u32,
    prog_id: u32,
}

// SAFETY: The layout is the kernel's, up to `prog_id`.
unsafe impl Information for LinkInformation {}

/// The number of a link's program.
pub fn link_program(link: BorrowedFd<'_>) -> io::Result<u32> {
    let mut about = LinkInformation::default();
    information(link, &mut about)?;
    Ok(about.prog_id)
}

/// Opens a program by its number.
pub fn open_program(id: u32) -> io::Result<OwnedFd> {
    bpf_open(BPF_PROG_GET_FD_BY_ID, &mut Id { id, next_id: 0, open_flags: 0 })
}

/// How often a program has run, as far as the kernel counted (sysctl kernel.bpf_stats_enabled).
pub fn program_runs(id: u32) -> io::Result<u64> {
    let program = open_program(id)?;
    let mut about = ProgramInformation::default();
    information(program.as_fd(), &mut about)?;
    Ok(about.run_cnt)
}

/// A socket that speaks rtnetlink: a write is a request, a read is a datagram of its answer.
/// Errors carry the kernel's words.
pub fn rtnetlink() -> io::Result<File> {
    // SAFETY: No preconditions.
    let socket = unsafe { libc::socket(libc::AF_NETLINK, libc::SOCK_RAW | libc::SOCK_CLOEXEC, libc::NETLINK_ROUTE) };
    if socket < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: The kernel has just opened it for us, and nobody else knows it.
    let socket = unsafe { OwnedFd::from_raw_fd(socket) };
    let on: c_int = 1;
    for option in [libc::NETLINK_EXT_ACK, libc::NETLINK_CAP_ACK] {
        // SAFETY: The kernel reads an integer of this size at this address.
        let status = unsafe {
            libc::setsockopt(
                socket.as_raw_fd(),
                libc::SOL_NETLINK,
                option,
                std::ptr::from_ref(&on).cast(),
                size_of::<c_int>() as u32,
            )
        };
        if status < 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(File::from(socket))
}

/// Opens what another program has open.
pub fn borrow(process: c_int, descriptor: c_int) -> io::Result<OwnedFd> {
    let open = |number: c_long| match c_int::try_from(number) {
        // SAFETY: The kernel has just opened it for us, and nobody else knows it.
        Ok(number) if number >= 0 => Ok(unsafe { OwnedFd::from_raw_fd(number) }),
        _ => Err(io::Error::last_os_error()),
    };
    // SAFETY: No pointers.
    let process = open(unsafe { libc::syscall(libc::SYS_pidfd_open, process, 0) })?;
    // SAFETY: No pointers.
    open(unsafe { libc::syscall(libc::SYS_pidfd_getfd, process.as_raw_fd(), descriptor, 0) })
}

/// setsockopt(2)
pub fn set_option(socket: BorrowedFd<'_>, level: c_int, option: c_int, value: &[u8]) -> io::Result<()> {
    // SAFETY: The kernel reads so many bytes at this address.
    let status = unsafe {
        libc::setsockopt(socket.as_raw_fd(), level, option, value.as_ptr().cast(), value.len() as libc::socklen_t)
    };
    if status < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// getsockopt(2), of at most 1 KiB.
pub fn get_option(socket: BorrowedFd<'_>, level: c_int, option: c_int) -> io::Result<Vec<u8>> {
    let mut value = vec![0; 1024];
    let mut size = value.len() as libc::socklen_t;
    // SAFETY: The kernel writes at most `size` bytes at the first address, and how many these are at the second.
    let status = unsafe { libc::getsockopt(socket.as_raw_fd(), level, option, value.as_mut_ptr().cast(), &mut size) };
    if status < 0 {
        return Err(io::Error::last_os_error());
    }
    value.truncate(size as usize);
    Ok(value)
}

/// Signals that would end this program (SIGHUP, SIGINT, SIGTERM) wait until it has ended by itself.
pub fn defer_signals() {
    let mut signals = std::mem::MaybeUninit::uninit();
    // SAFETY: `sigemptyset` initializes the set, and the others read or change an initialized one.
    unsafe {
        libc::sigemptyset(signals.as_mut_ptr());
        for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGTERM] {
            libc::sigaddset(signals.as_mut_ptr(), signal);
        }
        libc::sigprocmask(libc::SIG_BLOCK, signals.as_ptr(), std::ptr::null_mut());
    }
}
