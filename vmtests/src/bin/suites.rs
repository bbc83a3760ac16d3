// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The test suites, run in the router by its own command, pass: what a user of scripts relies on.

use anyhow::{bail, ensure, Result};
use std::process::ExitCode;
use vmtests::{scenario_on, Lab, Setup};

/// What they are in all.
const SUITES: usize = 14;
const POINTS: usize = 98;
/// How long a suite may take: the slowest takes half a minute where nothing else runs.
const MINUTES: usize = 10;
/// What the command says.
const LOG: &str = "/tmp/suites.log";

fn main() -> ExitCode {
    // A compiler runs beside the suites.
    scenario_on(Setup::Direct, |builder, _| builder.memory(512), test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    let suites: Vec<String> = lab.output("lunatik test --list")?.lines().map(String::from).collect();
    ensure!(suites.len() == SUITES, "the suites are {suites:?}");
    // In the background: all of them take longer than anything else may.
    lab.output(&format!("{{ lunatik test; echo \"# status: $?\"; }} < /dev/null > {LOG} 2>&1 &"))?;
    for suite in suites {
        let totals = line(lab, &suite)?;
        let points = totals.strip_prefix("pass:").and_then(|rest| rest.strip_suffix(" fail:0 skip:0"));
        ensure!(
            points.is_some_and(|points| points != "0"),
            "{suite}: {totals}\n{}",
            lab.output(&format!("cat {LOG}"))?
        );
        proved(&suite);
    }
    let totals = line(lab, "totals")?;
    ensure!(totals == format!("pass:{POINTS} fail:0 skip:0"), "all: {totals}");
    let status = line(lab, "status")?;
    ensure!(status == "0", "it ended with {status}");
    proved("all_points_passed_and_none_was_skipped");
    lab.no_complaints_in_log()
}

/// What the command says of this, which is a line of its own, once it does.
fn line(lab: &mut Lab, what: &str) -> Result<String> {
    for _ in 0..MINUTES {
        let came = format!("grep -q -e '^# {what}: ' -e '^# status: ' {LOG}");
        lab.run(&format!("timeout 60 sh -c \"until {came}; do usleep 100000; done\""))?;
        let said = lab.output(&format!("sed -n 's/^# {what}: //p' {LOG}"))?;
        if !said.is_empty() {
            return Ok(said.trim().into());
        }
    }
    bail!("it says nothing of {what}:\n{}", lab.output(&format!("cat {LOG}"))?)
}
