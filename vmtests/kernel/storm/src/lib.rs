// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Frames that no host would send, and packets of flows, for the kernel-side tests: the same seed gives the same frames.
//!
//! The program `storm` sends them, `verdicts` has them judged at the hooks of netfilter and at XDP, and the host tells by the
//! same frames what the verdicts must be.

mod arguments;
mod frame;
mod packets;
mod parts;
mod random;
mod talks;
mod verdicts;

pub use arguments::{address, number};
pub use frame::Mill;
pub use random::Random;
pub use talks::Talks;
pub use verdicts::{Judged, Verdicts, CHAPTER, UNSEEN};

/// A frame, on its way.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// All of it.
    pub bytes: &'a [u8],
    /// It comes from the WAN, not from the LAN.
    pub back: bool,
}

/// What makes frames, one after the other, by chance.
pub trait Frames {
    /// The next one.
    fn next(&mut self) -> Frame<'_>;

    /// A chapter begins: whoever has seen frames knows nothing of flows any more.
    fn chapter(&mut self) {}
}
