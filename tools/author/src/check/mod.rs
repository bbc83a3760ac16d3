// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy check`: what is wrong with a policy, without running it.

mod contexts;
mod functions;
mod rules;
mod tokens;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use kernel_lua::{Code, Limits, Machine};
use policy::Script;

use crate::subject::Subject;
use tokens::{Kind, Token};

/// Check the manifests and scripts of policies.
#[derive(Args)]
pub struct Check {
    /// The folders of the policies.
    #[arg(value_name = "FOLDER", default_value = ".")]
    folders: Vec<PathBuf>,
    /// The folder of the Lua files that policies share; the folder 'library' beside the policy unless given.
    #[arg(long, value_name = "FOLDER")]
    library: Option<PathBuf>,
}

/// Something wrong in a script.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) text: String,
}

impl Check {
    /// Prints what is wrong, or the lines of the boot list.
    ///
    /// # Errors
    ///
    /// A folder is no policy, or its manifest is wrong.
    pub fn run(&self) -> Result<ExitCode> {
        let mut good = true;
        for folder in &self.folders {
            let subject = Subject::open(folder, self.library.as_deref())?;
            let problems = check(&subject);
            for (path, Problem { line, column, text }) in &problems {
                println!("{}:{line}:{column}: {text}", path.display());
            }
            good &= problems.is_empty();
            if let Some(policy) = subject.policy.as_ref().filter(|_| problems.is_empty()) {
                println!("{}", policy.manifest.boot_line());
            }
        }
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// What a script's text requires beyond what every script may.
pub(crate) fn capabilities(text: &str) -> BTreeSet<String> {
    let tokens = tokens::tokens(text);
    rules::Script { tokens: &tokens, code: None }.capabilities()
}

/// The files of the library that a folder's scripts need, also by way of others of it, sorted.
pub(crate) fn library(subject: &Subject) -> BTreeSet<String> {
    let required = |script: &Script| {
        let text = String::from_utf8_lossy(&script.text);
        let tokens = tokens::tokens(&text);
        rules::Script { tokens: &tokens, code: None }.library()
    };
    let mut needed = BTreeSet::new();
    let mut left: Vec<_> = subject.scripts().iter().flat_map(required).collect();
    while let Some(name) = left.pop() {
        if let Some(script) = subject.shared(&name).filter(|_| needed.insert(name)) {
            left.extend(required(script));
        }
    }
    needed
}

/// All that is wrong in a folder's scripts, and in those of the library that they use.
pub(crate) fn check(subject: &Subject) -> Vec<(PathBuf, Problem)> {
    let known = rules::known();
    let mut found = Vec::new();
    for script in subject.scripts() {
        let path = subject.folder.join(format!("{}.lua", script.name));
        let problems = script_problems(subject, script, &known);
        found.extend(problems.into_iter().map(|problem| (path.clone(), problem)));
    }
    // Of the library, only what it needs concerns the policy.
    let shared = if subject.policy.is_some() { library(subject) } else { BTreeSet::new() };
    for (name, script) in shared.iter().filter_map(|name| Some((name, subject.shared(name)?))) {
        let text = String::from_utf8_lossy(&script.text);
        let tokens = tokens::tokens(&text);
        let script = rules::Script { tokens: &tokens, code: None };
        let manifest = subject.policy.as_ref().map(|policy| &policy.manifest);
        let mut problems = script.requirements(manifest, &|name| subject.has(name));
        problems.extend(manifest.into_iter().flat_map(|manifest| script.contexts(manifest.context)));
        let path = subject.library_folder.join(format!("{name}.lua"));
        found.extend(problems.into_iter().map(|problem| (path.clone(), problem)));
    }
    found.sort();
    found
}

/// What is wrong in a script.
fn script_problems(subject: &Subject, script: &Script, known: &BTreeSet<String>) -> Vec<Problem> {
    let text = String::from_utf8_lossy(&script.text);
    let tokens = tokens::tokens(&text);
    let compiled = compile(&script.text);
    let rules = rules::Script { tokens: &tokens, code: compiled.as_ref().ok() };
    let manifest = subject.policy.as_ref().map(|policy| &policy.manifest);
    let mut problems = rules.numbers();
    if let Err(message) = &compiled {
        let problem = syntax(message, &tokens);
        // What a rule says better is said once.
        if !problems.iter().any(|known| known.line == problem.line) {
            problems.push(problem);
        }
    }
    problems.extend(rules.globals(known, manifest));
    problems.extend(rules.requirements(manifest, &|name| subject.has(name)));
    if let Some(manifest) = manifest {
        problems.extend(rules.parameters(manifest));
        problems.extend(rules.contexts(manifest.context));
    }
    problems
}

/// The name that the machine gives the script in messages.
const CHUNK: &str = "script";

fn compile(text: &[u8]) -> Result<Code, String> {
    let limits = Limits { fuel: 1 << 40, memory: 256 << 20, stack: 256 << 10 };
    let machine = Machine::new(limits).ok_or_else(|| "no memory".to_owned())?;
    machine.compile(CHUNK, text)
}

/// `script:3: unexpected symbol near 'x'` with the column of what it is near.
fn syntax(message: &str, tokens: &[Token]) -> Problem {
    let rest = message.strip_prefix(CHUNK).and_then(|rest| rest.strip_prefix(':')).unwrap_or(message);
    let (line, text) = rest.split_once(": ").unwrap_or(("1", rest));
    let line = line.parse().unwrap_or(1);
    let near = text.rsplit_once("near ").map(|(_, near)| near.trim_matches('\'')).unwrap_or_default();
    let here = |token: &&Token| {
        token.line == line && (token.text == near || token.kind == Kind::String && near.contains(&token.text))
    };
    let column = tokens.iter().find(here).map_or(1, |token| token.column);
    Problem { line, column, text: text.to_owned() }
}
