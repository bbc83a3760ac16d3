// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! DHCP, router advertisements and DNS on the LAN.

use std::fmt::Write;

use crate::Config;

/// What is the same for all.
const BASE: &str = "\
bind-interfaces
user=dnsmasq
group=dnsmasq
domain-needed
bogus-priv
stop-dns-rebind
expand-hosts
no-hosts
dhcp-authoritative
enable-ra
dhcp-leasefile=/run/dnsmasq/leases
";

pub(super) fn render(config: &Config) -> String {
    let lan = super::lan(config);
    let (hostname, domain) = (&config.hostname, &config.domain);
    let mut text = format!(
        "interface={lan}\n{BASE}domain={domain}\nlocal=/{domain}/\ninterface-name={hostname}.{domain},{lan}\n\
         dhcp-range=::,constructor:{lan},slaac,ra-stateless\n"
    );
    if config.servers.is_empty() {
        text.push_str("resolv-file=/run/dnsmasq/resolv.conf\n");
    } else {
        text.push_str("no-resolv\n");
    }
    for server in &config.servers {
        let _ = writeln!(text, "server={server}");
    }
    match config.lan.pool {
        Some(pool) => drop(writeln!(text, "dhcp-range={},{},{}s", pool.from, pool.to, pool.seconds)),
        // Who has an address of his own is given it.
        None => drop(writeln!(text, "dhcp-range={},static", config.lan.address.address)),
    }
    for lease in &config.lan.leases {
        let name = lease.name.as_ref().map(|name| format!(",{name}")).unwrap_or_default();
        let _ = writeln!(text, "dhcp-host={},{}{name}", lease.mac, lease.address);
    }
    for record in &config.lan.records {
        let _ = writeln!(text, "host-record={},{}", record.name, record.address);
    }
    text
}
