// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Which slot boots: the loader's decision, and that of whoever wants to know it beforehand.

use crate::Record;

/// A slot that is signed and whole.
pub struct Whole<T> {
    /// Its rollback index.
    pub rollback: u32,
    /// What reading it gave.
    pub contents: T,
}

/// What boots.
pub struct Decision<T> {
    /// The slot.
    pub slot: usize,
    /// What reading it gave.
    pub contents: T,
    /// The record from now on.  One that differs from what is stored must be written before
    /// the slot starts: a trial is counted first.
    pub record: Record,
}

/// Decides by the record that is `stored`, if one is; the last kernel may have `panicked`.  `read` gives
/// what a slot holds if it is signed and whole.  `None` when no slot is.
///
/// A slot whose panics have used up its credits gives way to one whose rollback index is not lower.  Else it stays what it
/// was: who can make a kernel panic from afar must not bring back the holes of an older one.
pub fn decide<T>(
    stored: Option<Record>,
    panicked: bool,
    mut read: impl FnMut(usize) -> Option<Whole<T>>,
) -> Option<Decision<T>> {
    let before = stored.unwrap_or_default();
    let mut record = before;
    if panicked {
        record.crashed();
    }
    let (mut slot, mut whole) = choose(&record, stored.is_some(), &mut read)?;
    let last = usize::from(before.last & 1);
    if before.bootable(last) && !record.bootable(last) {
        if slot != last {
            if let Some(newer) = read(last).filter(|newer| newer.rollback > whole.rollback) {
                (slot, whole) = (last, newer);
            }
        }
        if slot == last {
            record = before;
        }
    }
    record.boots(slot);
    Some(Decision { slot, contents: whole.contents, record })
}

/// First what the record calls bootable; then, rather than nothing, anything signed.
fn choose<T>(
    record: &Record,
    is_stored: bool,
    read: &mut impl FnMut(usize) -> Option<Whole<T>>,
) -> Option<(usize, Whole<T>)> {
    let bootable = record.order().into_iter().filter(|slot| record.bootable(*slot));
    let desperate = if is_stored { record.last_resort() } else { record.order() };
    bootable.chain(desperate).find_map(|slot| Some((slot, read(slot)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those that are there, with their rollback indices.
    type Slots = [Option<u32>; 2];

    const SAME: Slots = [Some(1), Some(1)];

    fn boot(stored: Option<Record>, panicked: bool, slots: Slots) -> Option<Decision<()>> {
        decide(stored, panicked, |slot| slots[slot].map(|rollback| Whole { rollback, contents: () }))
    }

    /// The slots that boot one after the other, nobody confirming anything, when these are whole.
    fn boots(record: Record, slots: Slots) -> [Option<usize>; 5] {
        after(record, false, slots).0
    }

    /// As `boots`, with a panic before each if they all `panicked`; and the record at the end.
    fn after(mut record: Record, panicked: bool, slots: Slots) -> ([Option<usize>; 5], Record) {
        let booted = [(); 5].map(|()| {
            let decision = boot(Some(record), panicked, slots)?;
            record = decision.record;
            Some(decision.slot)
        });
        (booted, record)
    }

    /// Slot B runs, and both have proved themselves.
    fn both_proved() -> Record {
        let mut record = Record::first(0);
        record.try_next(1);
        record.boots(1);
        record.confirm(1);
        record
    }

    #[test]
    fn a_trial_has_its_tries_and_then_the_other_slot_boots() {
        let mut record = Record::first(0);
        record.try_next(1);
        assert_eq!(boots(record, SAME), [Some(1), Some(1), Some(1), Some(0), Some(0)]);
        // It has not proved itself, so that its index counts for nothing.
        assert_eq!(boots(record, [Some(1), Some(2)]), [Some(1), Some(1), Some(1), Some(0), Some(0)]);
    }

    #[test]
    fn a_slot_that_is_not_whole_uses_up_no_try() {
        let mut record = Record::first(0);
        record.try_next(1);
        assert_eq!(boots(record, [Some(1), None]), [Some(0); 5]);
        let decision = boot(Some(record), false, [Some(1), None]).expect("slot a is whole");
        assert_eq!(decision.record, Record { last: 0, ..record });
    }

    #[test]
    fn what_is_signed_boots_without_a_record_and_what_is_not_does_not() {
        assert_eq!(boot(None, false, [None, Some(1)]).map(|decision| decision.slot), Some(1));
        assert_eq!(boots(Record::first(0), [None, None]), [None; 5]);
    }

    #[test]
    fn panics_lead_to_the_other_slot_if_its_rollback_index_is_not_lower() {
        for slots in [SAME, [Some(2), Some(1)]] {
            let (booted, record) = after(both_proved(), true, slots);
            assert_eq!(booted[..3], [Some(1), Some(1), Some(0)], "{slots:?}");
            assert!(record.gave_way(1), "{record:?}");
        }
    }

    #[test]
    fn panics_never_lead_to_a_lower_rollback_index() {
        let (booted, record) = after(both_proved(), true, [Some(1), Some(2)]);
        assert_eq!(booted, [Some(1); 5]);
        assert!(record.slots[1].confirmed && !record.gave_way(1), "{record:?}");
        // Nor do they where the record would let nothing boot.
        let mut record = Record::first(1);
        record.slots[1].crash_credits = 1;
        assert_eq!(after(record, true, [Some(1), Some(2)]).0, [Some(1); 5]);
        // What is damaged gives way to whatever is whole.
        assert_eq!(boots(both_proved(), [Some(1), None]), [Some(0); 5]);
    }

    #[test]
    fn panics_without_another_slot_change_nothing_for_good() {
        let (booted, record) = after(Record::first(0), true, [Some(1), None]);
        assert_eq!(booted, [Some(0); 5]);
        assert!(record.slots[0].confirmed, "{record:?}");
    }
}
