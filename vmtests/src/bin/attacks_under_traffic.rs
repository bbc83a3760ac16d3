// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Attacks run on the router while a client talks to a server: the talk goes on, and the next policy
//! loads and filters.
//!
//! All attacks run in the kernel-side tests; here it is some of each kind, each day others. `LUNAGATE_SEED` says which.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::Ipv4Address;
use std::fmt::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use vmtests::{scenario, tls, Exchange, Fate, Lab, Setup};

/// An attack: its folder and file's name, and its text.
type Attack = (&'static str, &'static str);

/// All of the virtual machine's (`attack/...`), and all of the bindings', by folder.
const ALL: &[Attack] = include!(concat!(env!("OUT_DIR"), "/attacks.rs"));

/// The folder of those on the language.
const LANGUAGE: &str = "attack";
/// Bindings whose attacks are the same wherever a packet comes from, and whatever it is.
const OF_HOOKS: [&str; 9] = ["byteorder", "completion", "data", "fifo", "packet", "rcu", "set", "skb", "state"];
/// Bindings that attacks in tasks need nothing for but themselves.
const OF_TASKS: [&str; 9] = ["byteorder", "crypto", "data", "fifo", "io", "linux", "netlink", "rcu", "socket"];

/// How many run of each kind.
const HOOKS: usize = 8;
const BINDINGS_IN_HOOKS: usize = 6;
const AT_XDP: usize = 3;
const PROCESSES: usize = 3;
const BINDINGS_IN_PROCESSES: usize = 4;

/// What they may use, loaded before there is a packet.
const LOADS: &str = r#"for _, name in ipairs { "data", "byteorder", "linux", "fifo", "completion", "rcu", "lunatik", "mailbox", "set", "lpm",
  "packet", "skb", "attack.keep" } do require(name) end"#;

