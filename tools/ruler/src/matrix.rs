// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is compared: filters and jobs, in the order in which they are shown.

/// Where a filter sees packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    /// On their way through the router (netfilter, FORWARD).
    Forward,
    /// Where they come in, before the router knows of them (XDP).
    Xdp,
}

/// A filter.
#[derive(Debug)]
pub struct Column {
    /// Its name in plans and results.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Where it sees packets.
    pub hook: Hook,
    /// Whether it is a packet policy in Lua, which the gate holds.
    pub ours: bool,
}

/// A job.
#[derive(Debug)]
pub struct Row {
    /// Its name in plans and results.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
}

const fn peer(id: &'static str, title: &'static str, hook: Hook) -> Column {
    Column { id, title, hook, ours: false }
}

const fn ours(id: &'static str, title: &'static str, hook: Hook) -> Column {
    Column { id, title, hook, ours: true }
}

/// The filters that are compared.
pub const COLUMNS: [Column; 13] = [
    peer("none", "no filter", Hook::Forward),
    peer("floor", "bare Rust hook", Hook::Forward),
    peer("iptables", "iptables", Hook::Forward),
    peer("ipset", "iptables + ipset", Hook::Forward),
    peer("nft-rule", "nftables, rules", Hook::Forward),
    peer("nft-set", "nftables, set", Hook::Forward),
    ours("nflua-compat", "NFLua, 4.4's script", Hook::Forward),
    ours("nflua", "NFLua", Hook::Forward),
    ours("nflua-cache", "NFLua, verdict cache", Hook::Forward),
    peer("xdp-c", "eBPF/XDP in C", Hook::Xdp),
    ours("xdplua-compat", "XDPLua from eBPF, 4.4's script", Hook::Xdp),
    ours("xdplua-ebpf", "XDPLua from eBPF", Hook::Xdp),
    ours("xdplua", "XDPLua standalone", Hook::Xdp),
];

/// The jobs.
pub const ROWS: [Row; 16] = [
    Row { id: "accept", title: "Accept everything" },
    Row { id: "drop", title: "Drop everything" },
    Row { id: "udp-port", title: "Drop by UDP port" },
    Row { id: "ipv4-10", title: "IPv4 block list, 10 addresses" },
    Row { id: "ipv4-1000", title: "IPv4 block list, 1,000 addresses" },
    Row { id: "ipv4-100000", title: "IPv4 block list, 100,000 addresses" },
    Row { id: "mac-10", title: "MAC block list, 10 addresses" },
    Row { id: "mac-1000", title: "MAC block list, 1,000 addresses" },
    Row { id: "mac-100000", title: "MAC block list, 100,000 addresses" },
    Row { id: "dns-1", title: "DNS block list, 1 name" },
    Row { id: "dns-10000", title: "DNS block list, 10,000 names" },
    Row { id: "dns-1000000", title: "DNS block list, 1,000,000 names" },
    Row { id: "sni-1", title: "TLS SNI block list, 1 name" },
    Row { id: "sni-10000", title: "TLS SNI block list, 10,000 names" },
    Row { id: "sni-1000000", title: "TLS SNI block list, 1,000,000 names" },
    Row { id: "http", title: "HTTP User-Agent" },
];

impl Hook {
    /// The column that drops every packet at this hook, and does nothing else.
    pub fn dropper(self) -> &'static str {
        match self {
            Hook::Forward => "floor-drop",
            Hook::Xdp => "xdp-drop",
        }
    }

    /// The column whose row `accept` is this hook and nothing else.
    pub fn bare(self) -> &'static str {
        match self {
            Hook::Forward => "floor",
            Hook::Xdp => "xdp-c",
        }
    }
}

/// The filter of this name, if it is compared.
pub fn column(id: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| column.id == id)
}

/// The job of this name.
pub fn row(id: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.id == id)
}

/// Whether a column is there only to be compared with.
pub fn is_base(id: &str) -> bool {
    [Hook::Forward, Hook::Xdp].iter().any(|hook| hook.dropper() == id)
}
