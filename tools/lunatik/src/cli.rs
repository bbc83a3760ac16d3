// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the command line looks like, and what each command does.

use anyhow::Result;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::chunk;
use crate::device::{Device, Transport};
use crate::filter::Filter;
use crate::run::{self, Limits};
use crate::test::Test;
use crate::{events, modules, repl, statistics, tables, xdp};

/// Run Lua scripts in the kernel. Without a command: a prompt into the kernel's Lua.
#[derive(Parser)]
#[command(version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Load the kernel modules.
    Load,
    /// Stop all scripts and unload the kernel modules.
    Unload,
    /// Unload, then load.
    Reload,
    /// Say which modules are loaded, and what each script holds, costs and decided.
    Status {
        /// As an object of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the same numbers as OpenMetrics text, for a scraper.
    Metrics,
    /// Say what happened to scripts: which started, failed, were quarantined or stopped.
    Events {
        /// Go on with what comes.
        #[arg(long, short)]
        follow: bool,
        /// As the kernel writes them: an object of JSON on each line.
        #[arg(long)]
        json: bool,
    },
    /// Name the running scripts.
    List,
    /// Run a script: /lib/modules/lua/SCRIPT.lua.
    Run(Run),
    /// Run a script in a kernel thread, which calls the function that the script returns.
    Spawn(Spawn),
    /// Run a script in place of the one that runs under its name, which goes when this one is at work.
    Replace(Run),
    /// Ask a script about packets again that was quarantined because it failed too often.
    Resume {
        /// The name that it was run by.
        script: String,
    },
    /// Stop a script; returns when nothing of it runs any more.
    Stop {
        /// The name that it was run by.
        script: String,
    },
    /// Run test suites, whose points are KTAP.
    Test(Test),
    /// Let a script see, rewrite or refuse what a server's TCP connections receive and send.
    Filter(Filter),
    /// Run scripts on packets as they arrive at a network interface, before all else.
    #[command(subcommand)]
    Xdp(xdp::Command),
    /// What scripts keep for those that run after them under the same name.
    #[command(subcommand)]
    Tables(tables::Command),
}

/// Where a script's functions are called.
#[derive(Clone, Copy, ValueEnum)]
enum Context {
    /// In a task; may sleep.
    Process,
    /// In packet hooks; one Lua state per CPU.
    Softirq,
    /// With interrupts off; one Lua state per CPU.
    Hardirq,
}

/// How many of it there are.
#[derive(Clone, Copy, ValueEnum)]
enum Instances {
    /// One for each CPU. Scripts of packet hooks have a state for each anyway; this records it.
    Percpu,
}

/// What becomes of a packet when the script fails on it.
#[derive(Clone, Copy, ValueEnum)]
enum Fail {
    Accept,
    Drop,
}

#[derive(Args)]
struct Run {
    /// The script, below /lib/modules/lua, with or without `.lua`.
    script: String,
    /// Where its functions are called.
    #[arg(value_enum, default_value = "process")]
    context: Context,
    /// For softirq and hardirq: recorded as a script for every CPU.
    #[arg(value_enum)]
    instances: Option<Instances>,
    #[command(flatten)]
    limits: Limits,
    /// What becomes of a packet when the script fails on it.
    #[arg(long, value_enum)]
    fail: Option<Fail>,
    /// For softirq: one Lua state for all CPUs, which take turns at it, and not one for each: for scripts whose
    /// calls share what they know.
    #[arg(long)]
    single: bool,
}

#[derive(Args)]
struct Spawn {
    /// The script, below /lib/modules/lua, with or without `.lua`.
    script: String,
    #[command(flatten)]
    limits: Limits,
}

impl Spawn {
    fn chunk(&self) -> String {
        let (script, limits) = (&self.script, &self.limits);
        run::Order { verb: "spawn", script, context: "process", percpu: false, limits, fail: None, single: false }
            .chunk()
    }
}

impl Run {
    fn chunk(&self, verb: &'static str) -> String {
        run::Order {
            verb,
            script: &self.script,
            context: &name(self.context),
            percpu: self.instances.is_some(),
            limits: &self.limits,
            fail: self.fail.map(name).as_deref(),
            single: self.single,
        }
        .chunk()
    }
}

