// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The chunk that runs a script, and the limits that the command line gives it.

use clap::Args;

use crate::chunk::quoted;

/// What a script may spend and use; what is not given is the module lunatik's default.
#[derive(Args)]
pub struct Limits {
    /// Units of fuel per call.
    #[arg(long)]
    fuel: Option<u64>,
    /// Units of fuel for the script's body.
    #[arg(long)]
    load_fuel: Option<u64>,
    /// Bytes that each Lua state may hold.
    #[arg(long, value_name = "BYTES")]
    memory: Option<u64>,
    /// Bytes of kernel stack for Lua.
    #[arg(long, value_name = "BYTES")]
    stack: Option<u64>,
    /// So many failures in a window put the script in quarantine; 0: none do.
    #[arg(long)]
    faults: Option<u64>,
    /// That window.
    #[arg(long, value_name = "MILLISECONDS")]
    window: Option<u64>,
    /// What the script may use beyond what every script may: names of modules and functions (as
    /// netfilter,linux.lookup), or '' for nothing. Without this option, all.
    #[arg(long, value_name = "LIST")]
    capabilities: Option<String>,
}

impl Limits {
    fn given(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let all = [
            ("fuel", self.fuel),
            ("load_fuel", self.load_fuel),
            ("memory", self.memory),
            ("stack", self.stack),
            ("faults", self.faults),
            ("window", self.window),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }

    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        self.given().next().is_none() && self.capabilities.is_none()
    }
}

/// A script that is to run.
pub struct Order<'a> {
    /// `run`, `replace` or `spawn`.
    pub verb: &'static str,
    pub script: &'a str,
    pub context: &'a str,
    pub percpu: bool,
    pub limits: &'a Limits,
    /// The verdict of failed calls.
    pub fail: Option<&'a str>,
    /// One state for all CPUs.
    pub single: bool,
}

impl Order<'_> {
    /// `run(script, context[, percpu], options)`: without an answer, which may fail where the call did not.
    pub fn chunk(&self) -> String {
        let mut options: Vec<_> = self.limits.given().map(|(name, value)| format!("{name} = {value}")).collect();
        let texts = [("fail", self.fail), ("capabilities", self.limits.capabilities.as_deref())];
        options.extend(texts.iter().filter_map(|(name, text)| Some(format!("{name} = {}", quoted((*text)?)))));
        options.extend(self.single.then(|| "single = true".to_owned()));
        let (verb, script, context) = (self.verb, quoted(self.script), quoted(self.context));
        let percpu = if self.percpu { ", true" } else { "" };
        format!("{verb}({script}, {context}{percpu}, {{ {} }})", options.join(", "))
    }
}
