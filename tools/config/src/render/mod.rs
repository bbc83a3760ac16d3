// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The files that a router's daemons and its boot read.

mod dhcpcd;
mod dnsmasq;
mod environment;
mod hostapd;
mod networks;
mod nftables;
mod pppoe;
mod wireguard;

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use files::Error;

use crate::{Config, Policies};

/// The text that all of this is made of.
pub(crate) const SOURCE: &str = "router.yaml";

/// The file for pppd.
const PPPOE: &str = "pppoe";

/// A file of the folder: its name, and what is in it.
pub type File = (String, Vec<u8>);

/// All files of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered(pub Vec<File>);

/// Makes them, with the parameters of an image's policies.
///
/// # Errors
///
/// The image has not what the configuration says of policies.
pub fn render(config: &Config, policies: &Policies) -> Result<Rendered, crate::Error> {
    let lines = |lines: Vec<String>| lines.into_iter().map(|line| line + "\n").collect::<String>();
    let files = [
        ("environment", environment::render(config)),
        ("networks", networks::render(config)),
        ("tunnels", wireguard::list(config)),
        ("endpoints", wireguard::endpoints(config)),
        ("wifi", hostapd::list(config)),
        ("nftables.conf", nftables::render(config)),
        ("dnsmasq.conf", dnsmasq::render(config)),
        ("dhcpcd.conf", dhcpcd::render(config)),
        (PPPOE, pppoe::render(config)),
        ("authorized_keys", lines(config.keys.clone())),
        ("policies", lines(policies.states(config)?)),
        ("xdp", lines(policies.at_xdp(config)?)),
        ("saves", lines(policies.saves(config)?)),
        ("lists", lines(config.lists.iter().map(ToString::to_string).collect())),
        ("authorities.pem", config.certificates.concat()),
        ("channel", lines(config.channel.iter().map(ToString::to_string).collect())),
    ];
    let parameters = policies.parameters(config)?;
    let (installed, versions) = policies.installed(config)?;
    let files = files.into_iter().chain([("installed", lines(installed)), ("versions", lines(versions))]);
    let tunnels =
        config.tunnels.iter().map(|tunnel| (format!("wireguard/{}.conf", tunnel.name), wireguard::render(tunnel)));
    let tunnels = tunnels.map(|(name, text)| (name, text.into_bytes()));
    let radios = hostapd::files(config).into_iter().map(|(name, text)| (name, text.into_bytes()));
    let named = files.map(|(name, text)| (name.to_owned(), text.into_bytes()));
    let parameters = parameters.into_iter().map(|(name, text)| (format!("parameters/{name}.lua"), text.into_bytes()));
    // /etc/localtime leads to it.
    let time = config.zone.map(|zone| ("localtime".to_owned(), zone.file.to_vec()));
    Ok(Rendered(named.chain(tunnels).chain(radios).chain(parameters).chain(time).collect()))
}

impl Rendered {
    /// Writes them into a folder, which is made.
    ///
    /// # Errors
    ///
    /// [`Error::Write`].
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        for (name, bytes) in &self.0 {
            let path = folder.join(name);
            let folder = path.parent().unwrap_or(folder);
            fs::create_dir_all(folder).map_err(Error::writing(folder))?;
            files::save(&path, |file| {
                if has_password(name) {
                    file.set_permissions(Permissions::from_mode(0o600))?;
                }
                file.write_all(bytes)
            })?;
        }
        Ok(())
    }
}

/// Whether a file has a password in it, and so is root's alone.
fn has_password(name: &str) -> bool {
    name == PPPOE || name == SOURCE || name.starts_with(hostapd::FOLDER)
}

/// The interface that is the LAN.
pub(crate) fn lan(config: &Config) -> &str {
    &config.lan.interface
}
