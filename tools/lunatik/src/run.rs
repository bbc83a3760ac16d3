// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The chunk that runs a script, and the limits that the command line gives it.

use clap::Args;

use crate::chunk::quoted;

/// What a script may spend; what is not given is the module lunatik's default.
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
}

impl Limits {
    fn given(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let all = [("fuel", self.fuel), ("load_fuel", self.load_fuel), ("memory", self.memory), ("stack", self.stack)];
        all.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }

    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        self.given().next().is_none()
    }
}

/// `run(script, context[, percpu], options)`; `fail` is the verdict of failed calls.
pub fn chunk(script: &str, context: &str, percpu: bool, limits: &Limits, fail: Option<&str>) -> String {
    let mut options: Vec<_> = limits.given().map(|(name, value)| format!("{name} = {value}")).collect();
    options.extend(fail.map(|fail| format!("fail = {}", quoted(fail))));
    let percpu = if percpu { ", true" } else { "" };
    format!("return run({}, {}{percpu}, {{ {} }})", quoted(script), quoted(context), options.join(", "))
}
