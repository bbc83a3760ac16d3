// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The kernel's error numbers by name.

use std::ffi::{c_int, CStr};

/// Those that policies may meet.
const NAMES: [(c_int, &CStr); 8] = [
    (1, c"EPERM"),
    (2, c"ENOENT"),
    (11, c"EAGAIN"),
    (12, c"ENOMEM"),
    (13, c"EACCES"),
    (17, c"EEXIST"),
    (19, c"ENODEV"),
    (22, c"EINVAL"),
];

/// "ENOENT" for 2; `None` for a number without a name here.
#[must_use]
pub fn name(number: c_int) -> Option<&'static CStr> {
    NAMES.iter().find(|(known, _)| *known == number).map(|(_, name)| *name)
}
