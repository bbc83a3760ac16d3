// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::fs::File;
use std::io::{read_to_string, stdin};
use std::path::{Path, PathBuf};
use std::process::{Command as Program, Stdio};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use similar::TextDiff;

use crate::{check, keys, remote, render, secret, tunnels, Config, Policies, Ports, Router};

/// How long what needs no confirmation is on trial, if who applies it is gone before it is kept.
const AT_ONCE: Duration = Duration::from_secs(60);

/// The file that is none.
pub(crate) const STANDARD_INPUT: &str = "-";

/// What can be done with configurations. Those of a running router are for the router itself, or for one that
/// `--router` names.
#[derive(Subcommand)]
pub enum Command {
    /// Read files, and say where one is wrong.
    Check {
        /// The files; - is standard input.
        #[arg(required = true)]
        file: Vec<PathBuf>,
        /// What device.
        #[command(flatten)]
        device: Device,
    },
    /// Write the files that the router's daemons would read.
    Render {
        /// The folder with the policies of the image, of which the file says something: lib/modules/lua/policies of its root.
        #[arg(long, value_name = "FOLDER", default_value = "/lib/modules/lua/policies")]
        policies: PathBuf,
        /// The folder with the policies that are installed, of which the file says a version.
        #[arg(long, value_name = "FOLDER", default_value = "/data/policies")]
        installed: PathBuf,
        /// What device.
        #[command(flatten)]
        device: Device,
        /// The file; - is standard input.
        file: PathBuf,
        /// The folder for them.
        #[arg(long, value_name = "FOLDER")]
        output: PathBuf,
    },
    /// Show what a file would change of what was confirmed.
    Diff(There),
    /// Have the router follow a file, on trial: unless somebody confirms it, what was before comes back.
    ///
    /// A file that is wrong, or that a daemon does not take, changes nothing. A router that boots meanwhile is as before.
    Apply {
        /// Which file, and where.
        #[command(flatten)]
        there: There,
        /// How long to wait for `config confirm`.
        #[arg(long, value_name = "TIME", default_value = "60s", value_parser = time)]
        confirm: Duration,
        /// Confirm at once: who is locked out by that needs the router's console.
        #[arg(long, conflicts_with = "confirm")]
        without_confirmation: bool,
    },
    /// Keep what is on trial.
    Confirm(Where),
    /// Take back what is on trial; or put an older version on trial.
    Rollback {
        /// Where.
        #[command(flatten)]
        at: Where,
        /// The version, by its number.
        #[arg(long, value_name = "NUMBER")]
        to: Option<u32>,
    },
    /// List the versions that were confirmed; or show one.
    History {
        /// Where.
        #[command(flatten)]
        at: Where,
        /// Its number.
        number: Option<u32>,
    },
    /// Show the networks by WireGuard: the router's public keys, and when each peer was heard of. Or what a peer's own
    /// configuration is.
    ///
    /// A peer's is a file for wg-quick and for apps, in which only the peer's private key is missing.
    Wireguard {
        /// Where.
        #[command(flatten)]
        at: Where,
        /// One of the networks.
        network: Option<String>,
        /// One of its peers.
        peer: Option<String>,
        /// A name or an address by which the peer finds the router, if not the WAN's IPv4 address of now.
        #[arg(long, value_name = "HOST", requires = "peer")]
        endpoint: Option<String>,
    },
    /// Make the files that the boot reads.
    #[command(hide = true)]
    Boot {
        /// As a new router boots, whatever its owner has said.
        #[arg(long)]
        failsafe: bool,
        /// Now that all ports are there that there are: anew, if one is missing.
        #[arg(long)]
        ports: bool,
    },
    /// Note that the router booted.
    #[command(hide = true)]
    Booted,
    /// Print the keys of a file for sshd, if all of them are right.
    #[command(hide = true)]
    Keys {
        /// The file; - is standard input.
        file: PathBuf,
    },
    /// Take back what is on trial if it still is after a while.
    #[command(hide = true)]
    Expire {
        /// Which trial.
        trial: String,
        /// How long.
        #[arg(value_parser = time)]
        after: Duration,
    },
}

/// A kind of device.
#[derive(Args)]
pub struct Device {
    /// The device's profile, whose ports have their roles unless the file says which do; otherwise this router's, or a PC's.
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
}

