// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Waiting until somebody has changed a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

/// How often files are looked at.
const INTERVAL: Duration = Duration::from_millis(200);

/// The files of some folders, with what changes when they do.
#[derive(PartialEq, Eq)]
pub(super) struct Seen(BTreeMap<PathBuf, (Option<SystemTime>, u64)>);

impl Seen {
    /// What is there now; what cannot be looked at is not there.
    pub(super) fn now(folders: &[PathBuf]) -> Seen {
        let mut files = BTreeMap::new();
        let mut left = folders.to_vec();
        while let Some(folder) = left.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                match entry.metadata() {
                    Ok(about) if about.is_dir() => left.push(entry.path()),
                    Ok(about) => drop(files.insert(entry.path(), (about.modified().ok(), about.len()))),
                    Err(_) => {}
                }
            }
        }
        Seen(files)
    }

    /// Returns once there is something else.
    pub(super) fn wait(self, folders: &[PathBuf]) {
        while Seen::now(folders) == self {
            sleep(INTERVAL);
        }
    }
}

/// Where the files of a policy are, and those that it shares with others.
pub(super) fn folders(folders: &[PathBuf], library: Option<&Path>) -> Vec<PathBuf> {
    let beside = |folder: &PathBuf| folder.canonicalize().ok()?.parent().map(|parent| parent.join("library"));
    let shared: Vec<_> = match library {
        Some(library) => vec![library.to_owned()],
        None => folders.iter().filter_map(beside).collect(),
    };
    [folders, &shared].concat()
}
