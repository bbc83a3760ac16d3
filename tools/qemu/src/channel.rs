// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Socket pairs: our end, and the one that QEMU inherits under its number.

use anyhow::{Context, Result};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::process::Stdio;

/// The ends that QEMU inherits.
#[derive(Default)]
pub struct Inherited(Vec<OwnedFd>);

impl Inherited {
    /// A byte stream; the number is QEMU's end.
    pub fn stream(&mut self) -> Result<(UnixStream, RawFd)> {
        let (ours, theirs) = UnixStream::pair().context("failed to make a socket pair")?;
        Ok((ours, self.keep(theirs.into())))
    }

    /// A channel of frames; the number is QEMU's end.
    pub fn datagrams(&mut self) -> Result<(UnixDatagram, RawFd)> {
        let (ours, theirs) = UnixDatagram::pair().context("failed to make a socket pair")?;
        Ok((ours, self.keep(theirs.into())))
    }

    /// The numbers of all ends.
    pub fn numbers(&self) -> Vec<RawFd> {
        self.0.iter().map(AsRawFd::as_raw_fd).collect()
    }

    /// The stream that QEMU inherits under this number once more, as a stream of output.
    pub fn duplicate(&self, number: RawFd) -> Result<Stdio> {
        let end = self.0.iter().find(|end| end.as_raw_fd() == number).context("no such channel")?;
        Ok(end.try_clone().context("failed to duplicate a channel")?.into())
    }

    fn keep(&mut self, end: OwnedFd) -> RawFd {
        let number = end.as_raw_fd();
        self.0.push(end);
        number
    }
}
