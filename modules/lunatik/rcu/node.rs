// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! One entry of a table, in one piece of memory: its key and a string stand behind it.

use core::mem::size_of;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use kernel::sync::Arc;
use lua::Shared;
use table::Entry;

use super::account::{Account, Held};
use super::Refusal;
use crate::portable::Portable;
use crate::reclaim::{self, Head};
use crate::sys;

/// The value. Those that fit a word change in place.
enum Value {
    Boolean(AtomicBool),
    Integer(AtomicI64),
    Text,
    Object(Shared),
}

/// # Invariants
///
/// `bytes` points to `key` and then `text` initialized bytes, which belong to the entry's own
/// memory and do not change.
#[repr(C)]
pub(super) struct Node {
    head: Head,
    hash: u64,
    bytes: *const u8,
    key: u32,
    text: u32,
    value: Value,
    _held: Held,
}

// SAFETY: All but the atomic values is read-only once the entry is in a table.
unsafe impl Send for Node {}
// SAFETY: As above.
unsafe impl Sync for Node {}

/// An entry that is in no table yet.
///
/// # Invariants
///
/// It points to a node that nobody else knows.
pub(super) struct Fresh(NonNull<Node>);

impl Fresh {
    /// Makes an entry. `value` is not nil.
    pub(super) fn new(
        hash: u64,
        key: &[u8],
        value: Portable<&[u8]>,
        account: &Arc<Account>,
        atomic: bool,
    ) -> Result<Fresh, Refusal> {
        let (value, text): (Value, &[u8]) = match value {
            Portable::Nil => (Value::Text, b""),
            Portable::Boolean(value) => (Value::Boolean(AtomicBool::new(value)), b""),
            Portable::Integer(value) => (Value::Integer(AtomicI64::new(value)), b""),
            Portable::Text(text) => (Value::Text, text),
            Portable::Object(object) => (Value::Object(object), b""),
        };
        let (Ok(key_length), Ok(text_length)) = (u32::try_from(key.len()), u32::try_from(text.len())) else {
            return Err(Refusal::Memory);
        };
        let size = size_of::<Node>() + key.len() + text.len();
        let held = Held::new(account, size).ok_or(Refusal::Limit)?;
        // SAFETY: A new block.
        let block = unsafe { sys::reallocate(ptr::null_mut(), size, atomic) };
        let node = NonNull::new(block.cast::<Node>()).ok_or(Refusal::Memory)?;
        // SAFETY: The block has room for the node and the bytes behind it, and is aligned for
        // every type by kmalloc.
        unsafe {
            let bytes = node.as_ptr().add(1).cast::<u8>();
            ptr::copy_nonoverlapping(key.as_ptr(), bytes, key.len());
            ptr::copy_nonoverlapping(text.as_ptr(), bytes.add(key.len()), text.len());
            node.write(Node { head: Head::new(), hash, bytes, key: key_length, text: text_length, value, _held: held });
        }
        Ok(Fresh(node))
    }

    /// Gives the entry to a table.
    pub(super) fn into_raw(self) -> *mut Node {
        core::mem::ManuallyDrop::new(self).0.as_ptr()
    }

    pub(super) fn node(&self) -> &Node {
        // SAFETY: By the invariants.
        unsafe { self.0.as_ref() }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // SAFETY: By the invariants.
        unsafe { free(self.0.as_ptr()) }
    }
}

/// What readers see of a value.
pub(super) enum Seen<'a> {
    Boolean(bool),
    Integer(i64),
    Text(&'a [u8]),
    Object(&'a Shared),
}

impl Node {
    pub(super) fn value(&self) -> Seen<'_> {
        match &self.value {
            Value::Boolean(value) => Seen::Boolean(value.load(Ordering::Relaxed)),
            Value::Integer(value) => Seen::Integer(value.load(Ordering::Relaxed)),
            // SAFETY: By the invariants.
            Value::Text => Seen::Text(unsafe {
                core::slice::from_raw_parts(self.bytes.add(self.key as usize), self.text as usize)
            }),
            Value::Object(object) => Seen::Object(object),
        }
    }

    pub(super) fn object(&self) -> Option<&Shared> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Changes the value in place, if the new one is of the same, simple type.
    pub(super) fn update(&self, value: &Portable<&[u8]>) -> bool {
        match (&self.value, value) {
            (Value::Boolean(place), Portable::Boolean(value)) => place.store(*value, Ordering::Relaxed),
            (Value::Integer(place), Portable::Integer(value)) => place.store(*value, Ordering::Relaxed),
            _ => return false,
        }
        true
    }
}

impl Entry for Node {
    #[inline]
    fn hash(&self) -> u64 {
        self.hash
    }
    #[inline]
    fn key(&self) -> &[u8] {
        // SAFETY: By the invariants.
        unsafe { core::slice::from_raw_parts(self.bytes, self.key as usize) }
    }
}

/// Frees an entry.
///
/// # Safety
///
/// Nobody uses it any more. An object in it ends here, which may sleep.
pub(super) unsafe fn free(node: *mut Node) {
    // SAFETY: By the function's contract; the memory is `Fresh::new`'s.
    unsafe {
        node.drop_in_place();
        sys::reallocate(node.cast(), 0, false);
    }
}

unsafe fn end(head: *mut Head) {
    // SAFETY: `retire` passes the head of a node, its first field, after a grace period.
    unsafe { free(head.cast()) }
}

/// Frees an entry once no reader sees it.
///
/// # Safety
///
/// It is in no table any more. Null is allowed.
pub(super) unsafe fn retire(node: *mut Node) {
    if !node.is_null() {
        // SAFETY: Nobody can find it any more, and readers that have found it are waited for.
        unsafe { reclaim::after_grace(node.cast(), end) }
    }
}
