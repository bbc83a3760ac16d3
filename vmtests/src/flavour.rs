// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the kernel in an image asks of its machine and of those who wait for it.

use std::time::Duration;

/// A kernel flavour, as in `kernel/config/flavour`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// The router's own.
    Router,
    /// The one that checks itself: large, and five to ten times slower.
    Debug,
}

impl Flavour {
    /// The one that the variable `LUNAGATE_FLAVOUR` names; without it, the router's.
    pub(crate) fn of_environment() -> Self {
        match std::env::var("LUNAGATE_FLAVOUR").as_deref() {
            Ok("debug") => Flavour::Debug,
            _ => Flavour::Router,
        }
    }

    /// Memory in MiB.
    pub(crate) fn memory(self) -> u32 {
        match self {
            Flavour::Router => 256,
            Flavour::Debug => 1536,
        }
    }

    /// How long anything may take before it has failed: translated machines on busy hosts are slow.
    pub(crate) fn limit(self) -> Duration {
        match self {
            Flavour::Router => Duration::from_secs(120),
            Flavour::Debug => Duration::from_secs(1200),
        }
    }
}
