// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A runtime's failures: when they are too many, it is put in quarantine.

use kernel::alloc::{flags::GFP_KERNEL, KVec};
use kernel::error::Result;
use recent::Recent;

use crate::ledger::Fault;
use crate::sync::SpinLock;
use crate::{sys, Budget};

/// Bytes that are kept of a failure's message and traceback.
const TEXT: usize = 900;

/// The failures of one runtime.
pub(crate) struct Health(SpinLock<Books>);

struct Books {
    /// The failures, by milliseconds of the machine's uptime.
    recent: Recent,
    /// Which kinds have been told: a bit for each.
    told: u8,
    /// Since when it is in quarantine, in nanoseconds since 1970.
    since: Option<u64>,
    /// What the last failure said. It has room for all of [`TEXT`].
    last: KVec<u8>,
}

/// What is to be done about a failure.
pub(crate) struct Remedy {
    /// It is the first of its kind, and is to be told.
    pub(crate) tell: bool,
    /// It was one too many, and the quarantine has begun.
    pub(crate) quarantined: bool,
}

/// What is known of a runtime's failures.
pub(crate) struct Record {
    pub(crate) since: Option<u64>,
    pub(crate) last: KVec<u8>,
}

impl Health {
    pub(crate) fn new() -> Result<Health> {
        let last = KVec::with_capacity(TEXT, GFP_KERNEL)?;
        Ok(Health(SpinLock::new(Books { recent: Recent::new(), told: 0, since: None, last })))
    }

    /// Writes down a failure; in every context. If it is one too many, `enter` begins the quarantine, unless there is one
    /// or none can be: under the lock, so that who asks finds both or none, the quarantine and since when it is.
    pub(crate) fn note(
        &self,
        fault: Fault,
        text: &[u8],
        trace: &[u8],
        budget: &Budget,
        enter: impl FnOnce() -> bool,
    ) -> Remedy {
        let (now, date) = (sys::uptime(), sys::date());
        let mut books = self.0.lock();
        let bit = 1 << fault as u8;
        let tell = books.told & bit == 0;
        books.told |= bit;
        // SAFETY: Bytes have nothing to drop.
        unsafe { books.last.set_len(0) };
        for part in [text, trace] {
            let room = books.last.capacity().min(TEXT) - books.last.len();
            // There is room, so no memory is asked for.
            let _ = books.last.extend_from_slice(part.get(..room).unwrap_or(part), GFP_KERNEL);
        }
        let recent = books.recent.count(now, budget.window);
        let quarantined = budget.faults != 0 && recent >= budget.faults && enter();
        if quarantined {
            books.since = Some(date);
        }
        Remedy { tell, quarantined }
    }

    /// Forgets the failures; `leave` ends the quarantine, under the lock as it began. Whether there was one.
    pub(crate) fn recover(&self, leave: impl FnOnce() -> bool) -> bool {
        let mut books = self.0.lock();
        books.recent = Recent::new();
        books.told = 0;
        books.since = None;
        leave()
    }

    /// What is known. May sleep.
    pub(crate) fn record(&self) -> Result<Record> {
        let mut last = KVec::with_capacity(TEXT, GFP_KERNEL)?;
        let books = self.0.lock();
        // There is room, so no memory is asked for.
        last.extend_from_slice(&books.last, GFP_KERNEL)?;
        Ok(Record { since: books.since, last })
    }
}
