// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Puts another version into the slot that does not run, and judges it when it boots.
//!
//! A [`Router`] knows its two slots and its boot record ([`Control`]), each a [`Storage`].
//! [`install()`] streams a bundle into the other slot in an order in which a power cut leaves
//! the old version or the new one, and puts that slot *on trial*: the loader boots it a few
//! times, and then the old one again unless somebody confirms.  That is [`health()`], which
//! asks the checks of `/etc/health.d` until all are content.  What becomes of a trial stands
//! in [`Notes`], which both versions share.
//!
//! A bundle is a file, or what an address has; [`offer()`] looks at its beginning only.

mod bounded;
mod channel;
mod checks;
pub mod cli;
mod control;
mod health;
mod install;
mod notes;
mod router;
mod status;
mod storage;
mod switch;

pub use channel::{offer, Offer};
pub use checks::Checks;
pub use control::Control;
pub use health::{health, unjudged, Health};
pub use install::{install, write, Refusal};
pub use notes::{Notes, Trial};
pub use router::Router;
pub use status::{status, SlotStatus, State, Status};
pub use storage::Storage;
pub use switch::{confirm, forgive, rollback};
