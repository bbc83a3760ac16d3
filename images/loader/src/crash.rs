// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Evidence of a kernel panic: the variables that efi-pstore leaves.  A power cut leaves none.

use alloc::vec::Vec;
use uefi::{guid, runtime, Guid};

/// The kernel's LINUX_EFI_CRASH_GUID.
const CRASH: Guid = guid!("cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0");

/// Whether the last kernel panicked.  Forgets it: each panic counts once.
pub fn take() -> bool {
    let crashes: Vec<_> = runtime::variable_keys().filter_map(Result::ok).filter(|key| key.vendor.0 == CRASH).collect();
    for key in &crashes {
        // A variable that cannot be deleted would only be counted again.
        let _ = runtime::delete_variable(&key.name, &key.vendor);
    }
    !crashes.is_empty()
}
