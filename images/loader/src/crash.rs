// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Evidence of a kernel panic: the variables that efi-pstore leaves.  A power cut leaves none.

use alloc::vec::Vec;
use sha2::{Digest, Sha256};
use uefi::runtime::{self, VariableAttributes, VariableKey, VariableVendor};
use uefi::{cstr16, guid, CStr16, Guid};

/// The kernel's LINUX_EFI_CRASH_GUID.
const CRASH: Guid = guid!("cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0");
/// A variable of our own: what has been counted.
const COUNTED: &CStr16 = cstr16!("CountedPanic");
const OURS: VariableVendor = VariableVendor(guid!("5d1c3c5a-7b0e-4f0c-9a49-2f6b7d0c81e3"));

/// Bytes by which a variable is known.
const MARK_LEN: usize = 8;
type Mark = [u8; MARK_LEN];

/// Whether the last kernel panicked.  Each panic counts once: its log stays for the router, which keeps and deletes
/// it, until the next panic wants the room.
pub fn take() -> bool {
    let keys = runtime::variable_keys().filter_map(Result::ok).filter(|key| key.vendor.0 == CRASH);
    let all: Vec<_> = keys.map(|key| (mark(&key), key)).collect();
    let counted = if all.is_empty() { Vec::new() } else { counted() };
    let (old, new): (Vec<_>, Vec<_>) = all.iter().partition(|(mark, _)| counted.contains(mark));
    if new.is_empty() {
        return false;
    }
    old.iter().for_each(|(_, key)| delete(key));
    let marks: Vec<u8> = new.iter().flat_map(|(mark, _)| *mark).collect();
    let attributes = VariableAttributes::NON_VOLATILE | VariableAttributes::BOOTSERVICE_ACCESS;
    if runtime::set_variable(COUNTED, &OURS, attributes, &marks).is_err() {
        // What cannot be noted would only be counted again.
        new.iter().for_each(|(_, key)| delete(key));
    }
    true
}

/// Name and contents, as a machine without a clock gives the same name to another panic.
fn mark(key: &VariableKey) -> Mark {
    let contents = runtime::get_variable_boxed(&key.name, &key.vendor).map(|(contents, _)| contents);
    let digest = Sha256::new().chain_update(key.name.as_bytes()).chain_update(contents.unwrap_or_default()).finalize();
    core::array::from_fn(|i| digest[i])
}

fn counted() -> Vec<Mark> {
    let note = runtime::get_variable_boxed(COUNTED, &OURS).map(|(note, _)| note).unwrap_or_default();
    note.chunks_exact(MARK_LEN).filter_map(|mark| mark.try_into().ok()).collect()
}

fn delete(key: &VariableKey) {
    // A variable that cannot be deleted only takes room.
    let _ = runtime::delete_variable(&key.name, &key.vendor);
}
