// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The firewall. Each packet of a flow is judged by the rules that are there now, by the direction in which the flow began,
//! so that a flow whose rule is gone ends with it.

use std::fmt::Write;

use crate::model::{Zone, WAN};
use crate::{Config, Forward, Pinhole};

/// Addresses that no packet on the Internet has: compatible with IPv4 or mapped, to be discarded, of cryptographic
/// identifiers, and local ones. Those for documentation are not here, because tests use them.
const NOWHERE6: &str = "{ ::/96, ::ffff:0:0/96, 100::/64, 2001:10::/28, fc00::/7, fec0::/10 }";

pub(super) fn render(config: &Config) -> String {
    let wan = config.wan_interface();
    let lan = &config.lan.interface;
    let inside = set(config.zones().map(|zone| quoted(zone.interface)));
    let Opened { open, mapped, hairpin } = opened(config, &inside);
    let zones = zones(config);
    let others: Vec<_> = config.zones().skip(1).map(|zone| quoted(zone.interface)).collect();
    let guests = match others.as_slice() {
        [] => String::new(),
        others => format!("    iifname {} jump from_network\n", set(others.iter().cloned())),
    };
    // Between devices of one radio hostapd does it.
    let isolated = match super::hostapd::isolated(config).as_slice() {
        [] => "destroy table bridge lunagate\n".into(),
        all => {
            let all = set(all.iter().map(|name| quoted(name)));
            format!(
                "table bridge lunagate
flush table bridge lunagate
table bridge lunagate {{
  chain forward {{
    type filter hook forward priority filter; policy accept;
    iifname {all} oifname {all} drop
  }}
}}
"
            )
        }
    };
    let called: Vec<_> = config.tunnels.iter().filter_map(|tunnel| tunnel.port).map(|port| port.to_string()).collect();
    let called = match called.as_slice() {
        [] => String::new(),
        ports => format!("    udp dport {} accept\n", set(ports.iter().cloned())),
    };
    let bare = match bare(config).as_slice() {
        [] => String::new(),
        ports => {
            let ports = set(ports.iter().map(|name| quoted(name)));
            format!("    # What is below the WAN, but not of it, is nobody's.\n    iifname {ports} drop\n")
        }
    };
    format!(
        "# Other rules take the place of these at once, in chains that stay: a new one lets pass what its policy drops, when the
# one before is gone already. Tables of others stay, too, and those of iptables and ebtables have other names.
table inet filter
flush table inet filter
table inet filter {{
  # Nobody outside has an address of a network here: who says so gets nothing, and nor does whom the address is of, as
  # errors of a router without a way out would.
  chain prerouting {{
    type filter hook prerouting priority filter; policy accept;
{bare}    iifname \"{wan}\" ct state != {{ established, related }} fib saddr oifname {inside} drop
  }}

  chain input {{
    type filter hook input priority filter; policy drop;
    iif lo accept
    ct state invalid drop
    # Answers to what the router began. What others began with it is judged again, by who may now.
    ct state related accept
    ct state established ct direction reply accept
    iifname \"{lan}\" accept
{guests}    iifname \"{wan}\" jump from_wan
  }}

  # What the WAN may start: the ICMP that IP needs to work, DHCP's answers, which by IPv6 come from whatever address and
  # port the provider's servers have, and WireGuard, which answers those it knows.
  chain from_wan {{
    icmp type {{ echo-request, destination-unreachable, time-exceeded, parameter-problem }} limit rate 50/second accept
    icmpv6 type {{ echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem }} limit rate 50/second accept
    ip6 hoplimit 255 icmpv6 type {{ nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert }} accept
    icmpv6 type {{ mld-listener-query, mld-listener-report, mld2-listener-report }} accept
    udp sport 67 udp dport 68 accept
    ip6 daddr fe80::/10 udp dport 546 accept
{called}  }}

  # What a network beside the LAN has of the router: addresses, names, and the ICMP that IP needs.
  chain from_network {{
    udp dport {{ 53, 67, 547 }} accept
    tcp dport 53 accept
    icmp type {{ echo-request, destination-unreachable, time-exceeded, parameter-problem }} limit rate 50/second accept
    icmpv6 type {{ echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem }} limit rate 50/second accept
    ip6 hoplimit 255 icmpv6 type {{ nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert }} accept
    icmpv6 type {{ mld-listener-query, mld-listener-report, mld2-listener-report }} accept
  }}

  chain forward {{
    type filter hook forward priority filter; policy drop;
    meta nfproto ipv6 jump misplaced
    ct state invalid drop
    tcp flags & (syn|rst) == syn tcp option maxseg size set rt mtu
{zones}    jump opened
  }}

  # By IPv6 nobody sends on what is not for where it goes (RFC 6092, 3.1; RFC 7084, ULA-4 and S-2): whose sender
  # would be answered elsewhere, addresses that the Internet has not, and routes that senders choose.
  chain misplaced {{
    fib saddr . iif oif missing drop
    iifname \"{wan}\" ip6 saddr {NOWHERE6} drop
    iifname \"{wan}\" ip6 daddr {NOWHERE6} drop
    oifname \"{wan}\" ip6 saddr {NOWHERE6} reject with icmpv6 policy-fail
    oifname \"{wan}\" ip6 daddr {NOWHERE6} reject with icmpv6 no-route
    rt type 0 drop
  }}

  # What the owner has opened, whoever asks, the answers, and errors about both.
  chain opened {{
{open}  }}
}}

table ip lunagate
flush table ip lunagate
table ip lunagate {{
  chain prerouting {{
    type nat hook prerouting priority dstnat; policy accept;
{mapped}  }}

  chain postrouting {{
    type nat hook postrouting priority srcnat; policy accept;
    oifname \"{wan}\" masquerade
{hairpin}  }}
}}

{isolated}"
    )
}

