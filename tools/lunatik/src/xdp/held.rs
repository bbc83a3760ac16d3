// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What luaxdp.ko holds: links, each of which keeps a script's program at an interface until the
//! script stops.

use std::os::fd::{AsRawFd, BorrowedFd};

use anyhow::{anyhow, Context, Result};

use crate::chunk::quoted;
use crate::device::Transport;

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

/// All that is held.
///
/// # Errors
///
/// The module cannot be loaded, or is of another version.
pub fn all(device: &impl Transport) -> Result<Vec<Held>> {
    let text = device.execute(r#"return require("xdp").links()"#)?;
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
    let text = device.execute(&format!(r#"return require("xdp").id({})"#, quoted(script)))?;
    text.parse().with_context(|| format!("luaxdp is of another version: it numbers a run '{text}'"))
}

/// Gives a link to a run.
///
/// # Errors
///
/// The script has stopped meanwhile, or the link's interface has gone.
pub fn hold(device: &impl Transport, run: u64, link: BorrowedFd<'_>) -> Result<()> {
    device.execute(&format!(r#"require("xdp").hold({run}, {})"#, link.as_raw_fd())).map(drop)
}

/// Takes what is held at an interface away from it.
///
/// # Errors
///
/// Nothing is.
pub fn release(device: &impl Transport, interface: u32) -> Result<()> {
    device.execute(&format!(r#"require("xdp").release({interface})"#)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

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
