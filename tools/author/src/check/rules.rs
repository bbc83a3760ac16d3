// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is wrong in a script, by rule.

use std::collections::{BTreeMap, BTreeSet};

use kernel_lua::{Code, Limits, Machine};
use policy::{Context, Manifest};

use super::tokens::{Kind, Token};
use super::Problem;

/// Modules that a script is granted, and libraries of ours that stand on them.
const GRANTED: [(&str, &str); 29] = [
    ("netfilter", "netfilter"),
    ("xdp", "xdp"),
    ("xtables", "xtables"),
    ("nflua", "xtables"),
    ("bpf", "bpf"),
    ("bpf.map", "bpf"),
    ("cpu", "cpu"),
    ("socket", "socket"),
    ("socket.inet", "socket"),
    ("socket.raw", "socket"),
    ("socket.unix", "socket"),
    ("netlink.channel", "netlink.channel"),
    ("netlink", "socket"),
    ("crypto", "crypto"),
    ("darken", "darken"),
    ("lighten", "darken"),
    ("lunatik", "lunatik"),
    ("lunatik.runner", "lunatik.runner"),
    ("thread", "thread"),
    ("device", "device"),
    ("notifier", "notifier"),
    ("signal", "signal"),
    ("conntrack", "conntrack"),
    ("cpufreq", "cpufreq"),
    ("governors.ondemand", "cpufreq"),
    ("io", "io"),
    ("probe", "probe"),
    ("syscall", "syscall"),
    ("hid", "hid"),
];

/// Parts of these libraries that stand on none of them.
const FREE: [&str; 1] = ["netlink.message"];

/// The global that scripts of tasks find, and the capability that its first use asks for.
const IO: &str = "io";

/// Functions of `linux` that a script is granted.
const FUNCTIONS: [&str; 2] = ["lookup", "tracing"];

/// A call of `require` with a name.
pub(super) struct Required<'a> {
    pub(super) name: &'a Token,
    /// The local variable that holds what it returns.
    pub(super) variable: Option<&'a str>,
}

/// A script, and what there is to know of it.
pub(super) struct Script<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) code: Option<&'a Code>,
}

pub(super) fn problem(token: &Token, text: String) -> Problem {
    Problem { line: token.line, column: token.column, text }
}

impl Script<'_> {
    /// Arithmetic that the kernel's Lua has not.
    pub(super) fn numbers(&self) -> Vec<Problem> {
        let wrong = |token: &Token| {
            let text = &token.text;
            match (token.kind, text.as_str()) {
                (Kind::Number, _) if is_fraction(text) => {
                    Some(format!("{text} is no integer, and the kernel's Lua has no other numbers"))
                }
                (Kind::Symbol, "^") => Some("the kernel's Lua has no powers: multiply, or shift (1 << n)".to_owned()),
                (Kind::Symbol, "/") => Some(
                    "a division has no fraction in the kernel's Lua (7 / 2 is 3): write // if that is meant".to_owned(),
                ),
                _ => None,
            }
        };
        self.tokens.iter().filter_map(|token| wrong(token).map(|text| problem(token, text))).collect()
    }

    /// Globals that it writes, or reads although nobody writes them, or is not granted.
    pub(super) fn globals(&self, known: &BTreeSet<String>, manifest: Option<&Manifest>) -> Vec<Problem> {
        let is_of_task = manifest.is_some_and(|manifest| manifest.context == Context::Process);
        let has_io = manifest.is_some_and(|manifest| manifest.capabilities.iter().any(|name| name == IO));
        let mut problems = Vec::new();
        let Some(code) = self.code else { return problems };
        let written: BTreeSet<_> = code.globals.iter().filter(|global| global.set).map(|global| &global.name).collect();
        let mut told = BTreeSet::new();
        for global in &code.globals {
            let name = &global.name;
            let text = if global.set {
                format!("'{name}' is a global: each state and every file has it; write 'local' before it")
            } else if known.contains(name) || written.contains(name) || name == IO && is_of_task && has_io {
                continue;
            } else if name == IO && is_of_task {
                format!("'{IO}' needs the capability {IO}: list it in policy.yaml")
            } else {
                format!("'{name}' is a global that nobody sets: it is nil")
            };
            let here = |token: &&Token| token.line == global.line && token.kind == Kind::Name && token.text == *name;
            let column = self.tokens.iter().find(here).map_or(1, |token| token.column);
            if told.insert((global.line, name)) {
                problems.push(Problem { line: global.line, column, text });
            }
        }
        problems
    }

    /// What it requires and is not granted, and files that are not there.
    pub(super) fn requirements(&self, manifest: Option<&Manifest>, files: &dyn Fn(&str) -> bool) -> Vec<Problem> {
        let mut problems = Vec::new();
        let granted =
            |name: &str| manifest.is_none_or(|manifest| manifest.capabilities.iter().any(|known| known == name));
        for Required { name, variable } in self.required() {
            let text = name.text.as_str();
            if let Some(capability) = capability(text).filter(|capability| !granted(capability)) {
                problems
                    .push(problem(name, format!("'{text}' needs the capability {capability}: list it in policy.yaml")));
            }
            if text.starts_with("policies.") && !files(text) {
                problems.push(problem(name, format!("there is no {}.lua", text.replace('.', "/"))));
            }
            if text == "linux" {
                for (field, function) in self.fields(variable, name) {
                    let capability = format!("linux.{function}");
                    if FUNCTIONS.contains(&function) && !granted(&capability) {
                        problems
                            .push(problem(field, format!("'{capability}' is a capability: list it in policy.yaml")));
                    }
                }
            }
        }
        problems
    }

    /// What it requires that is granted by name.
    pub(super) fn capabilities(&self) -> BTreeSet<String> {
        let mut needed = BTreeSet::new();
        for Required { name, variable } in self.required() {
            needed.extend(capability(&name.text).map(str::to_owned));
            if name.text == "linux" {
                let fields = self.fields(variable, name).into_iter().map(|(_, function)| function);
                needed.extend(fields.filter(|name| FUNCTIONS.contains(name)).map(|name| format!("linux.{name}")));
            }
        }
        needed
    }

    /// Parameters that it reads and the manifest does not declare.
    pub(super) fn parameters(&self, manifest: &Manifest) -> Vec<Problem> {
        let module = format!("policies.{}.parameters", manifest.name);
        let mut problems = Vec::new();
        for Required { name, variable } in self.required().into_iter().filter(|required| required.name.text == module) {
            for (field, parameter) in self.fields(variable, name) {
                if !manifest.parameters.contains_key(parameter) {
                    let text = format!("policy.yaml declares no parameter '{parameter}'");
                    problems.push(problem(field, text));
                }
            }
        }
        problems
    }

    /// The files of the library that it requires, by their names.
    pub(super) fn library(&self) -> Vec<String> {
        let names =
            self.required().into_iter().filter_map(|required| required.name.text.strip_prefix("policies.library."));
        names.map(str::to_owned).collect()
    }

    /// `require("name")`, `require "name"`, and which local variables hold them.
    pub(super) fn required(&self) -> Vec<Required<'_>> {
        let tokens = self.tokens;
        let mut variables: BTreeMap<usize, &str> = BTreeMap::new();
        for (index, _) in tokens.iter().enumerate().filter(|(_, token)| token.is("local")) {
            let (names, mut at) = declared(tokens, index + 1);
            for name in names {
                let Some((_, end)) = requires(tokens, at) else { break };
                if !tokens.get(end).is_some_and(|token| token.is(".") || token.is(":") || token.is("(")) {
                    variables.insert(at, name);
                }
                if !tokens.get(end).is_some_and(|token| token.is(",")) {
                    break;
                }
                at = end + 1;
            }
        }
        let found = (0..tokens.len()).filter_map(|at| requires(tokens, at).map(|(name, _)| (at, name)));
        found.map(|(at, name)| Required { name, variable: variables.get(&at).copied() }).collect()
    }

    /// The fields that are read of a variable, or of the call of `require` with this name.
    pub(super) fn fields(&self, variable: Option<&str>, required: &Token) -> Vec<(&Token, &str)> {
        let mut fields = Vec::new();
        for window in self.tokens.windows(3) {
            let [of, dot, field] = window else { continue };
            let is_of = match variable {
                Some(variable) => of.kind == Kind::Name && of.text == variable,
                None => of.is(")") && of.line == required.line && of.column > required.column,
            };
            if is_of && dot.is(".") && field.kind == Kind::Name {
                fields.push((field, field.text.as_str()));
            }
        }
        // `other.parameters.x` is no field of the variable `parameters`.
        fields.retain(|(field, _)| {
            let at = self.tokens.iter().position(|token| std::ptr::eq(token, *field)).unwrap_or(0);
            at < 3 || !self.tokens[at - 3].is(".")
        });
        fields
    }
}

