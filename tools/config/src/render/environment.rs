// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the scripts of the boot read: variables of a shell. No value has a character that a shell minds.

use std::fmt::Write;

use crate::Config;

pub(super) fn render(config: &Config) -> String {
    let mut text = String::new();
    let log = config.log.as_ref().map(ToString::to_string).unwrap_or_default();
    for (name, value) in [
        ("HOSTNAME", config.hostname.as_str()),
        ("DOMAIN", &config.domain),
        ("LOG_HOST", &log),
        // Two, if there is a session over the port.
        ("WAN", config.wan_interface()),
        ("WAN_PORT", &config.wan_port),
        ("LAN", super::lan(config)),
        ("LAN_ADDRESS", &config.lan.address.to_string()),
        ("LAN_HOST", &config.lan.address.address.to_string()),
    ] {
        let _ = writeln!(text, "{name}='{value}'");
    }
    text
}
