// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The manifest, resolved.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fmt, fs};

use files::{wrong, Problem};
use serde_saphyr::{Location, Spanned};

use crate::folder::MANIFEST;
use crate::hook::{list, named, priorities, FAMILIES, POINTS, XDP};
use crate::raw::{RawHook, RawManifest, RawQuarantine};
use crate::{Hook, Role, Scalar, Type, Value};

/// What a policy says about itself.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The folder's name, and the policy's on the router.
    pub name: String,
    /// Which of its packages this is.
    pub version: Option<String>,
    /// One sentence.
    pub description: String,
    /// Under which it may be passed on, as SPDX says it.
    pub license: Option<String>,
    /// The script that boot runs, without `.lua`.
    pub entry: String,
    /// Where its functions are called.
    pub context: Context,
    /// Where it says that it hooks.
    pub hooks: Vec<Hook>,
    /// At which interfaces it sees packets before the network stack does.
    pub xdp: BTreeSet<Role>,
    /// What it may use beyond what every script may: names of modules and functions.
    pub capabilities: Vec<String>,
    /// What a call may spend.
    pub budget: Budget,
    /// What becomes of a packet that it fails on.
    pub fail: Fail,
    /// When it failed so often that it is not asked any more, unless that is the router's choice.
    pub quarantine: Option<Quarantine>,
    /// Policies that must not run beside it.
    pub conflicts: Vec<String>,
    /// Tables that outlast its script, and that the router saves.
    pub saves: Vec<String>,
    /// Whether it runs unless the owner says otherwise.
    pub enabled: bool,
    /// What `parameters.lua` returns unless the owner says otherwise.
    pub parameters: BTreeMap<String, Value>,
    /// The types of those parameters that have one, and whose values the router knows.
    pub types: BTreeMap<String, Type>,
    /// What those parameters are that say so.
    pub descriptions: BTreeMap<String, String>,
    /// Names of parameters that earlier versions had: an owner's file may still say them, and they change nothing.
    pub former: BTreeSet<String>,
}

/// The limits of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Units of fuel for each call.
    pub fuel: i64,
    /// Bytes for each Lua state; there is one per CPU.
    pub memory: i64,
}

/// How many failures are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// Failed calls; 0: any number is fine.
    pub faults: i64,
    /// Milliseconds in which they happen.
    pub window: i64,
}

/// Where functions are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// In a task; may sleep.
    Process,
    /// In packet hooks.
    Softirq,
    /// With interrupts off.
    Hardirq,
}

/// A verdict for when the script has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fail {
    /// The packet goes on.
    Accept,
    /// The packet is dropped.
    Drop,
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Context::Process => "process",
            Context::Softirq => "softirq",
            Context::Hardirq => "hardirq",
        })
    }
}

impl fmt::Display for Fail {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Fail::Accept => "accept",
            Fail::Drop => "drop",
        })
    }
}

/// The kernel's own bound.
const FUEL: std::ops::RangeInclusive<i64> = 1..=1_000_000_000;
/// What the standard libraries take; and the kernel's own bounds, in a task and elsewhere.
const LEAST_MEMORY: i64 = 16 << 10;
const MOST_MEMORY: i64 = 1 << 30;
const MOST_ATOMIC_MEMORY: i64 = 16 << 20;
const FAULTS: std::ops::RangeInclusive<i64> = 0..=1_000_000_000;
/// From a millisecond to a day.
const WINDOW: std::ops::RangeInclusive<i64> = 1..=86_400_000;
/// The kernel's own.
const DEFAULT_WINDOW: i64 = 10_000;

impl Manifest {
    /// Reads the manifests of the policies that [`render`](fn@crate::render) wrote into a folder.
    ///
    /// # Errors
    ///
    /// The folder or a manifest cannot be read, or says what it must not.
    pub fn all(folder: &Path) -> Result<Vec<Manifest>, files::Error> {
        let mut manifests = Vec::new();
        for entry in fs::read_dir(folder).map_err(files::Error::reading(folder))? {
            let folder = entry.map_err(files::Error::reading(folder))?.path();
            let path = folder.join(MANIFEST);
            // What policies share has none.
            if path.exists() {
                let name = folder.file_name().unwrap_or_default().to_string_lossy();
                let text = files::read_text(&path)?;
                manifests.push(Manifest::parse(&text, &name).map_err(files::Error::says(&path))?);
            }
        }
        manifests.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(manifests)
    }