/// A router.
#[derive(Args)]
pub struct Where {
    /// The router, as ssh knows it (its user is root); otherwise this machine.
    #[arg(long, value_name = "HOST")]
    pub router: Option<String>,
}

/// A file, and a router.
#[derive(Args)]
pub struct There {
    #[command(flatten)]
    at: Where,
    /// The file; - is standard input. Otherwise the router's own, /data/config/router.yaml.
    file: Option<PathBuf>,
}

/// A time to confirm within.
///
/// # Errors
///
/// It is none, or too short or too long for that.
pub fn time(text: &str) -> Result<Duration, String> {
    let seconds = text.strip_suffix('s').unwrap_or(text).parse().ok().filter(|seconds| (5..=3600).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| "a time is 5s to 3600s".to_owned())
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<()> {
        let router = Router::here()?;
        match self {
            Command::Check { file, device } => {
                let ports = device.ports(&router)?;
                file.iter().try_for_each(|path| config(path, &read(path)?, &ports).map(drop))
            }
            Command::Render { policies, installed, device, file, output } => {
                let config = config(&file, &read(&file)?, &device.ports(&router)?)?;
                Ok(render(&config, &Policies::open(&policies, &installed)?)?.save(&output)?)
            }
            Command::Diff(there) => there.send(&router, &["diff"], |path, text| diff(&router, path, text)),
            Command::Apply { there, confirm, without_confirmation } => {
                let seconds = format!("--confirm={}s", confirm.as_secs());
                let how = if without_confirmation { "--without-confirmation" } else { &seconds };
                there.send(&router, &["apply", how], |path, text| {
                    apply(&router, path, text, confirm, without_confirmation)
                })
            }
            Command::Confirm(at) => at.ask(&["confirm"], || Ok(router.confirm()?)),
            Command::Rollback { at, to } => {
                let to = to.map(|number| format!("--to={number}"));
                let words: Vec<_> = ["rollback"].into_iter().chain(to.as_deref()).collect();
                at.ask(&words, || rollback(&router, to.as_ref().and_then(|word| word[5..].parse().ok())))
            }
            Command::History { at, number } => {
                let word = number.map(|number| number.to_string());
                let words: Vec<_> = ["history"].into_iter().chain(word.as_deref()).collect();
                at.ask(&words, || history(&router, number))
            }
            Command::Wireguard { at, network, peer, endpoint } => {
                let option = endpoint.as_ref().map(|host| format!("--endpoint={host}"));
                let words = [Some("wireguard"), option.as_deref(), Some("--"), network.as_deref(), peer.as_deref()];
                let words: Vec<_> = words.into_iter().flatten().collect();
                at.ask(&words, || {
                    let config = router.current();
                    tunnels::show(&config, network.as_deref(), peer.as_deref(), endpoint.as_deref())
                })
            }
            Command::Booted => Ok(router.booted()?),
            Command::Boot { failsafe, ports } => {
                let said = match (ports, failsafe) {
                    (true, _) => router.boot_with_ports()?,
                    (false, true) => router.boot_failsafe()?,
                    (false, false) => router.boot()?,
                };
                for line in said {
                    println!("{line}");
                }
                Ok(())
            }
            Command::Keys { file } => {
                for key in keys(&read(&file)?).map_err(files::Error::says(named(&file)))? {
                    println!("{key}");
                }
                Ok(())
            }
            Command::Expire { trial, after } => {
                expire(&router, &trial, after);
                Ok(())
            }
        }
    }
}

impl Device {
    fn ports(&self, this: &Router) -> Result<Ports> {
        match &self.profile {
            Some(path) => Ok(Ports::of_profile(&files::read_text(path)?).map_err(files::Error::says(path))?),
            None => Ok(this.store.ports().clone()),
        }
    }
}

impl Where {
    /// Does it here, or has that router do it.
    fn ask(&self, words: &[&str], here: impl FnOnce() -> Result<()>) -> Result<()> {
        self.ask_with(words, Stdio::inherit(), here)
    }

    fn ask_with(&self, words: &[&str], input: Stdio, here: impl FnOnce() -> Result<()>) -> Result<()> {
        let Some(router) = &self.router else { return here() };
        let words: Vec<_> = ["config"].iter().chain(words).copied().collect();
        remote::ask(router, &words, input)
    }

