// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command line.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};

use crate::{disk, loader, report, Error, Key, Parts, Profile, Release, Slot, System};

/// Build disk images of routers, and bundles that update them.
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
    /// Build a disk image from its parts, and the bundle that updates a router to the same.
    ///
    /// Writes lunagate-PROFILE.img, lunagate-PROFILE.bundle, cmdline (for a boot of kernel and
    /// root without the disk) and sizes.txt. Equal parts make equal files.
    ///
    /// This is the build's last step, which wants every part. In a clone, 'make image DEVICE=NAME' makes the parts and the
    /// image of a profile by its name, in build/router-image-NAME; 'lunagate image list' shows which profiles there are.
    Build(Build),
    /// Build the bundle alone.
    Bundle(Bundle),
    /// Write what a profile selects of a system, by which its root is made.
    ///
    /// Writes policies, load and without, a name on each line: which policies are in the image, which drivers the boot loads,
    /// and which are not in the image.
    Select(Select),
    /// Write what U-Boot's mkimage makes a FIT of, beside kernel, initramfs and device trees.
    ///
    /// Writes fit.its, the source of the FIT; cmdline, which each device tree must have as bootargs; and configurations,
    /// of each a line 'NAME DEVICE-TREE OVERLAY...': NAME.dtb is that device tree with these overlays.
    Fit(FitSource),
    /// Write the public key that a loader must trust, 32 raw bytes.
    PublicKey(PublicKey),
}

/// What a slot is made of.
#[derive(Args)]
struct Contents {
    /// The kind of device: a file as images/profiles/x86_64.yaml.
    #[arg(long, value_name = "FILE")]
    profile: PathBuf,
    /// The version: a file as images/release.yaml.
    #[arg(long, value_name = "FILE")]
    release: PathBuf,
    /// The root file system, a squashfs.
    #[arg(long, value_name = "FILE")]
    root: PathBuf,
    /// The kernel, with its EFI stub.
    #[arg(long, value_name = "FILE")]
    kernel: PathBuf,
    /// What they are made of, a bill of materials (CycloneDX 1.6), which the slot carries.
    #[arg(long, value_name = "FILE")]
    inventory: Option<PathBuf>,
    /// The seed of the key that signs: 64 hexadecimal digits.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

/// See [`Command::Build`].
#[derive(Args)]
pub struct Build {
    #[command(flatten)]
    contents: Contents,
    /// A list of the root's files, 'bytes path' a line, largest first, for sizes.txt.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// The EFI loader, which trusts the key.
    #[arg(long, value_name = "FILE")]
    loader: PathBuf,
    /// Where the files go.
    #[arg(long, value_name = "FOLDER")]
    output: PathBuf,
}

/// See [`Command::Bundle`].
#[derive(Args)]
pub struct Bundle {
    #[command(flatten)]
    contents: Contents,
    /// Where the bundle goes.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

/// See [`Command::Select`].
#[derive(Args)]
pub struct Select {
    /// The kind of device: a file as images/profiles/x86_64.yaml.
    #[arg(long, value_name = "FILE")]
    profile: PathBuf,
    /// A list of what drivers the kernel has, as its modules.order and modules.builtin are.
    #[arg(long, value_name = "FILE")]
    modules: PathBuf,
    /// The names of the policies that there are, with blanks between them.
    #[arg(long, value_name = "NAMES")]
    policies: String,
    /// The names of the packages that the build has fetched for this profile.
    #[arg(long, value_name = "NAMES", default_value = "")]
    packages: String,
    /// Where the files go.
    #[arg(long, value_name = "FOLDER")]
    output: PathBuf,
}

/// See [`Command::Fit`].
#[derive(Args)]
pub struct FitSource {
    /// The kind of device: a file as images/profiles/bananapi-bpi-r3.yaml.
    #[arg(long, value_name = "FILE")]
    profile: PathBuf,
    /// The version: a file as images/release.yaml.
    #[arg(long, value_name = "FILE")]
    release: PathBuf,
    /// Where the files go.
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
            Command::Bundle(bundle) => bundle.run(),
            Command::Select(select) => select.run(),
            Command::Fit(fit) => fit.run(),
            Command::PublicKey(public) => public.run(),
        }
    }
}

impl Contents {
    /// `loader` is there in an image only.
    fn open(&self, profile: &Profile, loader: Option<&[u8]>) -> Result<(Parts, Slot)> {
        let release = Release::open(&self.release)?;
        let mut parts = Parts::open(&self.root, &self.kernel, &self.key, profile.architecture)?;
        if let Some(path) = &self.inventory {
            let inventory = parts.describe(path, profile, &release)?;
            let same = loader.map_or(Ok(()), |loader| inventory.has("loader.efi", loader));
            same.map_err(|why| Error::Inventory { path: path.clone(), why })?;
        }
        let slot = Slot::new(profile, &release, &parts)?;
        Ok((parts, slot))
    }
}

impl Build {
    fn run(&self) -> Result<()> {
        let profile = Profile::open(&self.contents.profile)?;
        let loader = loader(&self.loader, profile.architecture)?;
        let (parts, slot) = self.contents.open(&profile, Some(&loader))?;
        let manifest = match &self.manifest {
            Some(path) => fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?,
            None => String::new(),
        };
        let sizes = report(&profile, &parts, &loader, &slot, &manifest)?;
        fs::create_dir_all(&self.output).with_context(|| format!("failed to make {}", self.output.display()))?;
        let file = |ending: &str| self.output.join(format!("lunagate-{}.{ending}", profile.name));
        disk::write(&profile, &loader, &slot, &file("img"))?;
        slot.write_bundle(&file("bundle"))?;
        // Without firmware and loader the root is a disk of its own.
        let direct = format!("{} root=/dev/vda ro init=/init\n", profile.command_line());
        write(&self.output.join("cmdline"), direct.as_bytes())?;
        write(&self.output.join("sizes.txt"), sizes.as_bytes())
    }
}

impl Bundle {
    fn run(&self) -> Result<()> {
        let (_, slot) = self.contents.open(&Profile::open(&self.contents.profile)?, None)?;
        Ok(slot.write_bundle(&self.output)?)
    }
}

impl Select {
    fn run(&self) -> Result<()> {
        let modules = files::read_text(&self.modules)?;
        let names = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let system = System::new(&modules, names(&self.policies), names(&self.packages));
        let selection = Profile::open(&self.profile)?.selection;
        let selected = selection.of(&system).map_err(files::Error::says(&self.profile))?;
        fs::create_dir_all(&self.output).with_context(|| format!("failed to make {}", self.output.display()))?;
        for (file, names) in [("policies", selected.policies), ("load", selected.load), ("without", selected.without)] {
            let lines: String = names.iter().map(|name| format!("{name}\n")).collect();
            write(&self.output.join(file), lines.as_bytes())?;
        }
        Ok(())
    }
}

impl FitSource {
    fn run(&self) -> Result<()> {
        let profile = Profile::open(&self.profile)?;
        let release = Release::open(&self.release)?;
        let Some(fit) = &profile.fit else { return Err(Error::NoFit { profile: profile.name }.into()) };
        let description = format!("Lunagate {} for {}", release.version, profile.name);
        write(&self.output.join("fit.its"), fit.source(&description).as_bytes())?;
        write(&self.output.join("configurations"), fit.trees().as_bytes())?;
        write(&self.output.join("cmdline"), format!("{}\n", profile.command_line()).as_bytes())
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
