// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The table itself: readers under RCU, one writer at a time.

use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use kernel::alloc::flags::GFP_KERNEL;
use kernel::alloc::KBox;
use kernel::sync::{Arc, UniqueArc};
use table::{room_for, Places, Spot};

use super::account::Account;
use super::array::{self, Array};
use super::node::{self, Fresh, Node, Seen};
use super::{RcuTable, Refusal};
use crate::portable::Portable;
use crate::reclaim::{self, Head};
use crate::sync::{RcuGuard, SpinLock};
use crate::sys;

/// What is known under the writer's lock.
struct Books {
    entries: usize,
    /// How many values are tables.
    tables: usize,
    /// The first of the arrays that are walked still but are the table's no more.
    older: *mut Array,
}

// SAFETY: The pointer is used under the lock.
unsafe impl Send for Books {}

/// A hash table that every context reads without a lock.
///
/// # Invariants
///
/// `current` points to the table's places. An entry in them, or in older ones that are walked,
/// stays valid for a grace period after it was taken out of all of them; places stay valid for
/// one after they stopped to be the table's and to be walked.
#[repr(C)]
pub(super) struct Table {
    head: Head,
    current: AtomicPtr<Array>,
    /// Its places are never fewer.
    least: usize,
    account: Arc<Account>,
    books: SpinLock<Books>,
    /// `Books::tables`, for who has not the lock.
    tables: AtomicUsize,
    /// Tells which keys scripts must leave alone.
    pub(super) reserved: fn(&[u8]) -> bool,
}

// SAFETY: What is not atomic is under the lock or never changes.
unsafe impl Send for Table {}
// SAFETY: As above.
unsafe impl Sync for Table {}

/// Tables that hold tables must form no circle, or none of them would ever end. Who puts one
/// into another holds this, so that no two at once close a circle. The tables' own locks are
/// taken inside.
static LINKS: sys::Brief<()> = sys::Brief::new(());

/// Places that a search for a circle looks at, with interrupts off.
const SEARCH: usize = 16384;
/// Tables in tables in tables ...
const DEPTH: usize = 8;

fn seed() -> u64 {
    static SEED: AtomicUsize = AtomicUsize::new(0);
    let seed = SEED.load(Ordering::Relaxed);
    if seed != 0 {
        return seed as u64;
    }
    let (high, low) = (u64::from(sys::random()), u64::from(sys::random()));
    let fresh = ((high << 32) | low | 1) as usize;
    // Whoever comes first decides.
    match SEED.compare_exchange(0, fresh, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => fresh as u64,
        Err(first) => first as u64,
    }
}

fn limit(parameter: u64) -> usize {
    usize::try_from(parameter).unwrap_or(usize::MAX)
}

impl Table {
    /// How many places a table has that is made for so many entries.
    pub(super) fn places_for(size: usize) -> usize {
        room_for(size.min(limit(sys::limits().table_entries)))
    }

    /// A table with room for `size` entries before it grows the first time. `own`: lunatik's, to which
    /// the limits of scripts do not apply.
    pub(super) fn new(
        size: usize,
        reserved: fn(&[u8]) -> bool,
        atomic: bool,
        own: bool,
    ) -> Result<Arc<Table>, Refusal> {
        let least = Table::places_for(size);
        let account = Account::new((!own).then(|| limit(sys::limits().table_memory)));
        let flags = if atomic { kernel::alloc::flags::GFP_ATOMIC } else { GFP_KERNEL };
        let account = Arc::new(account, flags).map_err(|_| Refusal::Memory)?;
        let array = Array::new(least, &account, atomic)?;
        let books = SpinLock::new(Books { entries: 0, tables: 0, older: ptr::null_mut() });
        let memory = UniqueArc::new_uninit(flags).map_err(|_| Refusal::Memory)?;
        Ok(memory
            .write(Table {
                head: Head::new(),
                current: AtomicPtr::new(KBox::into_raw(array)),
                least,
                account,
                books,
                tables: AtomicUsize::new(0),
                reserved,
            })
            .into())
    }