    /// Its entry, as the router runs it.
    #[must_use]
    pub fn script(&self) -> String {
        format!("policies/{}/{}", self.name, self.entry)
    }

    /// Its line of the boot list.
    #[must_use]
    pub fn boot_line(&self) -> String {
        let Manifest { context, capabilities, budget, fail, quarantine, .. } = self;
        let (Budget { fuel, memory }, capabilities) = (budget, capabilities.join(","));
        let quarantine = quarantine
            .map_or(String::new(), |Quarantine { faults, window }| format!(" faults={faults} window={window}"));
        let script = self.script();
        format!("{script} {context} fuel={fuel} memory={memory} fail={fail}{quarantine} capabilities={capabilities}")
    }

    /// Resolves a manifest that is in the folder of this name.
    ///
    /// # Errors
    ///
    /// What it must not say, and where.
    pub fn parse(text: &str, folder: &str) -> Result<Manifest, Problem> {
        Manifest::resolve(files::parse(text)?, folder)
    }

    fn resolve(raw: RawManifest, folder: &str) -> Result<Manifest, Problem> {
        let name = name(raw.name, folder)?;
        let version = raw.version.map(version).transpose()?;
        if raw.description.value.trim().is_empty() {
            return wrong(raw.description.referenced, "an empty description: say in a sentence what the policy does");
        }
        let entry = raw.entry.map_or(Ok("main".to_owned()), entry)?;
        let context = raw.context.map_or(Ok(Context::Softirq), context)?;
        let capabilities = raw.capabilities.into_iter().map(capability).collect::<Result<Vec<_>, _>>()?;
        let (mut hooks, mut xdp) = (Vec::new(), BTreeSet::new());
        for Spanned { value, referenced, .. } in raw.hooks {
            if context != Context::Softirq {
                return wrong(referenced, format!("hooks need the context softirq, not {context}"));
            }
            if value.family.value != XDP {
                hooks.push(hook(&value, referenced)?);
            } else if capabilities.iter().any(|known| known == "xdp") {
                xdp.extend(roles(&value, referenced)?);
            } else {
                return wrong(referenced, "a hook at XDP needs the capability xdp: list it below capabilities");
            }
        }
        let fuel = integer(&raw.budget.fuel, "fuel", FUEL)?;
        let most = if context == Context::Process { MOST_MEMORY } else { MOST_ATOMIC_MEMORY };
        let memory = integer(&bytes(raw.budget.memory)?, "memory", LEAST_MEMORY..=most)?;
        let fail = match raw.fail.value.as_str() {
            "accept" => Fail::Accept,
            "drop" => Fail::Drop,
            other => return wrong(raw.fail.referenced, format!("fail '{other}' is neither accept nor drop")),
        };
        let quarantine = raw.quarantine.map(quarantine).transpose()?;
        let conflicts = raw.conflicts.into_iter().map(|other| conflict(other, &name)).collect::<Result<_, _>>()?;
        let saves = raw.saves.into_iter().map(saved).collect::<Result<_, _>>()?;
        let (mut parameters, mut types, mut descriptions) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (key, value) in raw.parameters.0 {
            if !is_identifier(&key.value) {
                return wrong(
                    key.referenced,
                    format!(
                        "parameter '{}' is no Lua name: use letters, digits and _, not beginning with a digit",
                        key.value
                    ),
                );
            }
            if let Some(kind) = value.kind {
                types.insert(key.value.clone(), kind);
            }
            if let Some(description) = value.description {
                let what = format!("the description of parameter {}", key.value);
                descriptions.insert(key.value.clone(), line(&description, key.referenced, &what)?);
            }
            parameters.insert(key.value, value.default);
        }
        let former = raw.former.into_iter().map(|name| former(name, &parameters)).collect::<Result<_, _>>()?;
        let budget = Budget { fuel, memory };
        let description = line(&raw.description.value, raw.description.referenced, "the description")?;
        let license = raw.license.map(|raw| line(&raw.value, raw.referenced, "the license")).transpose()?;
        Ok(Manifest {
            name,
            version,
            description,
            license,
            entry,
            context,
            hooks,
            xdp,
            capabilities,
            budget,
            fail,
            quarantine,
            conflicts,
            saves,
            enabled: raw.enabled,
            parameters,
            types,
            descriptions,
            former,
        })
    }
}

