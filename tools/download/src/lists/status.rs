// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What there is to say of a list.

use std::fmt;
use std::time::Duration;

use config::{age, List};
use serde::Serialize;

use super::serve::SET;
use super::{now, Lists, State};

/// A list, and what is known of it.
#[derive(Debug, Serialize)]
pub struct Status {
    /// Its name.
    pub name: String,
    /// Its set.
    pub set: String,
    /// What is known of it.
    #[serde(flatten)]
    pub state: State,
    #[serde(skip)]
    now: u64,
}

impl Lists {
    /// What is known of a list.
    #[must_use]
    pub fn status(&self, list: &List) -> Status {
        let state = State::of(&self.folder, list);
        Status { name: list.name.clone(), set: self.set(list).display().to_string(), state, now: now() }
    }
}

/// Lines of it, indented but for the first.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let State { from, members, rejected, example, since, checked, next, error, .. } = &self.state;
        let ago = |time: u64| age(Duration::from_secs(self.now.saturating_sub(time)));
        match since {
            Some(since) => write!(f, "{}: {members} entries, of {} ago", self.name, ago(*since))?,
            None => write!(f, "{}: empty, it has never come", self.name)?,
        }
        write!(f, "\n  {} from {from}", self.set)?;
        if *rejected > 0 {
            write!(f, "\n  {rejected} lines are no entries: {}", example.as_deref().unwrap_or_default())?;
        }
        if let Some(checked) = checked {
            write!(f, "\n  asked for {} ago", ago(*checked))?;
            let next = age(Duration::from_secs(next.saturating_sub(self.now)));
            match error {
                Some(error) => write!(f, ", and failed, again in {next}: {error}"),
                None => write!(f, ", again in {next}"),
            }
        } else if self.now < SET {
            f.write_str("\n  not asked for yet: the clock is not set (`date`)")
        } else {
            f.write_str("\n  not asked for yet")
        }
    }
}
