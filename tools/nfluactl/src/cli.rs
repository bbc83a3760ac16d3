// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the command line looks like, and what it does.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{bail, Context, Result};
use clap::Parser;

use crate::message::{Family, EXECUTE};
use crate::socket::Socket;

/// No chunk is longer, with its name: what the kernel takes in one message.
const LONGEST: usize = 65_000;

/// Run a chunk of Lua in the script that the rules of this network namespace ask (-m lua and -j LUA of iptables;
/// `lunatik run nflua softirq --single` starts it), or show what that script sends.
#[derive(Parser)]
#[command(version)]
pub struct Arguments {
    /// A file with the chunk.
    #[arg(required_unless_present_any = ["execute", "receive"])]
    file: Option<PathBuf>,
    /// The chunk itself.
    #[arg(short, long, value_name = "CHUNK", conflicts_with = "file")]
    execute: Option<String>,
    /// What the chunk is called in messages; otherwise as its file, or nflua.
    #[arg(short, long)]
    name: Option<String>,
    /// Print the messages that the script sends to the port or to the group, each on a line.
    #[arg(long, conflicts_with_all = ["file", "execute", "name"])]
    receive: bool,
    /// The port that the script sends to, a number; otherwise one that the kernel chooses.
    #[arg(long, requires = "receive", conflicts_with_all = ["file", "execute", "name"], default_value_t = 0)]
    port: u32,
    /// End after so many messages.
    #[arg(long, requires = "receive", conflicts_with_all = ["file", "execute", "name"], value_name = "N")]
    count: Option<u64>,
}

impl Arguments {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self) -> Result<()> {
        let socket = Socket::open(self.port)?;
        let family = Family::find(&socket).context("the kernel has no family NFLUA: load the module luaxtables")?;
        if self.receive {
            return receive(&socket, &family, self.count);
        }
        let (code, name) = match (self.execute, self.file) {
            (Some(code), _) => (code.into_bytes(), None),
            (None, Some(file)) => {
                let code = std::fs::read(&file).with_context(|| format!("failed to read {}", file.display()))?;
                (code, file.file_name().map(|name| name.to_string_lossy().into_owned()))
            }
            (None, None) => bail!("a file, or --execute"),
        };
        let name = self.name.or(name).unwrap_or_else(|| "nflua".into());
        execute(&socket, &family, &name, &code)
    }
}

fn execute(socket: &Socket, family: &Family, name: &str, code: &[u8]) -> Result<()> {
    if name.contains('\0') || code.contains(&0) {
        bail!("{name}: a chunk is text, without zeros");
    }
    let message = [name.as_bytes(), b"\0", code].concat();
    if message.len() > LONGEST {
        bail!("{name}: {} bytes, more than the {LONGEST} of one message: load it in parts", code.len());
    }
    match socket.ask(family.id, EXECUTE, &message)? {
        Ok(()) => Ok(()),
        Err(refusal) if refusal.errno == libc::ESRCH => {
            bail!("no script is asked in this network namespace: `lunatik run nflua softirq --single`")
        }
        Err(refusal) => bail!("{refusal}"),
    }
}

fn receive(socket: &Socket, family: &Family, count: Option<u64>) -> Result<()> {
    socket.join(family.group)?;
    let mut output = std::io::stdout();
    let mut left = count;
    while left != Some(0) {
        let Some(payload) = socket.next(family.id)? else { continue };
        // A reader that went away wants no more.
        if output.write_all(&[&payload, b"\n".as_slice()].concat()).and_then(|()| output.flush()).is_err() {
            return Ok(());
        }
        left = left.map(|left| left - 1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_comes_from_one_place() {
        assert!(Arguments::try_parse_from(["nfluactl"]).is_err());
        assert!(Arguments::try_parse_from(["nfluactl", "x.lua"]).is_ok());
        assert!(Arguments::try_parse_from(["nfluactl", "-e", "f()"]).is_ok());
        assert!(Arguments::try_parse_from(["nfluactl", "-e", "f()", "x.lua"]).is_err());
        assert!(Arguments::try_parse_from(["nfluactl", "--receive", "--port", "7", "--count", "1"]).is_ok());
        assert!(Arguments::try_parse_from(["nfluactl", "x.lua", "--port", "7"]).is_err());
    }
}
