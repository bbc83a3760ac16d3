// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Bytes of packets, without a kernel: bounds-checked numbers, headers from Ethernet to the ports,
//! names in DNS, TLS and HTTP, the Internet checksum, replies.
//! Compiled into the kernel modules and, for tests, on the host.
// The kernel gives this attribute to every crate by itself.
#![cfg_attr(not(MODULE), no_std)]

mod checksum;
pub mod dns;
mod ethernet;
mod hello;
mod hop;
mod http;
mod ip;
mod number;
mod ports;
mod reply;

pub use checksum::checksum;
pub use ethernet::{ethernet, Ethernet, ETHERNET_HEADER};
pub use hello::{sni, Sni, LONGEST_NAME};
pub use hop::hop;
pub use http::{http_field, Field};
pub use ip::{ip, transport, Ip};
pub use number::{network, read, write, Number};
pub use ports::{ports, Ports};
pub use reply::{tcp_reset, udp_reply, Reply};
