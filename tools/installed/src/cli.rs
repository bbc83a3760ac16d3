// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::fs::{self, File};
use std::io::{stdin, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{bail, ensure, Context, Result};
use clap::{Args, Subcommand};
use config::cli::{time, Where};
use config::remote;
use package::signature_of;

use crate::list::Entry;
use crate::{Installer, Timing};

/// What begins a signature's file, and no package.
const SIGNATURE: &[u8] = b"untrusted comment:";
/// A signature has so many lines.
const LINES: usize = 4;

/// What a router's owner does with policies there. It is about this machine, or the router that `--router` names; all of it
/// changes the router's configuration, and ends up in its history (`lunagate config history`).
#[derive(Subcommand)]
pub enum Command {
    /// Install a signed package on a router, and run it in the place of what has its name.
    ///
    /// Its signature is the file of the same name with .minisig. No packet is judged by neither version, and none by half
    /// of one. A policy that was disabled is enabled.
    Install {
        /// The package; - is standard input, which has the signature first, if there is one.
        package: PathBuf,
        /// Take a package whoever made it. It decides about all your traffic.
        #[arg(long)]
        dangerously_allow_unsigned: bool,
        /// Where.
        #[command(flatten)]
        at: Where,
        /// For how long.
        #[command(flatten)]
        trial: Trial,
    },
    /// Show the policies of a router, which version runs, and which others are there.
    List {
        /// For programs.
        #[arg(long)]
        json: bool,
        /// Where.
        #[command(flatten)]
        at: Where,
    },
    /// Run a policy.
    Enable(Named),
    /// Stop a policy, also after the next boot.
    Disable(Named),
    /// Give parameters of a policy other values; its script gives way to one with them while packets flow.
    Set {
        /// Its name.
        name: String,
        /// As port=23, or as domains=[ads.example, b.example].
        #[arg(required = true, value_name = "KEY=VALUE")]
        assignments: Vec<String>,
        /// Where.
        #[command(flatten)]
        at: Where,
        /// For how long.
        #[command(flatten)]
        trial: Trial,
    },
    /// Take away all that was installed of a policy, and what was set. If the image has one of its name, that one runs.
    Remove {
        /// Its name.
        name: String,
        /// Where.
        #[command(flatten)]
        at: Where,
    },
    /// Run the version that ran before; or take back what is on trial.
    Rollback(Named),
    /// Keep what is on trial.
    Confirm(Where),
    /// Take packages that this key signs; without a key, show those that are trusted.
    Trust {
        /// The public key: its file, or its line.
        key: Option<String>,
        /// Trust it no more. What is installed stays.
        #[arg(long, requires = "key")]
        remove: bool,
        /// Where.
        #[command(flatten)]
        at: Where,
    },
}

/// A policy of a router.
#[derive(Args)]
pub struct Named {
    /// Its name.
    name: String,
    #[command(flatten)]
    at: Where,
    #[command(flatten)]
    trial: Trial,
}

/// Whether somebody must confirm it.
#[derive(Args)]
pub struct Trial {
    /// Unless `lunagate policy confirm` comes within this time, as 60s, what was before comes back by itself, also if the
    /// router boots meanwhile. Otherwise the change is kept at once.
    #[arg(long, value_name = "TIME", value_parser = time)]
    confirm: Option<Duration>,
}

impl Trial {
    fn timing(&self) -> Timing {
        self.confirm.map_or(Timing::Now, Timing::Confirmed)
    }

    fn word(&self) -> Option<String> {
        self.confirm.map(|time| format!("--confirm={}s", time.as_secs()))
    }
}

/// Does it here, or has that router do it.
fn ask(at: &Where, words: &[&str], trial: &Trial, here: impl FnOnce(&Installer) -> Result<()>) -> Result<()> {
    let confirm = trial.word();
    let words: Vec<_> = ["policy"].iter().chain(words).copied().chain(confirm.as_deref()).collect();
    match &at.router {
        Some(router) => remote::ask(router, &words, Stdio::inherit()),
        None => here(&installer()?),
    }
}

/// This machine's.
fn installer() -> Result<Installer> {
    let installer = Installer::here()?;
    let program = installer.router.reconfigure.clone();
    ensure!(program.exists(), config::Error::NoRouter { program });
    Ok(installer)
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<()> {
        let now = Trial { confirm: None };
        match self {
            Command::Install { package, dangerously_allow_unsigned: unsigned, at, trial } => {
                let source = Source::open(&package)?;
                match &at.router {
                    Some(router) => source.send(router, unsigned, &trial),
                    None => source.install(&installer()?, unsigned, &trial),
                }
            }
            Command::List { json, at } => {
                let words: &[_] = if json { &["list", "--json"] } else { &["list"] };
                ask(&at, words, &now, |installer| list(&installer.list()?, json))
            }
            Command::Enable(Named { name, at, trial }) => {
                ask(&at, &["enable", &name], &trial, |installer| installer.enable(&name, true, trial.timing()))
            }
            Command::Disable(Named { name, at, trial }) => {
                ask(&at, &["disable", &name], &trial, |installer| installer.enable(&name, false, trial.timing()))
            }
            Command::Set { name, assignments, at, trial } => {
                let words: Vec<_> = ["set", &name].into_iter().chain(assignments.iter().map(String::as_str)).collect();
                ask(&at, &words, &trial, |installer| installer.set(&name, &assignments, trial.timing()))
            }
            Command::Remove { name, at } => ask(&at, &["remove", &name], &now, |installer| installer.remove(&name)),
            Command::Rollback(Named { name, at, trial }) => ask(&at, &["rollback", &name], &trial, |installer| {
                match installer.rollback(&name, trial.timing())? {
                    Some(version) => println!("{name} {version} runs"),
                    None => println!("{name} is the image's again"),
                }
                Ok(())
            }),
            Command::Confirm(at) => ask(&at, &["confirm"], &now, |installer| Ok(installer.router.confirm()?)),
            Command::Trust { key, remove, at } => {
                // A file is this machine's, also if the router is another one.
                let text = key.map(|key| fs::read_to_string(&key).unwrap_or(key));
                let line = text.as_deref().and_then(|text| text.trim().lines().last());
                let words: Vec<_> = ["trust"].into_iter().chain(remove.then_some("--remove")).chain(line).collect();
                ask(&at, &words, &now, |installer| trust(installer, line, remove))
            }
        }
    }
}

/// A package and its signature.
struct Source {
    path: PathBuf,
    signature: Option<String>,
    bytes: Vec<u8>,
}

impl Source {
    fn open(path: &Path) -> Result<Source> {
        if path == Path::new("-") {
            let mut bytes = Vec::new();
            stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
            return Ok(Source::of_stream(bytes));
        }
        let beside = signature_of(path);
        let signature = match fs::read_to_string(&beside) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", beside.display())),
        };
        Ok(Source { path: path.to_owned(), signature, bytes: files::read(path)? })
    }

    /// A signature, if there is one, and then the package.
    fn of_stream(mut bytes: Vec<u8>) -> Source {
        let path = PathBuf::from("the package");
        let mut ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let signature = match ends.nth(LINES - 1) {
            Some(end) if bytes.starts_with(SIGNATURE) => {
                let package = bytes.split_off(end);
                let signature = String::from_utf8_lossy(&bytes).into_owned();
                bytes = package;
                Some(signature)
            }
            _ => None,
        };
        Source { path, signature, bytes }
    }

    fn install(&self, installer: &Installer, unsigned: bool, trial: &Trial) -> Result<()> {
        let signature = self.signature.as_deref();
        let package = installer.install(&self.path, &self.bytes, signature, unsigned, trial.timing())?;
        println!("{} {} runs", package.manifest.name, package.version);
        Ok(())
    }

    fn send(&self, router: &str, unsigned: bool, trial: &Trial) -> Result<()> {
        if self.signature.is_none() && !unsigned {
            bail!(package::Error::Unsigned { path: self.path.clone() });
        }
        // A pipe that nobody reads to its end would keep us; a file does not.
        let mut file = stream().context("failed to make a temporary file")?;
        let signature = self.signature.as_deref().unwrap_or_default();
        let sent = file.write_all(signature.as_bytes()).and_then(|()| file.write_all(&self.bytes));
        sent.and_then(|()| file.seek(SeekFrom::Start(0))).context("failed to write a temporary file")?;
        let confirm = trial.word();
        let unsigned = unsigned.then_some("--dangerously-allow-unsigned");
        let words: Vec<_> = ["policy", "install", "-"].into_iter().chain(unsigned).chain(confirm.as_deref()).collect();
        remote::send(router, &words, file)
    }
}

