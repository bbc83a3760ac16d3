// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! libFuzzer's program for this target.
#![no_main]

fuzz::program!("list");
