// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A policy comes and goes under traffic: no connection notices, and nothing is left behind.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::Ipv4Address;
use std::process::ExitCode;
use vmtests::{scenario, tls, Exchange, Fate, Lab, Setup};

/// How often the policy stops and runs again.
const TIMES: u32 = 40;
/// Connections that are open at any moment.
const CONNECTIONS: usize = 4;
/// After how many answers a connection gives way to a new one.
const ANSWERS: u32 = 25;
/// How much more memory the kernel may hold after it all.  Two of the policy's states, one
/// per processor, hold 90 KiB; one that leaks each time is 1800 KiB.
const SLACK_KIB: u64 = 1024;
const POLICY: &str = "policies/sni-block/main";

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    let server = lab.resolve("www.example")?;
    // Caches grow at first: once for them.
    under_traffic(lab, server)?;
    let (status, memory) = (states(lab)?, held(lab)?);
    let answered = under_traffic(lab, server)?;
    ensure!(answered >= 10 * TIMES, "only {answered} answers in {TIMES} times: no traffic to speak of");
    proved("connections_go_on_while_a_policy_stops_and_runs");

    let after = states(lab)?;
    ensure!(after == status, "the status was\n{status}and is\n{after}");
    let now = held(lab)?;
    ensure!(now < memory + SLACK_KIB, "the kernel held {memory} KiB, and holds {now}");
    proved("its_memory_comes_back");

    lab.no_complaints_in_log()?;
    proved("the_kernel_does_not_complain");
    Ok(())
}

/// Stops and runs the policy [`TIMES`] while connections come and go: how many answers came.
fn under_traffic(lab: &mut Lab, server: Ipv4Address) -> Result<u32> {
    lab.machine.exec.start(&cycle(TIMES))?;
    let hello = tls::client_hello(tls::ALLOWED);
    let mut connections: Vec<Exchange> = Vec::new();
    let mut answered = 0;
    let output = lab.until("end of the policy's runs and stops", |lab| {
        while connections.len() < CONNECTIONS {
            connections.push(Exchange::start(&mut lab.lan.host, server, 443, &hello));
        }
        // The server answers a ClientHello, and then says again whatever it is told.
        for mut connection in std::mem::take(&mut connections) {
            ensure!(
                connection.step(&mut lab.lan.host) != Fate::Refused,
                "a connection is refused after {answered} answers"
            );
            if !connection.answer.is_empty() {
                connection.answer.clear();
                answered += 1;
                if answered % ANSWERS == 0 {
                    connection.end(&mut lab.lan.host);
                    continue;
                }
                connection.say(&mut lab.lan.host, b"and then?");
            }
            connections.push(connection);
        }
        lab.machine.exec.poll()
    })?;
    connections.into_iter().for_each(|connection| connection.end(&mut lab.lan.host));
    output.success().context("the policy did not run or stop")?;
    Ok(answered)
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
    lab.output("lunatik status | sed -n 's/, [0-9]* bytes//; /^[^ ]/p' | sort")
}

/// Memory that the kernel holds for itself and cannot give back, in KiB.
fn held(lab: &mut Lab) -> Result<u64> {
    let command = "awk '/^(SUnreclaim|VmallocUsed|Percpu):/ { sum += $2 } END { print sum }' /proc/meminfo";
    lab.output(command)?.trim().parse().context("the kernel's memory is no number")
}
