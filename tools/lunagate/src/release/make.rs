// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate release`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};
use author::packages::{Keys, Signer};
use clap::Args;
use image::{PublicKey, Stored};

use super::statement::{Image, Reproducibility, Statement};
use super::sums::{self, Sums};
use super::verify::Checked;
use super::{file, said, ABOUT, DEVELOPMENT, ENDINGS, REPRODUCIBILITY, SIGNATURE, SIGNED, STATEMENT, SUMS};

/// The options of `lunagate release`.
#[derive(Args)]
pub struct Release {
    /// What to release: folders as 'make image' leaves them.
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,
    /// The folder to make.
    #[arg(long, short, value_name = "FOLDER")]
    output: PathBuf,
    /// The secret key that signs the files, of minisign or of 'lunagate policy keygen'. Its password is asked for.
    #[arg(long, short, value_name = "FILE")]
    key: PathBuf,
    /// The public key of the slots, unless that is the development key: the router's /etc/lunagate/update.key.
    #[arg(long, value_name = "KEY", value_parser = slot_key)]
    slot_key: Option<PublicKey>,
    /// Sign with development keys, which everybody has, too: the release says so, and is of use for tests only.
    #[arg(long)]
    development: bool,
    /// The commit that it is built from.
    #[arg(long, value_name = "COMMIT")]
    revision: Option<String>,
    /// A second build of each IMAGE, in the same order: each file must be the same, byte for byte.
    #[arg(long, value_name = "IMAGE", requires = "second_build")]
    again: Vec<PathBuf>,
    /// How the second build was made, for reproducibility.json.
    #[arg(long, value_name = "WORDS", requires = "again")]
    second_build: Option<String>,
}

fn slot_key(text: &str) -> Result<PublicKey, String> {
    PublicKey::read(text).map_err(|error| error.to_string())
}

/// What an image's folder has.
struct Built {
    folder: PathBuf,
    about: Image,
    version: String,
    rollback_index: u32,
}

impl Release {
    /// Makes it: whole and checked, or not at all.
    pub fn run(&self) -> Result<()> {
        let output = &self.output;
        ensure!(!output.exists(), "{} is there already: remove it, or name another folder", output.display());
        ensure!(
            self.again.is_empty() || self.again.len() == self.images.len(),
            "there are {} images and {} second builds: give one for each, in the same order",
            self.images.len(),
            self.again.len()
        );
        let built: Vec<_> = self.images.iter().map(|folder| self.open(folder)).collect::<Result<_>>()?;
        let signer = Signer::open(&self.key)?;
        let statement = self.statement(&built, &signer.public()?)?;

        let mut name = output.file_name().with_context(|| format!("{}: this is no name", output.display()))?.to_owned();
        name.push(".part");
        let part = output.with_file_name(name);
        fs::create_dir(&part)
            .with_context(|| format!("failed to make {} (remove it if it is there)", part.display()))?;
        let made = self.fill(&part, &built, &statement, &signer).and_then(|checked| {
            fs::rename(&part, output).with_context(|| format!("failed to make {}", output.display()))?;
            Ok(checked)
        });
        match made {
            Ok(checked) => {
                println!("{}: {checked}", output.display());
                Ok(())
            }
            Err(error) => {
                // What is wrong is the news; what cannot be removed is in the way of the next, which says so.
                let _ = fs::remove_dir_all(&part);
                Err(error)
            }
        }
    }

