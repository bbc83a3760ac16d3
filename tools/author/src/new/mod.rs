// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy new`: a policy to begin with.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{ensure, Context, Result};
use clap::{Args, ValueEnum};
use simulator::Router;

use crate::check;
use crate::subject::Subject;

/// The files of a policy at a kind of hook, and their texts.
macro_rules! template {
    ($folder:literal) => {
        [
            ("policy.yaml", include_str!(concat!($folder, "/policy.yaml"))),
            ("main.lua", include_str!(concat!($folder, "/main.lua"))),
            ("tests/main.yaml", include_str!(concat!($folder, "/tests.yaml"))),
        ]
    };
}

const LOADS: &str = include_str!("loads.lua");
const README: &str = include_str!("README.md");

/// Begin a policy.
#[derive(Args)]
pub struct New {
    /// Its folder, whose name is the policy's: lower-case letters, digits and -.
    #[arg(value_name = "NAME")]
    folder: PathBuf,
    /// Where it sees packets.
    #[arg(long, value_enum, default_value_t = Hook::Netfilter)]
    hook: Hook,
    /// Wrap this script, one for Lunatik perhaps, as it is: what it may use and where it hooks are found out.
    #[arg(long, value_name = "SCRIPT.lua", conflicts_with = "hook")]
    from: Option<PathBuf>,
}

/// A kind of hook.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Hook {
    /// On their way through the network stack, with their flows.
    Netfilter,
    /// Before the network stack, as an interface receives them.
    Xdp,
}

impl Hook {
    fn template(self) -> [(&'static str, &'static str); 3] {
        match self {
            Hook::Netfilter => template!("netfilter"),
            Hook::Xdp => template!("xdp"),
        }
    }
}

impl New {
    /// Writes the files.
    ///
    /// # Errors
    ///
    /// The folder is there, or its name is no policy's; a file cannot be read or written.
    pub fn run(&self) -> Result<()> {
        let folder = &self.folder;
        ensure!(!folder.exists(), "{} is there already: choose another name", folder.display());
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let template = self.hook.template();
        let text = template[0].1.replace("NAME", &name);
        // A name that is none is said before there is a folder.
        let _ = policy::Manifest::parse(&text, &name).map_err(|problem| anyhow::anyhow!("{}", problem.text))?;
        match &self.from {
            None => {
                for (path, text) in template {
                    write(&folder.join(path), own(text, &name).as_bytes())?;
                }
            }
            Some(script) => wrap(folder, &name, &files::read(script)?)?,
        }
        write(&folder.join("README.md"), README.replace("NAME", &name).as_bytes())?;
        println!("{0}: run its tests by `lunagate policy test {0}`", folder.display());
        Ok(())
    }
}

/// A template's text, whose license is its author's to choose.
fn own(template: &str, name: &str) -> String {
    let rest = template.split_once('\n').map_or(template, |(_, rest)| rest);
    rest.replace("NAME", name)
}

fn wrap(folder: &Path, name: &str, script: &[u8]) -> Result<()> {
    write(&folder.join("main.lua"), script)?;
    write(&folder.join("tests/main.lua"), own(LOADS, name).as_bytes())?;
    let capabilities = check::capabilities(&String::from_utf8_lossy(script));
    write(&folder.join("policy.yaml"), manifest(name, &capabilities, &[], false).as_bytes())?;
    let subject = Subject::open(folder, None)?;
    match Router::new(&subject.policy()?.manifest, subject.files()) {
        Ok(router) => {
            let place = |hook: &simulator::Hook| (hook.family.into(), hook.point.into(), hook.priority.into());
            let hooks: Vec<_> = router.hooks().iter().map(place).collect();
            write(&folder.join("policy.yaml"), manifest(name, &capabilities, &hooks, router.is_at_xdp()).as_bytes())?;
        }
        Err(error) => println!(
            "it does not load here, so that policy.yaml does not say where it hooks: {}",
            subject.localized(error.lines().next().unwrap_or_default())
        ),
    }
    Ok(())
}

/// The manifest of a script with these capabilities and hooks: family, point and priority; and whether it is at XDP, where
/// the owner has to say at which interface.
fn manifest(name: &str, capabilities: &BTreeSet<String>, hooks: &[(i64, i64, i64)], at_xdp: bool) -> String {
    let mut text = format!("name: {name}\nversion: 0.1.0\ndescription: Wraps a script\n");
    let named = hooks.iter().filter_map(|(pf, point, priority)| Some((policy::hook_names(*pf, *point)?, priority)));
    let mut lines: Vec<_> = named
        .map(|((family, point), priority)| {
            format!("  - {{ family: {family}, point: {point}, priority: {priority} }}\n")
        })
        .collect();
    if at_xdp {
        lines.push("  - { family: XDP, interfaces: [wan] }\n".to_owned());
    }
    if !lines.is_empty() {
        text.push_str("hooks:\n");
        text.extend(lines);
    }
    let capabilities: Vec<_> = capabilities.iter().map(String::as_str).collect();
    text.push_str("budget: { fuel: 100000, memory: 2MiB }\nfail: accept\n");
    text.push_str(&format!("capabilities: [{}]\n", capabilities.join(", ")));
    text
}

fn write(path: &Path, text: &[u8]) -> Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).with_context(|| format!("failed to make {}", parent.display()))?;
    Ok(files::save(path, |file| file.write_all(text))?)
}