fn name(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

impl Arguments {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<()> {
        let device = Device;
        match self.command {
            None => repl::run(&device),
            Some(Command::Load) => modules::load(),
            Some(Command::Unload) => modules::unload(&device),
            Some(Command::Reload) => modules::unload(&device).and_then(|()| modules::load()),
            Some(Command::Status { json: false }) => modules::status(&device),
            Some(Command::Status { json: true }) => modules::status_as_json(&device),
            Some(Command::Metrics) => show(statistics::metrics(&statistics::scripts(&device)?).trim_end()),
            Some(Command::Events { follow, json }) => events::show(follow, json),
            Some(Command::List) => show(&device.execute("return list()")?),
            Some(Command::Run(run)) => device.execute(&run.chunk("run")).map(drop),
            Some(Command::Spawn(spawn)) => device.execute(&spawn.chunk()).map(drop),
            Some(Command::Replace(run)) => device.execute(&run.chunk("replace")).map(drop),
            Some(Command::Resume { script }) => {
                let answer = device.execute(&format!("return resume({})", chunk::quoted(&script)))?;
                show(if answer == "true" { "" } else { "it was not in quarantine" })
            }
            Some(Command::Stop { script }) => device.execute(&format!("stop({})", chunk::quoted(&script))).map(drop),
            Some(Command::Test(test)) => test.run(),
            Some(Command::Filter(filter)) => filter.run(),
            Some(Command::Xdp(command)) => command.run(&device),
            Some(Command::Tables(command)) => command.run(&device),
        }
    }
}

fn show(text: &str) -> Result<()> {
    if !text.is_empty() {
        println!("{text}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_reach_the_chunk() {
        let arguments = ["lunatik", "run", "a/b", "softirq", "--fuel", "10", "--fail", "drop"];
        let Some(Command::Run(run)) = Arguments::parse_from(arguments).command else { panic!("not run") };
        assert_eq!(run.chunk("run"), r#"run("a/b", "softirq", { fuel = 10, fail = "drop" })"#);
    }

    #[test]
    fn a_successor_is_run_likewise() {
        let arguments = ["lunatik", "replace", "x", "softirq", "--capabilities", "netfilter,set", "--faults", "3"];
        let Some(Command::Replace(run)) = Arguments::parse_from(arguments).command else { panic!("not replace") };
        let expected = r#"replace("x", "softirq", { faults = 3, capabilities = "netfilter,set" })"#;
        assert_eq!(run.chunk("replace"), expected);
    }

    #[test]
    fn one_state_is_asked_for() {
        let arguments = ["lunatik", "run", "nflua", "softirq", "--single", "--fuel", "9"];
        let Some(Command::Run(run)) = Arguments::parse_from(arguments).command else { panic!("not run") };
        assert_eq!(run.chunk("run"), r#"run("nflua", "softirq", { fuel = 9, single = true })"#);
    }

    #[test]
    fn a_thread_is_in_process_context() {
        let Some(Command::Spawn(spawn)) = Arguments::parse_from(["lunatik", "spawn", "x", "--fuel", "9"]).command
        else {
            panic!("not spawn")
        };
        assert_eq!(spawn.chunk(), r#"spawn("x", "process", { fuel = 9 })"#);
        assert!(Arguments::try_parse_from(["lunatik", "spawn", "x", "softirq"]).is_err());
    }

    #[test]
    fn process_is_the_default() {
        let Some(Command::Run(run)) = Arguments::parse_from(["lunatik", "run", "x"]).command else { panic!("not run") };
        assert_eq!(run.chunk("run"), r#"run("x", "process", {  })"#);
    }

    #[test]
    fn percpu_follows_the_context() {
        let arguments = ["lunatik", "run", "x", "softirq", "percpu", "--memory", "4096"];
        let Some(Command::Run(run)) = Arguments::parse_from(arguments).command else { panic!("not run") };
        assert_eq!(run.chunk("run"), r#"run("x", "softirq", true, { memory = 4096 })"#);
        assert!(Arguments::try_parse_from(["lunatik", "run", "x", "percpu"]).is_err());
        assert!(Arguments::try_parse_from(["lunatik", "run", "x", "softirq", "once"]).is_err());
    }

    #[test]
    fn unknown_contexts_are_refused() {
        assert!(Arguments::try_parse_from(["lunatik", "run", "x", "softsoft"]).is_err());
    }
}
