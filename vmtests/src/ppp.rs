// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! PPP as a provider speaks it: LCP (RFC 1661), who calls (RFC 1994, RFC 1334), and the addresses (RFC 1332, RFC 5072).

use crate::control::{packet, Control, Packet, REQUEST, TERMINATE, TERMINATED};
use crate::md5::md5;
use crate::terms::{self, IPCP_ADDRESS, IPV6CP_IDENTIFIER, LCP_AUTHENTICATION, MAGIC, MRU};
use std::time::Duration;

/// When what has no answer is sent again.
const AGAIN: Duration = Duration::from_secs(3);

pub(crate) const IPV4: u16 = 0x0021;
pub(crate) const IPV6: u16 = 0x0057;
const IPCP: u16 = 0x8021;
const IPV6CP: u16 = 0x8057;
const LCP: u16 = 0xc021;
const PAP: u16 = 0xc023;
const CHAP: u16 = 0xc223;

/// LCP's codes behind those that all have.
const CODE_REJECT: u8 = 7;
const PROTOCOL_REJECT: u8 = 8;
const ECHO_REQUEST: u8 = 9;
const ECHO_REPLY: u8 = 10;
const DISCARD: u8 = 11;

/// The number of the challenge.
const CHALLENGE: u8 = 1;

/// How the router says who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// By the MD5 digest of a challenge and the password.
    Chap,
    /// By the password itself.
    Pap,
}

/// Whom a provider lets in, and how.
#[derive(Debug, Clone)]
pub struct Provider {
    /// The customer's name.
    pub user: String,
    /// The customer's password.
    pub password: String,
    /// How they are asked for.
    pub authentication: Authentication,
}

/// How far a link has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Establish,
    Authenticate,
    Network,
    /// We have said that it ends.
    Terminate,
    Dead,
}

/// Our end of a link.
#[derive(Debug)]
pub(crate) struct Link {
    pub phase: Phase,
    /// Whether the router is not who it says.
    pub refused: bool,
    /// The largest packet that the router takes.
    pub mru: u16,
    /// Packets for the router: protocol and payload.
    pub out: Vec<(u16, Vec<u8>)>,
    provider: Provider,
    challenge: [u8; 16],
    /// What the router was told of who it says it is.
    verdict: Option<(u16, Vec<u8>)>,
    lcp: Control,
    ipcp: Control,
    ipv6cp: Control,
    /// Whether we have said something unasked: the router's end is there a moment after it has heard of the session.
    asked: bool,
    sent: Duration,
}

impl Link {
    /// The link of session number `session`, which begins.
    pub fn new(provider: Provider, session: u16, now: Duration) -> Self {
        let authentication = match provider.authentication {
            Authentication::Chap => [&CHAP.to_be_bytes()[..], &[5]].concat(),
            Authentication::Pap => PAP.to_be_bytes().to_vec(),
        };
        Link {
            phase: Phase::Establish,
            refused: false,
            mru: MRU,
            out: Vec::new(),
            provider,
            challenge: md5(&session.to_be_bytes()),
            verdict: None,
            lcp: Control::new(LCP, terms::lcp_options(&authentication)),
            ipcp: Control::new(IPCP, terms::ipcp_options()),
            ipv6cp: Control::new(IPV6CP, terms::ipv6cp_options()),
            asked: false,
            sent: now,
        }
    }

    /// Whether packets of this protocol pass.
    pub fn carries(&self, protocol: u16) -> bool {
        self.phase == Phase::Network
            && match protocol {
                IPV4 => self.ipcp.is_open(),
                IPV6 => self.ipv6cp.is_open(),
                _ => false,
            }
    }

    /// Sends again what has had no answer for long.
    pub fn tick(&mut self, now: Duration) {
        if now.saturating_sub(self.sent) >= AGAIN {
            if self.phase == Phase::Network && self.ipcp.is_waiting() {
                // Whoever waits for the verdict does not ask for it.
                self.out.extend(self.verdict.clone());
            }
            self.ask(now);
        }
    }

