// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A runtime's failures: when they are too many, it is put in quarantine.

use kernel::alloc::{flags::GFP_KERNEL, KVec};
use kernel::error::Result;

use crate::ledger::Fault;
use crate::sync::SpinLock;
use crate::{sys, Budget};

/// Bytes that are kept of a failure's message and traceback.
const TEXT: usize = 900;

/// The failures of one runtime.
pub(crate) struct Health(SpinLock<Books>);

struct Books {
    /// When the window began, in milliseconds of the machine's uptime, and the failures in it: it begins with the
    /// first.
    began: u64,
    recent: u64,
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
    /// It was one too many.
    pub(crate) quarantine: bool,
}

/// What is known of a runtime's failures.
pub(crate) struct Record {
    pub(crate) since: Option<u64>,
    pub(crate) last: KVec<u8>,
}

impl Health {
    pub(crate) fn new() -> Result<Health> {
        let last = KVec::with_capacity(TEXT, GFP_KERNEL)?;
        Ok(Health(SpinLock::new(Books { began: 0, recent: 0, told: 0, since: None, last })))
    }

    /// Writes down a failure; in every context.
    pub(crate) fn note(&self, fault: Fault, text: &[u8], trace: &[u8], budget: &Budget) -> Remedy {
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
        if books.recent == 0 || now.saturating_sub(books.began) >= budget.window {
            books.began = now;
            books.recent = 0;
        }
        books.recent += 1;
        let quarantine = budget.faults != 0 && books.recent >= budget.faults && books.since.is_none();
        if quarantine {
            books.since = Some(date);
        }
        Remedy { tell, quarantine }
    }

    /// Forgets the failures; whether it was in quarantine.
    pub(crate) fn recover(&self) -> bool {
        let mut books = self.0.lock();
        books.recent = 0;
        books.told = 0;
        books.since.take().is_some()
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
