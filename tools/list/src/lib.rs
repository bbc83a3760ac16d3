// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Lists of names and addresses, compiled into files that the kernel looks up in.
//!
//! A *source* is text, a line for each *member*: a domain, or a prefix of addresses. A line
//! that is none of these is *rejected*, with its place and the reason. Members have a *label*, an
//! integer of bits, one bit for each *category*. What comes out is a list file ([`sets::file`]),
//! the same for the same members in any order.

mod addresses;
pub mod cli;
mod collect;
mod domains;
mod error;
mod inspect;
mod label;
mod line;

pub use addresses::addresses;
pub use collect::{Collection, Counts, Members, Rejected};
pub use domains::domains;
pub use error::Error;
pub use inspect::Opened;
pub use label::{Category, Labels};
pub use line::{read, Entry, Reason};
