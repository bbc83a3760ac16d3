// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The functions of a Lua text: where they begin and end, and what they are called.

use super::tokens::{Kind, Token};

/// A function of the script: where its text is.
pub(super) struct Function<'a> {
    /// `check` or `flows.check`, if it has a name.
    pub(super) name: Option<String>,
    /// The tokens from `function` to `end`.
    pub(super) tokens: &'a [Token],
    /// The index of the first of them.
    pub(super) at: usize,
}

impl Function<'_> {
    /// Whether a token is in it.
    pub(super) fn has(&self, at: usize) -> bool {
        (self.at..self.at + self.tokens.len()).contains(&at)
    }
}

/// Whether arguments begin with this token.
pub(super) fn opens(token: &Token) -> bool {
    token.is("(") || token.is("{") || token.kind == Kind::String
}

/// Whether the value of this name, `a` or `a.b`, is used here: passed on, or called.
pub(super) fn is_value(tokens: &[Token], name: &str, at: usize) -> bool {
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
pub(super) fn closing(tokens: &[Token], open: usize) -> usize {
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
pub(super) fn functions_of(tokens: &[Token]) -> Vec<Function<'_>> {
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
pub(super) fn variable(tokens: &[Token], equals: usize) -> Option<usize> {
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
