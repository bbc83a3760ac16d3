// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Networks by WireGuard, for the boot and for `wg`. The router's keys and the prefix of its IPv6 addresses are its own,
//! so they are put in there: `ULA` stands for the prefix's 48 bits.

use std::fmt::Write;

use crate::wireguard::{inside, inside_bits};
use crate::{Config, Tunnel};

/// A line for each network: its interface, the router's address there, that by IPv6 without the prefix, and what is
/// behind its peers.
pub(super) fn list(config: &Config) -> String {
    let mut text = String::new();
    for Tunnel { name, address, peers, .. } in &config.tunnels {
        let _ = write!(text, "{name} {address} {}/{}", inside(address.address), inside_bits(*address));
        for network in peers.iter().flat_map(|peer| &peer.networks) {
            let _ = write!(text, " {network}");
        }
        text.push('\n');
    }
    text
}

/// A network's file for `wg syncconf`.
pub(super) fn render(tunnel: &Tunnel) -> String {
    let mut text = "[Interface]\n".to_owned();
    if let Some(port) = tunnel.port {
        let _ = writeln!(text, "ListenPort = {port}");
    }
    for peer in &tunnel.peers {
        let own =
            peer.address.iter().flat_map(|address| [format!("{address}/32"), format!("ULA:{}/128", inside(*address))]);
        let behind = peer.networks.iter().map(ToString::to_string);
        let allowed: Vec<_> = own.chain(behind).collect();
        let _ = writeln!(text, "[Peer]\nPublicKey = {}\nAllowedIPs = {}", peer.key, allowed.join(", "));
        // A name has no address while the router boots.
        if let Some(endpoint) = peer.endpoint.as_ref().filter(|endpoint| endpoint.address().is_some()) {
            let _ = writeln!(text, "Endpoint = {endpoint}");
        }
        // What is left out stays as it was.
        let _ = writeln!(text, "PersistentKeepalive = {}", peer.keepalive.unwrap_or(0));
    }
    text
}

/// A line for each peer whose endpoint is a name: the interface, its key, the name and the port.
pub(super) fn endpoints(config: &Config) -> String {
    let mut text = String::new();
    for tunnel in &config.tunnels {
        for peer in &tunnel.peers {
            if let Some(endpoint) = peer.endpoint.as_ref().filter(|endpoint| endpoint.address().is_none()) {
                let _ = writeln!(text, "{} {} {} {}", tunnel.name, peer.key, endpoint.host, endpoint.port);
            }
        }
    }
    text
}
