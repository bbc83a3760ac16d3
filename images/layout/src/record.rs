// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Which slot boots.  Two copies; the older one is always the one overwritten, so that
//! a power cut in the middle of a write leaves the other.

/// Bytes of a record on disk: one sector.
pub const RECORD_LEN: usize = 512;
/// Bytes between the beginnings of the two copies.
pub const COPY_STRIDE: u64 = 4096;
const MAGIC: &[u8; 4] = b"LGBC";
const VERSION: u32 = 1;
const CRC: usize = RECORD_LEN - 4;
/// Boots that a new slot has to prove itself.
const TRIES: u8 = 3;
/// Kernel panics that a confirmed slot may have.
const CRASH_CREDITS: u8 = 3;

/// What is known of one slot.
#[derive(Debug, PartialEq, Eq, Clone, Copy, Default)]
pub struct SlotState {
    /// The higher boots first.
    pub priority: u8,
    /// Boots that an unconfirmed slot has left to prove itself.
    pub tries: u8,
    /// Whether it proved itself.
    pub confirmed: bool,
    /// Kernel panics that a confirmed slot may have before it counts as broken.
    pub crash_credits: u8,
}

impl SlotState {
    /// One that proved itself, and boots before those of a lower priority.
    pub const fn proved(priority: u8) -> Self {
        SlotState { priority, tries: 0, confirmed: true, crash_credits: CRASH_CREDITS }
    }

    /// One that is to prove itself.
    const fn on_trial(priority: u8) -> Self {
        SlotState { priority, tries: TRIES, confirmed: false, crash_credits: CRASH_CREDITS }
    }
}

/// The boot control record.
#[derive(Debug, PartialEq, Eq, Clone, Copy, Default)]
pub struct Record {
    /// Grows by one with every write.
    pub sequence: u64,
    /// Slots A and B.
    pub slots: [SlotState; 2],
    /// The slot that booted last.
    pub last: u8,
}

impl Record {
    /// A disk's first record: `slot` is what it was made with, the other is empty.
    pub fn first(slot: usize) -> Self {
        let mut record = Record { last: slot as u8, ..Record::default() };
        record.slots[slot] = SlotState::proved(1);
        record
    }

    /// `slot` has nothing that boots.
    pub fn forget(&mut self, slot: usize) {
        self.slots[slot] = SlotState::default();
    }

    /// `slot` boots next, to prove itself; the other after it.
    pub fn try_next(&mut self, slot: usize) {
        self.slots[1 - slot].priority = 1;
        self.slots[slot] = SlotState::on_trial(2);
    }

    /// `slot` proved itself.
    pub fn confirm(&mut self, slot: usize) {
        self.slots[slot] = SlotState::proved(self.slots[slot].priority);
    }

    /// `slot` has run well for long: panics of before are forgotten.
    pub fn forgive(&mut self, slot: usize) {
        if self.slots[slot].confirmed {
            self.slots[slot].crash_credits = CRASH_CREDITS;
        }
    }

    /// Whether `slot` had proved itself, and panicked too often since.
    pub fn gave_way(&self, slot: usize) -> bool {
        let state = &self.slots[slot];
        // One that is empty has no priority.
        !state.confirmed && state.tries == 0 && state.crash_credits == 0 && state.priority > 0
    }

    /// `slot`, which proved itself once, boots before the other again.
    pub fn prefer(&mut self, slot: usize) {
        self.slots[1 - slot].priority = 1;
        self.slots[slot].priority = 2;
    }

    /// The sector that holds this record.
    pub fn encode(&self) -> [u8; RECORD_LEN] {
        let mut sector = [0; RECORD_LEN];
        sector[..4].copy_from_slice(MAGIC);
        sector[4..8].copy_from_slice(&VERSION.to_le_bytes());
        sector[8..16].copy_from_slice(&self.sequence.to_le_bytes());
        for (bytes, slot) in sector[16..24].chunks_exact_mut(4).zip(&self.slots) {
            bytes.copy_from_slice(&[slot.priority, slot.tries, slot.confirmed.into(), slot.crash_credits]);
        }
        sector[24] = self.last;
        let crc = crc32fast::hash(&sector[..CRC]);
        sector[CRC..].copy_from_slice(&crc.to_le_bytes());
        sector
    }

    /// The record in `sector`; `None` when it is torn, corrupt or of another version.
    pub fn decode(sector: &[u8]) -> Option<Self> {
        let sector: &[u8; RECORD_LEN] = sector.get(..RECORD_LEN)?.try_into().ok()?;
        let valid = sector[..4] == MAGIC[..]
            && sector[4..8] == VERSION.to_le_bytes()
            && sector[CRC..] == crc32fast::hash(&sector[..CRC]).to_le_bytes();
        let slot = |at: usize| SlotState {
            priority: sector[at],
            tries: sector[at + 1],
            confirmed: sector[at + 2] == 1,
            crash_credits: sector[at + 3],
        };
        valid.then(|| Record {
            sequence: u64::from_le_bytes(core::array::from_fn(|i| sector[8 + i])),
            slots: [slot(16), slot(20)],
            last: sector[24] & 1,
        })
    }

