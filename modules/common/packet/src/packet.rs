// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Bytes of packets, without a kernel: bounds-checked numbers, Ethernet and IP headers, the
//! Internet checksum, replies.
//! Compiled into the kernel modules and, for tests, on the host.
// The kernel gives this attribute to every crate by itself.
#![cfg_attr(not(MODULE), no_std)]

mod checksum;
mod ethernet;
mod hop;
mod ip;
mod number;
mod reply;

pub use checksum::checksum;
pub use ethernet::{ethernet, Ethernet, ETHERNET_HEADER};
pub use hop::hop;
pub use ip::{ip, Ip};
pub use number::{network, read, write, Number};
pub use reply::{tcp_reset, udp_reply, Reply};
