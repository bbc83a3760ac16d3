// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A configuration on trial: the router runs with it until it is confirmed or taken back.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::present::Roles;
use crate::render::{Rendered, SOURCE};
use crate::store::FILE;
use crate::{connection, render, Config, Error, Policies, Ports, Store};

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
    /// How long that may take.
    pub limit: Duration,
    /// This program, of which another one takes back what nobody confirms: `config expire TRIAL SECONDSs`.
    pub program: PathBuf,
    /// The folder with its network interfaces.
    pub interfaces: PathBuf,
}

/// What kind of device a router is.
pub(crate) const PROFILE: &str = "/etc/lunagate/profile.yaml";
/// In the folder of files, why these are not all that the owner's file says.
const FALLBACK: &str = "fallback";
/// In the folder of files, since when the router has followed them whole.
const SINCE: &str = "since";
/// In the folder of files, what the program says that makes the router follow.
const SAID: &str = "said";
/// How often it is looked whether that program is done.
const PAUSE: Duration = Duration::from_millis(50);

impl Router {
    /// This machine.
    ///
    /// # Errors
    ///
    /// Its profile cannot be read, or is wrong.
    pub fn here() -> Result<Router, Error> {
        let program = std::env::current_exe().map_err(|source| Error::NoTimer { source })?;
        Ok(Router {
            store: Store::new("/data/config", Ports::of_machine(PROFILE.as_ref())?),
            files: "/run/config".into(),
            policies: "/lib/modules/lua/policies".into(),
            installed: "/data/policies".into(),
            reconfigure: "/usr/lib/lunagate/reconfigure".into(),
            // Daemons are waited for up to a minute in all, policies as long as they take.
            limit: Duration::from_secs(300),
            program,
            interfaces: "/sys/class/net".into(),
        })
    }

    pub(crate) fn there(&self) -> Result<Policies, Error> {
        Policies::open(&self.policies, &self.installed)
    }

    /// What the router runs with, which is what is on trial if something is.
    #[must_use]
    pub fn current(&self) -> Config {
        let config = self.source().and_then(|text| self.store.parse(&text).ok());
        config.unwrap_or_else(|| self.as_new())
    }

    /// The text of that; none after a failsafe boot.
    pub(crate) fn source(&self) -> Option<String> {
        fs::read_to_string(self.files.join(SOURCE)).ok()
    }

    /// Whether the router booted with something else than the owner's file, or not with all of it.
    pub(crate) fn fell_back(&self) -> bool {
        self.files.join(FALLBACK).exists()
    }

    /// Whoever has this is the only one who changes the configuration.
    pub(crate) fn lock(&self) -> Result<File, Error> {
        let path = self.files.with_extension("lock");
        let locked = File::create(&path).and_then(|file| file.lock().map(|()| file));
        Ok(locked.map_err(files::Error::writing(&path))?)
    }

