// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::check::Check;
use crate::replay::Replay;
use crate::test::Test;

/// What an author does.
#[derive(Subcommand)]
pub enum Command {
    /// Read manifests and scripts, and say what is wrong, and where.
    ///
    /// Scripts are compiled by the kernel's Lua, and not run. Checked are, beside the syntax: numbers and operators
    /// that the kernel's Lua has not, globals that are written or that nobody sets, capabilities and parameters
    /// that the manifest does not list, and files of policies that are not there.
    Check(Check),
    /// Show what a policy does with the packets of a capture, packet by packet and flow by flow.
    ///
    /// Nothing comes back from a capture: what was captured is sent, whatever the policy drops before.
    Replay(Replay),
    /// Run the tests in a policy's folder `tests`, without a router.
    ///
    /// The policy runs in the kernel's virtual machine, with the kernel's own code for packets, flows and sets, the
    /// manifest's fuel and memory, and its verdict for what fails. docs/policies.md says how tests are
    /// written. The status is 1 if one failed.
    Test(Test),
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<ExitCode> {
        match self {
            Command::Check(check) => check.run(),
            Command::Replay(replay) => replay.run(),
            Command::Test(test) => test.run(),
        }
    }
}
