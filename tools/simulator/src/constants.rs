// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The kernel's constants that policies name, as the Lua files that lualinux generates from its headers. They are
//! of the kernel's interface to user space, which stays as it is.

/// The names below `linux.`, with their constants.
const CONSTANTS: &[(&str, &[(&str, i64)])] = &[
    ("nf.action", &[("DROP", 0), ("ACCEPT", 1), ("STOLEN", 2), ("QUEUE", 3), ("REPEAT", 4), ("STOP", 5)]),
    (
        "nf.inet",
        &[
            ("PRE_ROUTING", 0),
            ("LOCAL_IN", 1),
            ("FORWARD", 2),
            ("LOCAL_OUT", 3),
            ("POST_ROUTING", 4),
            ("INGRESS", 5),
            ("NUMHOOKS", 5),
        ],
    ),
    (
        "nf.proto",
        &[
            ("UNSPEC", 0),
            ("INET", 1),
            ("IPV4", 2),
            ("ARP", 3),
            ("NETDEV", 5),
            ("BRIDGE", 7),
            ("IPV6", 10),
            ("NUMPROTO", 11),
        ],
    ),
    (
        "nf.ip.pri",
        &[
            ("FIRST", -2_147_483_648),
            ("RAW_BEFORE_DEFRAG", -450),
            ("CONNTRACK_DEFRAG", -400),
            ("RAW", -300),
            ("SELINUX_FIRST", -225),
            ("CONNTRACK", -200),
            ("MANGLE", -150),
            ("NAT_DST", -100),
            ("FILTER", 0),
            ("SECURITY", 50),
            ("NAT_SRC", 100),
            ("SELINUX_LAST", 225),
            ("CONNTRACK_HELPER", 300),
            ("CONNTRACK_CONFIRM", 2_147_483_647),
            ("LAST", 2_147_483_647),
        ],
    ),
    (
        "nf.ip6.pri",
        &[
            ("FIRST", -2_147_483_648),
            ("RAW_BEFORE_DEFRAG", -450),
            ("CONNTRACK_DEFRAG", -400),
            ("RAW", -300),
            ("SELINUX_FIRST", -225),
            ("CONNTRACK", -200),
            ("MANGLE", -150),
            ("NAT_DST", -100),
            ("FILTER", 0),
            ("SECURITY", 50),
            ("NAT_SRC", 100),
            ("SELINUX_LAST", 225),
            ("CONNTRACK_HELPER", 300),
            ("LAST", 2_147_483_647),
        ],
    ),
    (
        "nf.br",
        &[
            ("PRE_ROUTING", 0),
            ("LOCAL_IN", 1),
            ("FORWARD", 2),
            ("LOCAL_OUT", 3),
            ("POST_ROUTING", 4),
            ("BROUTING", 5),
            ("NUMHOOKS", 6),
        ],
    ),
    (
        "nf.br.pri",
        &[
            ("FIRST", -2_147_483_648),
            ("NAT_DST_BRIDGED", -300),
            ("FILTER_BRIDGED", -200),
            ("BRNF", 0),
            ("NAT_DST_OTHER", 100),
            ("FILTER_OTHER", 200),
            ("NAT_SRC", 300),
            ("LAST", 2_147_483_647),
        ],
    ),
    (
        "nf.ct.info",
        &[
            ("ESTABLISHED", 0),
            ("RELATED", 1),
            ("NEW", 2),
            ("IS_REPLY", 3),
            ("ESTABLISHED_REPLY", 3),
            ("RELATED_REPLY", 4),
            ("UNTRACKED", 7),
        ],
    ),
    (
        "nf.ct.status",
        &[
            ("EXPECTED", 1),
            ("SEEN_REPLY", 2),
            ("ASSURED", 4),
            ("CONFIRMED", 8),
            ("SRC_NAT", 16),
            ("DST_NAT", 32),
            ("SEQ_ADJUST", 64),
            ("SRC_NAT_DONE", 128),
            ("DST_NAT_DONE", 256),
            ("DYING", 512),
            ("FIXED_TIMEOUT", 1024),
            ("TEMPLATE", 2048),
            ("UNTRACKED", 4096),
            ("NAT_CLASH", 4096),
            ("HELPER", 8192),
            ("OFFLOAD", 16384),
            ("HW_OFFLOAD", 32768),
        ],
    ),
    ("nf.ct.dir", &[("ORIGINAL", 0), ("REPLY", 1)]),
    (
        "nf.ct.tcp",
        &[
            ("NONE", 0),
            ("SYN_SENT", 1),
            ("SYN_RECV", 2),
            ("ESTABLISHED", 3),
            ("FIN_WAIT", 4),
            ("CLOSE_WAIT", 5),
            ("LAST_ACK", 6),
            ("TIME_WAIT", 7),
            ("CLOSE", 8),
            ("LISTEN", 9),
            ("SYN_SENT2", 9),
        ],
    ),
    ("xdp", &[("ABORTED", 0), ("DROP", 1), ("PASS", 2), ("TX", 3), ("REDIRECT", 4)]),
    ("eth", &[("IP", 0x0800), ("ARP", 0x0806), ("8021Q", 0x8100), ("IPV6", 0x86dd), ("8021AD", 0x88a8)]),
    (
        "socket.ipproto",
        &[
            ("IP", 0),
            ("ICMP", 1),
            ("IGMP", 2),
            ("TCP", 6),
            ("UDP", 17),
            ("IPV6", 41),
            ("GRE", 47),
            ("ESP", 50),
            ("AH", 51),
            ("ICMPV6", 58),
            ("SCTP", 132),
            ("UDPLITE", 136),
            ("RAW", 255),
        ],
    ),
];

/// The packages above, each with those below it as fields.
const PACKAGES: &[&str] = &["nf", "nf.ip", "nf.ip6", "nf.ct"];

/// The Lua files: their paths below the root, and their text.
pub(crate) fn files() -> impl Iterator<Item = (String, String)> {
    let path = |name: &str| format!("linux/{}.lua", name.replace('.', "/"));
    let constants = CONSTANTS.iter().map(move |(name, constants)| {
        let lines: String = constants.iter().map(|(name, value)| format!("  [\"{name}\"] = {value},\n")).collect();
        (path(name), format!("return {{\n{lines}{}}}\n", below(name)))
    });
    constants.chain(PACKAGES.iter().map(move |name| (path(name), format!("return {{\n{}}}\n", below(name)))))
}

/// The fields of a table for the modules right below a name.
fn below(name: &str) -> String {
    let names = CONSTANTS.iter().map(|(name, _)| *name).chain(PACKAGES.iter().copied());
    let children =
        names.filter_map(|other| other.strip_prefix(name)?.strip_prefix('.').filter(|last| !last.contains('.')));
    children.map(|child| format!("  [\"{child}\"] = require(\"linux.{name}.{child}\"),\n")).collect()
}
