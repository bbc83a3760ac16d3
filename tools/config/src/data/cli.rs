// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The commands for all that is the owner's.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command as Program, Stdio};

use anyhow::{ensure, Context, Result};
use clap::Subcommand;

use crate::cli::{Where, STANDARD_INPUT};
use crate::Data;

/// What can be done with all that is the owner's, on the router itself, or on one that `--router` names.
#[derive(Subcommand)]
pub enum Command {
    /// Write all that is yours on a router into a file: configuration, keys, policies.
    ///
    /// Who has the file has the router's secret keys.
    Backup {
        /// Where.
        #[command(flatten)]
        at: Where,
        /// The file; - is standard output.
        file: PathBuf,
    },
    /// Let a backup take the place of all that is yours on a router, which restarts.
    Restore {
        /// Where.
        #[command(flatten)]
        at: Where,
        /// The file; - is standard input.
        file: PathBuf,
    },
    /// Erase all that is yours on a router, which restarts as a new one.
    FactoryReset {
        /// Where.
        #[command(flatten)]
        at: Where,
        /// Yes, configuration, keys and policies: nothing brings them back but a backup.
        #[arg(long, required = true)]
        erase_everything: bool,
    },
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<()> {
        match self {
            Command::Backup { at, file } => back_up(&at, &file),
            Command::Restore { at, file } => match at.command(&["restore", STANDARD_INPUT])? {
                Some(mut ssh) => succeed(ssh.stdin(input(&file)?)),
                None => {
                    let mut from: Box<dyn Read> =
                        if is_standard(&file) { Box::new(io::stdin().lock()) } else { Box::new(open(&file)?) };
                    Data::here()?.restore(&mut from)?;
                    restart()
                }
            },
            Command::FactoryReset { at, erase_everything: _ } => {
                match at.command(&["factory-reset", "--erase-everything"])? {
                    Some(mut ssh) => succeed(&mut ssh),
                    None => {
                        Data::here()?.reset()?;
                        restart()
                    }
                }
            }
        }
    }
}

fn back_up(at: &Where, file: &Path) -> Result<()> {
    let write = |to: Stdio| match at.command(&["backup", STANDARD_INPUT])? {
        Some(mut ssh) => succeed(ssh.stdout(to)),
        None => Ok(Data::here()?.back_up(to)?),
    };
    if is_standard(file) {
        return write(Stdio::inherit());
    }
    // It has secrets, and is there whole or not at all.
    let partial = file.with_added_extension("partial");
    let opened = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial);
    let opened = opened.with_context(|| format!("cannot write {}", partial.display()))?;
    let written = write(opened.try_clone()?.into()).and_then(|()| {
        opened
            .sync_all()
            .and_then(|()| fs::rename(&partial, file))
            .with_context(|| format!("cannot write {}", file.display()))
    });
    if written.is_err() {
        let _ = fs::remove_file(&partial);
    }
    written
}

fn is_standard(file: &Path) -> bool {
    file == Path::new(STANDARD_INPUT)
}

fn open(file: &Path) -> Result<File> {
    File::open(file).with_context(|| format!("cannot read {}", file.display()))
}

fn input(file: &Path) -> Result<Stdio> {
    Ok(if is_standard(file) { Stdio::inherit() } else { open(file)?.into() })
}

fn succeed(ssh: &mut Program) -> Result<()> {
    let status = ssh.status().context("failed to run ssh")?;
    ensure!(status.success(), "the router did not do it ({status})");
    Ok(())
}

fn restart() -> Result<()> {
    println!("the router restarts");
    let status = Program::new("reboot").status().context("failed to restart")?;
    ensure!(status.success(), "failed to restart ({status}): it is done at the next start");
    Ok(())
}
