// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Boots the slot that the boot control record names, if its signature holds; else the other.
//!
//! The firmware starts this from the EFI system partition, which is never written in the
//! field.  Everything else on the disk may be torn or corrupt: each thing is checked before
//! it is believed, and what fails only makes the loader take the next.
#![no_main]
#![no_std]

extern crate alloc;

mod boot;
mod crash;
mod disk;
mod slot;

use core::time::Duration;
use uefi::prelude::*;
use uefi::runtime::{self, ResetType};

#[entry]
fn main() -> Status {
    if uefi::helpers::init().is_err() {
        return Status::ABORTED;
    }
    let Err(reason) = boot::run();
    uefi::println!("loader: {reason}; restarting");
    uefi::boot::stall(Duration::from_secs(5));
    runtime::reset(ResetType::COLD, Status::ABORTED, None)
}
