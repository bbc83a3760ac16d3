// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The disk image boots through U-Boot, which is EFI firmware to our loader: a verified root, and data that stay.

use std::process::ExitCode;
use vmtests::{boots_and_keeps, scenario_on, Setup};

fn main() -> ExitCode {
    scenario_on(Setup::Disk, |machine, _| machine.by_u_boot(), boots_and_keeps)
}
