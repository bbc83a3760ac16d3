// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A router on the host: packets, flows and hooks, and the kernel's own code for scripts at them.
//!
//! A [`Router`] runs one policy, in the kernel's virtual machine and with the manifest's budget and fail
//! verdict. A [`Packet`] that it is sent goes along a [`Path`]: past connection tracking, which gives it a
//! [`Flow`], and past the policy's hooks in the order of netfilter. What becomes of it is a [`Report`].
//!
//! The Lua modules `data`, `packet`, `set`, `lpm`, `skb` and `netfilter` are those of the kernel, compiled for
//! the host: the folder `kernel` has what they stand on. What they reach in C there is here in Rust:
//! `skb` and `flow` of luaskb, `hooks` of luanetfilter, each function with the name and the promises of
//! the one in shim.c. There are no devices, no NAT, no segmentation, and one CPU.

mod c;
mod constants;
mod files;
mod flow;
mod hooks;
mod packet;
mod receive;
mod router;

pub use c::checksums;
pub use files::FileSystem;
pub use flow::{Flow, Tracker};
pub use hooks::Hook;
pub use lunatik_core::{Budget, Context, Fail, Failure, Fault, Runtime};
pub use packet::Packet;
pub use router::{load_modules, Call, Path, Report, Router, Verdict};
