// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Policies as files that are passed on: made, signed, looked at.

mod inspect;
mod keys;
mod pack;
mod sign;

pub use inspect::{Inspect, Verify};
pub use keys::{Keygen, Signer};
pub use pack::Pack;
pub use package::Keys;
pub use sign::Sign;
