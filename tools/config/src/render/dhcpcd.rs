// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The WAN's client: an address, by lease or as it is said, and by IPv6 an address and a prefix for the LAN.

use std::fmt::Write;

use crate::{Config, Wan};

pub(super) fn render(config: &Config) -> String {
    let (wan, lan) = (&config.ports.wan, super::lan(config));
    let mut text = format!(
        "allowinterfaces {wan} {lan}
script /usr/lib/lunagate/dhcpcd-hook
duid
persistent
option domain_name_servers, interface_mtu, rapid_commit
noipv4ll
noipv6rs
waitip
interface {lan}
  nodhcp
  nodhcp6
  noipv6
interface {wan}
"
    );
    if let Wan::Static { address, gateway } = &config.wan {
        let _ = writeln!(text, "  static ip_address={address}\n  static routers={gateway}");
    }
    if config.ipv6 {
        let _ = writeln!(text, "  ipv6rs\n  ia_na 1\n  ia_pd 2 {lan}/0");
    } else {
        text.push_str("  nodhcp6\n  noipv6\n");
    }
    text
}
