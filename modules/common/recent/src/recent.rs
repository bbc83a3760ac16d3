// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! How often something has happened within a while that ends now; without a kernel.
//! Compiled into a kernel module and, for tests, on the host.
// The kernel gives this attribute to every crate by itself.
#![cfg_attr(not(MODULE), no_std)]

/// A while is counted in so many parts.
const PARTS: u64 = 16;
/// The part that is on, and as many before it as a while has.
const ROOM: usize = PARTS as usize + 1;

/// Counts events, whose time is in numbers that do not fall, but for a little: what happens at once may come in any order.
#[derive(Debug, Default)]
pub struct Recent {
    /// Of which part of time, since it was 0, each count is: the last [`ROOM`] of them, by their remainders.
    counts: [u64; ROOM],
    latest: u64,
}

impl Recent {
    /// Nothing has happened.
    #[must_use]
    pub const fn new() -> Recent {
        Recent { counts: [0; ROOM], latest: 0 }
    }

    /// An event now. How many there were since `window` ago, this one too, and perhaps some of up to a sixteenth of
    /// that before. The window is the same at every call.
    pub fn count(&mut self, now: u64, window: u64) -> u64 {
        let part = now.saturating_mul(PARTS) / window.max(1);
        // What was longer ago gives its room away.
        let over = part.saturating_sub(self.latest).min(ROOM as u64);
        self.latest = self.latest.max(part);
        for ago in 0..over {
            *self.of(self.latest.wrapping_sub(ago)) = 0;
        }
        *self.of(self.latest) += 1;
        self.counts.iter().sum()
    }

    fn of(&mut self, part: u64) -> &mut u64 {
        &mut self.counts[(part % ROOM as u64) as usize]
    }
}
