// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The serial console, line by line.

use anyhow::{bail, Result};
use std::fs::File;
use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The lines that the guest has printed so far.
#[derive(Clone, Default)]
pub struct Console(Arc<(Mutex<Printed>, Condvar)>);

#[derive(Default)]
struct Printed {
    lines: Vec<String>,
    /// The line that has not ended yet.
    current: Vec<u8>,
    closed: bool,
}

impl Console {
    /// Reads `from` in a thread of its own, copies it to `log` and calls `bell` when there is more.
    pub(crate) fn read(mut from: impl Read + Send + 'static, mut log: File, bell: impl Fn() + Send + 'static) -> Self {
        let console = Console::default();
        let reader = console.clone();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(len @ 1..) = from.read(&mut bytes) {
                // The log is a help for humans: a full disk must not end the test.
                let _ = log.write_all(&bytes[..len]);
                reader.lock().add(&bytes[..len]);
                reader.0 .1.notify_all();
                bell();
            }
            reader.lock().closed = true;
            reader.0 .1.notify_all();
            bell();
        });
        console
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lock().lines.len()
    }

    /// Whether nothing has been printed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first line with `text` in it, from line number `start` on: its number.
    pub fn find(&self, text: &str, start: usize) -> Option<usize> {
        self.lock().find(text, start)
    }

    /// Whether it waits for an answer: `text` is in the line that has not ended.
    pub fn asks(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.lock().current).contains(text)
    }

    /// Whether QEMU has closed it.
    pub fn closed(&self) -> bool {
        self.lock().closed
    }

    /// The lines from number `start` on.
    pub fn lines(&self, start: usize) -> Vec<String> {
        self.lock().lines.iter().skip(start).cloned().collect()
    }

    /// The last lines, and the one that has not ended.
    pub fn tail(&self, count: usize) -> String {
        let printed = self.lock();
        let start = printed.lines.len().saturating_sub(count);
        let mut tail = printed.lines[start..].join("\n");
        tail.push('\n');
        tail.push_str(&String::from_utf8_lossy(&printed.current));
        tail
    }

    /// Waits for a line with `text` in it, from line number `start` on: its number.
    ///
    /// # Errors
    /// When QEMU ends first, or it takes longer than `limit`: with the last lines.
    pub fn wait_for(&self, text: &str, start: usize, limit: Duration) -> Result<usize> {
        let deadline = Instant::now() + limit;
        let mut printed = self.lock();
        loop {
            if let Some(line) = printed.find(text, start) {
                return Ok(line);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if printed.closed || left.is_zero() {
                let why = if printed.closed { "the machine ended".into() } else { format!("{limit:?} are over") };
                drop(printed);
                bail!("the console did not say '{text}': {why}; its last lines:\n{}", self.tail(30));
            }
            printed = self.0 .1.wait_timeout(printed, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Printed> {
        self.0 .0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Printed {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            match byte {
                b'\n' => {
                    let line = std::mem::take(&mut self.current);
                    self.lines.push(String::from_utf8_lossy(&line).into_owned());
                }
                b'\r' => {}
                byte => self.current.push(byte),
            }
        }
    }

    fn find(&self, text: &str, start: usize) -> Option<usize> {
        self.lines.iter().enumerate().skip(start).find(|(_, line)| line.contains(text)).map(|(number, _)| number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixStream;

    const LONG: Duration = Duration::from_secs(60);

    fn console() -> (UnixStream, Console) {
        let (ours, theirs) = UnixStream::pair().expect("a socket pair");
        (theirs, Console::read(ours, tempfile::tempfile().expect("a file"), || {}))
    }

    #[test]
    fn a_line_in_pieces_is_found_after_the_line_before_it() {
        let (mut guest, console) = console();
        guest.write_all(b"one\r\nlunagate: re").expect("written");
        assert_eq!(console.wait_for("one", 0, LONG).expect("printed"), 0);
        guest.write_all(b"ady\r\n").expect("written");
        assert_eq!(console.wait_for("lunagate: ready", 1, LONG).expect("printed"), 1);
        assert_eq!(console.find("one", 1), None);
    }

    #[test]
    fn a_prompt_is_a_line_that_has_not_ended() {
        let (mut guest, console) = console();
        guest.write_all(b"=> \n=> ready\n").expect("written");
        console.wait_for("ready", 0, LONG).expect("printed");
        assert!(!console.asks("=> "));
        guest.write_all(b"end\n=> ").expect("written");
        drop(guest);
        console.wait_for("never", 0, LONG).expect_err("the guest is gone");
        assert!(console.asks("=> "));
    }

    #[test]
    fn waiting_ends_with_the_machine_and_shows_its_last_words() {
        let (mut guest, console) = console();
        guest.write_all(b"Kernel panic\n").expect("written");
        drop(guest);
        let error = console.wait_for("ready", 0, LONG).expect_err("the guest is gone").to_string();
        assert!(error.contains("the machine ended") && error.contains("Kernel panic"), "{error}");
    }
}
