// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The policy dns-block stops questions for blocked names, and only those.
//!
//! As in sni_block, the proof is a later packet: the question for the blocked name is on
//! the wire before one for an allowed name, and only the latter is answered.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::Ipv4Address;
use std::process::ExitCode;
use vmtests::{addresses, scenario, Lab, Seen, Setup};

const BLOCKED: &str = "banner.ads.example";
/// Where blocked names are, if the owner says so.
const SINKHOLE: Ipv4Address = Ipv4Address::new(192, 0, 2, 53);
/// DNS's code for it (RFC 1035, 4.1.1).
const NO_SUCH_NAME: u8 = 3;

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

    let refused = |lab: &mut Lab, answer: &str| -> Result<_> {
        let text = format!("policies: {{ dns-block: {{ parameters: {{ answer: {answer} }} }} }}\n");
        lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{text}END"))?;
        let asked = lab.lan.ask(BLOCKED).context("the client has no lease")?;
        lab.until("answer to the question for the blocked name", |lab| {
            let answers = std::iter::from_fn(|| lab.lan.answer());
            Ok(answers.filter(|(number, ..)| *number == asked).map(|(_, code, address)| (code, address)).next())
        })
    };
    let answer = refused(lab, "nxdomain")?;
    ensure!(answer == (NO_SUCH_NAME, None), "the answer is {answer:?}");
    let answer = refused(lab, &SINKHOLE.to_string())?;
    ensure!(answer == (0, Some(SINKHOLE)), "the answer is {answer:?}");
    ensure!(lab.wan.count(&Seen::Question(BLOCKED.into())) == 0, "somebody outside was asked");
    proved("a_blocked_name_is_answered_as_the_owner_says");

    lab.output("lunatik stop policies/dns-block/main")?;
    let address = lab.resolve(BLOCKED)?;
    ensure!(address == addresses::SERVER, "{BLOCKED} is at {address}");
    ensure!(lab.wan.count(&Seen::Question(BLOCKED.into())) >= 1, "nobody was asked");
    proved("the_name_is_answered_after_the_policy_has_stopped");
    Ok(())
}