/// A text that is shown in a line to who decides about a policy, and shows nothing else.
fn line(text: &str, place: Location, what: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.contains(char::is_control) {
        return wrong(place, format!("{what} has a second line, or another control character: say it in one line"));
    }
    Ok(text.to_owned())
}

fn former(raw: Spanned<String>, parameters: &BTreeMap<String, Value>) -> Result<String, Problem> {
    let name = raw.value;
    if parameters.contains_key(&name) {
        return wrong(
            raw.referenced,
            format!("'{name}' is a parameter still: leave it out of former, or of parameters"),
        );
    }
    Ok(name)
}

fn plain_name(raw: Spanned<String>) -> Result<String, Problem> {
    let name = raw.value;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
        return wrong(raw.referenced, format!("name '{name}': use up to 64 lower-case letters, digits and -"));
    }
    Ok(name)
}

/// A policy that must not run beside the one of this name.
fn conflict(raw: Spanned<String>, name: &str) -> Result<String, Problem> {
    let place = raw.referenced;
    let other = plain_name(raw)?;
    if other == name {
        return wrong(place, format!("'{name}' is this policy: name those that must not run beside it"));
    }
    Ok(other)
}

/// A table that is saved, in a file of its name.
fn saved(raw: Spanned<String>) -> Result<String, Problem> {
    if is_script(&raw.value) {
        return Ok(raw.value);
    }
    wrong(raw.referenced, format!("table '{}': use up to 64 letters, digits, _ and -", raw.value))
}

fn name(raw: Spanned<String>, folder: &str) -> Result<String, Problem> {
    let place = raw.referenced;
    let name = plain_name(raw)?;
    if name == "library" {
        return wrong(place, "name 'library' is taken by what policies share: choose another");
    }
    if name != folder {
        return wrong(place, format!("name '{name}' in a folder called '{folder}': rename either"));
    }
    Ok(name)
}

/// Whether a version is a file's name on every system.
#[must_use]
pub fn is_version(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".+-".contains(&byte);
    (1..=32).contains(&text.len()) && text.bytes().all(plain) && text.as_bytes()[0].is_ascii_alphanumeric()
}

fn version(raw: Spanned<String>) -> Result<String, Problem> {
    if is_version(&raw.value) {
        return Ok(raw.value);
    }
    wrong(raw.referenced, format!("version '{}': use up to 32 letters, digits, . + and -, as 1.0.0", raw.value))
}

fn entry(raw: Spanned<String>) -> Result<String, Problem> {
    match raw.value.strip_suffix(".lua") {
        Some(stem) if is_script(stem) && stem != "parameters" => Ok(stem.to_owned()),
        _ => wrong(raw.referenced, format!("entry '{}': give a Lua file of this folder, as main.lua", raw.value)),
    }
}

