// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::fs::File;
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
use crate::{confirm, health, install, offer, rollback, status, Checks, Health, Router};

/// Held by whoever changes slots: one at a time.
const LOCK: &str = "/run/lunagate/update.lock";
/// How long services may take to end before the kernel is asked to restart without them.
const GRACE: Duration = Duration::from_secs(30);

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
            Command::Health { limit } => judge(router, checks, Duration::from_secs(limit)),
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
    for check in &unhealthy {
        eprintln!("lunagate: {check} is not content now, so the new version need not please it");
    }
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

fn judge(router: &Router, checks: &Checks, limit: Duration) -> Result<()> {
    let letter = LETTERS[router.running];
    match health(router, checks, limit)? {
        Health::Known => return Ok(()),
        Health::Proved => {
            println!("lunagate: slot {letter} has proved itself");
            return Ok(());
        }
        Health::Failed(reason) => println!("lunagate: slot {letter} is not healthy, restarting: {reason}"),
    }
    Program::new("reboot").status().context("failed to restart")?;
    thread::sleep(GRACE);
    Program::new("reboot").arg("-f").status().context("failed to restart")?;
    Ok(())
}

fn lock() -> Result<File> {
    let file = File::create(LOCK).with_context(|| format!("failed to create {LOCK}"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => bail!("another update is going on"),
        Err(std::fs::TryLockError::Error(error)) => Err(error).context("failed to wait for other updates"),
    }
}
