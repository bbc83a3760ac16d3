// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A configuration on trial: the router runs with it until it is confirmed or taken back.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::store::Boot;
use crate::{render, Config, Error, Policies, Ports, Store};

/// A running router.
pub struct Router {
    /// What it keeps.
    pub store: Store,
    /// The link to the folder with the files that its daemons read.
    pub files: PathBuf,
    /// The folder with the policies of its image.
    pub policies: PathBuf,
    /// The folder with the policies that its owner has installed.
    pub installed: PathBuf,
    /// The program that makes a running router follow: `reconfigure OLD NEW`, with these folders.
    pub reconfigure: PathBuf,
}

/// What kind of device a router is.
const PROFILE: &str = "/etc/lunagate/profile.yaml";

impl Router {
    /// This machine.
    ///
    /// # Errors
    ///
    /// Its profile cannot be read, or is wrong.
    pub fn here() -> Result<Router, Error> {
        Ok(Router {
            store: Store::new("/data/config", Ports::of_machine(PROFILE.as_ref())?),
            files: "/run/config".into(),
            policies: "/lib/modules/lua/policies".into(),
            installed: "/data/policies".into(),
            reconfigure: "/usr/lib/lunagate/reconfigure".into(),
        })
    }

    fn there(&self) -> Result<Policies, Error> {
        Policies::open(&self.policies, &self.installed)
    }

    /// Renders a configuration into a folder beside the others.
    fn render(&self, config: &Config, policies: &Policies) -> Result<PathBuf, Error> {
        let files = render(config, policies)?;
        for number in 0_u32.. {
            let folder = self.files.with_extension(number.to_string());
            match fs::create_dir(&folder) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(source) => return Err(files::Error::Write { path: folder, source }.into()),
                Ok(()) => {
                    files.save(&folder)?;
                    return Ok(folder);
                }
            }
        }
        unreachable!("there are not so many folders")
    }

    /// The daemons read this folder from now on; the one before.
    fn point_to(&self, folder: &Path) -> Result<Option<PathBuf>, Error> {
        let before = fs::read_link(&self.files).ok();
        let link = self.files.with_extension("new");
        // One that a cut left.
        let _ = fs::remove_file(&link);
        let linked = symlink(folder, &link).and_then(|()| fs::rename(&link, &self.files));
        linked.map_err(files::Error::writing(&self.files))?;
        Ok(before)
    }

    /// Renders what the router boots with; what its owner should know.
    ///
    /// # Errors
    ///
    /// Files cannot be read or written.
    pub fn boot(&self) -> Result<Vec<String>, Error> {
        self.boot_with(self.store.boot()?)
    }

    /// Renders what a new router boots with; what the owner has said stays as it is. What its owner should know.
    ///
    /// # Errors
    ///
    /// Files cannot be read or written.
    pub fn boot_failsafe(&self) -> Result<Vec<String>, Error> {
        self.boot_with(Boot { config: Config::new(self.store.ports()), said: Vec::new() })
    }

    fn boot_with(&self, mut boot: Boot) -> Result<Vec<String>, Error> {
        let mut policies = self.there()?;
        boot.said.extend(policies.adapt(&mut boot.config));
        if let Some(before) = self.point_to(&self.render(&boot.config, &policies)?)? {
            fs::remove_dir_all(&before).map_err(files::Error::writing(&before))?;
        }
        Ok(boot.said)
    }

    /// The router runs with a text that is on trial from now on; it is as before if anything fails.
    ///
    /// # Errors
    ///
    /// The text is wrong (`path` is where it is from), a daemon does not take it, one is on trial, or the router cannot be changed.
    pub fn apply(&self, path: &Path, text: &str) -> Result<(), Error> {
        let config = self.store.parse(text).map_err(files::Error::says(path))?;
        if self.store.trial()?.is_some() {
            return Err(Error::OnTrial);
        }
        let folder = self.render(&config, &self.there()?)?;
        let begun = examine(&folder).and_then(|()| self.store.begin(text));
        if let Err(error) = begun {
            let _ = fs::remove_dir_all(&folder);
            return Err(error);
        }
        self.follow(&folder).inspect_err(|_| {
            // What is said is why it failed.
            let _ = self.take_back();
        })
    }

    /// The router runs with the confirmed one again.
    ///
    /// # Errors
    ///
    /// None is on trial, or the router cannot be changed.
    pub fn take_back(&self) -> Result<(), Error> {
        let text = self.store.reject()?;
        // It was right when it was confirmed, and a newer router may know better.
        let mut config = self.store.parse(&text).unwrap_or_else(|_| Config::new(self.store.ports()));
        let mut policies = self.there()?;
        policies.adapt(&mut config);
        let folder = self.render(&config, &policies)?;
        self.follow(&folder)
    }

    /// The daemons follow; in part, if this fails.
    fn follow(&self, folder: &Path) -> Result<(), Error> {
        let before = self.point_to(folder)?.unwrap_or_else(|| folder.to_owned());
        let followed = run(Command::new(&self.reconfigure).arg(&before).arg(folder));
        if before != folder {
            fs::remove_dir_all(&before).map_err(files::Error::writing(&before))?;
        }
        match followed {
            Ok(()) => Ok(()),
            Err(Failure::Missing) => Err(Error::NoRouter { program: self.reconfigure.clone() }),
            Err(Failure::Said(said)) => Err(Error::Follow { said }),
        }
    }
}

/// Has the daemons say whether they take the files, those that can and are there.
///
/// # Errors
///
/// [`Error::Refused`].
pub fn examine(folder: &Path) -> Result<(), Error> {
    let (rules, names) = (folder.join("nftables.conf"), folder.join("dnsmasq.conf"));
    let conf = format!("--conf-file={}", names.display());
    for (program, arguments, file) in [
        ("nft", ["-c".as_ref(), "-f".as_ref(), rules.as_os_str()].as_slice(), &rules),
        ("dnsmasq", &["--test".as_ref(), conf.as_ref()], &names),
    ] {
        let mut command = Command::new(program);
        match run(command.args(arguments)) {
            Ok(()) | Err(Failure::Missing) => {}
            Err(Failure::Said(said)) => return Err(Error::Refused { program, file: file.clone(), said }),
        }
    }
    Ok(())
}

/// Why a program did not do what it was to do.
enum Failure {
    Missing,
    Said(String),
}

fn run(command: &mut Command) -> Result<(), Failure> {
    match command.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Failure::Missing),
        Err(error) => Err(Failure::Said(error.to_string())),
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(Failure::Said(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
    }
}