/// Ports that carry the WAN, a session or a VLAN, and are not it.
fn bare(config: &Config) -> Vec<&str> {
    let port = config.wan_port.as_str();
    let mut ports: Vec<_> = port.split('.').next().into_iter().chain([port]).collect();
    ports.dedup();
    ports.retain(|port| *port != config.wan_interface());
    ports
}

/// Who may begin what, and the answers.
fn zones(config: &Config) -> String {
    let mut rules = String::new();
    for Zone { interface: here, reaches, .. } in config.zones() {
        for zone in reaches {
            let there = interface(config, zone);
            let _ = writeln!(
                rules,
                "    iifname \"{here}\" oifname \"{there}\" accept
    iifname \"{there}\" oifname \"{here}\" ct state related accept
    iifname \"{there}\" oifname \"{here}\" ct state established ct direction reply accept"
            );
        }
    }
    rules
}

fn interface<'a>(config: &'a Config, zone: &str) -> &'a str {
    match config.zones().find(|other| other.name == zone) {
        Some(zone) => zone.interface,
        // The file names no zone that is none.
        None => {
            debug_assert_eq!(zone, WAN);
            config.wan_interface()
        }
    }
}

/// What forwards and pinholes come to.
#[derive(Default)]
struct Opened {
    open: String,
    mapped: String,
    hairpin: String,
}

fn opened(config: &Config, inside: &str) -> Opened {
    let mut rules = Opened::default();
    let own = set(config.zones().map(|zone| zone.address.address.to_string()));
    let wan = config.wan_interface();
    for forward in &config.forwards {
        let Forward { protocol, to, .. } = forward;
        let (from, here) = (span(forward.ports), span(forward.to_ports()));
        let flow = format!("ct status dnat ct original proto-dst {from}");
        let _ = writeln!(
            rules.open,
            "    oifname {inside} {flow} ip daddr {to} {protocol} dport {here} accept
    iifname {inside} {flow} ct direction reply ip saddr {to} {protocol} sport {here} accept
    oifname {inside} {flow} ct state related accept
    iifname {inside} {flow} ct state related accept"
        );
        let port = forward.to_port.map(|port| format!(":{port}")).unwrap_or_default();
        let _ = writeln!(
            rules.mapped,
            "    iifname \"{wan}\" fib daddr type local {protocol} dport {from} dnat to {to}{port}
    iifname {inside} ip daddr != {own} fib daddr type local {protocol} dport {from} dnat to {to}{port}"
        );
    }
    for Pinhole { protocol, ports, to } in &config.pinholes {
        let ports = span(*ports);
        let flow = format!("ct original ip6 daddr {to} ct original protocol {protocol} ct original proto-dst {ports}");
        let _ = writeln!(
            rules.open,
            "    oifname {inside} ip6 daddr {to} {protocol} dport {ports} accept
    iifname {inside} ct direction reply ip6 saddr {to} {protocol} sport {ports} accept
    oifname {inside} {flow} ct state related accept
    iifname {inside} {flow} ct state related accept"
        );
    }
    if !config.forwards.is_empty() {
        // Who asks from the server's own network would be answered past the router.
        for Zone { interface, address, .. } in config.zones() {
            let base = address.base();
            let _ = writeln!(
                rules.hairpin,
                "    oifname \"{interface}\" ip saddr {base} ip daddr {base} ct status dnat masquerade"
            );
        }
    }
    rules
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// A set of these, in braces.
fn set(items: impl Iterator<Item = String>) -> String {
    format!("{{ {} }}", items.collect::<Vec<_>>().join(", "))
}

fn span((from, to): (u16, u16)) -> String {
    if from == to {
        from.to_string()
    } else {
        format!("{from}-{to}")
    }
}