    /// Slot indices in the order to try them.
    pub fn order(&self) -> [usize; 2] {
        if self.slots[1].priority > self.slots[0].priority {
            [1, 0]
        } else {
            [0, 1]
        }
    }

    /// Slot indices in the order to try them when none is bootable: the one that booted
    /// last got us here.
    pub fn last_resort(&self) -> [usize; 2] {
        let last = usize::from(self.last & 1);
        [1 - last, last]
    }

    /// Whether `slot` is confirmed or has tries left.
    pub fn bootable(&self, slot: usize) -> bool {
        self.slots[slot].confirmed || self.slots[slot].tries > 0
    }

    /// Takes a credit from the confirmed slot whose kernel panicked; its last one makes it unbootable.
    pub fn crashed(&mut self) {
        let slot = &mut self.slots[usize::from(self.last & 1)];
        if slot.confirmed {
            slot.crash_credits = slot.crash_credits.saturating_sub(1);
            if slot.crash_credits == 0 {
                (slot.confirmed, slot.tries) = (false, 0);
            }
        }
    }

    /// Notes that `slot` is about to boot.  A confirmed slot that booted last changes nothing.
    pub fn boots(&mut self, slot: usize) {
        let state = &mut self.slots[slot];
        if !state.confirmed {
            state.tries = state.tries.saturating_sub(1);
        }
        self.last = slot as u8;
    }
}

/// The newest valid of the two copies, and its index; write the next to the other.
pub fn newest(copies: [&[u8]; 2]) -> Option<(usize, Record)> {
    let [a, b] = copies.map(Record::decode);
    match (a, b) {
        (Some(a), Some(b)) if b.sequence > a.sequence => Some((1, b)),
        (Some(a), _) => Some((0, a)),
        (None, b) => b.map(|b| (1, b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: SlotState = SlotState { priority: 2, tries: 3, confirmed: false, crash_credits: 3 };
    const OLD: SlotState = SlotState { priority: 1, tries: 0, confirmed: true, crash_credits: 3 };
    const RECORD: Record = Record { sequence: 7, slots: [OLD, NEW], last: 0 };

    #[test]
    fn every_flipped_bit_is_noticed() {
        let good = RECORD.encode();
        assert_eq!(Record::decode(&good), Some(RECORD));
        for bit in 0..RECORD_LEN * 8 {
            let mut bad = good;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Record::decode(&bad), None, "bit {bit}");
        }
    }

    #[test]
    fn a_write_torn_anywhere_leaves_the_old_or_the_new_record() {
        let (old, new) = (RECORD.encode(), Record { sequence: 9, last: 1, ..RECORD }.encode());
        let other = Record { sequence: 8, ..RECORD };
        for cut in 0..=RECORD_LEN {
            let mut torn = old;
            torn[..cut].copy_from_slice(&new[..cut]);
            let (_, seen) = newest([&torn, &other.encode()]).expect("a copy is left");
            assert!(seen.sequence == 8 || torn == new, "cut at {cut}");
        }
    }

    #[test]
    fn a_slot_that_never_confirms_gives_way_after_its_tries() {
        let mut record = RECORD;
        for _ in 0..3 {
            assert_eq!(record.order().into_iter().find(|&i| record.bootable(i)), Some(1));
            record.boots(1);
        }
        assert_eq!(record.order().into_iter().find(|&i| record.bootable(i)), Some(0));
    }

    #[test]
    fn a_slot_that_confirms_stays_and_the_other_is_there_for_its_crashes() {
        let mut record = Record::first(0);
        record.try_next(1);
        record.boots(1);
        record.confirm(1);
        for _ in 0..100 {
            assert_eq!(record.order().into_iter().find(|&i| record.bootable(i)), Some(1));
            record.boots(1);
        }
        for _ in 0..CRASH_CREDITS {
            record.crashed();
        }
        assert_eq!(record.order().into_iter().find(|&i| record.bootable(i)), Some(0));
    }

    #[test]
    fn with_nothing_bootable_the_slots_take_turns() {
        let mut record = Record { slots: [SlotState::default(); 2], ..RECORD };
        for expected in [1, 0, 1] {
            assert_eq!(record.last_resort()[0], expected);
            record.boots(expected);
        }
    }

    #[test]
    fn panics_demote_a_confirmed_slot_and_plain_boots_do_not() {
        let mut record = RECORD;
        for _ in 0..100 {
            record.boots(0);
        }
        assert_eq!(record, RECORD);
        for _ in 0..3 {
            assert!(record.bootable(0));
            record.crashed();
        }
        assert!(!record.bootable(0));
    }

    #[test]
    fn panics_of_long_ago_do_not_add_up() {
        let mut record = RECORD;
        for _ in 0..10 {
            record.crashed();
            record.crashed();
            record.forgive(0);
        }
        assert_eq!(record, RECORD);
        // One that gave way, and one that is to prove itself, get nothing.
        (0..3).for_each(|_| record.crashed());
        let gave_way = record;
        record.forgive(0);
        record.forgive(1);
        assert_eq!(record, gave_way);
        assert!(record.gave_way(0) && !record.gave_way(1) && !Record::first(0).gave_way(1));
    }
}
