// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Commands in the router, over the channel that its hypervisor offers.
//!
//! The channel is a virtio serial port of the name [`PORT`].  The host sends
//! [`Frame::Run`], the router runs the command in a shell and answers with what it
//! prints, as it comes, and at last with [`Frame::Exit`].  One command at a time.

mod frame;
mod serve;

pub use frame::{Frame, MAX_PAYLOAD};
pub use serve::serve;

/// The port's name, which the host gives to QEMU and the router finds under
/// `/sys/class/virtio-ports`.
pub const PORT: &str = "org.lunagate.exec";
