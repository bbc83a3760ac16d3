// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The interfaces as the kernel has them, asked over rtnetlink.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, BorrowedFd};

use anyhow::{Context, Result};

use super::message::{self, Answer, Interface, Mode};
use crate::sys;

/// No datagram of an answer is longer.
const DATAGRAM: usize = 1 << 16;
/// No interface has a longer name.
const NAME: usize = 15;

/// A conversation with the kernel.
pub struct Netlink(File);

impl Netlink {
    /// Begins it.
    pub fn open() -> Result<Self> {
        sys::rtnetlink().map(Netlink).context("cannot ask the kernel for interfaces (rtnetlink)")
    }

    /// The interface with this name, if there is one.
    pub fn by_name(&mut self, name: &str) -> Result<Option<Interface>> {
        if !(1..=NAME).contains(&name.len()) {
            return Ok(None);
        }
        self.get(&message::get_by_name(name)).with_context(|| format!("cannot ask the kernel for interface {name}"))
    }

    /// The interface with this number, if there is one.
    pub fn by_index(&mut self, index: u32) -> Result<Option<Interface>> {
        self.get(&message::get_by_index(index)).with_context(|| format!("cannot ask the kernel for interface {index}"))
    }

    /// The kernel's words for why it does not take a program, which bpf(2) has not.
    ///
    /// To be called when it did not: it is asked to attach the program once more, in the older
    /// way that has words. Should it take the program now, the program is taken away.
    pub fn refusal(&mut self, interface: u32, program: BorrowedFd<'_>, mode: Mode) -> Option<String> {
        let mut set = |program| match self.ask(&message::set(interface, program, mode)).ok()? {
            Answer::End(errno, words) => Some((errno, words)),
            _ => None,
        };
        let (errno, words) = set(program.as_raw_fd())?;
        if errno == 0 {
            set(-1);
        }
        words
    }

    fn get(&mut self, request: &[u8]) -> io::Result<Option<Interface>> {
        match self.ask(request)? {
            Answer::Interface(interface) => Ok(Some(interface)),
            Answer::End(libc::ENODEV, _) => Ok(None),
            Answer::End(errno, _) => Err(io::Error::from_raw_os_error(errno)),
            Answer::Other => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// Asks, and waits for what answers.
    fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        // A datagram goes as a whole or not at all.
        let _ = self.0.write(request)?;
        let mut datagram = vec![0; DATAGRAM];
        loop {
            let len = match self.0.read(&mut datagram) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(len) => len,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let answer = message::answers(&datagram[..len]).into_iter().find(|answer| *answer != Answer::Other);
            if let Some(answer) = answer {
                return Ok(answer);
            }
        }
    }
}
