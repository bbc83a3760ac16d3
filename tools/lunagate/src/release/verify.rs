// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate verify-release`.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{ensure, Context, Result};
use author::packages::Keys;
use clap::Args;
use image::{Inspection, PublicKey, Stored};
use serde::de::DeserializeOwned;

use super::make::everybodys_keys;
use super::problems::Problems;
use super::statement::{Reproducibility, Statement};
use super::sums::{self, Sums};
use super::{file, profile, said, ABOUT, ENDINGS, REPRODUCIBILITY, SIGNATURE, SIGNED, STATEMENT, SUMS};

/// The options of `lunagate verify-release`.
#[derive(Args)]
pub struct VerifyRelease {
    /// The folder of the release.
    folder: PathBuf,
    /// A public key to believe, in minisign's format: its file, or its line.
    #[arg(long, short, value_name = "KEY", required = true)]
    key: Vec<String>,
    /// Believe development keys, too, with which anybody can sign.
    #[arg(long)]
    development: bool,
}

/// What a good release is.
pub(super) struct Checked {
    statement: Statement,
    reproducibility: Reproducibility,
    files: usize,
}

impl VerifyRelease {
    /// Says what it is, and that it is good.
    pub fn run(&self) -> Result<()> {
        let mut keys = Keys::default();
        for key in &self.key {
            let text = fs::read_to_string(key).unwrap_or_else(|_| key.clone());
            keys.add(key, &text)?;
        }
        println!("{}: {}", self.folder.display(), check(&self.folder, &keys, self.development)?);
        Ok(())
    }
}

/// Checks all of a release.
///
/// # Errors
///
/// All that is wrong, by file, as far as it can be said: what hangs on checksums is looked at only if these hold.
pub(super) fn check(folder: &Path, keys: &Keys, development: bool) -> Result<Checked> {
    let (text, signed_by, comment) = signed(folder, SUMS, keys)?;
    let text = String::from_utf8(text).with_context(|| format!("{SUMS}: this is no text"))?;
    let sums = sums::read(&text).with_context(|| SUMS.to_owned())?;
    let mut problems = Problems::default();
    check_files(folder, &sums, &mut problems)?;
    problems.end()?;

    let statement: Statement = parse(folder, STATEMENT)?;
    let reproducibility: Reproducibility = parse(folder, REPRODUCIBILITY)?;
    let mut problems = Problems::default();
    let right = said(&statement.version, SUMS);
    problems.unless(
        comment == right,
        &format!("{SUMS}{SIGNATURE}"),
        format!("it was made for '{comment}', not for '{right}'"),
    );
    problems.unless(
        statement.signed_by == signed_by,
        STATEMENT,
        format!("it says that {} signs, and {signed_by} did", statement.signed_by),
    );
    check_names(&statement, &sums, &mut problems);
    check_keys(&statement, development, &mut problems);
    problems.end()?;

    let mut problems = Problems::default();
    for image in &statement.images {
        for name in SIGNED.map(|ending| file(&image.profile, ending)) {
            let Some((_, signer, comment)) = problems.note(&name, signed(folder, &name, keys)) else { continue };
            let right = said(&statement.version, &name);
            problems.unless(
                comment == right,
                &format!("{name}{SIGNATURE}"),
                format!("it was made for '{comment}', not for '{right}'"),
            );
            problems.unless(
                signer == signed_by,
                &format!("{name}{SIGNATURE}"),
                format!("{signer} signed it, and {signed_by} the checksums"),
            );
        }
        profile::check(folder, &statement, image, &mut problems);
    }
    check_reproducibility(&reproducibility, &sums, &mut problems);
    problems.end()?;
    Ok(Checked { statement, reproducibility, files: fs::read_dir(folder).map_or(0, Iterator::count) })
}

/// A file that one of the keys signed: its bytes, the key, and what was signed along with it.
fn signed(folder: &Path, name: &str, keys: &Keys) -> Result<(Vec<u8>, String, String)> {
    let path = folder.join(name);
    let read = |path: &Path| {
        let missing = || format!("{}: it is missing, or cannot be read: get the release again", path.display());
        fs::read(path).with_context(missing)
    };
    let bytes = read(&path)?;
    let signature = read(&folder.join(format!("{name}{SIGNATURE}")))?;
    let signature = String::from_utf8_lossy(&signature);
    let (key, comment) = keys.check(&path, &bytes, Some(&signature))?;
    // What is not signed of it is as we write it, so that no byte is anybody's.
    let about = format!("untrusted comment: {ABOUT}");
    let lines: Vec<_> = signature.split('\n').collect();
    ensure!(
        lines.first() == Some(&&*about) && lines.last() == Some(&"") && lines.len() == 5,
        "{name}{SIGNATURE}: it is not four lines, of which the first is '{about}': get it again"
    );
    Ok((bytes, key.to_owned(), comment))
}

