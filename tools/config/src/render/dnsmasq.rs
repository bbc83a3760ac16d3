// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! DHCP, router advertisements and DNS for the networks.

use std::fmt::Write;

use crate::{Config, Network};

/// What is the same for all. A device that says its name is wpad would be asked by browsers for their proxy (CERT VU#598349).
const BASE: &str = "\
bind-dynamic
user=dnsmasq
group=dnsmasq
domain-needed
bogus-priv
stop-dns-rebind
expand-hosts
no-hosts
dhcp-authoritative
enable-ra
localise-queries
dhcp-leasefile=/run/dnsmasq/leases
dhcp-name-match=set:wpad-ignore,wpad
dhcp-ignore-names=tag:wpad-ignore
";

pub(super) fn render(config: &Config) -> String {
    let (hostname, domain) = (&config.hostname, &config.domain);
    let mut text = format!("{BASE}domain={domain}\nlocal=/{domain}/\ndhcp-option=option6:domain-search,{domain}\n");
    for network in config.all_networks() {
        render_network(&mut text, network, hostname, domain);
    }
    // Its peers have names there, and their addresses already.
    for interface in config.tunnels.iter().map(|tunnel| &tunnel.name) {
        let _ = writeln!(text, "interface={interface}\ninterface-name={hostname}.{domain},{interface}");
    }
    if config.servers.is_empty() {
        text.push_str("resolv-file=/run/dnsmasq/resolv.conf\n");
    } else {
        text.push_str("no-resolv\n");
    }
    for server in &config.servers {
        let _ = writeln!(text, "server={server}");
    }
    for record in &config.records {
        let _ = writeln!(text, "host-record={},{}", record.name, record.address);
    }
    text
}

/// A network's interface, the router's name on it, and what its devices are given.
fn render_network(text: &mut String, network: &Network, hostname: &str, domain: &str) {
    let interface = &network.interface;
    let _ = writeln!(
        text,
        "interface={interface}\ninterface-name={hostname}.{domain},{interface}\n\
         dhcp-range=::,constructor:{interface},slaac,ra-stateless"
    );
    match network.pool {
        Some(pool) => drop(writeln!(text, "dhcp-range={},{},{}s", pool.from, pool.to, pool.seconds)),
        // Who has an address of his own is given it.
        None => drop(writeln!(text, "dhcp-range={},static", network.address.address)),
    }
    for lease in &network.leases {
        // Without the domain some names are something else there, as `ignore` and `7d` are.
        let name = lease.name.as_ref().map(|name| format!(",{name}.{domain}")).unwrap_or_default();
        let _ = writeln!(text, "dhcp-host={},{}{name}", lease.mac, lease.address);
    }
}
