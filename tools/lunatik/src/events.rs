// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What happens to scripts: the kernel's events.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::device::unopened;
use crate::time::Moment;

const PATH: &str = "/dev/lunatik_events";
/// No event is longer.
const LONGEST: usize = 4096;

/// Shows the events that the kernel has kept; with `follow`, also those that come, until
/// somebody ends this. With `json`, as the kernel writes them.
///
/// # Errors
///
/// The modules are not loaded, or the device cannot be read.
pub fn show(follow: bool, json: bool) -> Result<()> {
    let mut device = open(follow)?;
    let mut event = [0; LONGEST];
    loop {
        let length = match device.read(&mut event) {
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error).with_context(|| format!("cannot read {PATH}")),
        };
        let line = String::from_utf8_lossy(&event[..length]);
        let text = if json { line.into_owned() } else { in_words(&line) };
        // A reader that went away wants no more.
        if std::io::stdout().write_all(text.as_bytes()).is_err() {
            return Ok(());
        }
    }
}

fn open(follow: bool) -> Result<File> {
    let flags = if follow { 0 } else { libc::O_NONBLOCK };
    OpenOptions::new().read(true).custom_flags(flags).open(PATH).map_err(|error| unopened(PATH, error))
}

#[derive(Deserialize)]
struct Event {
    time: Option<u64>,
    event: String,
    script: Option<String>,
    context: Option<String>,
    kind: Option<String>,
    message: Option<String>,
    traceback: Option<String>,
    faults: Option<u64>,
    window_ms: Option<u64>,
}

/// A line for people; what is no event of ours, as it is.
fn in_words(line: &str) -> String {
    let Ok(event) = serde_json::from_str::<Event>(line) else { return line.to_owned() };
    let Some((time, script)) = event.time.zip(event.script) else {
        return "(events were lost: they came faster than they were read)\n".into();
    };
    let mut text = format!("{} {script}: {}", Moment(time), event.event);
    if let Some(context) = event.context {
        text += &format!(" ({context})");
    }
    if let Some((faults, window)) = event.faults.zip(event.window_ms) {
        text += &format!(" after {faults} failures in {window} ms");
    }
    if let Some(kind) = event.kind {
        text += &format!(" ({kind})");
    }
    if let Some(message) = event.message {
        text += &format!(": {message}{}", event.traceback.unwrap_or_default());
    }
    text.replace('\n', "\n    ") + "\n"
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn events_are_told_in_words() {
        for (line, words) in [
            (
                r#"{"time":1798761599000000000,"event":"started","script":"x","context":"softirq"}"#,
                "2026-12-31T23:59:59Z x: started (softirq)\n",
            ),
            (
                r#"{"time":0,"event":"failed","script":"x","kind":"fuel","message":"out of fuel","traceback":"\n\tx.lua:3"}"#,
                "1970-01-01T00:00:00Z x: failed (fuel): out of fuel\n    \tx.lua:3\n",
            ),
            (
                r#"{"time":0,"event":"quarantined","script":"x","faults":3,"window_ms":100,"message":"m"}"#,
                "1970-01-01T00:00:00Z x: quarantined after 3 failures in 100 ms: m\n",
            ),
            (r#"{"event":"lost"}"#, "(events were lost: they came faster than they were read)\n"),
            ("something else\n", "something else\n"),
        ] {
            assert_eq!(in_words(line), words);
        }
    }
}
