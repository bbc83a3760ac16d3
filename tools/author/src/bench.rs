// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy bench`: what a policy costs on the packets of a capture, and which of its lines that is.
//!
//! Costs are units of fuel and instructions of the virtual machine: the same on every machine, and in the kernel.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{anyhow, bail, Result};
use clap::Args;
use files::Progress;
use kernel_lua::{Line, Lines};
use serde::Serialize;
use simulator::Router;

use crate::arrivals::Arrivals;
use crate::capture;
use crate::input::Input;
use crate::subject::Subject;

/// Say what a policy costs on the packets of a capture.
#[derive(Args)]
pub struct Bench {
    #[command(flatten)]
    input: Input,
    /// Show so many of the dearest lines.
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    lines: usize,
}

/// What calls cost.
#[derive(Default, Serialize)]
struct Spread {
    total: u64,
    most: u64,
}

impl Spread {
    fn add(&mut self, value: u64) {
        self.total += value;
        self.most = self.most.max(value);
    }

    /// On average over so many, with a decimal.
    fn mean(&self, of: usize) -> String {
        let tenths = (self.total * 10).checked_div(of as u64).unwrap_or(0);
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// What a policy cost.
#[derive(Default, Serialize)]
struct Costs {
    /// Packets that reached a hook.
    packets: usize,
    /// Packets about which the policy was asked; of the others all had been decided.
    asked: usize,
    calls: usize,
    fuel: Spread,
    instructions: Spread,
    /// The most bytes that the policy's state held.
    memory: usize,
    failures: usize,
    /// The dearest lines.
    lines: Vec<Dear>,
}

/// What a line cost in all calls.
#[derive(Serialize)]
struct Dear {
    /// The file and the line.
    place: String,
    text: String,
    fuel: i64,
    instructions: u64,
    runs: u64,
}

impl Bench {
    /// Does it.
    ///
    /// # Errors
    ///
    /// The capture or the policy cannot be read; the policy does not load, or no packet reaches it.
    pub fn run(&self) -> Result<ExitCode> {
        let frames = capture::read(&self.input.capture)?;
        let subject = Subject::open(&self.input.folder, self.input.library.as_deref())?;
        let router = Router::watched(&subject.policy()?.manifest, subject.files());
        let mut router = router.map_err(|text| {
            anyhow!("{}: the policy does not load: {}", self.input.folder.display(), subject.localized(&text))
        })?;
        let loaded = router.runtime().machine().lines().clone();
        let mut arrivals = Arrivals::new(&self.input, &router, &frames);
        let mut costs = Costs::default();
        let progress = Progress::items("measuring", "packets", frames.len() as u64);
        let counted = frames.iter().inspect(|_| progress.add(1));
        for frame in counted {
            let Ok(mut packet) = arrivals.next(frame) else { continue };
            let report = router.send(&mut packet, arrivals.path());
            costs.packets += 1;
            costs.asked += usize::from(!report.calls.is_empty());
            costs.calls += report.calls.len();
            costs.failures += report.failures.len();
            for call in &report.calls {
                costs.fuel.add(call.fuel.unsigned_abs());
                costs.instructions.add(call.instructions);
                costs.memory = costs.memory.max(call.memory);
            }
        }
        progress.end();
        if costs.calls == 0 {
            let (capture, all) = (self.input.capture.display(), frames.len());
            bail!("{capture}: of its {all} packets the policy is asked about none: give their way by --path");
        }
        costs.lines = dearest(&subject, router.runtime().machine().lines(), &loaded, self.lines);
        if self.input.json {
            println!("{}", serde_json::to_string_pretty(&costs)?);
        } else {
            print(&costs);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The lines that cost most since those of `loaded`.
fn dearest(subject: &Subject, lines: &Lines, loaded: &Lines, count: usize) -> Vec<Dear> {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let of_library = |name: &str| subject.shared(name).map(|script| (format!("policies/library/{name}.lua"), script));
    let own = subject.scripts().iter().map(|script| (subject.chunk(&format!("{}.lua", script.name)), script));
    let shared = lines.keys().filter_map(|chunk| chunk.strip_prefix("policies/library/")?.strip_suffix(".lua"));
    for (chunk, script) in own.chain(shared.filter_map(of_library)) {
        let text = String::from_utf8_lossy(&script.text);
        texts.insert(chunk, text.lines().map(|line| line.trim().to_owned()).collect());
    }
    let mut dear = Vec::new();
    for (chunk, numbered) in lines {
        for (number, line) in numbered {
            let before = loaded.get(chunk).and_then(|lines| lines.get(number)).copied().unwrap_or_default();
            let Line { runs, instructions, fuel } = *line;
            let text = texts.get(chunk).and_then(|lines| lines.get(*number as usize - 1)).cloned().unwrap_or_default();
            dear.push(Dear {
                place: subject.localized(&format!("{chunk}:{number}")),
                text,
                fuel: fuel - before.fuel,
                instructions: instructions - before.instructions,
                runs: runs - before.runs,
            });
        }
    }
    dear.retain(|line| line.runs > 0);
    dear.sort_by_key(|line| std::cmp::Reverse((line.fuel, line.instructions)));
    dear.truncate(count);
    dear
}

fn print(costs: &Costs) {
    let Costs { packets, asked, calls, fuel, instructions, memory, failures, lines } = costs;
    println!(
        "{packets} packets, about {asked} of them the policy was asked, in {calls} calls, of which {failures} failed"
    );
    println!();
    println!("{:>14}  {:>10}  {:>10}  {:>10}", "", "packet", "call", "most");
    for (name, spread) in [("fuel", fuel), ("instructions", instructions)] {
        println!("{name:>14}  {:>10}  {:>10}  {:>10}", spread.mean(*packets), spread.mean(*calls), spread.most);
    }
    println!("{:>14}  {:>10}  {:>10}  {:>10}", "KiB", "", "", memory.div_ceil(1024));
    println!();
    println!("{:>8}  {:>12}  {:>8}  line", "fuel", "instructions", "runs");
    for Dear { place, text, fuel, instructions, runs } in lines {
        println!("{fuel:>8}  {instructions:>12}  {runs:>8}  {place}  {text}");
    }
}
