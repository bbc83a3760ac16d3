// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The jobs that filters are compared at, and the packets that show each.

use crate::frame::{tcp, udp, Ends};
use crate::payload;
use crate::population::{address, domain, hardware, OUTSIDE};
use anyhow::{bail, Context, Result};
use std::fmt;
use std::str::FromStr;

/// How many different frames a row has of each kind: list look-ups differ from member to member.
const FRAMES: u32 = 100;

/// The port that is filtered, and one that is not.
pub const BLOCKED_PORT: u16 = 9999;
const FREE_PORT: u16 = 9998;
/// The program that is filtered, and one that is not: as long, so that only the match differs.
pub const BLOCKED_AGENT: &str = "BadBot/1.0 (scraper; +http://badbot.example/robots.html) Version/1.17.4 Compatible";
const FREE_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 Wayland/1.2";

/// The sender's hardware address, unless the row is about it.
const SENDER: [u8; 6] = [0x02, 0, 0, 0, 0, 1];
const SENDER_ADDRESS: [u8; 4] = [10, 1, 0, 2];
const SINK_ADDRESS: [u8; 4] = [10, 2, 0, 2];
const SENDER_PORT: u16 = 40_000;

/// What a filter must know about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing: everything passes.
    Accept,
    /// Nothing: nothing passes.
    Drop,
    /// The UDP destination port.
    UdpPort,
    /// IPv4 source addresses.
    Ipv4,
    /// Hardware source addresses.
    Mac,
    /// Names in DNS queries; a name stands for all below it.
    Dns,
    /// Names in TLS ClientHellos, likewise.
    Sni,
    /// The User-Agent of HTTP requests.
    Http,
}

/// A job for a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// What it must know about.
    pub kind: Kind,
    /// How long the list is, if there is one.
    pub size: Option<u32>,
}

/// Each kind's name, and whether it has a list.
const KINDS: [(Kind, &str, bool); 8] = [
    (Kind::Accept, "accept", false),
    (Kind::Drop, "drop", false),
    (Kind::UdpPort, "udp-port", false),
    (Kind::Ipv4, "ipv4", true),
    (Kind::Mac, "mac", true),
    (Kind::Dns, "dns", true),
    (Kind::Sni, "sni", true),
    (Kind::Http, "http", false),
];

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, name, _)| name)
    }
}

/// Of names in maps; what is shorter is filled with zeros.
const NAME: usize = 64;

impl Kind {
    /// A thing of a list as the key of an eBPF map: as it is in packets, names in
    /// 64 bytes.
    pub fn key(self, thing: &str) -> Vec<u8> {
        match self {
            Kind::Ipv4 => thing.split('.').filter_map(|byte| byte.parse().ok()).collect(),
            Kind::Mac => thing.split(':').filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect(),
            _ => {
                let mut key = if self == Kind::Dns { payload::labels(thing) } else { thing.as_bytes().to_vec() };
                key.resize(NAME, 0);
                key
            }
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        self.size.map_or(Ok(()), |size| write!(f, "-{size}"))
    }
}

impl FromStr for Row {
    type Err = anyhow::Error;

    /// Its name: `udp-port`, `dns-10000`.
    fn from_str(text: &str) -> Result<Self> {
        for (kind, name, has_list) in KINDS {
            let Some(rest) = text.strip_prefix(name) else { continue };
            match (rest.strip_prefix('-'), has_list) {
                (None, false) if rest.is_empty() => return Ok(Row { kind, size: None }),
                (Some(size), true) => {
                    let size = size.parse().ok().filter(|size| (1..=OUTSIDE).contains(size));
                    let size = size.with_context(|| format!("row '{text}': '{rest}' is no size of a list"))?;
                    return Ok(Row { kind, size: Some(size) });
                }
                _ => {}
            }
        }
        let names: Vec<_> =
            KINDS.iter().map(|(_, name, has_list)| format!("{name}{}", if *has_list { "-N" } else { "" })).collect();
        bail!("row '{text}' is none of {}", names.join(", "))
    }
}

/// Whether a filter must let a packet through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It arrives.
    Pass,
    /// It does not.
    Drop,
}

impl Verdict {
    /// As written in plans and results.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Drop => "drop",
        }
    }
}

impl Row {
    /// The job that is none.
    pub const ACCEPT: Row = Row { kind: Kind::Accept, size: None };

    /// What it blocks, one thing after the other, as text.
    pub fn list(self) -> impl Iterator<Item = String> {
        (0..self.size.unwrap_or(0)).map(move |member| match self.kind {
            Kind::Ipv4 => address(member).map(|byte| byte.to_string()).join("."),
            Kind::Mac => hardware(member).map(|byte| format!("{byte:02x}")).join(":"),
            _ => domain(member),
        })
    }

