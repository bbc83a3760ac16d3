// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A policy comes and goes under traffic: no connection notices, and nothing is left behind.

use anyhow::{bail, ensure, Context, Result};
use std::process::ExitCode;
use vmtests::{scenario, tls, Exchange, Fate, Lab, Setup};

/// How often the policy stops and runs again.
const TIMES: u32 = 30;
/// Connections that are open at any moment.
const CONNECTIONS: usize = 4;
/// How much less memory there may be after it all: a single state that leaks each time is several times that.
const SLACK_KIB: u64 = 4096;
const POLICY: &str = "policies/sni-block/main";

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    let server = lab.resolve("www.example")?;
    // Once for what the first time allocates for good.
    lab.output(&cycle(2))?;
    let (status, memory) = (states(lab)?, available(lab)?);

    lab.machine.exec.start(&cycle(TIMES))?;
    let mut connections = Vec::new();
    let mut answered = 0;
    let output = lab.until("end of the policy's runs and stops", |lab| {
        while connections.len() < CONNECTIONS {
            let hello = tls::client_hello("www.allowed.example");
            connections.push(Exchange::start(&mut lab.lan.host, server, 443, &hello));
        }
        for mut connection in std::mem::take(&mut connections) {
            match connection.step(&mut lab.lan.host) {
                Fate::Refused => bail!("a connection is refused after {answered} good ones"),
                _ if connection.answer.is_empty() => connections.push(connection),
                _ => {
                    answered += 1;
                    connection.end(&mut lab.lan.host);
                }
            }
        }
        lab.machine.exec.poll()
    })?;
    output.success().context("the policy did not run or stop")?;
    ensure!(answered >= TIMES, "only {answered} connections in {TIMES} times: no traffic to speak of");
    proved("connections_go_on_while_a_policy_stops_and_runs");

    let after = states(lab)?;
    ensure!(after == status, "the status was\n{status}and is\n{after}");
    let left = available(lab)?;
    ensure!(left + SLACK_KIB > memory, "{memory} KiB were available, and {left} KiB are");
    proved("its_memory_comes_back");

    let complaints = lab.run("dmesg | grep -E 'BUG:|WARNING:|Oops|leaked|Call Trace|rcu_sched|hung task'")?;
    ensure!(complaints.status == 1, "the kernel complains: {}", complaints.stdout);
    proved("the_kernel_does_not_complain");
    Ok(())
}

/// Shell that stops the policy and runs it again with its options of the boot.
fn cycle(times: u32) -> String {
    format!(
        "set -- $(grep '^{POLICY} ' /etc/lunagate/policies) && context=$2 && shift 2 && options= || exit
        for option; do options=\"$options --${{option%%=*}} ${{option#*=}}\"; done
        i=0
        while [ $i -lt {times} ]; do
          lunatik stop {POLICY} && lunatik run {POLICY} $context $options || exit
          i=$((i + 1))
        done"
    )
}

/// The scripts that run and their states, without the bytes that they hold at the moment.
fn states(lab: &mut Lab) -> Result<String> {
    lab.output("lunatik status | sed 's/, [0-9]* bytes//' | sort")
}

/// Memory that programs could have, in KiB.
fn available(lab: &mut Lab) -> Result<u64> {
    let line = lab.output("echo 3 > /proc/sys/vm/drop_caches; grep MemAvailable /proc/meminfo")?;
    line.split_whitespace().nth(1).context("no MemAvailable")?.parse().context("MemAvailable is no number")
}
