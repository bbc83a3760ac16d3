// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The firewall. A flow that comes from the WAN is judged by the rules with each packet, so that one whose rule is gone
//! ends with it; answers to what the LAN began pass by their flow.

use std::fmt::Write;

use crate::{Config, Forward, Pinhole};

pub(super) fn render(config: &Config) -> String {
    let (wan, lan) = (&config.ports.wan, super::lan(config));
    let (mut open, mut mapped) = (String::new(), String::new());
    for forward in &config.forwards {
        let Forward { protocol, to, .. } = forward;
        let (from, here) = (span(forward.ports), span(forward.to_ports()));
        let _ = writeln!(
            open,
            "    ct status dnat ct original proto-dst {from} ip daddr {to} {protocol} dport {here} accept"
        );
        let port = forward.to_port.map(|port| format!(":{port}")).unwrap_or_default();
        let _ =
            writeln!(mapped, "    iifname \"{wan}\" fib daddr type local {protocol} dport {from} dnat to {to}{port}");
    }
    for Pinhole { protocol, ports, to } in &config.pinholes {
        let _ = writeln!(open, "    ip6 daddr {to} {protocol} dport {} accept", span(*ports));
    }
    format!(
        "flush ruleset

table inet filter {{
  chain input {{
    type filter hook input priority filter; policy drop;
    iif lo accept
    ct state established,related accept
    ct state invalid drop
    iifname \"{lan}\" accept
    iifname \"{wan}\" jump from_wan
  }}

  # What the WAN may start: the ICMP that IP needs to work, and DHCP's answers.
  chain from_wan {{
    icmp type {{ echo-request, destination-unreachable, time-exceeded, parameter-problem }} limit rate 50/second accept
    icmpv6 type {{ echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem }} limit rate 50/second accept
    ip6 hoplimit 255 icmpv6 type {{ nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert }} accept
    icmpv6 type {{ mld-listener-query, mld-listener-report, mld2-listener-report }} accept
    udp sport 67 udp dport 68 accept
    ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept
  }}

  chain forward {{
    type filter hook forward priority filter; policy drop;
    ct state invalid drop
    tcp flags & (syn|rst) == syn tcp option maxseg size set rt mtu
    iifname \"{lan}\" oifname \"{wan}\" accept
    iifname \"{wan}\" oifname \"{lan}\" ct state related accept
    iifname \"{wan}\" oifname \"{lan}\" ct state established ct direction reply accept
    iifname \"{wan}\" oifname \"{lan}\" jump to_lan
  }}

  # What the owner has opened.
  chain to_lan {{
{open}  }}
}}

table ip nat {{
  chain prerouting {{
    type nat hook prerouting priority dstnat; policy accept;
{mapped}  }}

  chain postrouting {{
    type nat hook postrouting priority srcnat; policy accept;
    oifname \"{wan}\" masquerade
  }}
}}
"
    )
}

fn span((from, to): (u16, u16)) -> String {
    if from == to {
        from.to_string()
    } else {
        format!("{from}-{to}")
    }
}