    pub(super) fn hash(key: &[u8]) -> u64 {
        table::hash(seed(), key)
    }

    /// The places now. The caller is in an RCU section or holds the lock.
    #[inline]
    fn current(&self) -> &Array {
        // SAFETY: By the invariants.
        unsafe { &*self.current.load(Ordering::Acquire) }
    }

    #[inline]
    fn places(&self) -> Places<'_, Node> {
        // SAFETY: By the invariants, the caller's section or lock keeps the entries.
        unsafe { self.current().places() }
    }

    /// Shows `f` a value, in an RCU section: `f` must not sleep.
    #[inline]
    pub(super) fn read<R>(&self, key: &[u8], f: impl FnOnce(Option<Seen<'_>>) -> R) -> R {
        let hash = Table::hash(key);
        let _section = RcuGuard::new();
        f(self.places().find(hash, key).map(Node::value))
    }

    /// How many entries it has.
    pub(super) fn entries(&self) -> usize {
        self.books.lock().entries
    }

    /// Puts a value under a key; nil takes what is there away. `atomic`: without sleeping.
    pub(super) fn write(&self, key: &[u8], value: Portable<&[u8]>, atomic: bool) -> Result<(), Refusal> {
        let hash = Table::hash(key);
        if matches!(value, Portable::Nil) {
            let mut books = self.books.lock();
            let old = self.remove(&mut books, hash, key);
            drop(books);
            // SAFETY: It has been taken out.
            unsafe { node::retire(old) };
            return Ok(());
        }
        if matches!(value, Portable::Boolean(_) | Portable::Integer(_)) {
            // Without the lock: if another writer takes the entry away meanwhile, this was before.
            let _section = RcuGuard::new();
            if self.places().find(hash, key).is_some_and(|node| node.update(&value)) {
                return Ok(());
            }
        }
        let mut fresh = Fresh::new(hash, key, value, &self.account, atomic)?;
        loop {
            self.make_room(hash, key, atomic)?;
            let inner = fresh.node().object().and_then(|object| object.get::<RcuTable>());
            let links = inner.map(|_| LINKS.lock());
            if let Some(inner) = inner {
                if inner.table().reaches(self, &mut { SEARCH }, DEPTH)? {
                    return Err(Refusal::Circle);
                }
            }
            let mut books = self.books.lock();
            let placed = self.place(&mut books, fresh);
            drop(books);
            drop(links);
            match placed {
                Ok(old) => {
                    // SAFETY: It has been taken out.
                    unsafe { node::retire(old) };
                    return Ok(());
                }
                // Somebody else took the last place.
                Err(again) => fresh = again,
            }
        }
    }

    /// Puts an entry into the table, and returns the one whose key it has; without room, gives
    /// it back.
    fn place(&self, books: &mut Books, fresh: Fresh) -> Result<*mut Node, Fresh> {
        let array = self.current();
        let places = self.places();
        let (hash, key) = (table::Entry::hash(fresh.node()), table::Entry::key(fresh.node()));
        let is_table = fresh.node().object().is_some_and(|object| object.get::<RcuTable>().is_some());
        let old = match places.spot(hash, key) {
            Spot::At(index) => {
                let entry = fresh.into_raw();
                // SAFETY: Under the lock; the caller retires what was there.
                let old = unsafe { places.put(index, entry) };
                self.replace_in_older(books, old, Some(entry));
                old
            }
            Spot::Vacant { index, fresh: unused } => {
                let entry = fresh.into_raw();
                // SAFETY: Under the lock.
                unsafe { places.put(index, entry) };
                array.used.set(array.used.get() + usize::from(unused));
                books.entries += 1;
                ptr::null_mut()
            }
            Spot::Full => return Err(fresh),
        };
        self.count_tables(books, old, is_table);
        Ok(old)
    }

    /// Takes the entry with this key out of the table.
    fn remove(&self, books: &mut Books, hash: u64, key: &[u8]) -> *mut Node {
        let places = self.places();
        let Spot::At(index) = places.spot(hash, key) else { return ptr::null_mut() };
        // SAFETY: Under the lock; the caller retires it.
        let old = unsafe { places.remove(index) };
        self.replace_in_older(books, old, None);
        books.entries -= 1;
        self.count_tables(books, old, false);
        old
    }

    /// Walks that go on through older places see the change, too.
    fn replace_in_older(&self, books: &Books, old: *mut Node, new: Option<*mut Node>) {
        let mut older = books.older;
        // SAFETY: Older places are alive while they are in the list, which the lock guards, and
        // `old` is alive until the caller retires it.
        while let (Some(array), Some(entry)) = unsafe { (older.as_ref(), old.as_ref()) } {
            // SAFETY: What older places hold is retired only after this took it out of them.
            let places = unsafe { array.places() };
            if let Some(index) = places.index_of(entry) {
                // SAFETY: Under the lock; the caller retires the old entry.
                unsafe {
                    match new {
                        Some(new) => places.put(index, new),
                        None => places.remove(index),
                    }
                };
            }
            older = array.older.get();
        }
    }

    fn count_tables(&self, books: &mut Books, old: *mut Node, new: bool) {
        let is_table = |object: &lua::Shared| object.get::<RcuTable>().is_some();
        // SAFETY: Not retired yet.
        let old = unsafe { old.as_ref() };
        let old = old.and_then(Node::object).is_some_and(is_table);
        books.tables = books.tables + usize::from(new) - usize::from(old);
        self.tables.store(books.tables, Ordering::Relaxed);
    }

    /// Sees to it that an entry with this key has a place.
    fn make_room(&self, hash: u64, key: &[u8], atomic: bool) -> Result<(), Refusal> {
        let (length, mandatory) = {
            let books = self.books.lock();
            let (array, places) = (self.current(), self.places());
            if places.find(hash, key).is_some() {
                return Ok(());
            }
            if books.entries >= limit(sys::limits().table_entries) {
                return Err(Refusal::Entries);
            }
            if (array.used.get() + 1) * 2 <= places.len() {
                return Ok(());
            }
            // Where entries go as fast as others come, there is room for many of these before it is made anew. Without
            // memory for more, seven eighths are still found fast enough.
            (
                room_for(books.entries + 1 + places.len() / 8).max(self.least),
                array.used.get() + 1 > places.len() / 8 * 7,
            )
        };
        let array = match Array::new(length, &self.account, atomic) {
            Ok(array) => array,
            Err(refusal) if mandatory => return Err(refusal),
            Err(_) => return Ok(()),
        };
        let mut books = self.books.lock();
        let before = self.current();
        // SAFETY: Nobody else knows the new places.
        let filled = unsafe { array.places() }.fill(self.places());
        let Some(used) = filled.filter(|used| (used + 1) * 2 <= length) else {
            // Others wrote meanwhile, and made other room.
            return Ok(());
        };
        array.used.set(used);
        let before = ptr::from_ref(before).cast_mut();
        self.current.store(KBox::into_raw(array), Ordering::Release);
        // SAFETY: Under the lock it was the table's until now, and is alive.
        unsafe {
            if (*before).walks.get() > 0 {
                (*before).older.set(books.older);
                books.older = before;
            } else {
                drop(books);
                array::retire(before);
            }
        }
        Ok(())
    }

    /// How many places a search for a circle may look at, if this is put into a table.
    pub(super) fn search(&self) -> usize {
        if self.tables.load(Ordering::Relaxed) == 0 {
            return 0;
        }
        SEARCH
    }

    /// Whether this is the other table or holds it, perhaps in tables in it. Under [`LINKS`].
    fn reaches(&self, other: &Table, search: &mut usize, depth: usize) -> Result<bool, Refusal> {
        if ptr::eq(self, other) {
            return Ok(true);
        }
        if self.tables.load(Ordering::Relaxed) == 0 {
            return Ok(false);
        }
        let _section = RcuGuard::new();
        let places = self.places();
        *search = search.checked_sub(places.len()).ok_or(Refusal::Nested)?;
        let depth = depth.checked_sub(1).ok_or(Refusal::Nested)?;
        for index in 0..places.len() {
            let inner = places.get(index).and_then(Node::object).and_then(|object| object.get::<RcuTable>());
            if let Some(inner) = inner {
                if inner.table().reaches(other, search, depth)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Begins to go through the entries.
    pub(super) fn walk(&self) -> Walk<'_> {
        let _books = self.books.lock();
        let array = self.current();
        array.walks.set(array.walks.get() + 1);
        Walk { table: self, array, next: 0 }
    }

    /// Where [`reclaim`] finds it.
    pub(super) fn end_later(table: Arc<Table>) {
        let table = Arc::into_raw(table).cast_mut();
        // SAFETY: The head is the first field; the reference is the last, and goes to `end`.
        unsafe { reclaim::later(table.cast(), end) }
    }
}

unsafe fn end(head: *mut Head) {
    // SAFETY: `end_later` passes the last reference, by the address of its first field.
    drop(unsafe { Arc::from_raw(head.cast_const().cast::<Table>()) });
}

/// One walk through the entries. Each that is there all the time is seen once; one that comes
/// or goes meanwhile, perhaps.
///
/// # Invariants
///
/// `array` is the table's, or one of its older ones, and counts this walk.
pub(super) struct Walk<'a> {
    table: &'a Table,
    array: &'a Array,
    next: usize,
}

impl Walk<'_> {
    /// How many places it has looked at.
    pub(super) fn position(&self) -> usize {
        self.next
    }

    /// Whether there is no more place to look at.
    pub(super) fn is_over(&self) -> bool {
        self.next >= self.array.len()
    }

    /// Shows `f` the next entry, in an RCU section: `f` must not sleep. None if there is none in the next `most` places.
    pub(super) fn next<R>(&mut self, most: usize, f: impl FnOnce(&[u8], Seen<'_>) -> R) -> Option<R> {
        let _section = RcuGuard::new();
        // SAFETY: By the invariants of the table, entries stay valid during the section.
        let places = unsafe { self.array.places() };
        let end = self.next.saturating_add(most).min(places.len());
        while self.next < end {
            let entry = places.get(self.next);
            self.next += 1;
            if let Some(entry) = entry {
                return Some(f(table::Entry::key(entry), entry.value()));
            }
        }
        None
    }
}

impl Drop for Walk<'_> {
    fn drop(&mut self) {
        let mut books = self.table.books.lock();
        let walks = self.array.walks.get() - 1;
        self.array.walks.set(walks);
        if walks > 0 || ptr::eq(self.table.current(), self.array) {
            return;
        }
        // The last walk through older places: they go.
        let array = ptr::from_ref(self.array).cast_mut();
        if books.older == array {
            books.older = self.array.older.get();
        } else {
            let mut at = books.older;
            // SAFETY: The list's arrays are alive, under the lock.
            while let Some(other) = unsafe { at.as_ref() } {
                if other.older.get() == array {
                    other.older.set(self.array.older.get());
                    break;
                }
                at = other.older.get();
            }
        }
        drop(books);
        // SAFETY: It is in no list, and no walk is left.
        unsafe { array::retire(array) };
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        // Nobody has a reference, so there are no readers and no walks, and no older places. The
        // worker drops it, so this may sleep.
        let array = *self.current.get_mut();
        // SAFETY: By the invariants; it is not used afterwards.
        unsafe {
            let places = (*array).places();
            for index in 0..places.len() {
                let old = places.remove(index);
                if !old.is_null() {
                    node::free(old);
                }
                if index % 1024 == 0 {
                    sys::resched();
                }
            }
            array::free(array);
        }
    }
}
