// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is said of a policy, changed in the owner's text, whose comments stay.
//!
//! Lines are found by their indentation, and what stands in braces is written anew. Whether the new text says what it
//! should is not left to that: it is read, and compared.

use std::ops::Range;

use policy::{Scalar, Value};

use crate::{Choice, Config, Error, Ports};

/// What becomes of it.
#[derive(Clone, Debug)]
pub enum Change {
    /// Whether it runs, or that nothing is said of that.
    Enabled(Option<bool>),
    /// Which version, or the image's.
    Version(Option<String>),
    /// A parameter's value.
    Parameter(String, Value),
    /// Nothing is said of it any more.
    Forget,
}

/// Indentation of what is written.
const STEP: usize = 2;

/// A text for a device with these ports, with a change of what it says of a policy.
///
/// # Errors
///
/// The text is wrong, or [`Error::Edit`].
pub fn edit(text: &str, ports: &Ports, policy: &str, change: &Change) -> Result<String, Error> {
    let old = Config::read(text, ports).map_err(files::Error::says("router.yaml".as_ref()))?;
    let wanted = changed(&old, policy, change);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    write(&mut lines, &wanted, policy, change);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    match Config::read(&text, ports) {
        Ok(new) if without_empty(&new) == without_empty(&wanted) => Ok(text),
        _ => Err(Error::Edit { name: policy.to_owned(), change: key_line(change).unwrap_or_default() }),
    }
}

fn changed(old: &Config, policy: &str, change: &Change) -> Config {
    let mut config = old.clone();
    if !config.policies.iter().any(|choice| choice.name == policy) {
        let name = policy.to_owned();
        config.policies.push(Choice { name, enabled: None, version: None, parameters: Default::default() });
        config.policies.sort_by(|one, other| one.name.cmp(&other.name));
    }
    for choice in config.policies.iter_mut().filter(|choice| choice.name == policy) {
        match change {
            Change::Enabled(enabled) => choice.enabled = *enabled,
            Change::Version(version) => choice.version.clone_from(version),
            Change::Parameter(name, value) => drop(choice.parameters.insert(name.clone(), value.clone())),
            Change::Forget => {
                *choice = Choice { enabled: None, version: None, parameters: Default::default(), ..choice.clone() }
            }
        }
    }
    config
}

fn says_nothing(choice: &Choice) -> bool {
    choice.enabled.is_none() && choice.version.is_none() && choice.parameters.is_empty()
}

/// Nothing said of a policy is as good as no word of it.
fn without_empty(config: &Config) -> Config {
    let mut config = config.clone();
    config.policies.retain(|choice| !says_nothing(choice));
    config
}

/// The line that says it; none if a line is taken away.
fn key_line(change: &Change) -> Option<String> {
    match change {
        Change::Enabled(enabled) => enabled.map(|enabled| format!("enabled: {enabled}")),
        Change::Version(version) => version.as_ref().map(|version| format!("version: {}", quoted(version))),
        Change::Parameter(name, value) => Some(format!("{name}: {}", yaml(value))),
        Change::Forget => None,
    }
}

fn write(lines: &mut Vec<String>, wanted: &Config, policy: &str, change: &Change) {
    let everything = 0..lines.len();
    let Some(policies) = find(lines, everything, "policies") else {
        if wanted.policies.iter().any(|choice| !says_nothing(choice)) {
            lines.push("policies:".to_owned());
            lines.extend(wanted.policies.iter().flat_map(|choice| choice_lines(choice, STEP)));
        }
        return;
    };
    let Some(inner) = policies.inner(lines) else {
        let mut new = vec!["policies:".to_owned()];
        new.extend(
            wanted.policies.iter().filter(|choice| !says_nothing(choice)).flat_map(|choice| choice_lines(choice, STEP)),
        );
        lines.splice(policies.lines.clone(), if new.len() > 1 { new } else { Vec::new() });
        return;
    };
    let Some(choice) = wanted.policies.iter().find(|choice| choice.name == policy) else { return };
    let found = find(lines, inner.clone(), policy);
    if says_nothing(choice) {
        let Some(found) = found else { return };
        // The last one takes the key with it.
        let alone = found.lines == inner;
        lines.drain(if alone { policies.lines } else { found.lines });
        return;
    }
    let Some(found) = found else {
        let indent = indentation(&lines[inner.start]);
        lines.splice(inner.end..inner.end, choice_lines(choice, indent));
        return;
    };
    let Some(inner) = found.inner(lines) else {
        lines.splice(found.lines.clone(), choice_lines(choice, found.indent));
        return;
    };
    let indent = indentation(&lines[inner.start]);
    match change {
        Change::Enabled(_) => put(lines, inner.start, inner, indent, "enabled", key_line(change)),
        Change::Version(_) => put(lines, inner.start, inner, indent, "version", key_line(change)),
        Change::Parameter(name, _) => match find(lines, inner.clone(), "parameters") {
            Some(parameters) => match parameters.inner(lines) {
                Some(inner) => {
                    let indent = indentation(&lines[inner.start]);
                    put(lines, inner.end, inner, indent, name, key_line(change));
                }
                None => drop(lines.splice(parameters.lines.clone(), parameter_lines(choice, indent))),
            },
            None => drop(lines.splice(inner.end..inner.end, parameter_lines(choice, indent))),
        },
        Change::Forget => {}
    }
}

