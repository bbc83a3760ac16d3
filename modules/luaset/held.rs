// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! List files in memory: each is there once, as long as somebody holds it.

use core::fmt::Arguments;
use core::ops::Deref;
use core::sync::atomic::{AtomicUsize, Ordering};
use kernel::prelude::*;
use kernel::sync::Arc;
use lua::State;
use lunatik_core::sync::{Global, SpinLock};
use lunatik_core::{allocation, Bound, File, Identity, Memory, Quota, Refusal, Runtime};
use sets::file::{CHECKSUM, HEADER};
use sets::{Addresses, Domains, Error, Header, Kind};

extern "C" {
    fn luaset_memory() -> usize;
}

/// The bytes of all sets together, loaded or made.
static SETS: Bound = Bound::new(|| {
    // SAFETY: No preconditions.
    unsafe { luaset_memory() }
});

/// A lookup of a file that is in memory costs so many units of fuel.
const OPEN: usize = 100;
/// Reading and checking so many bytes costs one.
const UNIT: usize = 64;

/// Memory that counts towards the bound of all sets.
pub struct Counted {
    memory: Memory,
    held: usize,
    _quota: Quota,
}

impl Counted {
    /// So many zero bytes of what the script makes. `caller` is for messages: `set.new`.
    ///
    /// # Errors
    ///
    /// The bound of all sets, or what this script may make of them, or the kernel, does not allow so many.
    pub fn made(state: State<'_>, caller: Arguments<'_>, length: usize) -> lua::Result<Counted> {
        Counted::new(state, caller, length, |bytes| SETS.quota_of(state, bytes))
    }

    /// So many zero bytes of what is there once for all scripts.
    ///
    /// # Errors
    ///
    /// The bound of all sets, or the kernel, does not allow so many.
    fn loaded(state: State<'_>, caller: Arguments<'_>, length: usize) -> lua::Result<Counted> {
        Counted::new(state, caller, length, |bytes| SETS.quota(bytes).ok_or(Refusal::Module))
    }

    fn new(
        state: State<'_>,
        caller: Arguments<'_>,
        length: usize,
        count: impl Fn(usize) -> core::result::Result<Quota, Refusal>,
    ) -> lua::Result<Counted> {
        let refused = |why| state.raise(format_args!("{caller}: not enough memory for {length} bytes: {why}"));
        let few = |refusal: Refusal| refused(refusal.told("luaset's parameter 'memory' bounds all sets"));
        // What the kernel takes may be more than what is asked for.
        let quota = count(length).map_err(few)?;
        let memory =
            Memory::new(length, Runtime::may_sleep(state).is_ok()).ok_or_else(|| refused("the kernel has none"))?;
        let held = memory.held();
        drop(quota);
        let quota = count(held).map_err(few)?;
        Ok(Counted { memory, held, _quota: quota })
    }

    /// The bytes.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        self.memory.bytes()
    }

    /// The bytes, to be written.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        self.memory.bytes_mut()
    }

    /// What it takes of the kernel's memory.
    pub fn held(&self) -> usize {
        self.held
    }
}

/// What a kind of list file is looked up in with.
pub trait View: Sized + Send + Sync + 'static {
    /// The kind.
    const KIND: Kind;
    /// Checks a whole file.
    ///
    /// # Errors
    ///
    /// It is damaged.
    fn new(bytes: &[u8]) -> core::result::Result<Self, Error>;
}

impl View for Domains {
    const KIND: Kind = Kind::Domains;
    fn new(bytes: &[u8]) -> core::result::Result<Domains, Error> {
        Domains::new(bytes)
    }
}

impl View for Addresses {
    const KIND: Kind = Kind::Addresses;
    fn new(bytes: &[u8]) -> core::result::Result<Addresses, Error> {
        Addresses::new(bytes)
    }
}

/// Which file, with which checksum.
type Key = (Identity, [u8; CHECKSUM]);

/// A list, with where it is known.
struct Known<V> {
    key: Key,
    cache: Arc<Cache<V>>,
}

/// A list in memory.
pub struct List<V> {
    counted: Counted,
    view: V,
    known: Option<Known<V>>,
    /// How many [`Handle`]s there are.
    handles: AtomicUsize,
}

impl<V> List<V> {
    /// The file's bytes.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        self.counted.bytes()
    }

    /// Where things are in them.
    #[inline]
    pub fn view(&self) -> &V {
        &self.view
    }

    /// What it takes of the kernel's memory.
    pub fn held(&self) -> usize {
        self.counted.held()
    }
}

/// The lists of one kind that somebody holds.
pub struct Cache<V> {
    lists: SpinLock<KVec<Option<Arc<List<V>>>>>,
}

/// Where a module has its cache, while it is loaded.
pub type Place<V> = Global<Option<Arc<Cache<V>>>>;

impl<V: View> Cache<V> {
    /// The list with this key.
    fn find(&self, key: &Key) -> Option<Handle<V>> {
        let lists = self.lists.lock();
        let same = |list: &&Arc<List<V>>| list.known.as_ref().is_some_and(|known| known.key == *key);
        lists.iter().flatten().find(same).map(Handle::new)
    }

