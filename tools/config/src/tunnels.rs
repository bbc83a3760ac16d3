// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What an owner takes from the router to the other end of a tunnel: its public key, and a peer's configuration.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use anyhow::{bail, ensure, Context, Result};

use crate::model::WAN;
use crate::wireguard::{inside, inside_bits};
use crate::{check, Config, Endpoint, Peer, Tunnel};

/// Where the router keeps its private keys: NETWORK.key.
const KEYS: &str = "/data/wireguard";
/// The 48 bits before its own IPv6 addresses.
const PREFIX: &str = "/data/ula";

/// What a router knows that its file does not say.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its public key in the network.
    pub key: String,
    /// The prefix of its own IPv6 addresses: `fd00:1:2`.
    pub prefix: String,
    /// How it is found: a name or an address.
    pub host: Option<String>,
}

/// Shows the networks, or this one; or what a peer's own configuration is, which calls the router `host`.
pub(crate) fn show(config: &Config, network: Option<&str>, peer: Option<&str>, host: Option<&str>) -> Result<()> {
    if config.tunnels.is_empty() {
        bail!("router.yaml has no networks below `wireguard`");
    }
    let Some(network) = network else {
        return config.tunnels.iter().try_for_each(print);
    };
    let tunnel = found(&config.tunnels, |tunnel| &tunnel.name, network).context("there is no such network")?;
    let Some(peer) = peer else { return print(tunnel) };
    let peer = found(&tunnel.peers, |peer| &peer.name, peer).context("there is no such peer")?;
    let host = match host {
        Some(host) => Some(check::host_or_name(host).map_err(anyhow::Error::msg)?),
        None => wan_address(config.wan_interface()),
    };
    let prefix = fs::read_to_string(PREFIX).with_context(|| format!("cannot read {PREFIX}"))?;
    let known = Known { key: public_key(tunnel)?, prefix: prefix.trim().to_owned(), host };
    print!("{}", peer_file(config, tunnel, peer, &known));
    Ok(())
}

fn found<'a, T>(all: &'a [T], name: impl Fn(&T) -> &String, wanted: &str) -> Result<&'a T> {
    all.iter().find(|one| name(one).eq_ignore_ascii_case(wanted)).with_context(|| {
        let there: Vec<_> = all.iter().map(|one| name(one).as_str()).collect();
        format!("'{wanted}' is none of {}", there.join(", "))
    })
}

/// The configuration of a peer, as `wg-quick` and apps read it; only the peer's private key is not there.
///
/// A device without networks behind it sends everything through the tunnel if the network reaches the Internet; a router
/// keeps its own way there.
#[must_use]
pub fn peer_file(config: &Config, tunnel: &Tunnel, peer: &Peer, known: &Known) -> String {
    let mut text = format!("# {} in the network {} of {}\n[Interface]\n", peer.name, tunnel.name, config.hostname);
    let _ = writeln!(text, "PrivateKey = <the private key of {}>", peer.name);
    if let Some(address) = peer.address {
        let (bits, bits6) = (tunnel.address.bits, inside_bits(tunnel.address));
        let _ = writeln!(text, "Address = {address}/{bits}, {}:{}/{bits6}", known.prefix, inside(address));
    }
    if let Some(endpoint) = &peer.endpoint {
        let _ = writeln!(text, "ListenPort = {}", endpoint.port);
    }
    let site = !peer.networks.is_empty();
    if !site {
        let _ = writeln!(text, "DNS = {}", tunnel.address.address);
    }
    let _ = writeln!(text, "\n[Peer]\nPublicKey = {}", known.key);
    if let Some(port) = tunnel.port {
        match &known.host {
            Some(host) => drop(writeln!(text, "Endpoint = {}", Endpoint { host: host.clone(), port })),
            None => drop(writeln!(text, "Endpoint = <this router's name or address>:{port}")),
        }
    }
    let everything = !site && tunnel.reaches.iter().any(|zone| zone == WAN);
    let allowed =
        if everything { vec!["0.0.0.0/0".to_owned(), "::/0".to_owned()] } else { within(config, tunnel, peer, known) };
    let _ = writeln!(text, "AllowedIPs = {}", allowed.join(", "));
    if let Some(seconds) = peer.keepalive {
        let _ = writeln!(text, "PersistentKeepalive = {seconds}");
    }
    text
}

