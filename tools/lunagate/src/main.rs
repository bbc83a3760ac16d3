// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command of policy authors and integrators.
fn main() {}
