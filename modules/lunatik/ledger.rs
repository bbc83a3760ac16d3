// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the calls of one state cost, and what came of them.

use core::sync::atomic::{AtomicU64, Ordering};

/// How a call can fail.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It spent its fuel.
    Fuel,
    /// It needed more memory than the state may hold, or the kernel had none.
    Memory,
    /// The script raised an error.
    Error,
    /// It returned nothing that is a verdict.
    Verdict,
    /// The state was at work already when the packet came, or the CPU for another state that all share.
    Reentry,
}

impl Fault {
    pub(crate) const ALL: [Fault; 5] = [Fault::Fuel, Fault::Memory, Fault::Error, Fault::Verdict, Fault::Reentry];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Fault::Fuel => "fuel",
            Fault::Memory => "memory",
            Fault::Error => "error",
            Fault::Verdict => "verdict",
            Fault::Reentry => "reentry",
        }
    }
}

/// Verdicts of one kind of hook: their names in the order of their numbers.
pub(crate) struct Hooks {
    pub(crate) name: &'static str,
    first: usize,
    pub(crate) verdicts: &'static [&'static str],
}

pub(crate) const HOOKS: [Hooks; 3] = [
    Hooks { name: "netfilter", first: 0, verdicts: &["drop", "accept", "stolen", "queue", "repeat", "stop"] },
    Hooks { name: "xdp", first: 6, verdicts: &["aborted", "drop", "pass", "tx", "redirect"] },
    Hooks { name: "xtables", first: 11, verdicts: &["miss", "match"] },
];
const VERDICTS: usize = 13;

/// What a call said, for the books.
#[derive(Clone, Copy)]
pub struct Verdict(usize);

impl Verdict {
    /// One of `NF_*`; above them, the number of a queue.
    #[inline]
    pub const fn netfilter(verdict: u32) -> Verdict {
        Verdict((verdict & 0xff) as usize)
    }

    /// Whether a rule's match matches.
    #[inline]
    pub const fn matched(matches: bool) -> Verdict {
        Verdict((matches as usize).saturating_add(HOOKS[2].first))
    }

    /// One of `XDP_*`.
    #[inline]
    pub const fn xdp(action: u32) -> Verdict {
        Verdict((action as usize).saturating_add(HOOKS[1].first))
    }
}

/// Powers of two of units that calls spent; the last counts whatever is more.
pub(crate) const BUCKETS: usize = 16;

/// The books of one state: who runs it writes, everybody reads. Faults anybody writes.
pub struct Ledger {
    fuel: AtomicU64,
    most: AtomicU64,
    /// Calls that spent less than 2, 4, 8, ... units.
    histogram: [AtomicU64; BUCKETS],
    verdicts: [AtomicU64; VERDICTS],
    faults: [AtomicU64; Fault::ALL.len()],
}

/// For who runs the state: there is one writer, so this needs no locked instruction.
#[inline]
fn add(counter: &AtomicU64, n: u64) {
    counter.store(counter.load(Ordering::Relaxed).wrapping_add(n), Ordering::Relaxed);
}

impl Ledger {
    pub(crate) fn new() -> Ledger {
        fn zeros<const N: usize>() -> [AtomicU64; N] {
            core::array::from_fn(|_| AtomicU64::new(0))
        }
        Ledger {
            fuel: AtomicU64::new(0),
            most: AtomicU64::new(0),
            histogram: zeros(),
            verdicts: zeros(),
            faults: zeros(),
        }
    }

    /// Counts a call that spent so many units.
    #[inline]
    pub(crate) fn call(&self, spent: i64) {
        if cfg!(unbudgeted) {
            return;
        }
        let spent = spent as u64;
        add(&self.fuel, spent);
        if spent > self.most.load(Ordering::Relaxed) {
            self.most.store(spent, Ordering::Relaxed);
        }
        let bucket = (spent | 1).ilog2() as usize;
        add(&self.histogram[bucket.min(BUCKETS - 1)], 1);
    }

    /// Counts what a call said.
    #[inline]
    pub fn verdict(&self, Verdict(index): Verdict) {
        if cfg!(unbudgeted) {
            return;
        }
        if let Some(counter) = self.verdicts.get(index) {
            add(counter, 1);
        }
    }

    #[cold]
    pub(crate) fn fault(&self, fault: Fault) {
        self.faults[fault as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn fuel(&self) -> u64 {
        self.fuel.load(Ordering::Relaxed)
    }

    pub(crate) fn most(&self) -> u64 {
        self.most.load(Ordering::Relaxed)
    }

    /// The numbers as they are now.
    pub(crate) fn copy(&self) -> Ledger {
        fn all<const N: usize>(counters: &[AtomicU64; N]) -> [AtomicU64; N] {
            core::array::from_fn(|index| one(&counters[index]))
        }
        fn one(counter: &AtomicU64) -> AtomicU64 {
            AtomicU64::new(counter.load(Ordering::Relaxed))
        }
        Ledger {
            fuel: one(&self.fuel),
            most: one(&self.most),
            histogram: all(&self.histogram),
            verdicts: all(&self.verdicts),
            faults: all(&self.faults),
        }
    }

    pub(crate) fn histogram(&self) -> impl Iterator<Item = u64> + Clone + '_ {
        self.histogram.iter().map(|counter| counter.load(Ordering::Relaxed))
    }

    /// The numbers of a kind of hook's verdicts, with their names.
    pub(crate) fn verdicts<'a>(&'a self, hooks: &'a Hooks) -> impl Iterator<Item = (&'static str, u64)> + Clone + 'a {
        let counters = self.verdicts.iter().skip(hooks.first);
        hooks.verdicts.iter().copied().zip(counters.map(|counter| counter.load(Ordering::Relaxed)))
    }

    pub(crate) fn faults(&self) -> impl Iterator<Item = (&'static str, u64)> + Clone + '_ {
        let counters = self.faults.iter().map(|counter| counter.load(Ordering::Relaxed));
        Fault::ALL.into_iter().map(Fault::name).zip(counters)
    }
}