    /// Which verdicts its packets get.
    pub fn verdicts(&self) -> &'static [Verdict] {
        match self.kind {
            Kind::Accept => &[Verdict::Pass],
            Kind::Drop => &[Verdict::Drop],
            _ => &[Verdict::Pass, Verdict::Drop],
        }
    }

    /// The frames that get `verdict`, on their way to a router with this hardware address.
    pub fn frames(&self, verdict: Verdict, router: [u8; 6]) -> Vec<Vec<u8>> {
        (0..FRAMES).map(|n| self.frame(verdict, self.member(verdict, n), router)).collect()
    }

    /// The `n`th member that frames show: for a list, spread over it.
    fn member(&self, verdict: Verdict, n: u32) -> u32 {
        let size = self.size.unwrap_or(1);
        match verdict {
            Verdict::Pass => OUTSIDE + n,
            Verdict::Drop if size >= FRAMES => (u64::from(n) * u64::from(size) / u64::from(FRAMES)) as u32,
            Verdict::Drop => n % size,
        }
    }

    fn frame(&self, verdict: Verdict, member: u32, router: [u8; 6]) -> Vec<u8> {
        let mut ends = Ends {
            hardware: [SENDER, router],
            address: [SENDER_ADDRESS, SINK_ADDRESS],
            port: [SENDER_PORT, FREE_PORT],
        };
        let small = [0x4c; 18];
        let name = || format!("www.{}", domain(member));
        match self.kind {
            Kind::Accept | Kind::Drop => udp(ends, &small),
            Kind::UdpPort => {
                ends.port[1] = if verdict == Verdict::Drop { BLOCKED_PORT } else { FREE_PORT };
                udp(ends, &small)
            }
            Kind::Ipv4 => {
                ends.address[0] = address(member);
                udp(ends, &small)
            }
            Kind::Mac => {
                ends.hardware[0] = hardware(member);
                udp(ends, &small)
            }
            Kind::Dns => {
                ends.port[1] = 53;
                udp(ends, &payload::dns(&name()))
            }
            Kind::Sni => {
                ends.port[1] = 443;
                tcp(ends, &payload::client_hello(&name()))
            }
            Kind::Http => {
                ends.port[1] = 80;
                tcp(ends, &payload::http(if verdict == Verdict::Drop { BLOCKED_AGENT } else { FREE_AGENT }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Row {
        text.parse().expect("a row")
    }

    #[test]
    fn names_of_rows_are_read_as_written() {
        for name in ["accept", "drop", "udp-port", "ipv4-10", "mac-100000", "dns-1000000", "sni-1", "http"] {
            assert_eq!(row(name).to_string(), name);
        }
        for name in ["", "udp", "udp-port-1", "ipv4", "ipv4-", "ipv4-0", "dns-x", "dns-4294967295"] {
            let error = name.parse::<Row>().expect_err(name);
            assert!(error.to_string().contains(&format!("'{name}'")), "{error}");
        }
    }

    #[test]
    fn dropped_frames_show_members_of_the_whole_list_and_passed_ones_none() {
        let list = row("ipv4-1000");
        let members: Vec<_> = (0..FRAMES).map(|n| list.member(Verdict::Drop, n)).collect();
        assert_eq!((members[0], members[99]), (0, 990));
        assert!((0..FRAMES).all(|n| row("dns-10").member(Verdict::Drop, n) < 10));
        assert!((0..FRAMES).all(|n| list.member(Verdict::Pass, n) >= OUTSIDE));
    }

    #[test]
    fn lists_and_keys_have_what_frames_show() {
        let frame = |name| row(name).frames(Verdict::Drop, [2; 6]).remove(1);
        let key = |name| row(name).list().nth(1).map(|thing| row(name).kind.key(&thing)).expect("two members");
        assert_eq!(key("ipv4-10"), frame("ipv4-10")[26..30]);
        assert_eq!(key("mac-10"), frame("mac-10")[6..12]);
        for (name, before) in [("dns-10", "\x03www"), ("sni-10", "www.")] {
            let key = key(name);
            assert_eq!(key.len(), NAME);
            let text = [before.as_bytes(), &key].concat().into_iter().filter(|byte| *byte != 0).collect::<Vec<_>>();
            assert!(frame(name).windows(text.len()).any(|window| window == text), "{name}");
        }
        assert_eq!(row("dns-10000").list().count(), 10_000);
    }

    #[test]
    fn frames_of_both_verdicts_are_equally_long_where_only_a_word_differs() {
        for name in ["udp-port", "ipv4-10", "mac-10", "sni-1", "http"] {
            let [pass, drop] = [Verdict::Pass, Verdict::Drop].map(|verdict| row(name).frames(verdict, [2; 6]));
            assert_eq!(pass[0].len(), drop[0].len(), "{name}");
            assert_ne!(pass[0], drop[0], "{name}");
        }
    }
}
