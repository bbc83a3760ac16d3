// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Calls that are not allowed in the script's context, or not in a hook.

use policy::Context;

use super::functions::{closing, functions_of, is_value, opens, variable, Function};
use super::rules::{problem, Required, Script};
use super::tokens::{Kind, Token};
use super::Problem;

/// Where functions of modules may be called: `context  module  call`, one a line.
const LIST: &str = include_str!("contexts.list");

/// Functions that take hooks: what is called when the script has loaded.
const REGISTER: [(&str, &str); 10] = [
    ("netfilter", "register"),
    ("xdp", "attach"),
    ("xtables", "attach"),
    ("timer", "create"),
    ("timer", "every"),
    ("timer.alarm", "new"),
    ("hid", "register"),
    ("probe", "new"),
    ("notifier", "keyboard"),
    ("notifier", "vterm"),
];

/// Who may call a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Allowed {
    /// Scripts of this context; but for process scripts, only while they load.
    In(Context),
    /// Process scripts, and others while they load.
    Loading,
    /// The same, but no hardirq scripts.
    Packets,
}

impl Allowed {
    /// Why a script of this context may not call it, if so.
    fn refusal(self, context: Context, hook: Option<&str>) -> Option<String> {
        match (self, hook) {
            (Allowed::In(other), _) if other != context => {
                Some(format!("is for {other} scripts, and policy.yaml says that this is a {context} script"))
            }
            (Allowed::Packets, _) if context == Context::Hardirq => Some(
                "is for process and softirq scripts, and policy.yaml says that this is a hardirq script".to_owned(),
            ),
            _ if context == Context::Process => None,
            (_, Some(hook)) => Some(format!("is refused after the script has loaded, as in the hook '{hook}'")),
            _ => None,
        }
    }
}

/// The functions of a module that not everybody may call.
fn functions(module: &str) -> Vec<(&'static str, Allowed)> {
    let row = |line: &'static str| {
        let (context, rest) = line.split_once("  ")?;
        let (name, call) = rest.split_once("  ")?;
        let allowed = match context {
            "process" => Allowed::In(Context::Process),
            "softirq" => Allowed::In(Context::Softirq),
            "hardirq" => Allowed::In(Context::Hardirq),
            "loading" => Allowed::Loading,
            "packets" => Allowed::Packets,
            _ => return None,
        };
        let end = call.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(call.len());
        (name == module).then_some((&call[..end], allowed))
    };
    LIST.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect()
}

/// A use of a function that not everybody may call.
struct Use {
    /// Its place among the tokens.
    at: usize,
    /// `set.load`
    name: String,
    allowed: Allowed,
    /// Whether it is a call of a variable that holds the function.
    is_alias: bool,
}

