// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the scripts of the boot make networks of: a line for each, the LAN's first. It has the network's interface, the
//! router's address there, the number of its IPv6 subnet in hexadecimal digits, and its ports.

use std::fmt::Write;

use crate::Config;

pub(super) fn render(config: &Config) -> String {
    let mut text = String::new();
    for (network, subnet) in config.all_networks().zip(1..) {
        let _ = writeln!(text, "{} {} {subnet:x} {}", network.interface, network.address, network.ports.join(" "));
    }
    text
}
