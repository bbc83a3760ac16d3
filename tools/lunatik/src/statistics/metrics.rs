// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! For scrapers: OpenMetrics text (<https://prometheus.io/docs/specs/om/open_metrics_spec/>).

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::{Script, State};

/// A label's value.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_char('"')?;
        for character in self.0.chars() {
            match character {
                '"' | '\\' => write!(f, "\\{character}")?,
                '\n' => f.write_str("\\n")?,
                other => f.write_char(other)?,
            }
        }
        f.write_char('"')
    }
}

/// Text in the making.
struct Exposition(String);

impl Exposition {
    /// Begins a family: all of its samples follow.
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Text in memory takes whatever is written.
        let _ = writeln!(self.0, "# TYPE lunatik_{name} {kind}\n# HELP lunatik_{name} {help}");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl fmt::Display) {
        let _ = writeln!(self.0, "lunatik_{name}{{{labels}}} {value}");
    }
}

/// All that is known of the scripts.
pub fn metrics(scripts: &[Script]) -> String {
    let mut text = Exposition(String::new());
    let names = names(scripts);
    let each_state = || {
        scripts.iter().zip(&names).flat_map(|(script, name)| {
            script.cpus.iter().map(move |state| (state, format!("{name},cpu=\"{}\"", state.cpu)))
        })
    };
    text.family("script", "info", "A script that runs.");
    for (script, name) in scripts.iter().zip(&names) {
        let (context, fail) = (Quoted(&script.context), Quoted(&script.fail));
        text.sample("script_info", &format!("{name},context={context},fail={fail}"), 1);
    }
    text.family("quarantined", "gauge", "Whether a script failed so often that it is not called any more.");
    for (script, name) in scripts.iter().zip(&names) {
        text.sample("quarantined", name, u8::from(script.since.is_some()));
    }
    text.family("memory_bytes", "gauge", "Bytes that a Lua state holds.");
    for (state, labels) in each_state() {
        text.sample("memory_bytes", &labels, state.memory);
    }
    text.family("fuel", "histogram", "Units of fuel that calls spent.");
    for (state, labels) in each_state() {
        histogram(&mut text, state, &labels);
    }
    text.family("fuel_max", "gauge", "Units of fuel that the most expensive call spent.");
    for (state, labels) in each_state() {
        text.sample("fuel_max", &labels, state.fuel.max);
    }
    text.family("verdicts", "counter", "Packets by verdict.");
    for (state, labels) in each_state() {
        for (hook, verdicts) in &state.verdicts {
            for (verdict, count) in verdicts {
                let labels = format!("{labels},hook={},verdict={}", Quoted(hook), Quoted(verdict));
                text.sample("verdicts_total", &labels, count);
            }
        }
    }
    text.family("faults", "counter", "Calls that failed, by kind.");
    for (state, labels) in each_state() {
        for (kind, count) in &state.faults {
            text.sample("faults_total", &format!("{labels},kind={}", Quoted(kind)), count);
        }
    }
    text.0.push_str("# EOF\n");
    text.0
}

/// The labels that tell the scripts from each other: some may have one name.
fn names(scripts: &[Script]) -> Vec<String> {
    let mut seen = BTreeMap::<&str, u32>::new();
    let name = |script| {
        let script: &Script = script;
        let number = seen.entry(&script.script).or_default();
        *number += 1;
        match *number {
            1 => format!("script={}", Quoted(&script.script)),
            number => format!("script={},instance=\"{number}\"", Quoted(&script.script)),
        }
    };
    scripts.iter().map(name).collect()
}

fn histogram(text: &mut Exposition, state: &State, labels: &str) {
    let mut sum = 0;
    let last = state.fuel.histogram.len().saturating_sub(1);
    for (index, count) in state.fuel.histogram.iter().enumerate() {
        sum += count;
        let bound = if index == last { "+Inf".into() } else { ((2_u64 << index) - 1).to_string() };
        text.sample("fuel_bucket", &format!("{labels},le=\"{bound}\""), sum);
    }
    text.sample("fuel_sum", labels, state.fuel.sum);
    text.sample("fuel_count", labels, sum);
}

#[cfg(test)]
mod tests {
    use super::super::tests::example;
    use super::metrics;

    #[test]
    fn metrics_are_openmetrics() {
        let text = metrics(&[example(), example()]);
        for line in [
            r#"lunatik_script_info{script="a/\"b\"",context="softirq",fail="drop"} 1"#,
            r#"lunatik_script_info{script="a/\"b\"",instance="2",context="softirq",fail="drop"} 1"#,
            r#"lunatik_quarantined{script="a/\"b\""} 1"#,
            r#"lunatik_memory_bytes{script="a/\"b\"",cpu="1"} 300"#,
            r#"lunatik_fuel_bucket{script="a/\"b\"",cpu="0",le="1"} 1"#,
            r#"lunatik_fuel_bucket{script="a/\"b\"",cpu="0",le="15"} 2"#,
            r#"lunatik_fuel_bucket{script="a/\"b\"",cpu="1",le="32767"} 0"#,
            r#"lunatik_fuel_bucket{script="a/\"b\"",cpu="1",le="+Inf"} 1"#,
            r#"lunatik_fuel_sum{script="a/\"b\"",cpu="0"} 10013"#,
            r#"lunatik_fuel_count{script="a/\"b\"",cpu="0"} 3"#,
            r#"lunatik_verdicts_total{script="a/\"b\"",cpu="0",hook="netfilter",verdict="drop"} 1"#,
            r#"lunatik_faults_total{script="a/\"b\"",cpu="0",kind="fuel"} 1"#,
        ] {
            assert_eq!(text.lines().filter(|other| *other == line).count(), 1, "{line}\n{text}");
        }
        assert!(text.ends_with("\n# EOF\n"));
        // All samples of a family stand together, after its type.
        let mut families = Vec::new();
        for line in text.lines().filter(|line| line.starts_with("# TYPE ")) {
            families.push(line.split(' ').nth(2).unwrap());
        }
        let mut current = 0;
        for line in text.lines() {
            let name = line.strip_prefix("# TYPE ").unwrap_or(line);
            if line.starts_with("# TYPE ") {
                current = families.iter().position(|family| name.split(' ').next() == Some(family)).unwrap();
            } else if !line.starts_with('#') {
                assert!(line.starts_with(families[current]), "{line} is not of {}", families[current]);
            }
        }
    }
}