    /// Makes a list known, unless the same has become known meanwhile.
    fn insert(&self, list: Arc<List<V>>) -> Result<Handle<V>> {
        if let Some(handle) = list.known.as_ref().and_then(|known| self.find(&known.key)) {
            return Ok(handle);
        }
        let mut lists = self.lists.lock();
        let handle = Handle::new(&list);
        let free = lists.iter().position(Option::is_none);
        let list = Some(list);
        match free.and_then(|free| lists.get_mut(free)) {
            Some(place) => *place = list,
            None => match lists.push(list, GFP_ATOMIC) {
                Ok(()) => {}
                Err(error) => {
                    drop(lists);
                    return Err(error.into());
                }
            },
        }
        Ok(handle)
    }

    /// Forgets a list that nobody holds any more.
    fn forget(&self, list: &Arc<List<V>>) {
        let mut lists = self.lists.lock();
        let known = lists.iter_mut().find(|known| known.as_ref().is_some_and(|known| Arc::ptr_eq(known, list)));
        // Somebody may have found it after the last handle was given up.
        let unused = list.handles.load(Ordering::Acquire) == 0;
        let forgotten = known.filter(|_| unused).and_then(Option::take);
        drop(lists);
        drop(forgotten);
    }
}

/// A list that is held. The last handle to go takes the list along, in every context.
pub struct Handle<V: View>(Arc<List<V>>);

impl<V: View> Handle<V> {
    fn new(list: &Arc<List<V>>) -> Handle<V> {
        list.handles.fetch_add(1, Ordering::AcqRel);
        Handle(list.clone())
    }

    /// A list of its own, that is in no file.
    ///
    /// # Errors
    ///
    /// No memory.
    pub fn of(state: State<'_>, counted: Counted, view: V) -> lua::Result<Handle<V>> {
        let list = List { counted, view, known: None, handles: AtomicUsize::new(0) };
        let list = Arc::new(list, allocation(state)).map_err(|_| lua::Kind::NoMemory)?;
        Ok(Handle::new(&list))
    }

    /// Loads a file, or finds it loaded. `caller` is for messages: `set.load`.
    ///
    /// # Errors
    ///
    /// The script may not sleep; there is no such file; it is damaged or of another kind; no
    /// memory for it.
    pub fn load(state: State<'_>, caller: &str, place: &Place<V>, name: &[u8]) -> lua::Result<Handle<V>> {
        let refused = |error: Error| state.raise(format_args!("{caller}: {}: {error}", Text(name)));
        let unread = |_| state.raise(format_args!("{caller}: {}: cannot be read", Text(name)));
        let file = File::open_data(state, caller, name)?;
        state.spend(OPEN)?;
        let identity = file.identity();
        let mut header = [0; HEADER];
        let got = file.read(0, &mut header).map_err(unread)?;
        let header = Header::read(header.get(..got).unwrap_or(&[])).map_err(refused)?;
        if header.kind != V::KIND {
            return Err(refused(Error::OtherKind(header.kind)));
        }
        if header.length != identity.length || header.length < (HEADER + CHECKSUM) as u64 {
            return Err(refused(Error::Truncated));
        }
        let mut checksum = [0; CHECKSUM];
        file.read(header.length - CHECKSUM as u64, &mut checksum).map_err(unread)?;
        let cache = place.lock().clone().ok_or(lua::Kind::Busy)?;
        let key = (identity, checksum);
        if let Some(handle) = cache.find(&key) {
            return Ok(handle);
        }
        let length = header.length as usize;
        state.spend(length / UNIT)?;
        let mut counted = Counted::loaded(state, format_args!("{caller}: {}", Text(name)), length)?;
        let got = file.read(0, counted.bytes_mut()).map_err(unread)?;
        let view = V::new(counted.bytes().get(..got).unwrap_or(&[])).map_err(refused)?;
        let known = Some(Known { key, cache: cache.clone() });
        let list = Arc::new(List { counted, view, known, handles: AtomicUsize::new(0) }, GFP_KERNEL);
        list.map_err(Into::into).and_then(|list| cache.insert(list)).map_err(|_| lua::Kind::NoMemory.into())
    }
}

impl<V: View> Clone for Handle<V> {
    fn clone(&self) -> Handle<V> {
        Handle::new(&self.0)
    }
}

impl<V: View> Drop for Handle<V> {
    fn drop(&mut self) {
        if self.0.handles.fetch_sub(1, Ordering::AcqRel) == 1 {
            if let Some(known) = &self.0.known {
                known.cache.forget(&self.0);
            }
        }
    }
}

impl<V: View> Deref for Handle<V> {
    type Target = List<V>;
    #[inline]
    fn deref(&self) -> &List<V> {
        &self.0
    }
}

/// A module's cache is open while this lives.
pub struct Open<V: View>(&'static Place<V>);

impl<V: View> Open<V> {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// No memory.
    pub fn new(place: &'static Place<V>) -> Result<Open<V>> {
        let cache = Arc::new(Cache { lists: SpinLock::new(KVec::new()) }, GFP_KERNEL)?;
        *place.lock() = Some(cache);
        Ok(Open(place))
    }
}

impl<V: View> Drop for Open<V> {
    fn drop(&mut self) {
        let cache = self.0.lock().take();
        drop(cache);
    }
}

/// A path as text, not longer than a message.
struct Text<'a>(&'a [u8]);

impl core::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(core::str::from_utf8(self.0).unwrap_or("?"))
    }
}
