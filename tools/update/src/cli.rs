// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::process::Command as Program;
use std::str::FromStr;
use std::thread;
use std::time::Duration;

use anyhow::{bail, Context as _, Result};
use clap::{Args, Subcommand};
use config::Url;
use files::Progress;
use layout::LETTERS;

use crate::channel::{address, fetch};
use crate::{confirm, forgive, health, install, offer, rollback, status, unjudged, Checks, Health, Router};

/// Held by whoever changes slots: one at a time.
const LOCK: &str = "/run/lunagate/update.lock";
/// How long services may take to end before the kernel is asked to restart without them.
const GRACE: Duration = Duration::from_secs(30);
/// Whoever writes a b there restarts at once.
const KERNEL: &str = "/proc/sysrq-trigger";

/// Another version for this router: the one at an address, or else the one that its channel offers.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Update {
    /// What is to be done instead.
    #[command(subcommand)]
    command: Option<Command>,
    /// A bundle's address, https://...; otherwise what the channel offers that router.yaml names (update.channel),
    /// unless it runs already.
    #[arg(value_parser = Url::from_str)]
    address: Option<Url>,
    #[command(flatten)]
    downgrade: Downgrade,
}

/// What can be done with the versions in this router's slots.
#[derive(Subcommand)]
pub enum Command {
    /// Put a bundle into the slot that does not run, which boots next, on trial.
    ///
    /// The bundle is checked while it comes in, and once more as the disk gives it back. Until
    /// the router restarts, nothing changes. A version that does not prove itself after that
    /// gives way to the one that runs now.
    Install(Install),
    /// Say which version the channel offers, and install nothing.
    Check,
    /// Say what is in the slots, which boots next, and why the last trial fell back.
    Status {
        /// As an object of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say that the running version is good, whatever its health check says.
    Confirm,
    /// Let the version in the other slot boot next, which must have proved itself once.
    Rollback(Downgrade),
    /// Confirm the running version if the checks in /etc/health.d are content, or restart.
    ///
    /// The boot calls it. A version that has proved itself is not asked.
    Health {
        /// Seconds until it is too late.
        #[arg(long, value_name = "SECONDS", default_value_t = 180)]
        limit: u64,
    },
    /// Say that the running version's health check came to no judgement: if it is on trial, keep the reason and restart.
    #[command(hide = true)]
    Unhealthy {
        /// Why.
        reason: String,
    },
    /// Forget the running version the panics of before, as it has run well for long. The boot calls it, a day later.
    #[command(hide = true)]
    Forgive,
}

/// See [`Command::Install`].
#[derive(Args)]
pub struct Install {
    /// The bundle: a file, an address (https://...), or - for standard input.
    bundle: String,
    #[command(flatten)]
    downgrade: Downgrade,
}

/// Whether an older one will do.
#[derive(Args)]
pub struct Downgrade {
    /// Even if it has a lower rollback index: it has holes that the running version has not.
    #[arg(long)]
    allow_downgrade: bool,
}

impl Update {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<()> {
        let root = Path::new("/");
        let router = Router::find(root)?;
        let checks = Checks::of(root);
        let Downgrade { allow_downgrade } = self.downgrade;
        match (self.command, self.address) {
            (Some(command), _) => command.run(&router, &checks),
            (None, Some(address)) => {
                let mut body = fetch(&address)?;
                let length = body.length();
                put(&router, &checks, (&mut body, length), allow_downgrade)
            }
            (None, None) => {
                let mut body = fetch(&address(&router)?)?;
                let offer = offer(&router, &mut body)?;
                if offer.runs() {
                    println!("{offer}");
                    return Ok(());
                }
                let length = body.length();
                put(&router, &checks, (&mut offer.manifest.block().chain(body), length), allow_downgrade)
            }
        }
    }
}

impl Command {
    fn run(self, router: &Router, checks: &Checks) -> Result<()> {
        match self {
            Command::Install(install) => install.run(router, checks),
            Command::Check => {
                println!("{}", offer(router, &mut fetch(&address(router)?)?)?);
                Ok(())
            }
            Command::Status { json } => show(router, json),
            Command::Confirm => {
                let _lock = lock()?;
                let news = if confirm(router)? { "confirmed" } else { "confirmed already" };
                println!("slot {} is {news}", LETTERS[router.running]);
                Ok(())
            }
            Command::Rollback(Downgrade { allow_downgrade }) => {
                let _lock = lock()?;
                let version = rollback(router, allow_downgrade)?;
                println!("slot {}, version {version}, boots next: restart by 'reboot'", LETTERS[router.other()]);
                Ok(())
            }
            Command::Health { limit } => follow(router, health(router, checks, Duration::from_secs(limit))?),
            Command::Unhealthy { reason } => follow(router, unjudged(router, reason)?),
            Command::Forgive => {
                // Nobody waits for this, and it may wait for an update.
                let file = lock_file()?;
                file.lock().with_context(|| format!("failed to wait for {LOCK}"))?;
                if forgive(router)? {
                    println!(
                        "lunagate: slot {} has run for long, and its panics are forgotten",
                        LETTERS[router.running]
                    );
                }
                Ok(())
            }
        }
    }
}

impl Install {
    fn run(&self, router: &Router, checks: &Checks) -> Result<()> {
        let downgrade = self.downgrade.allow_downgrade;
        if self.bundle == "-" {
            return put(router, checks, (&mut io::stdin().lock(), None), downgrade);
        }
        if self.bundle.contains("://") {
            let address: Url = self.bundle.parse().map_err(anyhow::Error::msg)?;
            let mut body = fetch(&address)?;
            let length = body.length();
            return put(router, checks, (&mut body, length), downgrade);
        }
        let mut file = File::open(&self.bundle).with_context(|| format!("failed to open {}", self.bundle))?;
        let length = file.metadata().ok().map(|data| data.len());
        put(router, checks, (&mut file, length), downgrade)
    }
}

/// Puts what comes, and how many bytes that is if it is known, into the other slot.
fn put(
    router: &Router,
    checks: &Checks,
    (bundle, length): (&mut dyn Read, Option<u64>),
    allow_downgrade: bool,
) -> Result<()> {
    let _lock = lock()?;
    let unhealthy = checks.unhealthy()?;
    for (check, words) in &unhealthy {
        eprintln!("lunagate: {check} is not content now, so the new version need not please it: {words}");
    }
    let unhealthy = unhealthy.into_iter().map(|(check, _)| check).collect();
    let progress = Progress::bytes("installing", length);
    let manifest = install(router, &mut progress.reading(bundle), allow_downgrade, unhealthy)?;
    progress.end();
    let (letter, version) = (LETTERS[router.other()], manifest.product.version);
    println!("slot {letter} has version {version}, which boots next, on trial: restart by 'reboot'");
    Ok(())
}

fn show(router: &Router, json: bool) -> Result<()> {
    let status = status(router)?;
    if json {
        println!("{}", serde_json::to_string(&status)?);
    } else {
        println!("{status}");
    }
    Ok(())
}

fn follow(router: &Router, health: Health) -> Result<()> {
    let letter = LETTERS[router.running];
    match health {
        Health::Known => Ok(()),
        Health::Proved(spared) => {
            println!("lunagate: slot {letter} has proved itself");
            for check in spared {
                println!("lunagate: {check} was not asked, as it was not content before the update");
            }
            Ok(())
        }
        Health::Failed(reason) => {
            println!("lunagate: slot {letter} is not healthy, restarting: {reason}");
            restart()
        }
    }
}

/// Restarts, in the next way if one does not.
fn restart() -> Result<()> {
    for words in [&["reboot"][..], &["reboot", "-f"]] {
        // Nobody waits for one that hangs.
        if let Err(error) = Program::new(words[0]).args(&words[1..]).spawn() {
            println!("lunagate: failed to start {}: {error}", words.join(" "));
        }
        thread::sleep(GRACE);
    }
    fs::write(KERNEL, "b").context("failed to restart")
}

fn lock() -> Result<File> {
    let file = lock_file()?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => bail!("another update is going on"),
        Err(std::fs::TryLockError::Error(error)) => Err(error).context("failed to wait for other updates"),
    }
}

fn lock_file() -> Result<File> {
    File::create(LOCK).with_context(|| format!("failed to create {LOCK}"))
}