/// The addresses behind the router that this peer may reach, and of the network itself.
fn within(config: &Config, tunnel: &Tunnel, peer: &Peer, known: &Known) -> Vec<String> {
    let mut all = Vec::new();
    let prefix = &known.prefix;
    let reached = |name: &str| tunnel.reaches.iter().any(|zone| zone == name);
    for (network, subnet) in config.all_networks().zip(1..).filter(|(network, _)| reached(&network.name)) {
        all.extend([network.address.base(), format!("{prefix}:{subnet:x}::/64")]);
    }
    for other in &config.tunnels {
        let own = other.name == tunnel.name;
        if own || reached(&other.name) {
            let address = other.address;
            let first = inside(address.first());
            all.extend([address.base(), format!("{prefix}:{first}/{}", inside_bits(address))]);
        }
        if reached(&other.name) {
            let others = other.peers.iter().filter(|other| !own || other.name != peer.name);
            all.extend(others.flat_map(|peer| &peer.networks).map(ToString::to_string));
        }
    }
    all
}

fn print(tunnel: &Tunnel) -> Result<()> {
    let Tunnel { name, address, port, peers, .. } = tunnel;
    let port = port.map_or_else(|| "no port".to_owned(), |port| format!("port {port}"));
    println!("{name}: {address}, {port}, public key {}", public_key(tunnel)?);
    let heard = handshakes(name);
    for Peer { name, key, address, networks, .. } in peers {
        let addresses = address.iter().map(ToString::to_string).chain(networks.iter().map(ToString::to_string));
        let addresses: Vec<_> = addresses.collect();
        let heard = match heard.as_ref().map(|heard| heard.get(&key.to_string())) {
            None => "the network is not up".to_owned(),
            Some(None) => "no handshake yet".to_owned(),
            Some(Some(at)) => {
                let age = SystemTime::now().duration_since(*at).unwrap_or_default();
                format!("handshake {} ago", check::age(age))
            }
        };
        println!("  {name}: {}, {heard}", addresses.join(", "));
    }
    Ok(())
}

/// When each peer, by its key, was last heard of.
fn handshakes(network: &str) -> Option<HashMap<String, SystemTime>> {
    let text = said(Command::new("wg").args(["show", network, "latest-handshakes"]))?;
    let heard = text.lines().filter_map(|line| {
        let (key, seconds) = line.split_once('\t')?;
        let seconds = seconds.parse().ok().filter(|seconds| *seconds != 0)?;
        Some((key.to_owned(), SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)))
    });
    Some(heard.collect())
}

fn public_key(tunnel: &Tunnel) -> Result<String> {
    let path = Path::new(KEYS).join(format!("{}.key", tunnel.name));
    let file = File::open(&path).with_context(|| {
        let name = &tunnel.name;
        format!("network {name} has no key yet ({}): the router makes it when it follows the file", path.display())
    })?;
    let key = said(Command::new("wg").arg("pubkey").stdin(file)).context("failed to run wg pubkey")?;
    ensure!(!key.trim().is_empty(), "{} is no key: remove it, and apply the configuration", path.display());
    Ok(key.trim().to_owned())
}

/// The WAN's IPv4 address now.
fn wan_address(port: &str) -> Option<String> {
    let text = said(Command::new("ip").args(["-4", "-o", "address", "show", "dev", port, "scope", "global"]))?;
    let mut words = text.split_whitespace().skip_while(|word| *word != "inet");
    words.nth(1)?.split('/').next().map(str::to_owned)
}

/// What a program says if it succeeds.
fn said(program: &mut Command) -> Option<String> {
    let output = program.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}
