// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Which of a device's ports is whose, until its owner says something else.

use std::path::Path;

use files::Problem;
use serde::Deserialize;

use crate::raw::RawPorts;
use crate::resolve;

/// The ports of a kind of device by their roles. By default those of a PC: the first that the kernel finds is the WAN's,
/// the second the LAN's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ports {
    /// The one towards the Internet.
    pub wan: String,
    /// The owner's network; several are bridged.
    pub lan: Vec<String>,
}

/// A device's profile, of which only this matters here.
#[derive(Deserialize)]
struct Profile {
    ports: Option<RawPorts>,
}

impl Default for Ports {
    fn default() -> Ports {
        Ports { wan: "eth0".into(), lan: vec!["eth1".into()] }
    }
}

impl Ports {
    /// Those of a device elsewhere, which alone knows their names: no other name has a role already.
    #[must_use]
    pub fn unknown() -> Ports {
        Ports { wan: String::new(), lan: Vec::new() }
    }

    /// What a profile (`images/profiles`) says of them, or the default.
    ///
    /// # Errors
    ///
    /// One is no port, or has two roles.
    pub fn of_profile(text: &str) -> Result<Ports, Problem> {
        let profile: Profile = files::parse(text)?;
        profile.ports.map_or_else(|| Ok(Ports::default()), |raw| resolve::ports(raw, false))
    }

    /// Those of the machine that has its profile in this file, or the default if there is no file.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or as [`Ports::of_profile`].
    pub fn of_machine(profile: &Path) -> Result<Ports, files::Error> {
        if !profile.exists() {
            return Ok(Ports::default());
        }
        Ports::of_profile(&files::read_text(profile)?).map_err(files::Error::says(profile))
    }
}
