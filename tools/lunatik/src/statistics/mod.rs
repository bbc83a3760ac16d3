// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the kernel knows of each script, and how it is shown.

mod metrics;
mod words;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::device::Transport;

pub use metrics::metrics;

/// What is known of a runtime: `statistics()` of the kernel, which has the same words.
#[derive(Deserialize)]
pub struct Script {
    script: String,
    context: String,
    /// `run`, `percpu`, `spawn`, `sockets`, or `runtime` by another script.
    started: String,
    /// `running` or `quarantined`.
    state: String,
    /// Since when it is in quarantine, in nanoseconds since 1970.
    since: Option<u64>,
    last_failure: Option<String>,
    fail: String,
    cpus: Vec<State>,
}

/// What one state's calls cost, and what came of them.
#[derive(Deserialize)]
struct State {
    cpu: u32,
    /// Bytes that it holds.
    memory: u64,
    calls: u64,
    fuel: Fuel,
    /// By kind of hook and by verdict.
    verdicts: BTreeMap<String, BTreeMap<String, u64>>,
    faults: BTreeMap<String, u64>,
}

/// Units of fuel that calls spent.
#[derive(Deserialize)]
struct Fuel {
    sum: u64,
    max: u64,
    /// How many calls spent less than 2, 4, 8, ... units, and did not less than the power before;
    /// the last number counts all others.
    histogram: Vec<u64>,
}

impl Script {
    fn sum(&self, of: impl Fn(&State) -> u64) -> u64 {
        self.cpus.iter().map(of).sum()
    }

    /// The numbers of all states together, by name.
    fn sums<'a>(&'a self, of: impl Fn(&'a State) -> Option<&'a BTreeMap<String, u64>>) -> BTreeMap<&'a str, u64> {
        let mut sums = BTreeMap::new();
        for (name, count) in self.cpus.iter().filter_map(of).flatten() {
            *sums.entry(name.as_str()).or_default() += count;
        }
        sums
    }
}

/// The kernel's lines, an object of JSON each.
///
/// # Errors
///
/// The modules are not loaded.
pub fn lines(device: &impl Transport) -> Result<String> {
    device.execute("return statistics()")
}

/// What is known of each runtime.
///
/// # Errors
///
/// The modules are not loaded, or are of another version.
pub fn scripts(device: &impl Transport) -> Result<Vec<Script>> {
    let read = |line: &str| {
        serde_json::from_str(line)
            .context("the kernel modules speak otherwise: they are of another version than lunatik")
    };
    lines(device)?.lines().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the kernel writes it.
    pub(super) fn example() -> Script {
        serde_json::from_str(
            r#"{"script":"a/\"b\"","context":"softirq","started":"run","budget":{"fuel":10000,"load_fuel":1,"memory":2,"stack":3,"faults":100,"window_ms":10000},
            "fail":"drop","capabilities":["netfilter"],"state":"quarantined","since":1798761599000000000,"last_failure":"out of fuel\n\ta.lua:3","cpus":[
            {"cpu":0,"memory":400,"calls":3,"fuel":{"sum":10013,"max":10001,"histogram":[1,0,0,1,0,0,0,0,0,0,0,0,0,1,0,0]},
             "verdicts":{"netfilter":{"drop":1,"accept":1},"xdp":{"pass":0}},"faults":{"fuel":1,"error":0}},
            {"cpu":1,"memory":300,"calls":1,"fuel":{"sum":70000,"max":70000,"histogram":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1]},
             "verdicts":{"netfilter":{"drop":0,"accept":1},"xdp":{"pass":0}},"faults":{"fuel":0,"error":0}}]}"#,
        )
        .unwrap()
    }

    #[test]
    fn states_add_up() {
        let script = example();
        assert_eq!(script.sum(|state| state.memory), 700);
        assert_eq!(script.sums(|state| Some(&state.faults)), BTreeMap::from([("fuel", 1), ("error", 0)]));
    }
}
