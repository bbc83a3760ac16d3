// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A router in a virtual machine, for tests and for trying it out.
//!
//! A [`Builder`] describes the machine: what it boots ([`Boot`]), its size, its network
//! ([`Network`], the WAN first) and what it shares.  It starts as a [`Machine`], stopped
//! at power-on, with everything that a test needs to hold: its [`Console`], its
//! [`Port`]s, commands inside ([`Exec`]) and QEMU's own control ([`Control`]).  Or it
//! runs on the terminal ([`Builder::interactive`]).
//!
//! Nothing here polls or sleeps.  QEMU inherits one end of a socket pair for each
//! channel, so that there is no connecting to wait for, and its end shows as the end of
//! every channel.  A time limit is only the bound of a failure.

mod accelerator;
mod boot;
mod builder;
mod channel;
mod console;
mod control;
mod exec;
mod machine;
mod network;
mod platform;
mod process;

pub use accelerator::Accelerator;
pub use boot::Boot;
pub use builder::Builder;
pub use console::Console;
pub use control::Control;
pub use exec::{Exec, Output};
pub use machine::Machine;
pub use network::{Network, Port};
pub use platform::Platform;
