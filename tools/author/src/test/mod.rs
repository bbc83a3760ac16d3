// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy test`: an author's tests, in the kernel's virtual machine.
//!
//! The tests of a policy are files in its folder `tests`: YAML ([`yaml`]) and Lua ([`script`]). A file
//! has *cases*; each has a *session* of its own: a router that boots when the first packet is sent.

mod coverage;
mod junit;
mod report;
mod script;
mod session;
mod time;
mod watch;
mod yaml;

use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;
use kernel_lua::Lines;

pub use session::Tally;

use crate::subject::Subject;
use session::{merge, Session};
use watch::Seen;

/// Run the tests of policies.
#[derive(Args)]
pub struct Test {
    /// The folders of the policies; this one unless given.
    #[arg(value_name = "FOLDER", default_value = ".")]
    folders: Vec<PathBuf>,
    /// The folder of the Lua files that policies share; the folder 'library' beside the policy unless given.
    #[arg(long, value_name = "FOLDER")]
    library: Option<PathBuf>,
    /// Run only the cases in whose names this text is.
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
    /// Say which lines of the policies' scripts ran.
    #[arg(long)]
    coverage: bool,
    /// Run them again each time a file of a policy or of the library changes, until you interrupt it.
    #[arg(long)]
    watch: bool,
    /// Write the results to this file, as JUnit does.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

/// A test, and what came of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it says that it tests.
    pub name: String,
    /// How long it took.
    pub time: Duration,
    /// What its packets cost.
    pub tally: Tally,
    /// Why it failed, and where.
    pub failure: Option<String>,
}

/// The tests of a file.
pub(crate) struct Results {
    file: String,
    cases: Vec<Case>,
}

impl Test {
    /// Runs them, and says what came of it.
    ///
    /// # Errors
    ///
    /// A folder is no policy; a file cannot be read or written.
    pub fn run(&self) -> Result<ExitCode> {
        if !self.watch {
            return self.once();
        }
        let folders = watch::folders(&self.folders, self.library.as_deref());
        loop {
            let seen = Seen::now(&folders);
            // A policy that is being written is wrong now and then.
            if let Err(error) = self.once() {
                println!("{error:#}");
            }
            println!("waiting until a file changes; interrupt (Ctrl-C) to end");
            seen.wait(&folders);
            println!();
        }
    }

    fn once(&self) -> Result<ExitCode> {
        let mut all = Vec::new();
        for folder in &self.folders {
            let subject = Rc::new(Subject::open(folder, self.library.as_deref())?);
            let mut lines = Lines::new();
            let first = all.len();
            all.extend(self.subject(&subject, &mut lines)?);
            for results in &all[first..] {
                report::print(results);
            }
            if self.coverage {
                coverage::print(&subject, &lines);
            }
        }
        if let Some(path) = &self.junit {
            let text = junit::text(&all);
            files::save(path, |file| std::io::Write::write_all(file, text.as_bytes()))?;
        }
        Ok(report::summary(&all))
    }

    fn subject(&self, subject: &Rc<Subject>, lines: &mut Lines) -> Result<Vec<Results>> {
        let mut all = Vec::new();
        if subject.policy.is_some() && MANIFEST.contains(&self.only) {
            let file = subject.folder.join("policy.yaml").display().to_string();
            all.push(Results { file, cases: vec![manifest(subject)] });
        }
        for path in subject.tests()? {
            let mut session = Session::new(subject, self.coverage);
            let cases = match path.extension().and_then(|extension| extension.to_str()) {
                Some("lua") => {
                    let (cases, back) = script::run(&path, session, &self.only)?;
                    session = back;
                    cases
                }
                _ => yaml::run(&path, &mut session, &self.only).unwrap_or_else(|error| vec![unread(&error)]),
            };
            merge(lines, &session.finish());
            all.push(Results { file: path.display().to_string(), cases });
        }
        Ok(all)
    }
}

/// A file that is no tests is a test that failed.
fn unread(error: &files::Error) -> Case {
    let error = anyhow::anyhow!("{error}");
    Case { name: "the file".into(), time: Duration::ZERO, tally: Tally::default(), failure: Some(format!("{error:#}")) }
}

const MANIFEST: &str = "the script hooks where the manifest says";

/// What every policy promises.
fn manifest(subject: &Rc<Subject>) -> Case {
    let begin = Instant::now();
    let mut session = Session::new(subject, false);
    let hooks = |session: &mut Session| -> Result<(), String> {
        let router = session.router()?;
        let place = |hook: &simulator::Hook| (hook.family.into(), hook.point.into(), hook.priority.into());
        let mut found: Vec<(i64, i64, i64)> = router.hooks().iter().map(place).collect();
        let (at_xdp, lasting) = (router.is_at_xdp(), router.runtime().lasting_names());
        let policy = session.subject.policy().map_err(|error| error.to_string())?;
        let mut said: Vec<_> =
            policy.manifest.hooks.iter().map(|hook| (hook.pf, hook.hooknum, hook.priority)).collect();
        found.sort_unstable();
        said.sort_unstable();
        let says_xdp = !policy.manifest.xdp.is_empty();
        if at_xdp != says_xdp {
            let words = |is: bool| if is { "at XDP" } else { "not at XDP" };
            return Err(format!("hooks: it says that it is {}, the script is {}", words(says_xdp), words(at_xdp)));
        }
        if found != said {
            return Err(format!("hooks: it says (family, point, priority) {said:?}, the script registers {found:?}"));
        }
        match policy.manifest.saves.iter().find(|name| !lasting.contains(name)) {
            Some(name) => {
                Err(format!("saves: the script makes no table '{name}' (rcu.lasting(\"{name}\")) while it loads"))
            }
            None => Ok(()),
        }
    };
    let place = subject.folder.join("policy.yaml");
    let failure = hooks(&mut session).err().map(|text| format!("{}: {}", place.display(), subject.localized(&text)));
    Case { name: MANIFEST.into(), time: begin.elapsed(), tally: Tally::default(), failure }
}

/// The bytes of a list file of these names, or prefixes.
fn compiled(entries: &[String]) -> Result<Vec<u8>, String> {
    let mut wrong = None;
    let mut collection = list::Collection::new(None, |rejected| {
        wrong.get_or_insert_with(|| format!("entry {}: {}", rejected.line, rejected.why));
    });
    collection.add("", 1, entries.join("\n").as_bytes()).map_err(|error| error.to_string())?;
    let members = collection.members().map_err(|error| error.to_string())?;
    match wrong {
        Some(text) => Err(text),
        None => members.compile(b"").map_err(|error| error.to_string()),
    }
}
