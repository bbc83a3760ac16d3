// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! When things began, in hundredths of a second since the machine did: a connection of SSH's proves that a router can be
//! reached by what it runs with now only if it is younger than that.

use std::fs;
use std::io;

/// The server of SSH, which has a process for each connection.
const SERVER: &str = "dropbear";

/// Now.
///
/// # Errors
///
/// The kernel does not say.
pub(crate) fn now() -> io::Result<u64> {
    let text = fs::read_to_string("/proc/uptime")?;
    let (seconds, _) = text.split_once(' ').unwrap_or((&text, ""));
    number(&seconds.replace('.', ""))
}

/// When the connection began by which this program was started; nothing, if there is none, as at the console.
///
/// # Errors
///
/// The kernel does not say.
pub(crate) fn began() -> io::Result<Option<u64>> {
    if std::env::var_os("SSH_CONNECTION").is_none() {
        return Ok(None);
    }
    let mut process = std::process::id().to_string();
    loop {
        let status = fs::read_to_string(format!("/proc/{process}/stat"))?;
        let Status { name, parent, began } = read(&status).ok_or_else(no_number)?;
        if name == SERVER {
            return Ok(Some(began));
        }
        // Who is not the server's any more proves nothing.
        if parent == "0" {
            return Ok(Some(0));
        }
        process = parent.to_owned();
    }
}

/// What is said of a process.
#[derive(Debug, PartialEq)]
struct Status<'a> {
    name: &'a str,
    parent: &'a str,
    began: u64,
}

/// Reads a line of proc(5)'s `stat`. A name may have spaces and parentheses in it.
fn read(text: &str) -> Option<Status<'_>> {
    let (_, rest) = text.split_once('(')?;
    let (name, rest) = rest.rsplit_once(')')?;
    // Behind the name is the third field.
    let fields: Vec<_> = rest.split_whitespace().collect();
    Some(Status { name, parent: fields.get(1)?, began: fields.get(19)?.parse().ok()? })
}

fn number(text: &str) -> io::Result<u64> {
    text.parse().map_err(|_| no_number())
}

fn no_number() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the kernel says something else than a time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_it_is_called() {
        let text = "12 (a) (b c) S 7 12 12 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 1 2 3\n";
        assert_eq!(read(text), Some(Status { name: "a) (b c", parent: "7", began: 4711 }));
        assert_eq!(read("12 (a"), None);
    }

    #[test]
    fn this_process_began_before_now() {
        let text = fs::read_to_string("/proc/self/stat").expect("a process");
        let began = read(&text).expect("a status").began;
        assert!(began <= now().expect("a time"));
    }
}
