// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Frames that no host would send, for the kernel-side tests: the same seed gives the same frames.
//!
//! The program `storm` sends them, `verdicts` has them judged at the hooks of netfilter and at XDP, and the host tells by the
//! same frames what the verdicts must be.

mod arguments;
mod frame;
mod random;
mod verdicts;

pub use arguments::{address, number};
pub use frame::Mill;
pub use random::Random;
pub use verdicts::{Judged, Verdicts, CHAPTER, UNSEEN};
