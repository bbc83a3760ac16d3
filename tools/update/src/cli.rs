// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command as Program;
use std::thread;
use std::time::Duration;

use anyhow::{bail, Context as _, Result};
use clap::{Args, Subcommand};
use layout::LETTERS;

use crate::{confirm, health, install, rollback, status, Checks, Health, Router};

/// Held by whoever changes slots: one at a time.
const LOCK: &str = "/run/lunagate/update.lock";
/// How long services may take to end before the kernel is asked to restart without them.
const GRACE: Duration = Duration::from_secs(30);

/// What can be done with the versions in this router's slots.
#[derive(Subcommand)]
pub enum Command {
    /// Put a bundle into the slot that does not run, which boots next, on trial.
    ///
    /// The bundle is checked while it comes in, and once more as the disk gives it back. Until
    /// the router restarts, nothing changes. A version that does not prove itself after that
    /// gives way to the one that runs now.
    Install(Install),
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
    /// The bundle, or - for standard input.
    bundle: PathBuf,
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

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<()> {
        let root = Path::new("/");
        let router = Router::find(root)?;
        let checks = Checks::of(root);
        match self {
            Command::Install(install) => install.run(&router, &checks),
            Command::Status { json } => show(&router, json),
            Command::Confirm => {
                let _lock = lock()?;
                let news = if confirm(&router)? { "confirmed" } else { "confirmed already" };
                println!("slot {} is {news}", LETTERS[router.running]);
                Ok(())
            }
            Command::Rollback(Downgrade { allow_downgrade }) => {
                let _lock = lock()?;
                let version = rollback(&router, allow_downgrade)?;
                println!("slot {}, version {version}, boots next: restart by 'reboot'", LETTERS[router.other()]);
                Ok(())
            }
            Command::Health { limit } => judge(&router, &checks, Duration::from_secs(limit)),
        }
    }
}

impl Install {
    fn run(&self, router: &Router, checks: &Checks) -> Result<()> {
        let _lock = lock()?;
        let unhealthy = checks.unhealthy()?;
        for check in &unhealthy {
            eprintln!("lunagate: {check} is not content now, so the new version need not please it");
        }
        let downgrade = self.downgrade.allow_downgrade;
        let manifest = if self.bundle.as_os_str() == "-" {
            install(router, &mut io::stdin().lock(), downgrade, unhealthy)?
        } else {
            let file = File::open(&self.bundle);
            let mut file = file.with_context(|| format!("failed to open {}", self.bundle.display()))?;
            install(router, &mut file, downgrade, unhealthy)?
        };
        let (letter, version) = (LETTERS[router.other()], manifest.product.version);
        println!("slot {letter} has version {version}, which boots next, on trial: restart by 'reboot'");
        Ok(())
    }
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
