// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! cargo-nextest, as its own crate would build it, with this lock.
fn main() -> color_eyre::Result<()> {
    cargo_nextest::main_impl()
}