    /// What has another router than this machine run `lunagate` with these words.
    pub(crate) fn command(&self, words: &[&str]) -> Result<Option<Program>> {
        self.router.as_ref().map(|router| remote::ssh(router, words)).transpose()
    }
}

impl There {
    fn send(&self, this: &Router, words: &[&str], here: impl FnOnce(&Path, &str) -> Result<()>) -> Result<()> {
        let own = this.store.file();
        let path = self.file.as_deref().unwrap_or(&own);
        if self.at.router.is_none() {
            return here(path, &read(path)?);
        }
        let Some(file) = &self.file else { return self.at.ask(words, || Ok(())) };
        let words: Vec<_> = words.iter().copied().chain(["-"]).collect();
        if file == Path::new(STANDARD_INPUT) {
            return self.at.ask_with(&words, Stdio::inherit(), || Ok(()));
        }
        // What is wrong with it is known before it goes, but for its ports.
        config(file, &read(file)?, &Ports::unknown())?;
        let input = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
        self.at.ask_with(&words, input.into(), || Ok(()))
    }
}

fn read(path: &Path) -> Result<String> {
    if path == Path::new(STANDARD_INPUT) {
        read_to_string(stdin()).context("cannot read standard input")
    } else {
        Ok(files::read_text(path)?)
    }
}

fn config(path: &Path, text: &str, ports: &Ports) -> Result<Config> {
    Ok(Config::read(text, ports).map_err(files::Error::says(named(path)))?)
}

/// What a file is called.
fn named(path: &Path) -> &Path {
    if path == Path::new(STANDARD_INPUT) {
        Path::new("standard input")
    } else {
        path
    }
}

fn diff(router: &Router, path: &Path, text: &str) -> Result<()> {
    let new = config(path, text, router.store.ports())?;
    let confirmed = router.store.confirmed()?;
    let name = named(path).display().to_string();
    let old = router.store.parse(&confirmed).ok();
    let (old, new) = (old.as_ref().map(secret::passwords).unwrap_or_default(), secret::passwords(&new));
    let (confirmed, text) = (secret::hidden(&confirmed, &old, &old), secret::hidden(text, &new, &old));
    print!("{}", TextDiff::from_lines(&confirmed, &text).unified_diff().header("confirmed", &name));
    Ok(())
}

/// Has this router follow a text, until somebody confirms that or the time is up; or for good.
///
/// # Errors
///
/// As [`Router::apply`].
pub fn apply(router: &Router, path: &Path, text: &str, wait: Duration, at_once: bool) -> Result<()> {
    // Who is not to confirm it may be gone before he does, too.
    let wait = if at_once { AT_ONCE } else { wait };
    router.apply(named(path), text, wait)?;
    if at_once {
        return Ok(router.confirm_at_once()?);
    }
    println!("on trial for {} s: `lunagate config confirm` keeps it", wait.as_secs());
    Ok(())
}

fn rollback(router: &Router, to: Option<u32>) -> Result<()> {
    let Some(number) = to else { return Ok(router.take_back()?) };
    let text = router.store.version(number)?;
    apply(router, Path::new(&format!("version {number}")), &text, Duration::from_secs(60), false)
}

fn history(router: &Router, number: Option<u32>) -> Result<()> {
    if let Some(number) = number {
        print!("{}", router.store.version(number)?);
        return Ok(());
    }
    for number in router.store.history()? {
        let since = router.store.date(number).and_then(|date| SystemTime::now().duration_since(date).ok());
        match since {
            Some(since) => println!("{number}  confirmed {} ago", check::age(since)),
            None => println!("{number}"),
        }
    }
    Ok(())
}

/// Nobody sees what this prints, so the log and the console have it.
fn expire(router: &Router, trial: &str, after: Duration) {
    let said = match router.expire(trial, after) {
        Ok(false) => return,
        Ok(true) => "nobody confirmed what was on trial: what was before is back".to_owned(),
        Err(error) => format!("what nobody confirmed is not taken back whole: {:#}", anyhow::Error::from(error)),
    };
    let _ = std::fs::write("/dev/console", format!("lunagate: config: {said}\n"));
    let _ = Program::new("logger").args(["-t", "config", "-p", "daemon.err", &said]).status();
}
