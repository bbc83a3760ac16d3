// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};

use crate::{disk, report, Key, Parts, Profile, Slot};

/// Build disk images of routers.
#[derive(Parser)]
#[command(version)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done with images.
#[derive(Subcommand)]
pub enum Command {
    /// Build a disk image from its parts.
    ///
    /// Writes lunagate-PROFILE.img, cmdline (for a boot of kernel and root without the disk)
    /// and sizes.txt. Equal parts make equal files.
    Build(Build),
    /// Write the public key that a loader must trust, 32 raw bytes.
    PublicKey(PublicKey),
}

/// See [`Command::Build`].
#[derive(Args)]
pub struct Build {
    /// The kind of device: a file as images/profiles/x86_64.yaml.
    #[arg(long, value_name = "FILE")]
    profile: PathBuf,
    /// The root file system, a squashfs.
    #[arg(long, value_name = "FILE")]
    root: PathBuf,
    /// A list of the root's files, 'bytes path' a line, largest first, for sizes.txt.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// The kernel, with its EFI stub.
    #[arg(long, value_name = "FILE")]
    kernel: PathBuf,
    /// The EFI loader, which trusts the key.
    #[arg(long, value_name = "FILE")]
    loader: PathBuf,
    /// The seed of the key that signs: 64 hexadecimal digits.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where the image goes.
    #[arg(long, value_name = "FOLDER")]
    output: PathBuf,
}

/// See [`Command::PublicKey`].
#[derive(Args)]
pub struct PublicKey {
    /// The seed of the key: 64 hexadecimal digits.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where the public key goes.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<()> {
        match self {
            Command::Build(build) => build.run(),
            Command::PublicKey(public) => public.run(),
        }
    }
}

impl Build {
    fn run(&self) -> Result<()> {
        let profile = Profile::open(&self.profile)?;
        let parts = Parts::open(&self.root, &self.kernel, &self.loader, &self.key)?;
        let manifest = match &self.manifest {
            Some(path) => fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?,
            None => String::new(),
        };
        let slot = Slot::new(&profile, &parts)?;
        let sizes = report(&profile, &parts, &slot, &manifest)?;
        fs::create_dir_all(&self.output).with_context(|| format!("failed to make {}", self.output.display()))?;
        disk::write(&profile, &parts, &slot, &self.output.join(format!("lunagate-{}.img", profile.name)))?;
        // Without firmware and loader the root is a disk of its own.
        let direct = format!("{} root=/dev/vda ro init=/init\n", profile.command_line());
        write(&self.output.join("cmdline"), direct.as_bytes())?;
        write(&self.output.join("sizes.txt"), sizes.as_bytes())
    }
}

impl PublicKey {
    fn run(&self) -> Result<()> {
        write(&self.output, &Key::open(&self.key)?.public())
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("failed to write {}", path.display()))
}
