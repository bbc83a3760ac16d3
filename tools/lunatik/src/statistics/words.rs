// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! For people: a line for each script, and what there is to say of it below.

use std::collections::BTreeMap;
use std::fmt;

use super::Script;
use crate::time::Moment;

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let faults = self.sums(|state| Some(&state.faults));
        let plural = if self.cpus.len() == 1 { "" } else { "s" };
        let how = match self.started.as_str() {
            "percpu" => ", percpu",
            "spawn" => ", in a thread",
            "sockets" => ", for sockets",
            "runtime" => ", run by a script",
            _ => "",
        };
        let (bytes, total) = (self.sum(|state| state.memory), faults.values().sum::<u64>());
        let (script, context, states) = (&self.script, &self.context, self.cpus.len());
        write!(f, "{script}: {context}, {states} state{plural}, {bytes} bytes, {total} faults{how}")?;
        let calls = self.sum(|state| state.calls);
        if let Some(mean) = self.sum(|state| state.fuel.sum).checked_div(calls) {
            let most = self.cpus.iter().map(|state| state.fuel.max).max().unwrap_or(0);
            write!(f, "\n    {calls} calls, of {mean} units of fuel each, {most} at most")?;
        }
        for hook in ["netfilter", "xdp", "xtables"] {
            list(f, hook, &self.sums(|state| state.verdicts.get(hook)))?;
        }
        list(f, "faults", &faults)?;
        if let Some(since) = self.since {
            let (since, fail) = (Moment(since), &self.fail);
            write!(f, "\n    {} since {since}: packets get its fail verdict, {fail}, ", self.state)?;
            write!(f, "until `lunatik resume {script}`")?;
        }
        match &self.last_failure {
            Some(failure) => write!(f, "\n    last failure: {}", failure.replace('\n', "\n    ")),
            None => Ok(()),
        }
    }
}

/// What is not zero.
fn list(f: &mut fmt::Formatter, what: &str, counts: &BTreeMap<&str, u64>) -> fmt::Result {
    let mut separator = format!("\n    {what}:");
    for (name, count) in counts.iter().filter(|(_, count)| **count > 0) {
        write!(f, "{separator} {count} {name}")?;
        separator = ",".into();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::example;

    #[test]
    fn a_script_is_told_in_lines() {
        let text = example().to_string();
        assert_eq!(
            text,
            "a/\"b\": softirq, 2 states, 700 bytes, 1 faults\n    \
             4 calls, of 20003 units of fuel each, 70000 at most\n    \
             netfilter: 2 accept, 1 drop\n    \
             faults: 1 fuel\n    \
             quarantined since 2026-12-31T23:59:59Z: packets get its fail verdict, drop, until `lunatik resume a/\"b\"`\n    \
             last failure: out of fuel\n    \ta.lua:3"
        );
    }

    #[test]
    fn a_script_without_a_call_is_one_line() {
        let mut script = example();
        script.cpus.truncate(1);
        script.cpus[0].calls = 0;
        script.cpus[0].verdicts.clear();
        script.cpus[0].faults.clear();
        (script.since, script.last_failure) = (None, None);
        script.started = "runtime".into();
        assert_eq!(script.to_string(), "a/\"b\": softirq, 1 state, 400 bytes, 0 faults, run by a script");
    }
}
