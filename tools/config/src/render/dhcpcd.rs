// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The WAN's client: an address, by lease or as it is said, and by IPv6 an address and prefixes for the networks.
//! A household does not wait: it asks at once, as routers start when they please, not all of a street in the same second;
//! and it uses what it is given without probing for somebody else who has it, as a provider's server answers for that.

use std::fmt::Write;

use crate::{Config, Wan};

pub(super) fn render(config: &Config) -> String {
    let wan = config.wan_interface();
    let interfaces: Vec<_> = config.all_networks().map(|network| network.interface.as_str()).collect();
    let mut text = format!(
        "allowinterfaces {wan} {}
script /usr/lib/lunagate/dhcpcd-hook
duid
persistent
option domain_name_servers, interface_mtu, rapid_commit
noipv4ll
noipv6rs
waitip
nodelay
noarp
",
        interfaces.join(" ")
    );
    for interface in &interfaces {
        let _ = writeln!(text, "interface {interface}\n  nodhcp\n  nodhcp6\n  noipv6");
    }
    let _ = writeln!(text, "interface {wan}");
    match &config.wan {
        Wan::Dhcp => {}
        Wan::Static { address, gateway } => {
            let _ = writeln!(text, "  static ip_address={address}\n  static routers={gateway}");
        }
        // PPP has it.
        Wan::Pppoe(_) => text.push_str("  nodhcp\n  noipv4\n"),
    }
    if config.ipv6 {
        // Each network has 64 bits; the LAN is the last to go without if the provider's prefix has not so many.
        let subnets: Vec<_> = interfaces.iter().zip(0..).map(|(name, subnet)| format!("{name}/{subnet}/64")).collect();
        let _ = writeln!(text, "  ipv6rs\n  ia_na 1\n  ia_pd 2 {}", subnets.join(" "));
    } else {
        text.push_str("  nodhcp6\n  noipv6\n");
    }
    text
}
