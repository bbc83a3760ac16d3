// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A router on the host: packets, flows and hooks, and the kernel's own code for scripts at them.
//!
//! A [`Router`] runs one policy, in the kernel's virtual machine and with the manifest's budget and fail
//! verdict. A [`Packet`] that it is sent goes along a [`Path`]: past connection tracking, which gives it a
//! [`Flow`], and past the policy's hooks in the order of netfilter. What becomes of it is a [`Report`].
//!
//! The Lua modules `data`, `packet`, `set`, `lpm`, `rcu`, `linux`, `skb`, `netfilter` and `xdp` are those of the kernel, compiled
//! for the host: the folder `kernel` has what they stand on. What they reach in C there is here in Rust:
//! `c` and `flow` for luaskb, `hooks` for luanetfilter, `xdp` for luaxdp, `linux` for lualinux, each function with the name and the
//! promises of the one in shim.c. There are no devices but for their names, no routes, no NAT, no segmentation, and one CPU;
//! the clock stands still unless it is set.

mod c;
mod constants;
mod files;
mod flow;
mod hooks;
mod linux;
mod packet;
mod receive;
mod router;
mod tcp;
mod xdp;

pub use c::checksums;
pub use files::FileSystem;
pub use flow::{Flow, Tracker};
pub use hooks::Hook;
pub use linux::{boot_at, interface, set_clock, BOOT, LAN, WAN};
pub use lunatik_core::{Budget, Context, Fail, Failure, Fault, Runtime};
pub use packet::Packet;
pub use router::{load_modules, Call, Path, Report, Router, Verdict};