    /// Renders a configuration into a folder beside the others; the text that says it, if one does, and why it is not all of
    /// the owner's file, if it is not.
    pub(crate) fn render(
        &self,
        config: &Config,
        policies: &Policies,
        text: Option<&str>,
        fallback: &[String],
    ) -> Result<PathBuf, Error> {
        let Rendered(mut files) = render(config, policies)?;
        files.extend(text.map(|text| (SOURCE.to_owned(), text.as_bytes().to_vec())));
        if !fallback.is_empty() {
            files.push((FALLBACK.to_owned(), format!("{}\n", fallback.join("\n")).into_bytes()));
        }
        for number in 0_u32.. {
            let folder = self.files.with_extension(number.to_string());
            match fs::create_dir(&folder) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(source) => return Err(files::Error::Write { path: folder, source }.into()),
                Ok(()) => {
                    Rendered(files).save(&folder)?;
                    return Ok(folder);
                }
            }
        }
        unreachable!("there are not so many folders")
    }

    /// The daemons read this folder from now on; the one before.
    pub(crate) fn point_to(&self, folder: &Path) -> Result<Option<PathBuf>, Error> {
        let before = fs::read_link(&self.files).ok();
        let link = self.files.with_extension("new");
        // One that a cut left.
        let _ = fs::remove_file(&link);
        let linked = symlink(folder, &link).and_then(|()| fs::rename(&link, &self.files));
        linked.map_err(files::Error::writing(&self.files))?;
        Ok(before)
    }

    /// The router runs with a text that is on trial from now on; it is as before if anything fails. What nobody confirms is
    /// taken back after `wait`, even if this program ends meanwhile.
    ///
    /// # Errors
    ///
    /// The text is wrong (`path` is where it is from), a daemon does not take it, one is on trial, or the router cannot be changed.
    pub fn apply(&self, path: &Path, text: &str, wait: Duration) -> Result<(), Error> {
        let _lock = self.lock()?;
        let config = self.store.parse(text).map_err(files::Error::says(path))?;
        if self.store.trial()?.is_some() {
            return Err(Error::OnTrial);
        }
        let folder = self.render(&config, &self.there()?, Some(text), &[])?;
        let begun = examine(&folder)
            .and_then(|()| self.store.begin(text, self.source().as_deref()))
            .and_then(|()| self.start_timer(wait).inspect_err(|_| drop(self.store.reject())));
        if let Err(error) = begun {
            let _ = fs::remove_dir_all(&folder);
            return Err(error);
        }
        self.follow(&folder).inspect_err(|_| {
            // What is said is why it failed.
            let _ = self.back();
        })
    }

    /// Another process takes it back. It outlives this one, whose connection the new network may end: in a group of its own
    /// it hears nothing of a terminal that goes.
    fn start_timer(&self, wait: Duration) -> Result<(), Error> {
        let trial = self.store.trial_name()?.ok_or(Error::NoTrial)?;
        let mut expire = Command::new(&self.program);
        expire.args(["config", "expire", &trial, &format!("{}s", wait.as_secs())]).process_group(0);
        let started = expire.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        started.map(drop).map_err(|source| Error::NoTimer { source })
    }

    /// Takes this trial back if it still goes on so long after the router has followed, or after who had it follow has
    /// gone; whether it did.
    ///
    /// # Errors
    ///
    /// As [`Router::take_back`].
    pub fn expire(&self, trial: &str, after: Duration) -> Result<bool, Error> {
        drop(self.lock()?);
        thread::sleep(after);
        let _lock = self.lock()?;
        let is_on = self.store.trial_name()?.as_deref() == Some(trial);
        if is_on {
            self.back()?;
        }
        Ok(is_on)
    }

    /// The router runs with what was before again.
    ///
    /// # Errors
    ///
    /// None is on trial, or the router cannot be changed.
    pub fn take_back(&self) -> Result<(), Error> {
        let _lock = self.lock()?;
        self.back()
    }

    fn back(&self) -> Result<(), Error> {
        let text = self.store.reject()?;
        // It was right when the router began to run with it. Before it was a failsafe boot, if there is none.
        let config = text.as_deref().and_then(|text| self.store.parse(text).ok());
        let mut config = config.unwrap_or_else(|| Config::new(self.store.ports()));
        let mut policies = self.there()?;
        policies.adapt(&mut config);
        let roles =
            if text.as_deref().is_some_and(|text| !self.store.is(FILE, text)) { Roles::Guessed } else { Roles::Said };
        // As at the boot; whatever is missing by now, nothing else can be done.
        let mut fallback = self.leave_out(&mut config, roles).unwrap_or_default();
        fallback.extend(self.lacks(&config));
        let folder = self.render(&config, &policies, text.as_deref(), &fallback)?;
        self.follow(&folder)
    }

    /// What is on trial is the configuration from now on; or else the owner's file is, with which the router booted.
    ///
    /// # Errors
    ///
    /// [`Error::NotTried`], [`Error::OldConnection`], [`Error::NotApplied`], or as [`Store::confirm`].
    pub fn confirm(&self) -> Result<(), Error> {
        let _lock = self.lock()?;
        if let Some(trial) = self.store.trial()? {
            if self.source().is_none_or(|running| running != trial) {
                return Err(Error::NotTried);
            }
            self.prove()?;
        } else {
            let (running, file) = (self.source(), self.store.file());
            if file.exists() && !running.is_some_and(|text| self.store.is(FILE, &text)) {
                self.store.parse(&files::read_text(&file)?).map_err(files::Error::says(&file))?;
                return Err(Error::NotApplied { file });
            }
        }
        self.keep()
    }

    /// As [`Router::confirm`], by who wants no proof.
    ///
    /// # Errors
    ///
    /// As [`Store::confirm`].
    pub fn confirm_at_once(&self) -> Result<(), Error> {
        let _lock = self.lock()?;
        self.keep()
    }

    fn keep(&self) -> Result<(), Error> {
        self.store.confirm()?;
        self.note_wan(&self.current())
    }

    /// That this program was started by a connection which is younger than what is on trial, or by none.
    fn prove(&self) -> Result<(), Error> {
        let path = self.files.join(SINCE);
        let Some(began) = connection::began().map_err(files::Error::reading("/proc".as_ref()))? else { return Ok(()) };
        let since = files::read_text(&path).ok().and_then(|text| text.trim_end().parse().ok());
        // What the router does not follow whole nobody has reached.
        if since.is_some_and(|since: u64| began >= since) {
            Ok(())
        } else {
            Err(Error::OldConnection)
        }
    }

    /// The daemons follow; in part, if this fails.
    fn follow(&self, folder: &Path) -> Result<(), Error> {
        let before = self.point_to(folder)?.unwrap_or_else(|| folder.to_owned());
        let followed =
            run_within(Command::new(&self.reconfigure).arg(&before).arg(folder), &folder.join(SAID), self.limit);
        if before != folder {
            fs::remove_dir_all(&before).map_err(files::Error::writing(&before))?;
        }
        match followed {
            Ok(()) => {
                let (path, now) = (folder.join(SINCE), connection::now());
                let noted = now.and_then(|now| fs::write(&path, format!("{now}\n")));
                Ok(noted.map_err(files::Error::writing(&path))?)
            }
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

/// Runs a program, whose words go to a file: a process that it leaves behind must not be waited for.
fn run_within(command: &mut Command, said: &Path, limit: Duration) -> Result<(), Failure> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => Failure::Missing,
        _ => Failure::Said(error.to_string()),
    };
    let words = File::create(said).map_err(|error| Failure::Said(error.to_string()))?;
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(words).spawn().map_err(failed)?;
    let began = Instant::now();
    let ended: Option<ExitStatus> = loop {
        match child.try_wait().map_err(failed)? {
            None if began.elapsed() < limit => thread::sleep(PAUSE),
            ended => break ended,
        }
    };
    if ended.is_some_and(|status| status.success()) {
        return Ok(());
    }
    let mut words = fs::read(said).map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()).unwrap_or_default();
    if ended.is_none() {
        let _ = child.kill().and_then(|()| child.wait());
        words = format!("it is not done after {} s {words}", limit.as_secs()).trim_end().to_owned();
    }
    Err(Failure::Said(words))
}
