// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Which ports a router really has. What its configuration says of one that is missing, a dead card's say, must not keep
//! the others from coming up; and no cable that was the Internet's may be in a network because of that.

use std::fs;
use std::path::Path;

use crate::model::{interface, Network, LAN};
use crate::{Config, Error, Router};

/// The WAN's port as it was when all was well: its name, and its hardware address. The kernel numbers ports as it finds
/// them, so that those behind a dead one have other names.
const WAN_PORT: &str = "wan-port";

/// How far names can be trusted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Roles {
    /// The owner says which port is whose.
    Said,
    /// Something takes the place of what the owner says.
    Guessed,
}

/// What was the WAN's.
struct Known {
    name: String,
    address: String,
}

impl Router {
    /// Leaves ports out that are missing, and what was the WAN's: for each, what is said of that. A network that has none left
    /// has nobody in it.
    ///
    /// # Errors
    ///
    /// [`Error::NoPort`]: nobody would reach the router.
    pub(crate) fn leave_out(&self, config: &mut Config, roles: Roles) -> Result<Vec<String>, Error> {
        let known = self.known_wan();
        let mut said = Vec::new();
        let with_wifi: Vec<_> =
            config.wifi.iter().flat_map(|wifi| &wifi.broadcasts).map(|broadcast| broadcast.network.clone()).collect();
        for network in std::iter::once(&mut config.lan).chain(&mut config.networks) {
            let Network { name, ports, .. } = &*network;
            let (mut there, had) = (Vec::new(), ports.join(", "));
            for port in ports {
                if !self.interfaces.join(base(port)).exists() {
                    said.push(format!("port {port} of {name} is not there, and left out"));
                } else if known.as_ref().is_some_and(|known| self.was_wan(port, known, roles)) {
                    said.push(format!("port {port} of {name} was the WAN's, and is left out: apply what is to be"));
                } else {
                    there.push(port.clone());
                }
            }
            if there.is_empty() && !with_wifi.contains(name) {
                if name == LAN {
                    let there = self.all().join(" ");
                    return Err(Error::NoPort { network: name.clone(), ports: had, there });
                }
                // Not that of a port, which may be there and must not be used.
                network.interface = interface(name, &[], true);
            }
            network.ports = there;
        }
        Ok(said)
    }

    /// What else is missing, of which nothing is left out: for each, what is said of that. The router goes on without, as at a
    /// boot.
    pub(crate) fn lacks(&self, config: &Config) -> Vec<String> {
        let port = &config.wan_port;
        let lost = !self.interfaces.join(base(port)).exists();
        let mut said: Vec<_> = lost.then(|| format!("port {port} of the WAN is not there")).into_iter().collect();
        let radios = config.wifi.iter().flat_map(|wifi| &wifi.radios).map(|radio| &radio.name);
        let lost = radios.filter(|name| !self.interfaces.join(name).join("phy80211").exists());
        said.extend(lost.map(|name| format!("radio {name} is not there")));
        said
    }

    /// The configuration of a new router, in which the port that was the WAN's is the WAN's, and not the LAN's as the profile says:
    /// the provider's cable may be in it still.
    pub(crate) fn as_new(&self) -> Config {
        let mut ports = self.store.ports().clone();
        if let Some(known) = self.known_wan() {
            let with_address = self.with_address(&known.address);
            let was = if let [one] = &*with_address { one } else { &known.name };
            if let Some(port) = ports.lan.iter_mut().find(|port| base(port) == was) {
                std::mem::swap(port, &mut ports.wan);
            }
        }
        Config::new(&ports)
    }

    /// Notes which port the WAN's is. A router that has no configuration keeps nothing.
    pub(crate) fn note_wan(&self, config: &Config) -> Result<(), Error> {
        let name = base(&config.wan_port);
        let Some(address) = self.address(name) else { return Ok(()) };
        let text = format!("{name} {address}\n");
        if self.store.is_empty() || self.store.is(WAN_PORT, &text) {
            return Ok(());
        }
        self.store.write(WAN_PORT, &text)
    }

    fn known_wan(&self) -> Option<Known> {
        let text = self.store.read(WAN_PORT).ok()??;
        let (name, address) = text.trim_end().split_once(' ')?;
        Some(Known { name: name.to_owned(), address: address.to_owned() })
    }

    /// Whether a port is the one that was the WAN's. Those of a switch may all have one address, which then says nothing.
    fn was_wan(&self, port: &str, known: &Known, roles: Roles) -> bool {
        let name = base(port);
        if name == known.name {
            return roles == Roles::Guessed;
        }
        self.with_address(&known.address) == [name]
    }

    /// The ports that have a hardware address.
    fn with_address(&self, address: &str) -> Vec<String> {
        let mut ports = self.all();
        ports.retain(|name| self.address(name).as_deref() == Some(address));
        ports
    }

    fn address(&self, name: &str) -> Option<String> {
        let text = fs::read_to_string(self.interfaces.join(name).join("address")).ok()?;
        Some(text.trim_end().to_owned())
    }

    /// The names of all ports: what has a device, unlike bridges and VLANs.
    fn all(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.interfaces).into_iter().flatten().flatten();
        let is_port = |path: &Path| path.join("device").exists();
        let ports = entries.filter(|entry| is_port(&entry.path()));
        let mut names: Vec<_> = ports.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// The port that a VLAN is on.
fn base(port: &str) -> &str {
    port.split('.').next().unwrap_or(port)
}
