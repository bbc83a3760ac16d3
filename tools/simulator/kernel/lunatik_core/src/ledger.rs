// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What came of calls.

use std::fmt;

/// How a call can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It spent its fuel.
    Fuel,
    /// It needed more memory than the state may hold.
    Memory,
    /// The script raised an error.
    Error,
    /// It returned nothing that is a verdict.
    Verdict,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Fuel => "fuel",
            Fault::Memory => "memory",
            Fault::Error => "error",
            Fault::Verdict => "verdict",
        })
    }
}

/// A call that failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// How.
    pub fault: Fault,
    /// The error, with its traceback.
    pub text: String,
}

/// What a call said.
#[derive(Clone, Copy)]
pub struct Verdict(());

impl Verdict {
    /// One of `NF_*`.
    #[must_use]
    pub const fn netfilter(_: u32) -> Verdict {
        Verdict(())
    }

    /// One of `XDP_*`.
    #[must_use]
    pub const fn xdp(_: u32) -> Verdict {
        Verdict(())
    }
}

/// The books of a state. The simulator reads verdicts where the kernel does, so these are empty.
pub struct Ledger(());

impl Ledger {
    pub(crate) fn new() -> Ledger {
        Ledger(())
    }

    /// Counts what a call said.
    pub fn verdict(&self, _: Verdict) {}
}
