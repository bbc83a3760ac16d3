// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What comes from elsewhere by HTTPS.
//!
//! A [`Client`] gets what is at a [`Url`](config::Url): a [`Body`], which is read as it comes and says at its end
//! whether all of it has come. Whom it trusts are the authorities that browsers trust, and those of the owner.
//!
//! [`lists`] are what the router keeps up to date in this way: sources as `lunagate list compile` takes them, each
//! compiled on the router into the file that policies name.

mod body;
mod client;
mod error;
pub mod lists;

pub use body::Body;
pub use client::{Client, Known, Limits};
pub use error::{Error, Problem};
