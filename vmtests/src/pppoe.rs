// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A provider's access concentrator: PPPoE (RFC 2516), one session at a time.
//!
//! It stands between the cable and the host there, which goes on to speak Ethernet: a packet of the session's is a
//! frame for it, and its frames with packets go into the session.

use crate::addresses::WAN_HOST;
use crate::discovery::{self, AC_COOKIE, AC_NAME, DISCOVERY, HOST_UNIQ, RELAY, SERVICE_NAME, SESSION};
use crate::discovery::{discovery, PADI, PADO, PADR, PADS, PADT};
pub use crate::ppp::{Authentication, Provider};
use crate::ppp::{Link, Phase, IPV4, IPV6};
use crate::{frames, frames6};
use smoltcp::wire::{EthernetAddress, EthernetFrame, EthernetProtocol};
use std::time::Duration;

/// The largest frame.
const LARGEST: usize = 1514;

/// What the router must show of our offer.
const COOKIE: &[u8] = b"a cookie of the lab's";

/// The frame that a session's packet of IPv4 or IPv6 would be without the session.
pub fn plain(frame: &[u8]) -> Option<Vec<u8>> {
    let ethernet = EthernetFrame::new_checked(frame).ok()?;
    let (0, _, payload) = discovery::read(ethernet.payload())? else { return None };
    let (protocol, packet) = payload.split_first_chunk()?;
    let kind = match (ethernet.ethertype(), u16::from_be_bytes(*protocol)) {
        (SESSION, IPV4) => EthernetProtocol::Ipv4,
        (SESSION, IPV6) => EthernetProtocol::Ipv6,
        _ => return None,
    };
    Some(frames::ethernet(ethernet.src_addr(), ethernet.dst_addr(), kind, packet))
}

/// The access concentrator.
#[derive(Debug)]
pub struct Concentrator {
    /// Hears and says nothing, as if the line were cut.
    pub deaf: bool,
    /// What the router, or we, may not send.
    pub faults: Vec<String>,
    provider: Provider,
    session: Option<Session>,
    last: u16,
    sessions: usize,
    refused: usize,
    now: Duration,
    to_router: Vec<Vec<u8>>,
    to_host: Vec<Vec<u8>>,
}

#[derive(Debug)]
struct Session {
    number: u16,
    router: EthernetAddress,
    link: Link,
    /// Whether it has been counted.
    counted: bool,
}

impl Concentrator {
    /// One that lets the provider's customer in.
    pub fn new(provider: Provider) -> Self {
        Concentrator {
            deaf: false,
            faults: Vec::new(),
            provider,
            session: None,
            last: 0,
            sessions: 0,
            refused: 0,
            now: Duration::ZERO,
            to_router: Vec::new(),
            to_host: Vec::new(),
        }
    }

    /// How many sessions have had IPv4 so far.
    pub fn sessions(&self) -> usize {
        self.sessions
    }

    /// Whether a session has IPv4 now.
    pub fn is_open(&self) -> bool {
        self.carries(IPV4)
    }

    /// Whether a session has IPv6 now.
    pub fn has_ipv6(&self) -> bool {
        self.carries(IPV6)
    }

    /// How often a router was not let in.
    pub fn refused(&self) -> usize {
        self.refused
    }

    /// Ends the session, as providers do at night.
    pub fn hang_up(&mut self) {
        if let Some(session) = self.session.take() {
            let frame = discovery(PADT, session.number, session.router, &[]);
            self.to_router.push(frame);
        }
    }

    /// Takes a frame from the cable.
    pub fn hear(&mut self, frame: &[u8]) {
        let Ok(ethernet) = EthernetFrame::new_checked(frame) else { return };
        let Some((code, number, payload)) = discovery::read(ethernet.payload()) else { return };
        let router = ethernet.src_addr();
        let session = ethernet.ethertype() == SESSION && code == 0;
        if self.deaf || !(ethernet.dst_addr() == WAN_HOST || ethernet.dst_addr().is_broadcast()) {
            return;
        }
        if session && frame.len() > LARGEST {
            self.faults.push(format!("the router sent a frame of {} bytes", frame.len()));
        } else if session {
            self.hear_session(number, router, frame, payload);
        } else if ethernet.ethertype() == DISCOVERY {
            self.hear_discovery(code, number, router, payload);
        }
    }

