// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a router boots with: the owner's file, or the next best that it can use, so that it can be reached and mended.

use std::fs;
use std::path::{Path, PathBuf};

use crate::present::Roles;
use crate::store::{Candidates, CONFIRMED, FILE};
use crate::trial::examine;
use crate::{Config, Error, Router};

/// Files that are made.
struct Prepared {
    folder: PathBuf,
    said: Vec<String>,
}

impl Router {
    /// Renders what the router boots with; what its owner should know.
    ///
    /// # Errors
    ///
    /// Files cannot be written, or not even the configuration of a new router can be used.
    pub fn boot(&self) -> Result<Vec<String>, Error> {
        self.boot_with(self.store.boot(), false)
    }

    /// Renders what a new router boots with; what the owner has said stays as it is. What its owner should know.
    ///
    /// # Errors
    ///
    /// As [`Router::boot`].
    pub fn boot_failsafe(&self) -> Result<Vec<String>, Error> {
        let folder = self.render(&self.as_new(), &self.there()?, None, &[])?;
        self.use_at_boot(&folder)?;
        Ok(Vec::new())
    }

    /// Now that drivers have brought their ports: renders anew if one is missing that the configuration names, or if what was
    /// the WAN's would be in a network; what the owner should know. If all is well, nothing changes.
    ///
    /// # Errors
    ///
    /// As [`Router::boot`]; no configuration has a port for the LAN that is there.
    pub fn boot_with_ports(&self) -> Result<Vec<String>, Error> {
        let config = self.current();
        let Some(source) = self.source() else {
            // A failsafe boot: who asks for it is there, and the owner's files are not looked at.
            let prepared = self.prepare(config, None, Some(Roles::Said), &[])?;
            self.use_at_boot(&prepared.folder)?;
            return Ok(prepared.said);
        };
        let roles = if self.store.is(FILE, &source) { Roles::Said } else { Roles::Guessed };
        if self.leave_out(&mut config.clone(), roles).is_ok_and(|said| said.is_empty()) {
            // What is not noted is not known at a later boot, and this one is as it is to be.
            return Ok(self.note_wan(&config).err().map(|error| error.in_full()).into_iter().collect());
        }
        self.boot_with(self.store.boot(), true)
    }

    /// The file with which a router booted that never had another is the confirmed one, so that it comes back when a
    /// later one cannot be used.
    ///
    /// # Errors
    ///
    /// Files cannot be read or written.
    pub fn booted(&self) -> Result<(), Error> {
        let _lock = self.lock()?;
        let whole = self.source().filter(|text| self.store.is(FILE, text) && !self.fell_back());
        match whole {
            Some(text) if !text.trim().is_empty() && self.store.trial()?.is_none() => self.store.confirm_first(),
            _ => Ok(()),
        }
    }

    fn boot_with(
        &self,
        Candidates { names, mut said }: Candidates,
        ports_are_known: bool,
    ) -> Result<Vec<String>, Error> {
        let mut why = Vec::new();
        for name in &names {
            // Without a file the router is as a new one is.
            let text = match self.store.read(name) {
                Ok(None) => continue,
                Ok(Some(text)) => text,
                Err(error) => {
                    why.push(format!("{name}: {}", error.in_full()));
                    continue;
                }
            };
            let roles = if name == FILE { Roles::Said } else { Roles::Guessed };
            let prepared = match self.store.parse(&text) {
                Err(problem) => Err(format!("{name}:{problem}")),
                Ok(config) => self
                    .prepare(config, Some(&text), ports_are_known.then_some(roles), &why)
                    .map_err(|error| format!("{name}: {}", error.in_full())),
            };
            match prepared {
                Ok(prepared) => {
                    said.append(&mut why);
                    said.extend(prepared.said);
                    if name == CONFIRMED {
                        said.push(format!("{name}, the last one that was confirmed, is used"));
                    } else if name != FILE {
                        said.push(format!("{name}, the newest that can be, is used"));
                    }
                    self.use_at_boot(&prepared.folder)?;
                    return Ok(said);
                }
                Err(problem) => why.push(problem),
            }
        }
        let config = self.as_new();
        // Nothing is behind this. So daemons are not asked for their opinion, for which one of them would have to be read from
        // a disk while a household waits for the Internet.
        let prepared = self.make(config, Some(""), ports_are_known.then_some(Roles::Guessed), &why)?;
        said.append(&mut why);
        said.extend(prepared.said);
        if !said.is_empty() {
            said.push("the router is configured as a new one is".to_owned());
        }
        self.use_at_boot(&prepared.folder)?;
        Ok(said)
    }

    /// Renders a configuration if the router can use it; `why` is why it is not the owner's file, if it is not.
    fn prepare(
        &self,
        config: Config,
        text: Option<&str>,
        ports: Option<Roles>,
        why: &[String],
    ) -> Result<Prepared, Error> {
        let prepared = self.make(config, text, ports, why)?;
        if let Err(error) = examine(&prepared.folder) {
            let _ = fs::remove_dir_all(&prepared.folder);
            return Err(error);
        }
        Ok(prepared)
    }

    /// The same whatever the daemons say.
    fn make(
        &self,
        mut config: Config,
        text: Option<&str>,
        ports: Option<Roles>,
        why: &[String],
    ) -> Result<Prepared, Error> {
        let mut policies = self.there()?;
        let mut said = policies.adapt(&mut config);
        let left_out = ports.map_or(Ok(Vec::new()), |roles| self.leave_out(&mut config, roles))?;
        let fallback: Vec<_> = why.iter().chain(&left_out).cloned().collect();
        said.extend(left_out);
        let folder = self.render(&config, &policies, text, &fallback)?;
        Ok(Prepared { folder, said })
    }

    fn use_at_boot(&self, folder: &Path) -> Result<(), Error> {
        if let Some(before) = self.point_to(folder)? {
            fs::remove_dir_all(&before).map_err(files::Error::writing(&before))?;
        }
        Ok(())
    }
}