impl Script<'_> {
    /// Calls that the context does not allow, or not in hooks. What a hook calls is followed by its name, within the
    /// file.
    pub(super) fn contexts(&self, context: Context) -> Vec<Problem> {
        let functions = functions_of(self.tokens);
        let hooks = self.hooks(&functions);
        let hook_at = |at: usize| hooks.iter().find(|(function, _)| function.has(at)).map(|(_, name)| name.as_str());
        let mut problems = Vec::new();
        for Use { at, name, allowed, is_alias } in self.restricted() {
            // That it is another context's has been said where the variable got it.
            let allowed = if is_alias { Allowed::Loading } else { allowed };
            if let Some(why) = allowed.refusal(context, hook_at(at)) {
                problems.push(problem(&self.tokens[at], format!("'{name}' {why}")));
            }
        }
        if context != Context::Process {
            problems.extend(self.late_requirements(&hook_at));
        }
        problems
    }

    /// Modules that hooks require and nobody before them: what has been loaded is still there.
    fn late_requirements<'h>(&self, hook_at: &impl Fn(usize) -> Option<&'h str>) -> Vec<Problem> {
        let required = self.required();
        let place = |required: &Required<'_>| self.index(required.name);
        let is_early =
            |name: &Token| required.iter().any(|other| other.name.text == name.text && hook_at(place(other)).is_none());
        let late = required.iter().filter(|required| !is_early(required.name));
        let told = |required: &Required<'_>| {
            let why = Allowed::Loading.refusal(Context::Softirq, hook_at(place(required)))?;
            Some(problem(required.name, format!("'require' of what was not required before {why}")))
        };
        late.filter_map(told).collect()
    }

    /// Each use of a function that not everybody may call.
    fn restricted(&self) -> Vec<Use> {
        let mut found = Vec::new();
        for required in self.required() {
            let module = required.name.text.as_str();
            for (function, allowed) in functions(module) {
                let fields = self.fields(required.variable, required.name).into_iter();
                for (field, _) in fields.filter(|(_, name)| *name == function) {
                    let at = self.index(field);
                    let name = format!("{module}.{function}");
                    found.extend(self.aliases(at).map(|at| Use { at, name: name.clone(), allowed, is_alias: true }));
                    found.push(Use { at, name, allowed, is_alias: false });
                }
            }
        }
        found
    }

    /// Calls of the variable that holds a field: of `load` after `local load <const> = set.load`.
    fn aliases(&self, field: usize) -> impl Iterator<Item = usize> + '_ {
        let tokens = self.tokens;
        let is_called = tokens.get(field + 1).is_some_and(opens);
        let of_line = |at: &usize| tokens[*at].line == tokens[field].line;
        let equals = (0..field).rev().take_while(of_line).find(|at| tokens[*at].is("=")).filter(|_| !is_called);
        let name =
            equals.and_then(|equals| variable(tokens, equals)).filter(|at| *at > 0 && tokens[at - 1].is("local"));
        let name = name.map(|at| tokens[at].text.as_str());
        (0..tokens.len()).filter(move |at| name.is_some_and(|name| self.is_called(name, *at)))
    }

    fn index(&self, token: &Token) -> usize {
        self.tokens.iter().position(|other| std::ptr::eq(other, token)).unwrap_or(0)
    }

    /// Whether a function of this name, no field of another, is called here.
    fn is_called(&self, name: &str, at: usize) -> bool {
        let tokens = self.tokens;
        let behind = || at > 0 && [".", ":", "function"].iter().any(|symbol| tokens[at - 1].is(symbol));
        tokens[at].kind == Kind::Name && tokens[at].text == name && !behind() && tokens.get(at + 1).is_some_and(opens)
    }

    /// The functions that run after the script has loaded, each with the name of the hook that it is or is called by.
    fn hooks<'f, 't>(&self, functions: &'f [Function<'t>]) -> Vec<(&'f Function<'t>, String)> {
        let mut hooks: Vec<(&Function<'_>, String)> = Vec::new();
        for arguments in self.registrations() {
            for function in functions {
                let name = function.name.as_deref();
                let is_written = arguments.contains(&function.at);
                let is_named = || arguments.clone().any(|at| name.is_some_and(|name| is_value(self.tokens, name, at)));
                if is_written || is_named() {
                    hooks.push((function, name.unwrap_or("function").to_owned()));
                }
            }
        }
        let mut done = 0;
        while done < hooks.len() {
            let (caller, hook) = (hooks[done].0, hooks[done].1.clone());
            let range = caller.at..caller.at + caller.tokens.len();
            for callee in functions {
                let is_known = hooks.iter().any(|(known, _)| std::ptr::eq(*known, callee));
                let name = callee.name.as_deref().filter(|_| !is_known);
                if name.is_some_and(|name| range.clone().any(|at| is_value(self.tokens, name, at))) {
                    hooks.push((callee, hook.clone()));
                }
            }
            done += 1;
        }
        hooks
    }

    /// What is between the brackets of calls that register hooks.
    fn registrations(&self) -> Vec<std::ops::Range<usize>> {
        let mut registrations = Vec::new();
        for required in self.required() {
            for (field, name) in self.fields(required.variable, required.name) {
                if REGISTER.contains(&(required.name.text.as_str(), name)) {
                    let at = self.index(field);
                    let calls = std::iter::once(at).chain(self.aliases(at));
                    registrations.extend(calls.map(|at| at + 1..closing(self.tokens, at + 1)));
                }
            }
        }
        registrations
    }
}