/// Nothing is missing, nothing is there beside, and all is what it was.
fn check_files(folder: &Path, sums: &Sums, problems: &mut Problems) -> Result<()> {
    let signed = sums.keys().filter(|name| SIGNED.iter().any(|ending| name.ends_with(&format!(".{ending}"))));
    let signatures: BTreeSet<_> =
        signed.map(String::as_str).chain([SUMS]).map(|name| format!("{name}{SIGNATURE}")).collect();
    let mut there = BTreeSet::new();
    let slot_keys = slot_keys(folder, sums);
    for entry in fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))? {
        let entry = entry.with_context(|| format!("failed to read {}", folder.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        problems.unless(is_file, &name, "this is no plain file: a release has no folders and no links");
        let known = name == SUMS || signatures.contains(&name) || sums.contains_key(&name);
        problems.unless(known, &name, format!("{SUMS} does not list it: it is not part of the release, remove it"));
        there.insert(name);
    }
    for name in signatures.difference(&there) {
        problems.add(name, "it is missing: get it, or the release, again");
    }
    for (name, sum) in sums {
        if !there.contains(name) {
            problems.add(name, format!("{SUMS} lists it, and it is missing: get it, or the release, again"));
            continue;
        }
        let path = folder.join(name);
        let Some(bytes) = problems.note(name, fs::read(&path)) else { continue };
        let is = image::sha256(&bytes);
        if is != *sum {
            let place = damage(&path, &slot_keys).map(|place| format!(" ({place})")).unwrap_or_default();
            problems.add(
                name,
                format!("it was changed or cut short{place}: its SHA-256 is {is}, {SUMS} has {sum}: get it again"),
            );
        }
    }
    Ok(())
}

/// The keys of the slots, if release.json is there to say them.
fn slot_keys(folder: &Path, sums: &Sums) -> Vec<PublicKey> {
    let bytes =
        fs::read(folder.join(STATEMENT)).ok().filter(|bytes| sums.get(STATEMENT) == Some(&image::sha256(bytes)));
    let statement = bytes.and_then(|bytes| serde_json::from_slice::<Statement>(&bytes).ok());
    let images = statement.map(|statement| statement.images).unwrap_or_default();
    images.iter().filter_map(|image| PublicKey::read(&image.slot_key).ok()).collect()
}

/// Where an image or a bundle is damaged, if it says so by itself.
fn damage(path: &Path, keys: &[PublicKey]) -> Option<String> {
    let stored = Stored::open(path).ok()?;
    let inspection = Inspection::new(&stored, keys);
    inspection.slots.iter().find_map(|slot| {
        let problem = slot.problem.as_ref()?;
        (slot.state == image::State::Damaged).then(|| match slot.slot {
            Some(letter) => format!("slot {letter}: {problem}"),
            None => problem.clone(),
        })
    })
}

/// The files are those that a release of these profiles has.
fn check_names(statement: &Statement, sums: &Sums, problems: &mut Problems) {
    let mut names = BTreeSet::from([STATEMENT.to_owned(), REPRODUCIBILITY.to_owned()]);
    for image in &statement.images {
        for ending in ENDINGS {
            names.insert(file(&image.profile, ending));
        }
    }
    problems.unless(!statement.images.is_empty(), STATEMENT, "it has no images");
    for name in &names {
        problems.unless(sums.contains_key(name), SUMS, format!("it does not list {name}, which the release must have"));
    }
    for name in sums.keys() {
        problems.unless(names.contains(name), SUMS, format!("it lists {name}, which is no file of a release"));
    }
}

/// Development keys are called so, and believed only by who asked for them.
fn check_keys(statement: &Statement, development: bool, problems: &mut Problems) {
    let everybodys = everybodys_keys(&statement.signed_by, &statement.images);
    problems.unless(
        statement.development != everybodys.is_empty(),
        STATEMENT,
        "it does not say whether its keys are development keys, as they are",
    );
    for words in everybodys.iter().filter(|_| !development) {
        let way_out = "it could be from anybody: get a release with other keys, or say --development if this is a test";
        problems.add(STATEMENT, format!("{words}: {way_out}"));
    }
}

/// What is said of two builds is of these files.
fn check_reproducibility(said: &Reproducibility, sums: &Sums, problems: &mut Problems) {
    let right = Reproducibility::new(said.second_build.clone(), said.identical.clone());
    problems.unless(*said == right, REPRODUCIBILITY, "its statement is not that of so many builds");
    problems.unless(
        said.second_build.is_some() != said.identical.is_empty(),
        REPRODUCIBILITY,
        "it names files that were the same without a second build, or a second build without files",
    );
    for (name, sum) in &said.identical {
        problems.unless(
            sums.get(name) == Some(sum),
            REPRODUCIBILITY,
            format!("what it says of {name} is of another file"),
        );
    }
}

fn parse<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T> {
    let path = folder.join(name);
    let text = fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let value = serde_json::from_str(&text);
    // The error has line and column.
    value.with_context(|| {
        format!("{name}: it is not what a release says of itself: it needs another version of lunagate")
    })
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Checked { statement, reproducibility, files } = self;
        writeln!(f, "lunagate {}, {files} files, all as they were signed", statement.version)?;
        if let Some(revision) = &statement.revision {
            writeln!(f, "  built from   {revision}")?;
        }
        writeln!(f, "  signed with  {}", statement.signed_by)?;
        for image in &statement.images {
            writeln!(f, "  {:<12} slots signed with {}", image.profile, image.slot_key)?;
        }
        for words in everybodys_keys(&statement.signed_by, &statement.images) {
            writeln!(f, "  DEVELOPMENT  {words}")?;
        }
        write!(f, "  {}", reproducibility.statement)
    }
}
