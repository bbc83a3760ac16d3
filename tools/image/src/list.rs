// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate image list`: the profiles that there are, and what was built of them.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::size::Size;
use crate::{Error, Profile, PublicKey, Stored};

/// List the profiles that images are built from, and the images and bundles that were built.
#[derive(Args)]
pub struct List {
    /// The folder with images and bundles, there or in a folder of it.
    #[arg(default_value = "build")]
    folder: PathBuf,
    /// The folder with profiles.
    #[arg(long, value_name = "FOLDER", default_value = "images/profiles")]
    profiles: PathBuf,
    /// As JSON.
    #[arg(long)]
    pub json: bool,
}

/// Profiles, and images of them.
#[derive(Debug, Serialize)]
pub struct Listing {
    /// By name.
    pub profiles: Vec<Kind>,
    /// By path.
    pub images: Vec<Image>,
}

/// A kind of device.
#[derive(Debug, Serialize)]
pub struct Kind {
    /// The profile's name.
    pub name: String,
    /// What its processor understands.
    pub architecture: &'static str,
    /// Bytes that root, verity tree, kernel and loader may take together.
    pub flash: u64,
    /// Bytes of each of the two slots.
    pub slot: u64,
    /// In a sentence.
    pub description: String,
}

/// An image or a bundle, by its header alone: `lunagate image inspect` checks the rest.
#[derive(Debug, Serialize)]
pub struct Image {
    /// The file.
    pub file: PathBuf,
    /// `image` or `bundle`.
    pub kind: &'static str,
    /// Its bytes.
    pub bytes: u64,
    /// The kind of device that the system in it is for: an image's slot A.
    pub profile: String,
    /// That system's version.
    pub version: String,
    /// Whether the development key has signed it, with which anybody can sign.
    pub development_key: bool,
}

impl List {
    /// Looks.
    ///
    /// # Errors
    ///
    /// A folder or a file cannot be read, or a profile is none.
    pub fn look(&self) -> Result<Listing, Error> {
        let mut profiles = Vec::new();
        for path in files_in(&self.profiles)? {
            if has_ending(&path, &["yaml"]) {
                profiles.push(Kind::new(Profile::open(&path)?));
            }
        }
        let mut images = Vec::new();
        // Nix leaves links to folders there.
        let paths = files_in(&self.folder)?;
        let deeper = paths.iter().filter(|path| path.is_dir()).map(|folder| files_in(folder));
        let deeper: Vec<_> = deeper.collect::<Result<_, _>>()?;
        for path in paths.iter().chain(deeper.iter().flatten()) {
            if has_ending(path, &["img", "bundle"]) && path.is_file() {
                images.extend(Image::new(&Stored::open(path)?));
            }
        }
        images.sort_by(|one, other| one.file.cmp(&other.file));
        Ok(Listing { profiles, images })
    }
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known))
}

/// What is in a folder, sorted; nothing without the folder.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(files::Error::reading(folder))? {
        paths.push(entry.map_err(files::Error::reading(folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

impl Kind {
    fn new(profile: Profile) -> Kind {
        Kind {
            name: profile.name,
            architecture: profile.architecture.name(),
            flash: profile.flash,
            slot: profile.partitions.slot,
            description: profile.description,
        }
    }
}

impl Image {
    fn new(stored: &Stored) -> Option<Image> {
        let system = stored.slots.iter().find_map(|slot| Some((slot, slot.header()?)));
        let (slot, header) = system?;
        Some(Image {
            file: stored.path.clone(),
            kind: if stored.disk.is_some() { "image" } else { "bundle" },
            bytes: stored.bytes,
            profile: header.compatibility.to_owned(),
            version: header.version.to_owned(),
            development_key: slot.signer(&[PublicKey::DEVELOPMENT]).is_some(),
        })
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.profiles.is_empty() {
            writeln!(f, "no profiles: run this in the repository, or name their folder by --profiles")?;
        }
        for Kind { name, architecture, flash, slot, description } in &self.profiles {
            writeln!(f, "profile {name}: {description}")?;
            writeln!(f, "  {architecture}, {} of flash, two slots of {}", Size(*flash), Size(*slot))?;
        }
        if self.images.is_empty() {
            return writeln!(f, "\nno images: `make image` builds one into build/router-image");
        }
        writeln!(f)?;
        for Image { file, kind, bytes, profile, version, development_key } in &self.images {
            let key = if *development_key { ", signed by the development key" } else { "" };
            writeln!(f, "{kind:<6}  {:>10}  {profile} {version}{key}  {}", Size(*bytes), file.display())?;
        }
        Ok(())
    }
}