/// A file without a name.
fn stream() -> std::io::Result<File> {
    let fd = rustix::fs::memfd_create("package", rustix::fs::MemfdFlags::CLOEXEC)?;
    Ok(fd.into())
}

fn list(entries: &[Entry], json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string(entries).context("failed to say it in JSON")?);
        return Ok(());
    }
    for Entry { name, version, enabled, on_trial, installed, in_image } in entries {
        let runs = version.as_deref().unwrap_or(if *in_image { "of the image" } else { "-" });
        let state = if *enabled { "on" } else { "off" };
        let trial = if *on_trial { ", on trial" } else { "" };
        let others: Vec<_> = installed.iter().filter(|other| Some(*other) != version.as_ref()).cloned().collect();
        let others = if others.is_empty() { String::new() } else { format!("  (also here: {})", others.join(", ")) };
        println!("{name:<24} {runs:<14} {state}{trial}{others}");
    }
    Ok(())
}

fn trust(installer: &Installer, line: Option<&str>, remove: bool) -> Result<()> {
    match line {
        Some(line) if remove => installer.trust.remove(line)?,
        Some(line) => println!("packages of {} are taken", installer.trust.add(line)?),
        None => installer.trust.keys()?.lines().for_each(|line| println!("{line}")),
    }
    Ok(())
}
