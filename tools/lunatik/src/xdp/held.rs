// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What luaxdp.ko holds: links, each of which keeps a program at an interface until the last of the
//! scripts that it calls stops.

use std::os::fd::{AsRawFd, BorrowedFd};

use anyhow::{anyhow, Context, Result};

use super::message::Interface;
use super::program::MODULE;
use crate::chunk::quoted;
use crate::device::Transport;
use crate::modules;

/// A script at an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its name, as in `lunatik list`.
    pub script: String,
    /// Where it is; `None`: the interface has gone.
    pub place: Option<Place>,
}

/// An interface, and how a program is at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The interface's number.
    pub index: u32,
    /// The interface's present name.
    pub interface: String,
    /// In the kernel's words: native, generic or offload.
    pub mode: String,
}

impl Place {
    /// Whether it is this interface. Another network namespace may have its number.
    pub fn is_at(&self, interface: &Interface) -> bool {
        self.index == interface.index && self.interface == interface.name
    }
}

/// All that is held; scripts at an interface in the order in which they see packets.
///
/// # Errors
///
/// The module is of another version.
pub fn all(device: &impl Transport) -> Result<Vec<Held>> {
    // Without the module nothing is, and asking would load it.
    if !modules::is_loaded(MODULE)? {
        return Ok(Vec::new());
    }
    let text = ask(device, r#"return require("xdp").links()"#)?;
    text.lines()
        .map(|line| parse(line).ok_or_else(|| anyhow!("luaxdp is of another version: it says '{line}'")))
        .collect()
}

fn parse(line: &str) -> Option<Held> {
    let words: Vec<&str> = line.split(' ').collect();
    let [script, index, interface, mode, state] = words[..] else { return None };
    let index: u32 = index.parse().ok()?;
    let place = match state {
        "attached" => Some(Place { index, interface: interface.into(), mode: mode.into() }),
        "detached" => None,
        _ => return None,
    };
    Some(Held { script: script.into(), place })
}

/// The number of a running script's run.
///
/// # Errors
///
/// It does not run, or attaches no function.
pub fn run_of(device: &impl Transport, script: &str) -> Result<u64> {
    let text = ask(device, &format!(r#"return require("xdp").id({})"#, quoted(script)))?;
    text.parse().with_context(|| format!("luaxdp is of another version: it numbers a run '{text}'"))
}

/// Gives a link to the runs that its program calls.
///
/// # Errors
///
/// A script has stopped meanwhile, they are too many, or the link's interface has gone.
pub fn hold(device: &impl Transport, link: BorrowedFd<'_>, runs: &[u64]) -> Result<()> {
    let runs = runs.iter().fold(String::new(), |runs, run| format!("{runs}, {run}"));
    ask(device, &format!(r#"require("xdp").hold({}{runs})"#, link.as_raw_fd())).map(drop)
}

/// Takes what is held at an interface away from it.
///
/// # Errors
///
/// Nothing is.
pub fn release(device: &impl Transport, interface: u32) -> Result<()> {
    ask(device, &format!(r#"require("xdp").release({interface})"#)).map(drop)
}

/// Runs a chunk. An error's words are the kernel's; where in the chunk it was raised says nothing.
fn ask(device: &impl Transport, chunk: &str) -> Result<String> {
    device.execute(chunk).map_err(|error| {
        let text = format!("{error:#}");
        anyhow!(text.split("\nstack traceback:").next().unwrap_or_default().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Refusing;

    impl Transport for Refusing {
        fn execute(&self, chunk: &str) -> Result<String> {
            Err(anyhow!("x: {chunk}\nstack traceback:\n\t[C]: in field 'id'\n\tlunatik:1: in main chunk"))
        }
    }

    #[test]
    fn an_error_is_one_line() {
        assert_eq!(release(&Refusing, 7).unwrap_err().to_string(), r#"x: require("xdp").release(7)"#);
    }

    #[test]
    fn a_line_is_a_script_at_an_interface_or_at_none_any_more() {
        let place = Place { index: 7, interface: "eth0".into(), mode: "native".into() };
        let script = || "a/b".to_string();
        assert_eq!(parse("a/b 7 eth0 native attached"), Some(Held { script: script(), place: Some(place) }));
        assert_eq!(parse("a/b 0 - - detached"), Some(Held { script: script(), place: None }));
    }

    #[test]
    fn other_lines_are_of_another_version() {
        for line in ["", "a", "a x eth0 native attached", "a 7 eth0 native asleep", "a 7 eth0 native attached more"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
