// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is known of a list.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use config::List;
use serde::{Deserialize, Serialize};

use crate::Known;

/// What is known of a list, from one time that it is asked for to the next. Times are seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// Where it came from.
    pub from: String,
    /// What it has.
    pub kind: String,
    /// Names or prefixes of the set that is there.
    pub members: u64,
    /// Lines, or words of them, that were no members.
    pub rejected: u64,
    /// The first of them, with its line.
    pub example: Option<String>,
    /// When the set came; never if there is only an empty one.
    pub since: Option<u64>,
    /// By which the source is known again.
    pub tag: Option<String>,
    /// By which the source is known again.
    pub modified: Option<String>,
    /// When it was asked for.
    pub checked: Option<u64>,
    /// When it is asked for again.
    pub next: u64,
    /// How often it failed since it last came.
    pub failures: u32,
    /// Why it failed.
    pub error: Option<String>,
}

impl State {
    pub(super) fn file_name(list: &str) -> String {
        format!("{list}.json")
    }

    /// What is kept of a list; nothing if that is about another source, or cannot be read.
    pub(super) fn of(folder: &Path, list: &List) -> State {
        let new = State { from: list.from.to_string(), kind: list.kind.to_string(), ..State::default() };
        let kept = fs::read(folder.join(State::file_name(&list.name))).ok();
        let kept = kept.and_then(|bytes| serde_json::from_slice::<State>(&bytes).ok());
        kept.filter(|kept| kept.from == new.from && kept.kind == new.kind).unwrap_or(new)
    }

    pub(super) fn keep(&self, folder: &Path, list: &str) -> Result<()> {
        let text = serde_json::to_vec(self)?;
        Ok(files::save(&folder.join(State::file_name(list)), |file| file.write_all(&text))?)
    }

    /// What is there is not what is known.
    pub(super) fn forget(folder: &Path, list: &str) {
        let _ = fs::remove_file(folder.join(State::file_name(list)));
    }

    pub(super) fn known(&self) -> Known {
        Known { tag: self.tag.clone(), modified: self.modified.clone() }
    }

    /// In how many seconds it is asked for. A clock that was wrong does not keep it from that for ever.
    pub(super) fn due_in(&self, list: &List, now: u64) -> u64 {
        let wait = self.next.saturating_sub(now);
        if wait > u64::from(list.every) {
            0
        } else {
            wait
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(from: &str) -> List {
        List { name: "ads".into(), from: from.parse().unwrap(), kind: config::Contents::Domains, every: 900 }
    }

    #[test]
    fn what_is_kept_is_of_one_source() {
        let folder = tempfile::tempdir().unwrap();
        let mut state = State::of(folder.path(), &list("https://a.example/"));
        state.members = 7;
        state.keep(folder.path(), "ads").unwrap();
        assert_eq!(State::of(folder.path(), &list("https://a.example/")), state);
        assert_eq!(State::of(folder.path(), &list("https://b.example/")).members, 0);
        fs::write(folder.path().join("ads.json"), "{").unwrap();
        assert_eq!(State::of(folder.path(), &list("https://a.example/")).members, 0);
    }

    #[test]
    fn a_clock_that_goes_back_delays_nothing_for_long() {
        let (list, state) = (list("https://a.example/"), State { next: 10_000, ..State::default() });
        for (now, wait) in [(10_000, 0), (20_000, 0), (9_500, 500), (1_000, 0)] {
            assert_eq!(state.due_in(&list, now), wait, "at {now}");
        }
    }
}