    /// Takes a frame of the host's, for the router.
    pub fn say(&mut self, frame: &[u8]) {
        let Ok(ethernet) = EthernetFrame::new_checked(frame) else { return };
        let protocol = match ethernet.ethertype() {
            EthernetProtocol::Ipv4 | EthernetProtocol::Arp => IPV4,
            EthernetProtocol::Ipv6 => IPV6,
            _ => return,
        };
        let Some(session) = self.session.as_ref().filter(|session| session.link.carries(protocol)) else { return };
        // Whose an address is, nobody asks in a session: what goes in there is the router's.
        let answer = match ethernet.ethertype() {
            EthernetProtocol::Arp => frames::arp_answer(frame, session.router),
            _ => frames6::solicited(frame)
                .map(|(target, asker)| frames6::neighbour(session.router, target, WAN_HOST, asker)),
        };
        if answer.is_some() || ethernet.ethertype() == EthernetProtocol::Arp {
            self.to_host.extend(answer);
            return;
        }
        let packet = ethernet.payload();
        if packet.len() > usize::from(session.link.mru) {
            self.faults.push(format!(
                "the router was sent a packet of {} bytes: it takes {}",
                packet.len(),
                session.link.mru
            ));
            return;
        }
        self.to_router.push(discovery::session(session.number, session.router, protocol, packet));
    }

    /// Goes on at this time: sends again what has had no answer.
    pub fn tick(&mut self, now: Duration) {
        self.now = now;
        if let Some(session) = &mut self.session {
            session.link.tick(now);
        }
        self.settle();
    }

    /// The frames for the cable since last time.
    pub fn take_to_router(&mut self) -> Vec<Vec<u8>> {
        let frames = std::mem::take(&mut self.to_router);
        if self.deaf {
            return Vec::new();
        }
        frames
    }

    /// The frames for the host since last time.
    pub fn take_to_host(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.to_host)
    }

    fn carries(&self, protocol: u16) -> bool {
        self.session.as_ref().is_some_and(|session| session.link.carries(protocol))
    }

    fn hear_discovery(&mut self, code: u8, number: u16, router: EthernetAddress, payload: &[u8]) {
        let Some(asked) = discovery::tags(payload) else { return };
        let is_offered = asked.iter().any(|tag| tag.0 == SERVICE_NAME);
        let ours: &[(u16, &[u8])] = &[(AC_NAME, b"lab"), (AC_COOKIE, COOKIE)];
        let echoed = asked.iter().filter(|tag| [SERVICE_NAME, HOST_UNIQ, RELAY].contains(&tag.0));
        match code {
            PADI if is_offered => {
                let tags: Vec<_> = ours.iter().chain(echoed).copied().collect();
                self.to_router.push(discovery(PADO, 0, router, &tags));
            }
            PADR if is_offered && asked.contains(&(AC_COOKIE, COOKIE)) => {
                let tags: Vec<_> = ours[..1].iter().chain(echoed).copied().collect();
                self.last = self.last.checked_add(1).unwrap_or(1);
                self.to_router.push(discovery(PADS, self.last, router, &tags));
                let link = Link::new(self.provider.clone(), self.last, self.now);
                self.session = Some(Session { number: self.last, router, link, counted: false });
                self.settle();
            }
            PADT => drop(self.session.take_if(|session| session.number == number && session.router == router)),
            _ => (),
        }
    }

    fn hear_session(&mut self, number: u16, router: EthernetAddress, frame: &[u8], payload: &[u8]) {
        let Some((protocol, packet)) = payload.split_first_chunk() else { return };
        let protocol = u16::from_be_bytes(*protocol);
        match &mut self.session {
            Some(session) if session.number == number && session.router == router => {
                if session.link.carries(protocol) {
                    self.to_host.extend(plain(frame));
                } else {
                    session.link.hear(protocol, packet, self.now);
                    self.settle();
                }
            }
            // Of a session that is no more: it ought to know.
            _ => self.to_router.push(discovery(PADT, number, router, &[])),
        }
    }

    /// Sends what the link has to say, and notes what became of it.
    fn settle(&mut self) {
        let Some(session) = &mut self.session else { return };
        for (protocol, packet) in std::mem::take(&mut session.link.out) {
            self.to_router.push(discovery::session(session.number, session.router, protocol, &packet));
        }
        self.refused += usize::from(std::mem::take(&mut session.link.refused));
        if session.link.carries(IPV4) && !session.counted {
            session.counted = true;
            self.sessions += 1;
        }
        if session.link.phase == Phase::Dead {
            self.hang_up();
        }
    }
}
