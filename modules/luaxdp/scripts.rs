// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The scripts that attached to XDP, and the links that are held for them.

use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use kernel::prelude::*;
use key::Key;
use lunatik_core::sync::synchronize_rcu;

use crate::attached::Attached;
use crate::chain::Chain;
use crate::sys::{Guarded, Link};
use crate::table::{Order, Table};

struct ByName;

impl Order for ByName {
    fn place(attached: &Attached) -> u64 {
        attached.hash
    }
    fn next(attached: &Attached) -> &AtomicPtr<Attached> {
        &attached.after_name
    }
}

struct ById;

impl Order for ById {
    fn place(attached: &Attached) -> u64 {
        attached.id
    }
    fn next(attached: &Attached) -> &AtomicPtr<Attached> {
        &attached.after_id
    }
}

static NAMES: Table<ByName> = Table::new();
static IDS: Table<ById> = Table::new();

/// What is attached, under the lock; the tables are written under it, too.
pub(crate) static SCRIPTS: Guarded<Scripts> = Guarded::new(Scripts { all: KVec::new(), links: KVec::new() });

/// # Invariants
///
/// `all` has every [`Attached`], from [`add`] to its drop. Empty places are used again.
pub(crate) struct Scripts {
    all: KVec<Option<Entry>>,
    links: KVec<Option<Held>>,
}

struct Entry {
    attached: NonNull<Attached>,
    /// Whether programs find it.
    published: bool,
}

// SAFETY: Attached is Sync, and the lock guards the rest.
unsafe impl Send for Entry {}

impl Entry {
    fn attached(&self) -> &Attached {
        // SAFETY: By the invariants of Scripts.
        unsafe { self.attached.as_ref() }
    }
}

/// A link, and the numbers of those [`Attached`] that its program calls.
pub(crate) struct Held {
    pub(crate) chain: Chain,
    pub(crate) link: Link,
}

impl Scripts {
    /// Those that programs find.
    pub(crate) fn published(&self) -> impl Iterator<Item = &Attached> {
        self.all.iter().flatten().filter(|entry| entry.published).map(Entry::attached)
    }

    pub(crate) fn links(&self) -> impl Iterator<Item = &Held> {
        self.links.iter().flatten()
    }

    pub(crate) fn hold(&mut self, held: Held) -> Result {
        put(&mut self.links, held)
    }

    /// What is held of this link.
    pub(crate) fn held(&mut self, link: &Link) -> Option<&mut Held> {
        self.links.iter_mut().flatten().find(|held| held.link.is(link))
    }

    /// Takes out one link that `is` likes.
    pub(crate) fn take(&mut self, is: impl Fn(&Held) -> bool) -> Option<Link> {
        let place = self.links.iter_mut().find(|place| place.as_ref().is_some_and(&is))?;
        let held = place.take();
        give_back(&mut self.links);
        held.map(|held| held.link)
    }

    /// If no script has that number any more: takes it out of each link, and takes out one link that has no other.
    fn take_orphan(&mut self, id: u64) -> Option<Link> {
        if self.has(id) {
            return None;
        }
        self.links.iter_mut().flatten().for_each(|held| held.chain.remove(id));
        self.take(|held| held.chain.is_empty())
    }

    /// Whether programs find one with that number.
    pub(crate) fn has(&self, id: u64) -> bool {
        self.published().any(|attached| attached.id == id)
    }

    /// The place of one.
    fn entry(&mut self, attached: &Attached) -> Option<&mut Option<Entry>> {
        let is = |entry: &Entry| ptr::eq(entry.attached.as_ptr(), attached);
        self.all.iter_mut().find(|place| place.as_ref().is_some_and(is))
    }

    /// Says whether programs find it; returns what was before.
    fn set_published(&mut self, attached: &Attached, published: bool) -> bool {
        let entry = self.entry(attached).and_then(Option::as_mut);
        entry.is_some_and(|entry| core::mem::replace(&mut entry.published, published))
    }
}

/// Puts a value into an empty place, or a new one.
fn put<T>(places: &mut KVec<Option<T>>, value: T) -> Result {
    match places.iter_mut().find(|place| place.is_none()) {
        Some(place) => *place = Some(value),
        None => places.push(Some(value), GFP_KERNEL)?,
    }
    Ok(())
}

/// Nobody drops a static when the module goes: without a value it holds no memory.
fn give_back<T>(places: &mut KVec<Option<T>>) {
    if places.iter().all(Option::is_none) {
        *places = KVec::new();
    }
}

/// The number of a new one with that name: that of the one which it replaces, so that programs find the
/// new one in its place, or one that no other has.
pub(crate) fn number(name: &[u8]) -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let before = SCRIPTS.lock().published().find(|attached| attached.name() == name).map(|attached| attached.id);
    before.unwrap_or_else(|| LAST.fetch_add(1, Ordering::Relaxed) + 1)
}

/// The newest script with that name.
///
/// # Safety
///
/// In an RCU read-side critical section, after which the result is not used.
#[inline]
pub(crate) unsafe fn named<'a>(key: Key<'_>) -> Option<&'a Attached> {
    // SAFETY: By the function's own contract.
    unsafe { NAMES.find(key.hash(), |attached| attached.hash == key.hash() && key.is(attached.name())) }
}

/// The newest script with that number.
///
/// # Safety
///
/// As [`named`].
#[inline]
pub(crate) unsafe fn numbered<'a>(id: u64) -> Option<&'a Attached> {
    // SAFETY: By the function's own contract.
    unsafe { IDS.find(id, |attached| attached.id == id) }
}

/// Notes a new one.
pub(crate) fn add(attached: &Attached) -> Result {
    put(&mut SCRIPTS.lock().all, Entry { attached: NonNull::from(attached), published: false })
}

/// From here on, programs find it.
pub(crate) fn publish(attached: &Attached) {
    let mut scripts = SCRIPTS.lock();
    if !scripts.set_published(attached, true) {
        // SAFETY: We hold the lock; it was in no table, and `withdraw` comes before its end.
        unsafe {
            NAMES.insert(attached);
            IDS.insert(attached);
        }
    }
}

/// Ends its links, unless another has its number, then what finds it; returns when nothing is inside of it
/// any more.
pub(crate) fn withdraw(attached: &Attached) {
    // Once it is not published, no link comes.
    if !SCRIPTS.lock().set_published(attached, false) {
        return;
    }
    loop {
        let link = SCRIPTS.lock().take_orphan(attached.id);
        let Some(link) = link else { break };
        link.end();
    }
    let scripts = SCRIPTS.lock();
    // SAFETY: We hold the lock.
    unsafe {
        NAMES.remove(attached);
        IDS.remove(attached);
    }
    drop(scripts);
    synchronize_rcu();
}

/// It is about to be freed.
pub(crate) fn forget(attached: &Attached) {
    withdraw(attached);
    let mut scripts = SCRIPTS.lock();
    if let Some(entry) = scripts.entry(attached) {
        *entry = None;
    }
    give_back(&mut scripts.all);
}
