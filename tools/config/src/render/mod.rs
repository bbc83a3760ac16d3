// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The files that a router's daemons and its boot read.

mod dhcpcd;
mod dnsmasq;
mod environment;
mod nftables;

use std::fs;
use std::io::Write;
use std::path::Path;

use files::Error;

use crate::Config;

/// A file of the folder: its name, and what is in it.
pub type File = (&'static str, String);

/// The interface that several ports of the LAN are.
const BRIDGE: &str = "br-lan";

/// All files of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered(pub Vec<File>);

/// Makes them.
#[must_use]
pub fn render(config: &Config) -> Rendered {
    let lines = |lines: Vec<String>| lines.into_iter().map(|line| line + "\n").collect();
    Rendered(vec![
        ("environment", environment::render(config)),
        ("nftables.conf", nftables::render(config)),
        ("dnsmasq.conf", dnsmasq::render(config)),
        ("dhcpcd.conf", dhcpcd::render(config)),
        ("authorized_keys", lines(config.keys.clone())),
        (
            "policies",
            lines(
                config.policies.iter().map(|(name, on)| format!("{name} {}", if *on { "on" } else { "off" })).collect(),
            ),
        ),
    ])
}

impl Rendered {
    /// Writes them into a folder, which is made.
    ///
    /// # Errors
    ///
    /// [`Error::Write`].
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        fs::create_dir_all(folder).map_err(Error::writing(folder))?;
        for (name, text) in &self.0 {
            files::save(&folder.join(name), |file| file.write_all(text.as_bytes()))?;
        }
        Ok(())
    }
}

/// The interface that is the LAN.
fn lan(config: &Config) -> &str {
    match config.ports.lan.as_slice() {
        [port] => port,
        _ => BRIDGE,
    }
}
