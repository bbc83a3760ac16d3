// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The service that asks for lists when it is time.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};
use config::List;

use super::{now, Lists, News, State};

/// How often it is looked whether something is due: clocks are set, and lists taken up.
const PAUSE: Duration = Duration::from_secs(60);
/// 2026-01-01. A clock that is before has not been set, and knows no valid certificate.
pub(super) const SET: u64 = 1_767_225_600;
/// Until it is.
const SHORT_PAUSE: Duration = Duration::from_secs(5);
/// Until a list is asked for again of which nothing can be kept: the disk is full, say.
const REST: Duration = Duration::from_secs(3600);

impl Lists {
    /// Asks for each list when it is due, and goes on doing so.
    ///
    /// # Errors
    ///
    /// The configuration cannot be read.
    pub(super) fn serve(&self) -> Result<Infallible> {
        let mut rests: BTreeMap<String, Instant> = BTreeMap::new();
        loop {
            if now() < SET {
                thread::sleep(SHORT_PAUSE);
                continue;
            }
            let mut pause = PAUSE;
            for list in self.all()? {
                let due = State::of(&self.folder, &list).due_in(&list, now());
                let rest =
                    rests.get(&list.name).map_or(0, |until| until.saturating_duration_since(Instant::now()).as_secs());
                let wait = due.max(rest);
                if wait > 0 {
                    pause = pause.min(Duration::from_secs(wait));
                } else if let Err(error) = refresh_apart(&list).or_else(|error| self.give_up(&list, &error)) {
                    println!("{}: {error:#}", list.name);
                    rests.insert(list.name, Instant::now() + REST);
                }
            }
            thread::sleep(pause);
        }
    }

    /// Keeps that a list could not even be asked for.
    fn give_up(&self, list: &List, error: &anyhow::Error) -> Result<()> {
        let mut state = State::of(&self.folder, list);
        if state.failures == 0 {
            println!("{}: {error:#}", list.name);
        }
        self.note(list, &mut state, Some(format!("{error:#}")))
    }

    /// Asks for a list, and says what is news: it is another one, it fails, or it does not fail any more.
    pub(super) fn refresh(&self, list: &List) -> Result<()> {
        let failed = State::of(&self.folder, list).failures > 0;
        let (state, news) = self.update(list)?;
        let name = &list.name;
        match news {
            Err(error) if !failed => println!("{name}: {error:#}; what was there stays (`lunagate list status`)"),
            Ok(News::Changed) => println!("{name}: {} entries, which are used from now on", state.members),
            Ok(News::Same) if failed => println!("{name}: it comes again"),
            _ => {}
        }
        Ok(())
    }
}

/// Has another process do that: compiling takes memory, which is free again afterwards.
fn refresh_apart(list: &List) -> Result<()> {
    let program = std::env::current_exe().context("failed to find this program")?;
    let status = Command::new(program).args(["list", "refresh", &list.name]).status();
    let status = status.context("failed to run this program")?;
    ensure!(status.success(), "asking for it ended early ({status})");
    Ok(())
}
