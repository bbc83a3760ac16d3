// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! One list, asked for.

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::io::Write;
use std::time::Duration;

use anyhow::{anyhow, Context, Result};
use config::List;
use files::Progress;

use super::compile::{compile, Compiled};
use super::{hold, link, now, opens, Lists, State};
use crate::{Client, Limits};

/// What is too much for a list.
const LIMITS: Limits = Limits {
    bytes: 32 << 20,
    connect: Duration::from_secs(20),
    stall: Duration::from_secs(30),
    whole: Duration::from_secs(600),
};
/// How soon a list is asked for again that failed once; each time twice as long.
const RETRY: u64 = 120;
/// How late, at most.
const LATEST_RETRY: u64 = 6 * 3600;

/// What became of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It is as it was.
    Same,
    /// It is another one.
    Changed,
}

impl Lists {
    /// Asks for a list, and has policies use what comes. What is known of it then; an error is part of that, and what
    /// was there stays.
    ///
    /// # Errors
    ///
    /// What is known cannot be kept.
    pub fn update(&self, list: &List) -> Result<(State, Result<News>)> {
        fs::create_dir_all(&self.folder).with_context(|| format!("failed to make {}", self.folder.display()))?;
        let _list = hold(&self.locks.join(format!("list-{}.lock", list.name)))?;
        // What is known is of use only as long as it is there.
        self.lock().and_then(|_lock| self.ensure(list))?;
        let mut state = State::of(&self.folder, list);
        let news = self.fetch(list, &mut state);
        self.note(list, &mut state, news.as_ref().err().map(|error| format!("{error:#}")))?;
        Ok((state, news))
    }

    /// Keeps what came of asking for a list, and when it is asked for again.
    pub(super) fn note(&self, list: &List, state: &mut State, error: Option<String>) -> Result<()> {
        let now = now();
        state.failures = if error.is_some() { state.failures.saturating_add(1) } else { 0 };
        (state.checked, state.error) = (Some(now), error);
        state.next = now + wait(list, state.failures);
        state.keep(&self.folder, &list.name)
    }

    fn fetch(&self, list: &List, state: &mut State) -> Result<News> {
        let authorities = fs::read_to_string(self.config.join("authorities.pem")).unwrap_or_default();
        let client = Client::new(&authorities, LIMITS);
        let Some(mut body) = client.get(&list.from, &state.known())? else { return Ok(News::Same) };
        let progress = Progress::bytes(&list.name, body.length());
        let Compiled { file, members, rejected, example } = compile(list, progress.reading(&mut body))?;
        progress.end();
        let news = self.replace(list, &file)?;
        let since = if news == News::Changed { Some(now()) } else { state.since.or(Some(now())) };
        let (tag, modified) = (body.known.tag.clone(), body.known.modified.clone());
        *state = State { members, rejected, example, since, tag, modified, ..state.clone() };
        Ok(news)
    }

    /// Puts a set in the place of what is there, if policies take it.
    fn replace(&self, list: &List, file: &[u8]) -> Result<News> {
        // A policy must not begin anew with what a configuration that comes just now takes away.
        let _configuration = self.lock_configuration()?;
        let _lock = self.lock()?;
        let (set, before) = (self.set(list), self.before(list));
        if fs::read(&set).is_ok_and(|there| there == file) {
            return Ok(News::Same);
        }
        link(&set, &before).with_context(|| format!("failed to write {}", before.display()))?;
        files::save(&set, |disk| disk.write_all(file)).inspect_err(|_| {
            // There is one name too many of what stays.
            let _ = fs::remove_file(&before);
        })?;
        let taken = if opens(&set, list.kind) {
            self.reload(&set).context("policies do not take it")
        } else {
            Err(anyhow!("the disk does not give back {}", set.display()))
        };
        if let Err(error) = taken {
            fs::rename(&before, &set).with_context(|| format!("failed to write {}", set.display()))?;
            // Some may have taken it. What is said is why others did not.
            let _ = self.reload(&set);
            return Err(error);
        }
        fs::remove_file(&before).with_context(|| format!("failed to remove {}", before.display()))?;
        Ok(News::Changed)
    }
}

/// Seconds until a list is asked for again. No two routers ask at the same time for ever.
fn wait(list: &List, failures: u32) -> u64 {
    let every = u64::from(list.every);
    let wait = match failures {
        0 => every,
        _ => (RETRY << (failures - 1).min(16)).min(LATEST_RETRY).min(every),
    };
    wait - wait / 10 * (RandomState::new().build_hasher().finish() % 1000) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_fails_is_asked_soon_and_then_ever_later() {
        let from = "https://a.example/".parse().unwrap();
        let list = List { name: "ads".into(), from, kind: config::Contents::Domains, every: 86_400 };
        for (failures, most) in [(0, 86_400), (1, 120), (2, 240), (5, 1920), (9, 21_600), (500, 21_600)] {
            let wait = wait(&list, failures);
            assert!((most - most / 10..=most).contains(&wait), "{failures}: {wait}");
        }
        assert!(wait(&List { every: 900, ..list }, 100) <= 900);
    }
}
