// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Where a policy says that its hooks are: netfilter's names, those of `linux.nf` in Lua; and XDP at interfaces by
//! their roles.

/// A place in netfilter. The script registers there; the manifest tells its readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Of `linux.nf.proto`.
    pub family: &'static str,
    /// Its number in `linux.nf.proto`.
    pub pf: i64,
    /// Of `linux.nf.inet` or `linux.nf.br`.
    pub point: &'static str,
    /// Its number there.
    pub hooknum: i64,
    /// Smaller is earlier.
    pub priority: i64,
}

/// What interfaces are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The port to the Internet.
    Wan,
    /// Each port of the LAN.
    Lan,
}

impl Role {
    pub(crate) const ALL: [Role; 2] = [Role::Wan, Role::Lan];

    /// Its name in manifests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Role::Wan => "wan",
            Role::Lan => "lan",
        }
    }
}

/// What a manifest calls a hook that is at XDP.
pub(crate) const XDP: &str = "XDP";

pub(crate) type Names = [(&'static str, i64)];

/// The families that the router's kernel hooks.
pub(crate) const FAMILIES: &Names = &[("INET", 1), ("IPV4", 2), ("BRIDGE", 7), ("IPV6", 10)];
/// The points of every family.
pub(crate) const POINTS: &Names =
    &[("PRE_ROUTING", 0), ("LOCAL_IN", 1), ("FORWARD", 2), ("LOCAL_OUT", 3), ("POST_ROUTING", 4)];
const IP_PRIORITIES: &Names = &[
    ("CONNTRACK_DEFRAG", -400),
    ("RAW", -300),
    ("CONNTRACK", -200),
    ("MANGLE", -150),
    ("NAT_DST", -100),
    ("FILTER", 0),
    ("SECURITY", 50),
    ("NAT_SRC", 100),
    ("CONNTRACK_HELPER", 300),
];
const BRIDGE_PRIORITIES: &Names = &[
    ("NAT_DST_BRIDGED", -300),
    ("FILTER_BRIDGED", -200),
    ("BRNF", 0),
    ("NAT_DST_OTHER", 100),
    ("FILTER_OTHER", 200),
    ("NAT_SRC", 300),
];

/// The names of a family and of a point in it, by their numbers.
#[must_use]
pub fn hook_names(pf: i64, hooknum: i64) -> Option<(&'static str, &'static str)> {
    let name = |names: &Names, number| names.iter().find(|(_, known)| *known == number).map(|(name, _)| *name);
    Some((name(FAMILIES, pf)?, name(POINTS, hooknum)?))
}

/// The names of a family's priorities.
pub(crate) fn priorities(family: &str) -> &'static Names {
    if family == "BRIDGE" {
        BRIDGE_PRIORITIES
    } else {
        IP_PRIORITIES
    }
}

/// The entry with this name.
pub(crate) fn named(names: &Names, name: &str) -> Option<(&'static str, i64)> {
    names.iter().find(|(known, _)| *known == name).copied()
}

/// The names, for a message.
pub(crate) fn list(names: &Names) -> String {
    names.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}
