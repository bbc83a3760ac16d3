// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Which slot boots: the loader's decision, and that of whoever wants to know it beforehand.

use crate::Record;

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
pub fn decide<T>(
    stored: Option<Record>,
    panicked: bool,
    mut read: impl FnMut(usize) -> Option<T>,
) -> Option<Decision<T>> {
    let mut record = stored.unwrap_or_default();
    if panicked {
        record.crashed();
    }
    // First what the record calls bootable; then, rather than nothing, anything signed.
    for desperate in [false, true] {
        let order = if desperate && stored.is_some() { record.last_resort() } else { record.order() };
        for slot in order {
            if !desperate && !record.bootable(slot) {
                continue;
            }
            if let Some(contents) = read(slot) {
                record.boots(slot);
                return Some(Decision { slot, contents, record });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The slots that boot one after the other, nobody confirming anything, when these are whole.
    fn boots(record: Record, whole: [bool; 2]) -> [Option<usize>; 5] {
        let mut stored = record;
        [(); 5].map(|()| {
            let decision = decide(Some(stored), false, |slot| whole[slot].then_some(()))?;
            stored = decision.record;
            Some(decision.slot)
        })
    }

    #[test]
    fn a_trial_has_its_tries_and_then_the_other_slot_boots() {
        let mut record = Record::first(0);
        record.try_next(1);
        assert_eq!(boots(record, [true, true]), [Some(1), Some(1), Some(1), Some(0), Some(0)]);
    }

    #[test]
    fn a_slot_that_is_not_whole_uses_up_no_try() {
        let mut record = Record::first(0);
        record.try_next(1);
        assert_eq!(boots(record, [true, false]), [Some(0); 5]);
        let decision = decide(Some(record), false, |slot| (slot == 0).then_some(())).expect("slot a is whole");
        assert_eq!(decision.record, Record { last: 0, ..record });
    }

    #[test]
    fn what_is_signed_boots_without_a_record_and_what_is_not_does_not() {
        assert_eq!(decide(None, false, |slot| (slot == 1).then_some(())).map(|decision| decision.slot), Some(1));
        assert_eq!(boots(Record::first(0), [false, false]), [None; 5]);
    }
}
