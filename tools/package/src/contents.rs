// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is in a package.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use policy::{is_datum, is_script, Datum, Manifest, Policy, Script, DATA, MANIFEST};

use crate::archive::{self, Files};
use crate::Error;

/// The folder of what policies share.
const LIBRARY: &str = "library";

/// A policy with all that it needs, as files below the folder that scripts require as `policies`:
/// `NAME/policy.yaml`, `NAME/FILE.lua`, `NAME/data/FILE`, `library/FILE.lua`.
#[derive(Debug)]
pub struct Package {
    /// What it says about itself.
    pub manifest: Manifest,
    /// Its version, which every package has.
    pub version: String,
    files: Files,
}

impl Package {
    /// A folder's policy, with these scripts of the library.
    ///
    /// # Errors
    ///
    /// It has no version, or files of it cannot be read.
    pub fn pack(policy: &Policy, folder: &Path, library: &[&Script]) -> Result<Package, Error> {
        let name = &policy.manifest.name;
        let Some(version) = policy.manifest.version.clone() else {
            return Err(Error::NoVersion { policy: name.clone() });
        };
        let mut files = Files::from([(format!("{name}/{MANIFEST}"), policy.text.clone().into_bytes())]);
        for script in &policy.scripts {
            files.insert(format!("{name}/{}.lua", script.name), script.text.clone());
        }
        for script in library {
            files.insert(format!("{LIBRARY}/{}.lua", script.name), script.text.clone());
        }
        for Datum { name: file, bytes } in &policy.data {
            files.insert(format!("{name}/{DATA}/{file}"), bytes.clone());
        }
        let package = Package { manifest: policy.manifest.clone(), version, files };
        // What cannot be read again is said where it can be changed.
        let path = folder.to_owned();
        Package::parse(&package.bytes()).map_err(|why| Error::NoPackage { path, why })
    }

    /// What a file's bytes mean; `path` is its name. Whose they are is another question: see [`Keys`](crate::Keys).
    ///
    /// # Errors
    ///
    /// [`Error::NoPackage`].
    pub fn read(path: &Path, bytes: &[u8]) -> Result<Package, Error> {
        Package::parse(bytes).map_err(|why| Error::NoPackage { path: path.to_owned(), why })
    }

    fn parse(bytes: &[u8]) -> Result<Package, String> {
        let files = archive::read(bytes)?;
        let mut manifests = files.iter().filter_map(|(path, text)| Some((path.strip_suffix("/policy.yaml")?, text)));
        let (Some((folder, text)), None) = (manifests.next(), manifests.next()) else {
            return Err("it has not one policy.yaml".to_owned());
        };
        let text = std::str::from_utf8(text).map_err(|error| format!("policy.yaml: {error}"))?;
        let manifest = Manifest::parse(text, folder).map_err(|problem| format!("policy.yaml:{problem}"))?;
        let version = manifest.version.clone().ok_or("its policy.yaml has no version")?;
        if let Some(odd) = files.keys().find(|path| !belongs(path, &manifest.name)) {
            return Err(format!("'{odd}' is no place for a file"));
        }
        let entry = format!("{}/{}.lua", manifest.name, manifest.entry);
        if !files.contains_key(&entry) {
            return Err(format!("there is no {entry}, its entry"));
        }
        Ok(Package { manifest, version, files })
    }

    /// The file's bytes: the same for the same contents.
    ///
    /// # Panics
    ///
    /// Never: names are short, and memory takes everything.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        archive::write(&self.files).expect("names of files are short")
    }

    /// The file's usual name.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}-{}.policy", self.manifest.name, self.version)
    }

    /// Its files, by path, with their sizes.
    pub fn files(&self) -> impl Iterator<Item = (&str, usize)> {
        self.files.iter().map(|(path, contents)| (path.as_str(), contents.len()))
    }

    /// Writes its files into a folder, down to the disk, and the manifest's parameters as a script.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn unpack(&self, folder: &Path) -> Result<(), Error> {
        let name = &self.manifest.name;
        let parameters = policy::table(&self.manifest.parameters).into_bytes();
        let parameters = (format!("{name}/parameters.lua"), parameters);
        for (path, contents) in self.files.iter().chain([(&parameters.0, &parameters.1)]) {
            let path = folder.join(path);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(files::Error::writing(parent))?;
            files::save(&path, |file| file.write_all(contents))?;
        }
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(files::Error::writing(folder))?;
        Ok(())
    }
}

/// Whether a package of this policy may have a file there.
fn belongs(path: &str, name: &str) -> bool {
    let script = |file: &str| file.strip_suffix(".lua").is_some_and(|stem| is_script(stem) && stem != "parameters");
    match path.split('/').collect::<Vec<_>>()[..] {
        [folder, file] if folder == name => file == MANIFEST || script(file),
        [LIBRARY, file] => script(file),
        [folder, DATA, file] if folder == name => is_datum(file),
        _ => false,
    }
}
