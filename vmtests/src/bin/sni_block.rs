// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The policy sni-block stops TLS connections by the server's name, and only those.

use anyhow::{ensure, Result};
use std::process::ExitCode;
use vmtests::tls::{ALLOWED, BLOCKED};
use vmtests::{scenario, Fate, Lab, Seen, Setup};

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    let server = lab.resolve(BLOCKED)?;
    ensure!(lab.hello(server, ALLOWED)? == Fate::Open, "the allowed name is refused");
    proved("an_allowed_name_passes");

    // Three times: the client sends again what the server does not acknowledge.
    lab.blocks(server, 3)?;
    proved("a_blocked_name_never_reaches_the_wan");

    lab.output("lunatik stop policies/sni-block/main")?;
    ensure!(lab.hello(server, BLOCKED)? == Fate::Open, "the name is refused after the policy has stopped");
    ensure!(lab.wan.count(&Seen::Hello(BLOCKED.into())) == 1, "the server did not see the name");
    proved("the_name_passes_after_the_policy_has_stopped");
    Ok(())
}