    /// What is in an image's folder.
    fn open(&self, folder: &Path) -> Result<Built> {
        let entries = fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))?;
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let profiles: Vec<_> =
            names.filter_map(|name| Some(name.strip_prefix("lunagate-")?.strip_suffix(".img")?.to_owned())).collect();
        let [profile] = &profiles[..] else {
            bail!("{}: this has {} images, not one: 'make image' makes such folders", folder.display(), profiles.len());
        };
        let path = folder.join(file(profile, "img"));
        let stored = Stored::open(&path)?;
        let keys: Vec<_> = self.slot_key.iter().cloned().chain([PublicKey::DEVELOPMENT]).collect();
        let slot = stored.slots.first().with_context(|| format!("{}: it has no slot", path.display()))?;
        let key = slot.signer(&keys).with_context(|| {
            format!("{}: its slot is signed with a key that is not known here: give it by --slot-key", path.display())
        })?;
        let manifest = slot.verify(key).with_context(|| path.display().to_string())?;
        let about = Image {
            profile: profile.clone(),
            slot_key: key.to_string(),
            verity_root_hash: image::digits(&manifest.table.root),
        };
        let (version, rollback_index) = (manifest.product.version, manifest.product.rollback);
        Ok(Built { folder: folder.to_owned(), about, version, rollback_index })
    }

    fn statement(&self, built: &[Built], signed_by: &str) -> Result<Statement> {
        let Some(first) = built.first() else { bail!("no image was given") };
        let mut images: Vec<Image> = Vec::new();
        for one in built {
            ensure!(
                (&one.version, one.rollback_index) == (&first.version, first.rollback_index),
                "{} is version {} and {} is {}: build both from the same images/release.yaml",
                first.folder.display(),
                first.version,
                one.folder.display(),
                one.version
            );
            ensure!(
                images.iter().all(|other| other.profile != one.about.profile),
                "{}: the profile {} is there twice",
                one.folder.display(),
                one.about.profile
            );
            images.push(one.about.clone());
        }
        images.sort_by(|one, other| one.profile.cmp(&other.profile));
        let everybodys = everybodys_keys(signed_by, &images);
        ensure!(
            self.development || everybodys.is_empty(),
            "{}: make keys of your own (docs/flashing.md, Keys), or say --development for a release that is no good but for tests",
            everybodys.join(", and ")
        );
        Ok(Statement {
            version: first.version.clone(),
            rollback_index: first.rollback_index,
            revision: self.revision.clone(),
            signed_by: signed_by.to_owned(),
            development: !everybodys.is_empty(),
            images,
        })
    }

    fn fill(&self, part: &Path, built: &[Built], statement: &Statement, signer: &Signer) -> Result<Checked> {
        let mut sums = Sums::new();
        let write = |name: &str, bytes: &[u8]| {
            let path = part.join(name);
            fs::write(&path, bytes).with_context(|| format!("failed to write {}", path.display()))
        };
        let mut put = |name: &str, bytes: &[u8]| {
            sums.insert(name.to_owned(), image::sha256(bytes));
            write(name, bytes)
        };
        let signature = |name: &str, bytes: &[u8]| {
            let signature =
                signer.sign(bytes, &said(&statement.version, name), ABOUT).with_context(|| name.to_owned())?;
            write(&format!("{name}{SIGNATURE}"), signature.as_bytes())
        };
        let mut identical = Sums::new();
        for (number, one) in built.iter().enumerate() {
            let again = self.again.get(number);
            for ending in ENDINGS {
                let name = file(&one.about.profile, ending);
                // The build calls what fills an image so for all of them.
                let there = if ending == "sizes.txt" { "sizes.txt" } else { &*name };
                let bytes = read(&one.folder.join(there))?;
                if let Some(again) = again {
                    let path = again.join(there);
                    ensure!(read(&path)? == bytes, "{}: the second build is another than the first", path.display());
                    identical.insert(name.clone(), image::sha256(&bytes));
                }
                put(&name, &bytes)?;
                if SIGNED.contains(&ending) {
                    signature(&name, &bytes)?;
                }
            }
        }
        put(STATEMENT, json(statement)?.as_bytes())?;
        let reproducibility = Reproducibility::new(self.second_build.clone(), identical);
        put(REPRODUCIBILITY, json(&reproducibility)?.as_bytes())?;
        let text = sums::write(&sums);
        write(SUMS, text.as_bytes())?;
        signature(SUMS, text.as_bytes())?;
        let mut keys = Keys::default();
        keys.add("the key that signs", &statement.signed_by)?;
        super::verify::check(part, &keys, self.development)
    }
}

/// In words, which of the keys everybody has.
pub(super) fn everybodys_keys(signed_by: &str, images: &[Image]) -> Vec<String> {
    let mut words = Vec::new();
    if signed_by == DEVELOPMENT {
        words.push("the key that signs the files is the development key, which everybody has".to_owned());
    }
    let development = PublicKey::DEVELOPMENT.to_string();
    for image in images.iter().filter(|image| image.slot_key == development) {
        words.push(format!("the system of {} is signed with the development key, which everybody has", image.profile));
    }
    words
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("failed to read {}", path.display()))
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
