// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Lists of names and addresses, compiled into files that the kernel looks up in.
mod domains;
mod error;
pub use domains::domains;
pub use error::Error;
