// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The command for logs of panics.

use std::process::Stdio;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use clap::{Args, Subcommand};

use super::Crash;
use crate::cli::Where;
use crate::{check, remote, Crashes as Logs};

/// List the panics of a router's kernel, of which the last five are kept; or show the log before one.
///
/// A router that hangs, loses its power or is reset by its watchdog leaves no log.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Crashes {
    #[command(subcommand)]
    command: Option<Command>,
    /// Its number.
    number: Option<u32>,
    /// The list as JSON.
    #[arg(long, conflicts_with = "number")]
    json: bool,
    #[command(flatten)]
    at: Where,
}

#[derive(Subcommand)]
enum Command {
    /// Keep what the firmware has, and free it there. The boot calls it.
    #[command(hide = true)]
    Keep,
}

impl Crashes {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<()> {
        let logs = Logs::default();
        if let Some(Command::Keep) = self.command {
            if logs.keep()? > 0 {
                println!("the kernel panicked before this boot: `lunagate crashes` shows its log");
            }
            return Ok(());
        }
        if let Some(router) = &self.at.router {
            let number = self.number.map(|number| number.to_string());
            let words = [Some("crashes"), number.as_deref(), self.json.then_some("--json")];
            return remote::ask(router, &words.into_iter().flatten().collect::<Vec<_>>(), Stdio::null());
        }
        match self.number {
            Some(number) => print!("{}", logs.log(number)?),
            None if self.json => println!("[{}]", logs.list()?.iter().map(json).collect::<Vec<_>>().join(",")),
            None => logs.list()?.iter().for_each(|crash| println!("{}", line(crash))),
        }
        Ok(())
    }
}

fn line(crash: &Crash) -> String {
    let then = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(crash.time));
    let since = then.and_then(|then| SystemTime::now().duration_since(then).ok());
    let when = since.map_or_else(|| "-".to_owned(), |since| format!("{} ago", check::age(since)));
    format!("{}  {when}  {}", crash.number, crash.reason.as_deref().unwrap_or("(no reason in its log)"))
}

fn json(crash: &Crash) -> String {
    let reason = crash.reason.as_deref().map_or_else(|| "null".to_owned(), quoted);
    format!("{{\"number\":{},\"time\":{},\"reason\":{reason}}}", crash.number, crash.time)
}

/// A string of JSON (RFC 8259, section 7).
fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|char| match char {
        '"' | '\\' => format!("\\{char}"),
        char if char < ' ' => format!("\\u{:04x}", u32::from(char)),
        char => char.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_and_people_read_a_list() {
        let reason = Some("Kernel panic - not syncing: \"a\\b\"\u{1}".to_owned());
        let crash = Crash { number: 2, time: 7, reason };
        let said = r#"{"number":2,"time":7,"reason":"Kernel panic - not syncing: \"a\\b\"\u0001"}"#;
        assert_eq!(json(&crash), said);
        let crash = Crash { number: 3, time: u64::MAX, reason: None };
        assert_eq!(json(&crash), format!(r#"{{"number":3,"time":{},"reason":null}}"#, u64::MAX));
        assert_eq!(line(&crash), "3  -  (no reason in its log)");
    }
}