/// Has a key say this, or nothing; in the line `new` if it is not there.
fn put(lines: &mut Vec<String>, new: usize, inner: Range<usize>, indent: usize, key: &str, line: Option<String>) {
    let found = find(lines, inner.clone(), key);
    let place = found.map_or(new..new, |found| found.lines);
    let comment =
        lines.get(place.start).filter(|_| place.len() == 1).and_then(|line| comment(line)).unwrap_or_default();
    let line = line.map(|line| format!("{}{line}{comment}", " ".repeat(indent)));
    lines.splice(place, line);
}

/// The comment behind a line's value, with what is before it; none where quotes may mean another.
fn comment(line: &str) -> Option<String> {
    let at =
        line.find(" #").filter(|at| !line[..*at].contains(['"', '\'']) || line[..*at].ends_with(['"', '\'', ']']))?;
    Some(line[at..].to_owned())
}

/// A key with what it says.
struct Block {
    lines: Range<usize>,
    indent: usize,
}

impl Block {
    /// The lines below the key; none if it says something in its own line.
    fn inner(&self, lines: &[String]) -> Option<Range<usize>> {
        let (_, value) = lines[self.lines.start].split_once(':')?;
        let value = value.trim();
        let inner = self.lines.start + 1..self.lines.end;
        let first = inner.clone().find(|at| is_content(&lines[*at]))?;
        (value.is_empty() || value.starts_with('#')).then_some(first..inner.end)
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn is_content(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#')
}

/// The block of a key among those of a level.
fn find(lines: &[String], range: Range<usize>, key: &str) -> Option<Block> {
    let first = range.clone().find(|at| is_content(&lines[*at]))?;
    let indent = indentation(&lines[first]);
    let is_key = |line: &str| {
        let rest = line.trim_start();
        let rest = [format!("{key}:"), format!("\"{key}\":"), format!("'{key}':")]
            .iter()
            .find_map(|start| rest.strip_prefix(start.as_str()));
        indentation(line) == indent && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let start = range.clone().find(|at| is_key(&lines[*at]))?;
    let goes_on = |line: &str| indentation(line) > indent || line.trim_start().starts_with("- ") || line.trim() == "}";
    let mut end =
        (start + 1..range.end).find(|at| is_content(&lines[*at]) && !goes_on(&lines[*at])).unwrap_or(range.end);
    // Comments in front of the next key are that one's.
    while end > start + 1 && !is_content(&lines[end - 1]) {
        end -= 1;
    }
    Some(Block { lines: start..end, indent })
}

fn choice_lines(choice: &Choice, indent: usize) -> Vec<String> {
    let space = " ".repeat(indent);
    let mut lines = vec![format!("{space}{}:", choice.name)];
    if let Some(enabled) = choice.enabled {
        lines.push(format!("{space}  enabled: {enabled}"));
    }
    if let Some(version) = &choice.version {
        lines.push(format!("{space}  version: {}", quoted(version)));
    }
    if !choice.parameters.is_empty() {
        lines.extend(parameter_lines(choice, indent + STEP));
    }
    if lines.len() == 1 {
        lines[0].push_str(" {}");
    }
    lines
}

fn parameter_lines(choice: &Choice, indent: usize) -> Vec<String> {
    let space = " ".repeat(indent);
    let each = choice.parameters.iter().map(|(name, value)| format!("{space}  {name}: {}", yaml(value)));
    std::iter::once(format!("{space}parameters:")).chain(each).collect()
}

fn yaml(value: &Value) -> String {
    match value {
        Value::Scalar(one) => scalar(one),
        Value::List(list) => format!("[{}]", list.iter().map(scalar).collect::<Vec<_>>().join(", ")),
    }
}

fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Boolean(value) => value.to_string(),
        Scalar::Integer(value) => value.to_string(),
        Scalar::String(text) => quoted(text),
    }
}

/// A text in YAML's quotes, whatever it looks like.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(letter))),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
