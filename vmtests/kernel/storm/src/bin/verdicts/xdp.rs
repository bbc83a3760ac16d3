// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The XDP program that was loaded last, to which bpf(2) shows frames (`BPF_PROG_TEST_RUN`).

use std::io::{Error, Result};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use storm::{Frame, Judged};

use crate::Place;

/// More than a frame becomes.
const ROOM: usize = 8192;

/// Commands, numbered as in `enum bpf_cmd`.
const TEST_RUN: libc::c_long = 10;
const NEXT_PROGRAM: libc::c_long = 11;
const OPEN_PROGRAM: libc::c_long = 13;

/// What `BPF_PROG_GET_NEXT_ID` and `BPF_PROG_GET_FD_BY_ID` take.
#[repr(C)]
#[derive(Default)]
struct Number {
    number: u32,
    next: u32,
    flags: u32,
}

/// What `BPF_PROG_TEST_RUN` takes.
#[repr(C)]
#[derive(Default)]
struct Run {
    program: u32,
    action: u32,
    length: u32,
    length_out: u32,
    frame: u64,
    frame_out: u64,
    repeat: u32,
    duration: u32,
    context: [u32; 2],
    contexts: [u64; 2],
    flags: u32,
    cpu: u32,
    batch: u32,
    /// The kernel wants zeros behind what it knows.
    rest: u32,
}

/// Calls bpf(2), whose result is a number.
///
/// # Safety
///
/// What the attributes point to is there, in the lengths that they say.
unsafe fn bpf<T>(command: libc::c_long, attributes: &mut T) -> Result<i32> {
    // SAFETY: The attributes are there with their size, and by the caller's promise.
    let result = unsafe { libc::syscall(libc::SYS_bpf, command, std::ptr::from_mut(attributes), size_of::<T>()) };
    if result < 0 {
        return Err(Error::last_os_error());
    }
    i32::try_from(result).map_err(Error::other)
}

pub struct Xdp {
    program: OwnedFd,
    room: Vec<u8>,
}

impl Xdp {
    pub fn open() -> Result<Xdp> {
        let mut number = Number::default();
        // SAFETY: It has no pointers.
        while unsafe { bpf(NEXT_PROGRAM, &mut number) }.is_ok() {
            number.number = number.next;
        }
        number = Number { number: number.number, ..Number::default() };
        // SAFETY: As above; the descriptor is new, and nobody else's.
        let program = unsafe { OwnedFd::from_raw_fd(bpf(OPEN_PROGRAM, &mut number)?) };
        Ok(Xdp { program, room: vec![0; ROOM] })
    }
}

impl Place for Xdp {
    fn ask(&mut self, Frame { bytes: frame, .. }: Frame<'_>, judged: &mut Judged) -> Result<()> {
        let mut run = Run {
            program: self.program.as_raw_fd().unsigned_abs(),
            length: u32::try_from(frame.len()).map_err(Error::other)?,
            length_out: u32::try_from(ROOM).map_err(Error::other)?,
            frame: frame.as_ptr().addr() as u64,
            frame_out: self.room.as_mut_ptr().addr() as u64,
            repeat: 1,
            ..Run::default()
        };
        // SAFETY: Both frames are there, in the lengths that it says.
        unsafe { bpf(TEST_RUN, &mut run)? };
        judged.begin(u8::try_from(run.action).map_err(Error::other)?);
        judged.frame(&self.room[..run.length_out as usize]);
        Ok(())
    }

    fn forget(&mut self) -> Result<()> {
        Ok(())
    }
}