/// Whether `require` and the boot list can say this file's name, without `.lua`: packages have room for 64 bytes of it.
#[must_use]
pub fn is_script(stem: &str) -> bool {
    (1..=64).contains(&stem.len())
        && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn is_identifier(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn context(raw: Spanned<String>) -> Result<Context, Problem> {
    match raw.value.as_str() {
        "process" => Ok(Context::Process),
        "softirq" => Ok(Context::Softirq),
        "hardirq" => Ok(Context::Hardirq),
        other => wrong(raw.referenced, format!("context '{other}' is none of process, softirq, hardirq")),
    }
}

/// At which interfaces a hook at XDP is.
fn roles(raw: &RawHook, place: Location) -> Result<BTreeSet<Role>, Problem> {
    if raw.point.is_some() || raw.priority.is_some() {
        return wrong(place, "a hook at XDP has neither point nor priority, but interfaces: [wan], or [lan], or both");
    }
    let known = || Role::ALL.map(Role::name).join(", ");
    let Some(names) = raw.interfaces.as_ref().filter(|names| !names.is_empty()) else {
        return wrong(place, format!("a hook at XDP names its interfaces: [wan], or others of {}", known()));
    };
    let role = |name: &Spanned<String>| match Role::ALL.into_iter().find(|role| role.name() == name.value) {
        Some(role) => Ok(role),
        None => wrong(name.referenced, format!("interface '{}' is none of {}", name.value, known())),
    };
    names.iter().map(role).collect()
}

fn hook(raw: &RawHook, place: Location) -> Result<Hook, Problem> {
    let (Some(point), Some(order), None) = (&raw.point, &raw.priority, &raw.interfaces) else {
        return wrong(place, "a hook has a family, a point and a priority; interfaces are for the family XDP");
    };
    let find = |raw: &Spanned<String>, what: &str, names| {
        named(names, &raw.value)
            .map_or_else(|| wrong(raw.referenced, format!("{what} '{}' is none of {}", raw.value, list(names))), Ok)
    };
    let (family, pf) = find(&raw.family, "family", FAMILIES)?;
    let (point, hooknum) = find(point, "point", POINTS)?;
    let names = priorities(family);
    let priority = match &order.value {
        Value::Scalar(Scalar::Integer(priority)) if i32::try_from(*priority).is_ok() => *priority,
        Value::Scalar(Scalar::String(name)) if named(names, name).is_some() => {
            named(names, name).map_or(0, |(_, priority)| priority)
        }
        _ => return wrong(order.referenced, format!("priority is an integer of 32 bits or one of {}", list(names))),
    };
    Ok(Hook { family, pf, point, hooknum, priority })
}

/// A name that `require` or a function of a module knows: `netfilter`, `linux.lookup`.
fn capability(raw: Spanned<String>) -> Result<String, Problem> {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if raw.value.split('.').all(plain) {
        return Ok(raw.value);
    }
    wrong(raw.referenced, format!("capability '{}': give a module's name or a function's, as linux.lookup", raw.value))
}

fn quarantine(raw: RawQuarantine) -> Result<Quarantine, Problem> {
    let faults = integer(&raw.faults, "faults", FAULTS)?;
    let suffixes = [("ms", 1), ("s", 1000), ("min", 60_000), ("h", 3_600_000)];
    let window = match raw.window {
        Some(window) => integer(&amount(window, "window", &suffixes)?, "window, in milliseconds,", WINDOW)?,
        None => DEFAULT_WINDOW,
    };
    Ok(Quarantine { faults, window })
}

/// An amount of bytes.
fn bytes(raw: Spanned<Value>) -> Result<Spanned<Value>, Problem> {
    amount(raw, "memory", &[("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)])
}

/// A number as it is, or text of a number and its unit.
fn amount(raw: Spanned<Value>, what: &str, units: &[(&str, i64)]) -> Result<Spanned<Value>, Problem> {
    let Value::Scalar(Scalar::String(text)) = &raw.value else { return Ok(raw) };
    let amount = units.iter().find_map(|(unit, size)| {
        let digits = text.strip_suffix(unit)?.trim_end();
        digits.parse::<u32>().ok().map(|count| i64::from(count) * size)
    });
    if let Some(amount) = amount {
        return Ok(Spanned { value: Value::Scalar(Scalar::Integer(amount)), ..raw });
    }
    let units: Vec<_> = units.iter().map(|(unit, _)| *unit).collect();
    wrong(raw.referenced, format!("{what} '{text}': give a number, alone or with {}", units.join(", ")))
}

fn integer(raw: &Spanned<Value>, what: &str, range: std::ops::RangeInclusive<i64>) -> Result<i64, Problem> {
    match &raw.value {
        Value::Scalar(Scalar::Integer(value)) if range.contains(value) => Ok(*value),
        _ => wrong(raw.referenced, format!("{what} is an integer from {} to {}", range.start(), range.end())),
    }
}
