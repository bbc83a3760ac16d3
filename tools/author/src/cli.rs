// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::test::Test;

/// What an author does.
#[derive(Subcommand)]
pub enum Command {
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
            Command::Test(test) => test.run(),
        }
    }
}
