// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Static sets, without a kernel and without allocation: made once, then only looked up in.
//!
//! A *list file* ([`file`]) holds one set, compiled by `lunagate list compile`:
//! [`Domains`] (names, with what is below them) or [`Addresses`] (prefixes of IPv4, IPv6 and
//! MAC addresses). Both are views of plain bytes: everything in them is checked once, when the
//! view is made, and a lookup reads the bytes where they lie. [`Strings`] is a hash table of
//! any strings, made from a script's own. What a set says of a member is its *label*, an
//! integer, usually of bits.
// The kernel gives this attribute to every crate by itself.
#![cfg_attr(not(MODULE), no_std)]

pub mod addresses;
mod bytes;
pub mod domains;
pub mod file;
pub mod prefix;
mod strings;
mod suffix;
pub mod word;
mod xxh64;

pub use addresses::Addresses;
pub use domains::Domains;
pub use file::{Error, Header, Kind};
pub use prefix::{Family, Prefix};
pub use strings::Strings;
pub use suffix::hash;
pub use xxh64::xxh64;