    /// Takes a packet of the router's that is neither IPv4 nor IPv6.
    pub fn hear(&mut self, protocol: u16, bytes: &[u8], now: Duration) {
        let phase = self.phase;
        match protocol {
            LCP => self.hear_lcp(bytes),
            // Until the router is known, only that counts (RFC 1661, 3.5).
            _ if matches!(phase, Phase::Establish | Phase::Terminate | Phase::Dead) => (),
            CHAP | PAP => self.hear_authentication(protocol, bytes),
            _ if phase != Phase::Network => (),
            IPCP => {
                let answer = Packet::read(bytes).and_then(|read| self.ipcp.hear(read, Some(IPCP_ADDRESS), terms::ipcp));
                self.out.extend(answer.map(|answer| (IPCP, answer)));
            }
            IPV6CP => {
                let answer =
                    Packet::read(bytes).and_then(|read| self.ipv6cp.hear(read, Some(IPV6CP_IDENTIFIER), terms::ipv6cp));
                self.out.extend(answer.map(|answer| (IPV6CP, answer)));
            }
            IPV4 | IPV6 => (),
            _ => {
                let rejected = [&protocol.to_be_bytes(), bytes].concat();
                self.out.push((LCP, packet(PROTOCOL_REJECT, 1, &rejected)));
            }
        }
        if self.phase != phase || !self.asked {
            self.ask(now);
        }
    }

    /// Sends what this phase waits for an answer to.
    fn ask(&mut self, now: Duration) {
        (self.asked, self.sent) = (true, now);
        match self.phase {
            Phase::Establish if self.lcp.is_waiting() => self.out.push((LCP, self.lcp.request())),
            Phase::Authenticate if self.provider.authentication == Authentication::Chap => {
                let challenge = [&[16], &self.challenge[..], b"lab"].concat();
                self.out.push((CHAP, packet(1, CHALLENGE, &challenge)));
            }
            Phase::Network => {
                for control in [&self.ipcp, &self.ipv6cp] {
                    if control.is_waiting() {
                        self.out.push((control.protocol, control.request()));
                    }
                }
            }
            Phase::Terminate => self.out.push((LCP, packet(TERMINATE, 1, &[]))),
            _ => (),
        }
    }

    fn hear_lcp(&mut self, bytes: &[u8]) {
        let Some(read) = Packet::read(bytes) else { return };
        match read.code {
            ..=TERMINATED => {
                let answer = self.lcp.hear(read, None, terms::lcp);
                if read.code == REQUEST {
                    self.mru = terms::requested_mru(read).unwrap_or(MRU);
                }
                self.out.extend(answer.map(|answer| (LCP, answer)));
                if read.code >= TERMINATE {
                    self.phase = Phase::Dead;
                } else if !self.lcp.asks_for(LCP_AUTHENTICATION) {
                    // Nobody comes in without a name.
                    self.phase = Phase::Terminate;
                } else if self.phase == Phase::Establish && self.lcp.is_open() {
                    self.phase = Phase::Authenticate;
                }
            }
            PROTOCOL_REJECT => {
                for control in [&mut self.ipcp, &mut self.ipv6cp] {
                    if read.data.starts_with(&control.protocol.to_be_bytes()) {
                        control.close();
                    }
                }
            }
            ECHO_REQUEST if self.lcp.is_open() && read.data.len() >= 4 => {
                let echo = [&MAGIC, &read.data[4..]].concat();
                self.out.push((LCP, packet(ECHO_REPLY, read.id, &echo)));
            }
            CODE_REJECT | ECHO_REQUEST | ECHO_REPLY | DISCARD => (),
            _ => self.out.push((LCP, packet(CODE_REJECT, read.id, bytes))),
        }
    }

    fn hear_authentication(&mut self, protocol: u16, bytes: &[u8]) {
        let Some(read) = Packet::read(bytes) else { return };
        let Provider { user, password, authentication } = &self.provider;
        let known = match (authentication, protocol, read.code) {
            (Authentication::Chap, CHAP, 2) if read.id == CHALLENGE => {
                let digest = md5(&[&[read.id], password.as_bytes(), &self.challenge].concat());
                read.data == [&[16], &digest[..], user.as_bytes()].concat()
            }
            (Authentication::Pap, PAP, 1) => {
                let (user, password) = (user.as_bytes(), password.as_bytes());
                read.data == [&[user.len() as u8], user, &[password.len() as u8], password].concat()
            }
            _ => return,
        };
        // Success and failure have these codes.
        let codes = if protocol == CHAP { (3, 4) } else { (2, 3) };
        let code = if known { codes.0 } else { codes.1 };
        // A message has a length of its own in PAP.
        let message: &[u8] = if protocol == CHAP { b"" } else { &[0] };
        let verdict = (protocol, packet(code, read.id, message));
        self.out.push(verdict.clone());
        self.verdict = Some(verdict);
        if self.phase == Phase::Authenticate {
            self.refused = !known;
            self.phase = if known { Phase::Network } else { Phase::Terminate };
        }
    }
}
