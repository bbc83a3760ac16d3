// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command `nfluactl`: the other end of the scripts that rules of iptables ask.

mod cli;
mod message;
mod socket;

use clap::Parser;

fn main() -> anyhow::Result<()> {
    cli::Arguments::parse().run()
}
