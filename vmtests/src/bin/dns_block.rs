// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The policy dns-block stops questions for blocked names, and only those.
//!
//! As in sni_block, the proof is a later packet: the question for the blocked name is on
//! the wire before one for an allowed name, and only the latter is answered.

use anyhow::{ensure, Context, Result};
use std::process::ExitCode;
use vmtests::{addresses, scenario, Lab, Seen, Setup};

const BLOCKED: &str = "banner.ads.example";

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    let allowed = lab.resolve("www.example")?;
    ensure!(allowed == addresses::SERVER, "www.example is at {allowed}");
    proved("an_allowed_name_is_answered");

    let asked = lab.lan.ask(BLOCKED).context("the client has no lease")?;
    // Names that nobody has asked for yet: their answers cannot come from the router's cache.
    let barrier = lab.lan.ask("barrier.example").context("the client has no lease")?;
    lab.until("answer to the question after the blocked one", |lab| {
        while let Some((number, ..)) = lab.lan.answer() {
            ensure!(number != asked, "the question for the blocked name is answered");
            if number == barrier {
                return Ok(Some(()));
            }
        }
        Ok(None)
    })?;
    let questions = lab.wan.count(&Seen::Question(BLOCKED.into()));
    ensure!(questions == 0, "the question for the blocked name arrived {questions} times");
    proved("a_blocked_name_is_not_answered_and_not_asked_for_outside");

    lab.output("lunatik stop policies/dns-block/main")?;
    let address = lab.resolve(BLOCKED)?;
    ensure!(address == addresses::SERVER, "{BLOCKED} is at {address}");
    ensure!(lab.wan.count(&Seen::Question(BLOCKED.into())) >= 1, "nobody was asked");
    proved("the_name_is_answered_after_the_policy_has_stopped");
    Ok(())
}
