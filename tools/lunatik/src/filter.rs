// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunatik filter`: a script between a program's listening socket and the network.
//!
//! The program is as it was: its socket is borrowed, given the upper layer protocol `lua`, and let go of.

use std::collections::BTreeSet;
use std::fs;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use anyhow::{bail, Context, Result};
use clap::Args;

use crate::{modules, sys};

const SOL_LUA: i32 = 999;
/// The options of that level, as modules/luaulp/filter.rs has them.
const LOADSCRIPT: i32 = 1;
const ENTRYPOINT: i32 = 2;
const FUEL: i32 = 3;
const MEMORY: i32 = 4;
const FAIL: i32 = 5;
const CAPABILITIES: i32 = 6;
const PROBLEM: i32 = 7;

#[derive(Args)]
pub struct Filter {
    /// The script, below /lib/modules/lua.
    script: String,
    /// The script's global function, or table of functions (recv, send, finish, close), that is asked.
    entry: String,
    /// The port on which the program listens.
    #[arg(long)]
    port: u16,
    /// Units of fuel per call.
    #[arg(long)]
    fuel: Option<u32>,
    /// Bytes that each Lua state may hold.
    #[arg(long, value_name = "BYTES")]
    memory: Option<u32>,
    /// What becomes of a connection when the script fails: its bytes pass, or it is reset, which is the default.
    #[arg(long, value_parser = ["accept", "drop"])]
    fail: Option<String>,
    /// What the script may use beyond what every script may: names of modules and functions. Without this option,
    /// nothing.
    #[arg(long, value_name = "LIST")]
    capabilities: Option<String>,
}

impl Filter {
    /// Sets it in front of whoever listens on the port, in this network namespace.
    ///
    /// # Errors
    ///
    /// Nobody does; the kernel refuses; what is wrong with the script.
    pub fn run(&self) -> Result<()> {
        let port = self.port;
        modules::need("luaulp")?;
        let sockets = listeners(port)?;
        if sockets.is_empty() {
            bail!("nobody listens on port {port}: start the server first");
        }
        for socket in sockets {
            self.set(socket.as_fd()).with_context(|| format!("failed to filter port {port}"))?;
        }
        Ok(())
    }

    fn set(&self, socket: BorrowedFd<'_>) -> Result<()> {
        match sys::set_option(socket, libc::SOL_TCP, libc::TCP_ULP, b"lua") {
            // One whose script did not load has the protocol already.
            Err(error) if error.raw_os_error() != Some(libc::EEXIST) => return Err(error.into()),
            _ => {}
        }
        let set = |option, value: &[u8]| {
            sys::set_option(socket, SOL_LUA, option, value).map_err(|error| match error.raw_os_error() {
                Some(libc::EBUSY) => anyhow::anyhow!("it has a filter; restart the server to set another"),
                _ => anyhow::Error::from(error),
            })
        };
        let numbers = [(FUEL, self.fuel), (MEMORY, self.memory)];
        for (option, value) in numbers.into_iter().filter_map(|(option, value)| Some((option, value?))) {
            set(option, &i64::from(value).to_ne_bytes()).context("failed to set a limit")?;
        }
        let texts = [(FAIL, &self.fail), (CAPABILITIES, &self.capabilities)];
        for (option, value) in texts.into_iter().filter_map(|(option, value)| Some((option, value.as_ref()?))) {
            set(option, value.as_bytes()).context("failed to set an option")?;
        }
        set(LOADSCRIPT, self.script.as_bytes()).map_err(|error| problem(socket, error))?;
        set(ENTRYPOINT, self.entry.as_bytes())
            .with_context(|| format!("failed to find '{}' in {}", self.entry, self.script))
    }
}

/// What the kernel says is wrong with the script.
fn problem(socket: BorrowedFd<'_>, error: anyhow::Error) -> anyhow::Error {
    match sys::get_option(socket, SOL_LUA, PROBLEM) {
        Ok(text) if !text.is_empty() => anyhow::anyhow!("{}", String::from_utf8_lossy(&text)),
        _ => error,
    }
}

/// The sockets that listen on a port, borrowed from the programs that have them.
fn listeners(port: u16) -> Result<Vec<OwnedFd>> {
    let mut wanted = BTreeSet::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        // Without IPv6 there is none.
        let table = fs::read_to_string(table).unwrap_or_default();
        wanted.extend(table.lines().filter_map(|line| listener(line, port)));
    }
    let mut sockets = Vec::new();
    for (process, descriptor, link) in descriptors()? {
        // Programs that share a socket have it once for all.
        if wanted.remove(&link) {
            let socket = sys::borrow(process, descriptor);
            sockets.push(socket.with_context(|| format!("failed to borrow a socket of process {process}"))?);
        }
    }
    Ok(sockets)
}

/// What a descriptor of the socket on this line links to, if that listens on the port.
fn listener(line: &str, port: u16) -> Option<String> {
    const LISTEN: &str = "0A";
    let fields: Vec<_> = line.split_whitespace().collect();
    let (_, own) = fields.get(1)?.rsplit_once(':')?;
    let listens = *fields.get(3)? == LISTEN && u16::from_str_radix(own, 16) == Ok(port);
    listens.then(|| Some(format!("socket:[{}]", fields.get(9)?)))?
}

/// What all programs have open: process, descriptor, and what it links to.
fn descriptors() -> Result<Vec<(i32, i32, String)>> {
    let mut all = Vec::new();
    for process in fs::read_dir("/proc").context("failed to read /proc")? {
        let process = process?.path();
        let Some(number) = number(&process) else { continue };
        // One that ends meanwhile has none.
        for descriptor in fs::read_dir(process.join("fd")).into_iter().flatten().flatten() {
            let path = descriptor.path();
            if let (Some(descriptor), Ok(link)) = (self::number(&path), fs::read_link(&path)) {
                all.push((number, descriptor, link.to_string_lossy().into_owned()));
            }
        }
    }
    Ok(all)
}

/// The number that a path ends with, if it does.
fn number(path: &std::path::Path) -> Option<i32> {
    path.file_name()?.to_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str =
        "   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0";

    #[test]
    fn a_listener_is_found_by_its_port() {
        assert_eq!(listener(LINE, 80).as_deref(), Some("socket:[4711]"));
        assert_eq!(listener(LINE, 81), None);
    }

    #[test]
    fn connections_do_not_listen() {
        assert_eq!(listener(&LINE.replace(" 0A ", " 01 "), 80), None);
        assert_eq!(listener("  sl  local_address rem_address   st tx_queue rx_queue tr", 80), None);
    }
}
