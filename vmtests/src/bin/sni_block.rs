// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The policy sni-block stops TLS connections by the server's name, and only those.
//!
//! A dropped packet leaves nothing to wait for.  What the router does with a port's frames
//! keeps their order, so the proof is a later packet: the ClientHello for the blocked name
//! is on the wire before one for an allowed name, and only the latter arrives.

use anyhow::{ensure, Result};
use std::process::ExitCode;
use vmtests::{scenario, tls, Exchange, Fate, Lab, Seen, Setup};

const BLOCKED: &str = "www.blocked.example";
const ALLOWED: &str = "www.allowed.example";

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    let server = lab.resolve(BLOCKED)?;
    ensure!(lab.hello(server, ALLOWED)? == Fate::Open, "the allowed name is refused");
    proved("an_allowed_name_passes");

    let mut blocked = Exchange::start(&mut lab.lan.host, server, 443, &tls::client_hello(BLOCKED));
    // Three times: the client sends again what the server does not acknowledge.
    lab.until("third ClientHello for the blocked name", |lab| {
        blocked.step(&mut lab.lan.host);
        ensure!(blocked.answer.is_empty(), "the server answers to the blocked name");
        Ok((lab.lan.host.wire.sent(BLOCKED.as_bytes()) >= 3).then_some(()))
    })?;
    for _ in 0..2 {
        ensure!(lab.hello(server, ALLOWED)? == Fate::Open, "the allowed name is refused");
    }
    let arrived = lab.wan.host.wire.received(BLOCKED.as_bytes());
    ensure!(arrived == 0, "the ClientHello for the blocked name arrived {arrived} times");
    ensure!(blocked.step(&mut lab.lan.host) == Fate::Open && blocked.answer.is_empty(), "the server answered it");
    blocked.end(&mut lab.lan.host);
    proved("a_blocked_name_never_reaches_the_wan");

    lab.output("lunatik stop policies/sni-block/main")?;
    ensure!(lab.hello(server, BLOCKED)? == Fate::Open, "the name is refused after the policy has stopped");
    ensure!(lab.wan.count(&Seen::Hello(BLOCKED.into())) == 1, "the server did not see the name");
    proved("the_name_passes_after_the_policy_has_stopped");
    Ok(())
}
