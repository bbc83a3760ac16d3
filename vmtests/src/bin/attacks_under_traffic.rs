// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Attacks run on the router while a client talks to a server: the talk goes on, and the next policy
//! loads and filters.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::Ipv4Address;
use std::fmt::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use vmtests::{scenario, tls, Exchange, Fate, Lab, Setup};

/// An attack of the virtual machine's tests, by its file's name.
macro_rules! attacks {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../tools/kernel-lua/attack/", $name, ".lua")))),*]
    };
}

/// Loops, patterns, strings, memory, errors, coroutines, finalizers, the compiler.
const ATTACKS: [(&str, &str); 12] = attacks![
    "a01_while",
    "a07_pcallnest",
    "a13_pat1",
    "a22_concat",
    "a23_sort",
    "a32_corospawn",
    "a34_gcfin",
    "a41_nest",
    "a50_fmt",
    "a64_rehash",
    "c_ephemeron",
    "c_loadbig",
];

/// Those that run as scripts of a process, too.
const BODIES: [&str; 3] = ["a01_while", "a22_concat", "c_loadbig"];

/// A policy that stops one name, as its author would write it first.
const GUARD: &str = r#"
local sni = require("packet").sni
require("netfilter").register {
  pf = 2, hooknum = 2, priority = 0, -- IPv4, FORWARD
  hook = function(skb)
    local _, _, port, payload = skb:ports()
    return port == 443 and payload and sni(skb:data(), payload) == "www.blocked.example" and 0 or 1
  end,
}
"#;

/// What a talk must not be silent for: the bound is that of a failure, for a router that a program
/// simulates, and each of whose packets costs all the fuel that a packet has.
const BOUND: Duration = Duration::from_secs(20);
/// Answers that come while an attack runs.
const ANSWERS: u32 = 8;

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    let server = lab.resolve("www.example")?;
    // The router's own scripts are read-only.
    let mut files = String::from("cp -r /lib/modules/lua /run/lua && mount --bind /run/lua /lib/modules/lua && mkdir -p /run/lua/attack /run/lua/hook &&\n");
    for (name, attack) in ATTACKS {
        write!(files, "cat > /run/lua/attack/{name}.lua <<'END'\n{attack}\nEND\n")?;
        // The same, as what a hook does with every forwarded packet.
        let register = "require('netfilter').register { pf = 2, hooknum = 2, priority = 0, hook = function(...)";
        write!(files, "cat > /run/lua/hook/{name}.lua <<'END'\n{register}\n{attack}\nend }}\nEND\n")?;
    }
    write!(files, "cat > /run/lua/guard.lua <<'END'\n{GUARD}END\n")?;
    lab.output(&files)?;

    let calm = talk(lab, server, &["sleep 2"])?;
    let hooks: Vec<_> = ATTACKS.iter().map(|(name, _)| format!("lunatik run hook/{name} softirq")).collect();
    let mut longest = Duration::ZERO;
    for (command, (name, _)) in hooks.iter().zip(ATTACKS) {
        let gap = talk(lab, server, &[command])?;
        eprintln!("hook/{name}: the longest silence was {gap:.1?}");
        longest = longest.max(gap);
        let status = lab.output(&format!("lunatik status | grep hook/{name}"))?;
        eprintln!("{}", status.trim());
        lab.output(&format!("lunatik stop hook/{name}"))?;
    }
    eprintln!("attacks as hooks: the longest silence was {longest:.1?}, without them {calm:.1?}");
    ensure!(longest < BOUND, "an attack in a hook kept packets from passing for {longest:?}");
    proved("traffic_goes_on_while_attacks_judge_every_packet");

    let mut longest = Duration::ZERO;
    for name in BODIES {
        let gap = talk(lab, server, &[&format!("! lunatik run attack/{name}")])?;
        eprintln!("attack/{name}: the longest silence was {gap:.1?}");
        longest = longest.max(gap);
    }
    eprintln!("attacks as processes: the longest silence was {longest:.1?}");
    ensure!(longest < BOUND, "an attack in a process kept packets from passing for {longest:?}");
    proved("traffic_goes_on_while_attacks_run_as_processes");

    lab.output("lunatik run guard softirq")?;
    lab.blocks(server, 2)?;
    proved("the_next_policy_loads_and_filters");

    lab.no_complaints_in_log()?;
    proved("the_kernel_does_not_complain");
    Ok(())
}

/// Runs commands, which must succeed, one after the other, while a client and the server talk: the longest time
/// without an answer, until the commands have ended and some answers more have come.
fn talk(lab: &mut Lab, server: Ipv4Address, commands: &[&str]) -> Result<Duration> {
    lab.machine.exec.start(&commands.join(" && "))?;
    let mut talk = Exchange::start(&mut lab.lan.host, server, 443, &tls::client_hello(tls::ALLOWED));
    let (mut last, mut longest, mut after, mut ended) = (Instant::now(), Duration::ZERO, 0, None);
    let output = lab.until("end of an attack", |lab| {
        ensure!(talk.step(&mut lab.lan.host) != Fate::Refused, "the connection is refused");
        longest = longest.max(last.elapsed());
        if !talk.answer.is_empty() {
            talk.answer.clear();
            last = Instant::now();
            talk.say(&mut lab.lan.host, b"and then?");
            after += u32::from(ended.is_some());
        }
        if ended.is_none() {
            ended = lab.machine.exec.poll()?;
        }
        Ok(if after >= ANSWERS { ended.take() } else { None })
    })?;
    talk.end(&mut lab.lan.host);
    output.success().context("a command of the router's failed")?;
    Ok(longest)
}
