// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Bytes of packets, without a kernel: bounds-checked numbers, IP headers, the Internet checksum.
//! Compiled into the kernel modules and, for tests, on the host.
// The kernel gives this attribute to every crate by itself.
#![cfg_attr(not(MODULE), no_std)]

mod checksum;
mod ip;
mod number;

pub use checksum::checksum;
pub use ip::{ip, Ip};
pub use number::{read, write, Number};
