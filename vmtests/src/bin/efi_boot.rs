// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The disk image boots through EFI firmware: a verified root, and data that stay.

use std::process::ExitCode;
use vmtests::{boots_and_keeps, scenario, Setup};

fn main() -> ExitCode {
    scenario(Setup::Disk, boots_and_keeps)
}
