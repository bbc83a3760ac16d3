// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Calls that are not allowed in the script's context, or not in a hook.

use policy::Context;

use super::rules::{problem, Required, Script};
use super::tokens::{Kind, Token};
use super::Problem;

/// Where functions of modules may be called: `context  module  call`, one a line.
const LIST: &str = include_str!("contexts.list");

/// Functions that take hooks: what is called when the script has loaded.
const REGISTER: [(&str, &str); 9] = [
    ("netfilter", "register"),
    ("xdp", "attach"),
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

/// A function of the script: where its text is.
struct Function<'a> {
    /// `check` or `flows.check`, if it has a name.
    name: Option<String>,
    /// The tokens from `function` to `end`.
    tokens: &'a [Token],
    /// The index of the first of them.
    at: usize,
}

impl Function<'_> {
    fn has(&self, at: usize) -> bool {
        (self.at..self.at + self.tokens.len()).contains(&at)
    }
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
                    let open = self.index(field) + 1;
                    registrations.push(open..closing(self.tokens, open));
                }
            }
        }
        registrations
    }
}

/// Whether arguments begin with this token.
fn opens(token: &Token) -> bool {
    token.is("(") || token.is("{") || token.kind == Kind::String
}

/// Whether the value of this name, `a` or `a.b`, is used here: passed on, or called.
fn is_value(tokens: &[Token], name: &str, at: usize) -> bool {
    let mut here = at;
    for (index, part) in name.split('.').enumerate() {
        if index > 0 {
            if !tokens.get(here).is_some_and(|token| token.is(".") || token.is(":")) {
                return false;
            }
            here += 1;
        }
        if !tokens.get(here).is_some_and(|token| token.kind == Kind::Name && token.text == part) {
            return false;
        }
        here += 1;
    }
    let is_field = at > 0 && [".", ":", "function"].iter().any(|symbol| tokens[at - 1].is(symbol));
    let is_set = tokens.get(here).is_some_and(|token| token.is("="));
    !is_field && !is_set
}

/// Where the bracket that opens at a place closes, or the text ends.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if ["(", "{", "["].iter().any(|symbol| token.is(symbol)) {
            depth += 1;
        } else if [")", "}", "]"].iter().any(|symbol| token.is(symbol)) {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// The functions of a text, also those in others.
fn functions_of(tokens: &[Token]) -> Vec<Function<'_>> {
    let starts = (0..tokens.len()).filter(|at| tokens[*at].is("function") && !is_key(tokens, *at));
    starts.map(|at| Function { name: function_name(tokens, at), tokens: &tokens[at..end(tokens, at)], at }).collect()
}

/// Whether a word is a field's name, as in `t.end`, which Lua does not allow: what is no Lua has no functions.
fn is_key(tokens: &[Token], at: usize) -> bool {
    at > 0 && (tokens[at - 1].is(".") || tokens[at - 1].is(":"))
}

/// The place behind the `end` of a block that begins at a place.
fn end(tokens: &[Token], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(start).filter(|(_, token)| token.kind == Kind::Name) {
        match token.text.as_str() {
            // `while` and `for` have a `do`.
            "function" | "do" | "if" | "repeat" => depth += 1,
            "end" | "until" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// The variable in front of `=` and of its attribute.
fn variable(tokens: &[Token], equals: usize) -> Option<usize> {
    let before = equals.checked_sub(1)?;
    if tokens[before].is(">") {
        before.checked_sub(3)
    } else {
        Some(before)
    }
}

/// The name of a function: in front of its arguments, or of the variable or field that it is assigned to.
fn function_name(tokens: &[Token], at: usize) -> Option<String> {
    let text = |at: usize| tokens.get(at).filter(|token| token.kind == Kind::Name).map(|token| token.text.as_str());
    if let Some(first) = text(at + 1) {
        let mut name = first.to_owned();
        let mut here = at + 2;
        while tokens.get(here).is_some_and(|token| token.is(".") || token.is(":")) {
            name = format!("{name}.{}", text(here + 1)?);
            here += 2;
        }
        return Some(name);
    }
    let last = at.checked_sub(1).filter(|at| tokens[*at].is("=")).and_then(|equals| variable(tokens, equals))?;
    let mut name = text(last)?.to_owned();
    let mut here = last;
    while here >= 2 && tokens[here - 1].is(".") {
        name = format!("{}.{name}", text(here - 2)?);
        here -= 2;
    }
    Some(name)
}
