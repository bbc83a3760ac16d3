// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What kernels said before they panicked. The firmware keeps the end of such a log over the restart, in small records;
//! the boot makes one text of them below `/data`, and frees the firmware's memory.

pub mod cli;
mod record;

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use crate::Error;
use record::Record;

/// How many are kept.
const KEPT: usize = 5;
/// Bytes of one that are kept: its end.
const LIMIT: usize = 256 << 10;
/// Seconds between two records of one panic, with a firmware that is slow.
const PAUSE: u64 = 10;
/// A panic's last words.
const PANIC: &str = "Kernel panic";

/// The logs of panics on a router.
pub struct Crashes {
    records: PathBuf,
    folder: PathBuf,
}

impl Default for Crashes {
    fn default() -> Crashes {
        Crashes::new("/sys/fs/pstore", "/data/crashes")
    }
}

/// A kept log.
#[derive(Debug, PartialEq, Eq)]
pub struct Crash {
    /// Its number: they grow.
    pub number: u32,
    /// When it was, in seconds since 1970, by the clock of then.
    pub time: u64,
    /// The kernel's reason, where the log has it.
    pub reason: Option<String>,
}

impl Crashes {
    /// The firmware's records are below `records`, and logs are kept in `folder`.
    pub fn new(records: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Crashes {
        Crashes { records: records.into(), folder: folder.into() }
    }

    /// Keeps what the firmware has, and frees it there: how many panics that were. Where power was cut in that, the next
    /// call goes on.
    ///
    /// # Errors
    ///
    /// It cannot be read or written. What is not kept yet is still in the firmware then.
    pub fn keep(&self) -> Result<usize, Error> {
        let crashes = by_crash(record::all(&self.records)?);
        if crashes.is_empty() {
            return Ok(0);
        }
        fs::create_dir_all(&self.folder).map_err(files::Error::writing(&self.folder))?;
        let mut news = 0;
        for crash in crashes {
            let kept = self.files()?;
            if !self.has(&kept, &crash)? {
                let number = kept.last().map_or(1, |(number, ..)| number.saturating_add(1));
                let path = self.folder.join(format!("{number:05}-{}.txt", crash[0].time));
                let text = text(&crash);
                files::save(&path, |file| file.write_all(text.as_bytes()))?;
                news += 1;
            }
            for record in &crash {
                fs::remove_file(&record.path).map_err(files::Error::writing(&record.path))?;
            }
        }
        let kept = self.files()?;
        for (.., path) in kept.iter().rev().skip(KEPT) {
            fs::remove_file(path).map_err(files::Error::writing(path))?;
        }
        Ok(news)
    }

    /// Those that are kept, the oldest first.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    pub fn list(&self) -> Result<Vec<Crash>, Error> {
        let crash = |(number, time, path): (u32, u64, PathBuf)| {
            let text = files::read_text(&path)?;
            // Behind the time that the kernel puts before a line.
            let reason = text.lines().rev().find_map(|line| line.find(PANIC).map(|at| line[at..].to_owned()));
            Ok(Crash { number, time, reason })
        };
        self.files()?.into_iter().map(crash).collect()
    }

    /// The log with this number.
    ///
    /// # Errors
    ///
    /// There is none, or it cannot be read.
    pub fn log(&self, number: u32) -> Result<String, Error> {
        let found = self.files()?.into_iter().find(|(there, ..)| *there == number);
        let (.., path) = found.ok_or(Error::NoCrash { number })?;
        Ok(files::read_text(&path)?)
    }

    /// Number, time and file of each that is kept, by their numbers.
    fn files(&self) -> Result<Vec<(u32, u64, PathBuf)>, Error> {
        let mut kept = Vec::new();
        if !self.folder.exists() {
            return Ok(kept);
        }
        for entry in fs::read_dir(&self.folder).map_err(files::Error::reading(&self.folder))? {
            let path = entry.map_err(files::Error::reading(&self.folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let parts = name.strip_suffix(".txt").and_then(|name| name.split_once('-'));
            if let Some((Ok(number), Ok(time))) = parts.map(|(number, time)| (number.parse(), time.parse())) {
                kept.push((number, time, path));
            }
        }
        kept.sort_unstable();
        Ok(kept)
    }

    /// Whether a kept log has all that these records say: power was cut when they were about to go.
    fn has(&self, kept: &[(u32, u64, PathBuf)], crash: &[Record]) -> Result<bool, Error> {
        for (.., path) in kept {
            let text = files::read_text(path)?;
            if crash.iter().all(|record| text.contains(&record.text)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Each panic's records, which follow each other soon; a part that was there already is another panic's.
fn by_crash(records: Vec<Record>) -> Vec<Vec<Record>> {
    let mut crashes: Vec<Vec<Record>> = Vec::new();
    let mut parts = HashSet::new();
    let mut last = 0;
    for record in records {
        let part = (record.dump, record.part);
        match crashes.last_mut() {
            Some(crash) if record.time - last <= PAUSE && !parts.contains(&part) => {
                last = record.time;
                parts.insert(part);
                crash.push(record);
            }
            _ => {
                last = record.time;
                parts = HashSet::from([part]);
                crashes.push(vec![record]);
            }
        }
    }
    crashes
}

/// One text: each dump from its last part, which is the oldest, to its first. Of what is too long the end stays.
fn text(crash: &[Record]) -> String {
    let mut records: Vec<_> = crash.iter().collect();
    records.sort_unstable_by_key(|record| (record.dump, std::cmp::Reverse(record.part)));
    let text: String = records.iter().map(|record| record.text.as_str()).collect();
    let cut = (text.len().saturating_sub(LIMIT)..=text.len()).find(|at| text.is_char_boundary(*at));
    text[cut.unwrap_or_default()..].to_owned()
}
