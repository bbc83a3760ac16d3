// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Where the entries are.

use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};

/// What the table holds, by pointer.
pub trait Entry {
    /// The key's [`hash`](crate::hash).
    fn hash(&self) -> u64;
    /// The key.
    fn key(&self) -> &[u8];
}

/// The places of a table.
///
/// # Invariants
///
/// There is a power of two of them. Each holds null (never used), the mark of a removed entry,
/// or a pointer to an entry that stays valid while anybody uses this view.
pub struct Places<'a, E> {
    places: &'a [AtomicPtr<E>],
}

impl<E> Clone for Places<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Places<'_, E> {}

/// What is known of a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Spot {
    /// Its entry is at this index.
    At(usize),
    /// It has none; one could go here. `fresh`: this place has never been used.
    Vacant {
        /// The place's index.
        index: usize,
        /// Whether the table gets more crowded by using it.
        fresh: bool,
    },
    /// It has none, and there is no place for one.
    Full,
}

/// How many places give `entries` at most half of the room.
#[must_use]
pub fn room_for(entries: usize) -> usize {
    entries.saturating_mul(2).max(16).checked_next_power_of_two().unwrap_or(1 << (usize::BITS - 1))
}

/// What a removed entry leaves behind, so that who looks for others goes on.
fn gone<E>() -> *mut E {
    ptr::without_provenance_mut(1)
}

impl<'a, E: Entry> Places<'a, E> {
    /// A view.
    ///
    /// # Safety
    ///
    /// The invariants of [`Places`] hold for `'a`.
    #[must_use]
    pub unsafe fn new(places: &'a [AtomicPtr<E>]) -> Self {
        debug_assert!(places.len().is_power_of_two());
        Places { places }
    }

    /// How many places there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.places.len()
    }

    /// Whether there are none at all.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.places.is_empty()
    }

    /// The entry at `index`, if there is one.
    #[must_use]
    #[inline]
    pub fn get(self, index: usize) -> Option<&'a E> {
        let entry = self.places.get(index)?.load(Ordering::Acquire);
        if entry == gone() {
            return None;
        }
        // SAFETY: By the invariants, it is null or points to a valid entry.
        unsafe { entry.as_ref() }
    }

    /// The entry with this key.
    #[must_use]
    #[inline]
    pub fn find(self, hash: u64, key: &[u8]) -> Option<&'a E> {
        for index in self.probe(hash) {
            let place = self.places.get(index)?;
            let entry = place.load(Ordering::Acquire);
            if entry.is_null() {
                return None;
            }
            if entry == gone() {
                continue;
            }
            // SAFETY: By the invariants, it points to a valid entry.
            let entry = unsafe { &*entry };
            if entry.hash() == hash && entry.key() == key {
                return Some(entry);
            }
        }
        None
    }

    /// Where the writer finds the key, or can put it.
    #[must_use]
    pub fn spot(self, hash: u64, key: &[u8]) -> Spot {
        let mut vacant = None;
        for index in self.probe(hash) {
            let Some(place) = self.places.get(index) else { break };
            let entry = place.load(Ordering::Acquire);
            if entry.is_null() {
                return vacant
                    .map_or(Spot::Vacant { index, fresh: true }, |index| Spot::Vacant { index, fresh: false });
            }
            if entry == gone() {
                vacant = vacant.or(Some(index));
                continue;
            }
            // SAFETY: By the invariants, it points to a valid entry.
            let entry = unsafe { &*entry };
            if entry.hash() == hash && entry.key() == key {
                return Spot::At(index);
            }
        }
        vacant.map_or(Spot::Full, |index| Spot::Vacant { index, fresh: false })
    }

    /// Where this very entry is.
    #[must_use]
    pub fn index_of(self, entry: &E) -> Option<usize> {
        self.probe(entry.hash())
            .take_while(|index| self.places.get(*index).is_some_and(|place| !place.load(Ordering::Acquire).is_null()))
            .find(|index| self.places.get(*index).is_some_and(|place| ptr::eq(place.load(Ordering::Acquire), entry)))
    }

    /// Puts an entry at an index that [`Places::spot`] gave, and returns what was there.
    ///
    /// # Safety
    ///
    /// The caller is the only writer; `entry` is as the invariants demand, and what this
    /// returns stays valid until no reader has it.
    pub unsafe fn put(self, index: usize, entry: *mut E) -> *mut E {
        self.swap(index, entry)
    }

    /// Removes the entry at an index, and returns it.
    ///
    /// # Safety
    ///
    /// The caller is the only writer; what this returns stays valid until no reader has it.
    pub unsafe fn remove(self, index: usize) -> *mut E {
        self.swap(index, gone())
    }

    fn swap(self, index: usize, entry: *mut E) -> *mut E {
        let Some(place) = self.places.get(index) else { return ptr::null_mut() };
        let old = place.swap(entry, Ordering::AcqRel);
        if old == gone() {
            ptr::null_mut()
        } else {
            old
        }
    }

    /// Puts all entries of another table into this one, whose places are all null.
    /// Returns how many there were, or nothing if they have no room.
    #[must_use]
    pub fn fill(self, other: Places<'_, E>) -> Option<usize> {
        let mut count = 0;
        for place in other.places {
            let entry = place.load(Ordering::Acquire);
            if entry.is_null() || entry == gone() {
                continue;
            }
            // SAFETY: By the invariants of the other, it points to a valid entry.
            let hash = unsafe { (*entry).hash() };
            let free = self
                .probe(hash)
                .filter_map(|index| self.places.get(index))
                .find(|place| place.load(Ordering::Relaxed).is_null())?;
            free.store(entry, Ordering::Release);
            count += 1;
        }
        Some(count)
    }

    /// The indices to look at, each once.
    #[inline]
    fn probe(self, hash: u64) -> impl Iterator<Item = usize> {
        let mask = self.places.len().wrapping_sub(1);
        (0..self.places.len()).map(move |step| (hash as usize).wrapping_add(step) & mask)
    }
}
