// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::bench::Bench;
use crate::check::Check;
use crate::new::New;
use crate::packages::{Inspect, Keygen, Pack, Sign, Verify};
use crate::replay::Replay;
use crate::schema::Schema;
use crate::test::Test;

/// What an author does.
#[derive(Subcommand)]
pub enum Command {
    /// Say what a policy costs on the packets of a capture, and which of its lines spend that.
    ///
    /// Costs are units of fuel and instructions of the kernel's virtual machine, which are the same on every machine. What a
    /// line costs includes the functions that it calls and that are not in Lua.
    Bench(Bench),
    /// Read manifests and scripts, and say what is wrong, and where.
    ///
    /// Scripts are compiled by the kernel's Lua, and not run. Checked are, beside the syntax: numbers and operators
    /// that the kernel's Lua has not, globals that are written or that nobody sets, capabilities and parameters
    /// that the manifest does not list, and files of policies that are not there.
    Check(Check),
    /// Show what is in a package, without running any of it.
    Inspect(Inspect),
    /// Make a pair of keys, in the files of minisign: the secret one signs packages, the public one is for who trusts you.
    Keygen(Keygen),
    /// Begin a policy: a folder whose tests pass.
    ///
    /// It hooks at netfilter, or with `--hook xdp` before the network stack.
    New(New),
    /// Make one file of a policy that has a version: the same bytes for the same policy.
    ///
    /// In it are the manifest, the scripts, the folder 'data', and what the scripts require of the library; not the tests.
    /// A policy with which `policy check` finds something wrong is not packed.
    Pack(Pack),
    /// Show what a policy does with the packets of a capture, packet by packet and flow by flow.
    ///
    /// Nothing comes back from a capture: what was captured is sent, whatever the policy drops before.
    Replay(Replay),
    /// Print the JSON Schema of policy.yaml, for editors: they complete keys, and mark what is wrong.
    Schema(Schema),
    /// Sign packages: each gets a file PACKAGE.minisig beside it, which minisign understands, too.
    Sign(Sign),
    /// Run the tests in a policy's folder `tests`, without a router.
    ///
    /// The policy runs in the kernel's virtual machine, with the kernel's own code for packets, flows and sets, the
    /// manifest's fuel and memory, and its verdict for what fails. docs/policies.md says how tests are
    /// written. The status is 1 if one failed.
    Test(Test),
    /// Say whether packages are what somebody has signed, of whom you have the public key.
    Verify(Verify),
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<ExitCode> {
        match self {
            Command::Bench(bench) => bench.run(),
            Command::Check(check) => check.run(),
            Command::Inspect(inspect) => inspect.run().map(|()| ExitCode::SUCCESS),
            Command::Keygen(keygen) => keygen.run().map(|()| ExitCode::SUCCESS),
            Command::New(new) => new.run().map(|()| ExitCode::SUCCESS),
            Command::Pack(pack) => pack.run(),
            Command::Replay(replay) => replay.run(),
            Command::Schema(schema) => schema.run().map(|()| ExitCode::SUCCESS),
            Command::Sign(sign) => sign.run().map(|()| ExitCode::SUCCESS),
            Command::Test(test) => test.run(),
            Command::Verify(verify) => verify.run().map(|()| ExitCode::SUCCESS),
        }
    }
}