/// The names behind `local`, and where the expressions begin.
fn declared(tokens: &[Token], mut at: usize) -> (Vec<&str>, usize) {
    let mut names = Vec::new();
    while let Some(token) = tokens.get(at) {
        match token.kind {
            Kind::Name if token.text != "function" => names.push(token.text.as_str()),
            Kind::Symbol if token.is("<") => at += 2,
            Kind::Symbol if token.is(",") => {}
            Kind::Symbol if token.is("=") => return (names, at + 1),
            _ => break,
        }
        at += 1;
    }
    (Vec::new(), at)
}

/// The name that is required at a place, and what is behind the call.
fn requires(tokens: &[Token], at: usize) -> Option<(&Token, usize)> {
    if !tokens.get(at)?.is("require") || at > 0 && (tokens[at - 1].is(".") || tokens[at - 1].is(":")) {
        return None;
    }
    let open = tokens.get(at + 1)?.is("(");
    let name = tokens.get(at + 1 + usize::from(open))?;
    (name.kind == Kind::String).then_some((name, at + 2 + 2 * usize::from(open)))
}

fn capability(module: &str) -> Option<&'static str> {
    let known = GRANTED.iter().find(|(name, _)| *name == module).or_else(|| {
        let package = module.split('.').next()?;
        GRANTED.iter().find(|(name, _)| *name == package)
    });
    known.filter(|_| !module.starts_with("linux.") && !FREE.contains(&module)).map(|(_, capability)| *capability)
}

/// Whether a numeral is a float in other Luas.
fn is_fraction(numeral: &str) -> bool {
    let numeral = numeral.to_ascii_lowercase();
    match numeral.strip_prefix("0x") {
        Some(digits) => digits.contains(['.', 'p']),
        None => numeral.contains(['.', 'e']),
    }
}

/// The globals that every script finds.
pub(super) fn known() -> BTreeSet<String> {
    let mut names = BTreeSet::from(["require", "_LUNATIK_VERSION"].map(str::to_owned));
    let limits = Limits { fuel: 1 << 20, memory: 1 << 20, stack: 64 << 10 };
    if let Some(machine) = Machine::new(limits) {
        let state = machine.lua();
        state.push_globals();
        let globals = state.top();
        if state.push(None::<bool>).is_ok() {
            while state.next(globals).unwrap_or(false) {
                names.insert(String::from_utf8_lossy(state.bytes(-2)).into_owned());
                state.pop(1);
            }
        }
        state.set_top(0);
    }
    names
}