/// For attacks in tasks, as in the kernel-side tests: seconds of work, where that is noise or sums.
const BODY: &str = "--load-fuel 100000";
/// The budget that the lines of attacks are about.
const BUDGET: &str = "--fuel 10000 --memory 524288 --faults 0";

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
    let seed = seed()?;
    eprintln!("LUNAGATE_SEED={seed} chooses the same attacks");
    let hooks = sample(&of(&[LANGUAGE], ""), HOOKS, seed);
    let bindings = sample(&of(&OF_HOOKS, "-- hook: fails"), BINDINGS_IN_HOOKS, seed);
    let drivers = sample(&of(&[LANGUAGE], ""), AT_XDP, seed + 1);
    let processes = sample(&of(&[LANGUAGE], ""), PROCESSES, seed + 2);
    let tasks = sample(&of(&OF_TASKS, "-- process: out of fuel"), BINDINGS_IN_PROCESSES, seed);

    // The router's own scripts are read-only.
    let mut files =
        String::from("cp -r /lib/modules/lua /run/lua && mount --bind /run/lua /lib/modules/lua && cd /run/lua\n");
    writeln!(files, "mkdir -p attack && echo 'return {{}}' > attack/keep.lua")?;
    let function = |(_, text): &Attack| format!("(function(...)\n{text}\nend)");
    for attack in hooks.iter().chain(&bindings) {
        // What a hook does with every forwarded packet.
        let judge = function(attack);
        let hook =
            format!("{LOADS}\nrequire('netfilter').register {{ pf = 2, hooknum = 2, priority = 0, hook = {judge} }}");
        write_script(&mut files, "hook", attack.0, &hook)?;
    }
    for attack in &drivers {
        // What is asked about every frame that comes from the LAN.
        write_script(&mut files, "xdp", attack.0, &format!("{LOADS}\nrequire('xdp').attach{}", function(attack)))?;
    }
    for attack in processes.iter().chain(&tasks) {
        write_script(&mut files, "task", attack.0, attack.1)?;
    }
    write!(files, "cat > guard.lua <<'END'\n{GUARD}END\n")?;
    lab.output(&files)?;

    let calm = talk(lab, server, &["sleep 2"])?;
    let mut longest = Duration::ZERO;
    let mut failing = 0;
    for (name, _) in hooks.iter().chain(&bindings) {
        let script = format!("hook/{name}");
        let gap = talk(lab, server, &[&format!("lunatik run {script} softirq {BUDGET}")])?;
        longest = longest.max(gap);
        let faults = asked(lab, &script, gap)?;
        failing += usize::from(faults > 0);
        let must_fail = bindings.iter().any(|(binding, _)| binding == name);
        ensure!(!must_fail || faults > 0, "{script} was to fail, and no call did");
        lab.output(&format!("lunatik stop {script}"))?;
    }
    eprintln!("attacks as hooks: the longest silence was {longest:.1?}, without them {calm:.1?}");
    // A few are over within a packet's fuel.
    ensure!(
        failing * 4 >= 3 * (HOOKS + BINDINGS_IN_HOOKS),
        "only {failing} attacks failed: is a packet's fuel charged?"
    );
    ensure!(longest < BOUND, "an attack in a hook kept packets from passing for {longest:?}");
    proved("traffic_goes_on_while_attacks_judge_every_packet");

    let mut longest = Duration::ZERO;
    for (name, _) in &drivers {
        let script = format!("xdp/{name}");
        let attach = format!("lunatik xdp attach eth1 {script} --mode generic {BUDGET}");
        let gap = talk(lab, server, &[&attach])?;
        longest = longest.max(gap);
        asked(lab, &script, gap)?;
        lab.output(&format!("lunatik stop {script}"))?;
    }
    eprintln!("attacks at XDP: the longest silence was {longest:.1?}");
    ensure!(longest < BOUND, "an attack at XDP kept packets from passing for {longest:?}");
    proved("traffic_goes_on_while_attacks_are_asked_about_every_frame");

    let mut longest = Duration::ZERO;
    for (name, _) in processes.iter().chain(&tasks) {
        // One that ends by itself runs on, and holds what it has.
        let script = format!("task/{name}");
        let is_of_task = tasks.iter().any(|(task, _)| task == name);
        let command = if is_of_task {
            format!("! lunatik run {script} process {BODY}")
        } else {
            format!("{{ ! lunatik run {script} process {BODY} || lunatik stop {script}; }}")
        };
        let gap = talk(lab, server, &[&command])?;
        eprintln!("{script}: the longest silence was {gap:.1?}");
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

/// The number that chooses attacks: the day's, unless the environment says one.
fn seed() -> Result<usize> {
    match std::env::var("LUNAGATE_SEED") {
        Ok(text) => text.parse().with_context(|| format!("LUNAGATE_SEED: '{text}' is no number")),
        Err(_) => Ok((SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / 86400) as usize),
    }
}

/// The attacks of these folders that have this line.
fn of(folders: &[&str], line: &str) -> Vec<Attack> {
    let is_of = |name: &str| name.split_once('/').is_some_and(|(folder, _)| folders.contains(&folder));
    let says = |text: &str| line.is_empty() || text.lines().any(|other| other == line);
    ALL.iter().copied().filter(|(name, text)| is_of(name) && says(text)).collect()
}

/// So many of them, the next seed's behind this one's.
fn sample(attacks: &[Attack], count: usize, seed: usize) -> Vec<Attack> {
    let count = count.min(attacks.len());
    (0..count).map(|index| attacks[(seed * count + index) % attacks.len()]).collect()
}

/// Adds the command that writes a script.
fn write_script(files: &mut String, folder: &str, name: &str, text: &str) -> Result<()> {
    let path = format!("{folder}/{name}.lua");
    writeln!(
        files,
        "mkdir -p {folder}/{} && cat > {path} <<'END'\n{text}\nEND",
        name.split('/').next().unwrap_or(name)
    )?;
    Ok(())
}

/// Tells what became of a script's calls, of which there were some; how many failed.
fn asked(lab: &mut Lab, script: &str, gap: Duration) -> Result<u64> {
    let status: serde_json::Value = serde_json::from_str(&lab.output("lunatik status --json")?)?;
    let scripts = status["scripts"].as_array().context("there are no scripts in the JSON")?;
    let found = scripts.iter().find(|other| other["script"] == script);
    let cpus = found.and_then(|found| found["cpus"].as_array()).with_context(|| format!("{script} does not run"))?;
    let sum = |count: &dyn Fn(&serde_json::Value) -> u64| cpus.iter().map(count).sum::<u64>();
    let calls = sum(&|cpu| cpu["calls"].as_u64().unwrap_or(0));
    let of_all_kinds =
        |faults: &serde_json::Map<String, _>| faults.values().filter_map(serde_json::Value::as_u64).sum();
    let faults = sum(&|cpu| cpu["faults"].as_object().map_or(0, of_all_kinds));
    eprintln!("{script}: {faults} of {calls} calls failed, and the longest silence was {gap:.1?}");
    ensure!(calls > 0, "{script} was asked about no packet");
    Ok(faults)
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
