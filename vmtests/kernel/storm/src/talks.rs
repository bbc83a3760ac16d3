// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Packets of flows, some dozen at a time: connections that are opened, used, closed, reset, given up and opened again,
//! datagrams and their answers, and what ICMP says about them. Other than those of the mill they are whole, for
//! connection tracking knows no flow of what is not, and their connections keep to their windows.

use crate::packets::{self, Address};
use crate::parts::{payload, ICMP, ICMPV6, IPV4, IPV6, TCP, UDP};
use crate::random::Random;
use crate::{Frame, Frames};

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const PSH: u8 = 8;
const ACK: u8 = 16;
/// What neither has ports nor is known to connection tracking (ESP).
const OTHER: u8 = 50;

/// No frame is shorter.
const SHORTEST: usize = 60;

/// Makes packets of flows, one after the other.
pub struct Talks {
    random: Random,
    /// The router's hardware addresses: of the port of the LAN, and of the WAN's.
    router: [[u8; 6]; 2],
    talks: Vec<Talk>,
    begun: u16,
    frame: Vec<u8>,
}

/// Two ends, and what they are going to send.
struct Talk {
    protocol: u8,
    ends: [End; 2],
    /// The last one comes first.
    acts: Vec<Act>,
    /// The packet that was sent last, and by which end.
    last: Option<(Vec<u8>, usize)>,
}

struct End {
    address: Address,
    port: u16,
    /// The number of the next byte that it sends; it goes on where the ports are used again.
    next: u32,
}

/// What an end does next. End 0 is the one in the LAN.
#[derive(Clone)]
enum Act {
    /// A segment of TCP.
    Segment { from: usize, flags: u8, payload: Vec<u8> },
    /// One that belongs to nothing: what the end says afterwards has the numbers that it would have had.
    Stray { from: usize, flags: u8 },
    /// A datagram of UDP, or a packet of a protocol without ports.
    Datagram { from: usize, payload: Vec<u8> },
    /// An echo request, or the answer.
    Echo { from: usize, answer: bool },
    /// The last packet again.
    Again,
    /// A router behind the other end says that the last packet did not arrive.
    Error,
}

impl Talks {
    /// Packets from the port of the LAN, which has this hardware address, and from that of the WAN, which has the next.
    pub fn new(router: [u8; 6], seed: u64) -> Talks {
        let mut wan = router;
        wan[5] = wan[5].wrapping_add(1);
        Talks { random: Random::new(seed), router: [router, wan], talks: Vec::new(), begun: 0, frame: Vec::new() }
    }

    fn begin(&mut self) -> Talk {
        let random = &mut self.random;
        self.begun = self.begun.wrapping_add(1);
        let six = random.below(3) == 0;
        let protocol = match random.below(10) {
            0..5 => TCP,
            5..8 => UDP,
            8 if six => ICMPV6,
            8 => ICMP,
            _ => OTHER,
        };
        let lan = End {
            address: Address::of_lan(six, random.below(3)),
            port: 1024 + self.begun % 60_000,
            next: random.next() as u32,
        };
        let port = [53, 443, 80, 9, 853][random.below(5)];
        let wan = End { address: Address::of_wan(six, random.below(2)), port, next: random.next() as u32 };
        // Some come from outside.
        let caller = usize::from(random.below(8) == 0);
        let mut acts = match protocol {
            TCP => connection(random, caller),
            ICMP | ICMPV6 => echoes(random, caller),
            _ => datagrams(random, caller),
        };
        acts.reverse();
        Talk { protocol, ends: [lan, wan], acts, last: None }
    }
}

impl Frames for Talks {
    fn next(&mut self) -> Frame<'_> {
        loop {
            if self.talks.len() < 8 || self.random.below(10) == 0 {
                let talk = self.begin();
                self.talks.push(talk);
            }
            let index = self.random.below(self.talks.len());
            let Some((packet, from)) = self.talks[index].step(&mut self.random) else {
                self.talks.swap_remove(index);
                continue;
            };
            self.frame.clear();
            self.frame.extend(self.router[from]);
            self.frame.extend(self.talks[index].ends[from].address.station());
            self.frame.extend(if packet[0] >> 4 == 6 { IPV6 } else { IPV4 });
            self.frame.extend(packet);
            self.frame.resize(self.frame.len().max(SHORTEST), 0);
            return Frame { bytes: &self.frame, back: from == 1 };
        }
    }

    /// Who talks is not heard of any more.
    fn chapter(&mut self) {
        self.talks.clear();
    }
}

impl Talk {
    /// The next packet, from its IP header on, and from which end it comes; `None` after the last.
    fn step(&mut self, random: &mut Random) -> Option<(Vec<u8>, usize)> {
        let (protocol, segment, from) = match self.acts.pop()? {
            Act::Again => return self.last.clone().or_else(|| self.step(random)),
            Act::Error => {
                let Some((about, from)) = &self.last else { return self.step(random) };
                let (to, by) = (&self.ends[*from], Address::of_router(self.ends[*from].address.is_of_ipv6(), 1 - from));
                return Some((packets::error(random, &by, &to.address, about), 1 - from));
            }
            Act::Segment { from, flags, payload } => {
                let acknowledged = if flags & ACK != 0 { self.ends[1 - from].next } else { 0 };
                let end = &mut self.ends[from];
                let number = end.next;
                let counts = payload.len() as u32 + u32::from(flags & (SYN | FIN) != 0);
                end.next = end.next.wrapping_add(counts);
                (TCP, packets::segment(self.ports(from), number, acknowledged, flags, &payload), from)
            }
            Act::Stray { from, flags } => {
                let numbers = [self.ends[from].next, self.ends[1 - from].next];
                (TCP, packets::segment(self.ports(from), numbers[0], numbers[1], flags, &[]), from)
            }
            Act::Datagram { from, payload } if self.protocol == UDP => {
                (UDP, packets::datagram(self.ports(from), &payload), from)
            }
            Act::Datagram { from, payload } => (self.protocol, payload, from),
            Act::Echo { from, answer } => {
                (self.protocol, packets::echo(self.protocol, self.ends[0].port, answer), from)
            }
        };
        let packet = packets::packet(random, &self.ends[from].address, &self.ends[1 - from].address, protocol, segment);
        self.last = Some((packet.clone(), from));
        Some((packet, from))
    }

    fn ports(&self, from: usize) -> [u16; 2] {
        [self.ends[from].port, self.ends[1 - from].port]
    }
}

/// Adds an act, and sometimes that it happens again, or that ICMP says something of it.
fn add(acts: &mut Vec<Act>, random: &mut Random, act: Act) {
    acts.push(act);
    match random.below(12) {
        0 => acts.push(Act::Again),
        1 if random.below(2) == 0 => acts.push(Act::Error),
        _ => {}
    }
}

fn connection(random: &mut Random, caller: usize) -> Vec<Act> {
    let (mut acts, called) = (Vec::new(), 1 - caller);
    let segment = |from: usize, flags: u8| Act::Segment { from, flags, payload: Vec::new() };
    let mut say = |random: &mut Random, act: Act| add(&mut acts, random, act);
    // Some end in the same ports as they began, to begin again.
    for _ in 0..=usize::from(random.below(4) == 0) {
        match random.below(12) {
            // What began before we looked, and what no host sends.
            0 => say(random, segment(caller, ACK)),
            1 => {
                let flags = [SYN | ACK, SYN | FIN, RST, FIN | ACK, 0][random.below(5)];
                say(random, Act::Stray { from: caller, flags });
            }
            _ => {
                say(random, segment(caller, SYN));
                say(random, segment(called, SYN | ACK));
                say(random, segment(caller, ACK));
            }
        }
        let mut rest = &payload(random)[..];
        while !rest.is_empty() {
            let (part, after) = rest.split_at(1 + random.below(rest.len()));
            say(random, Act::Segment { from: caller, flags: PSH | ACK, payload: part.to_vec() });
            say(random, segment(called, ACK));
            rest = after;
        }
        for _ in 0..random.below(4) {
            let payload = payload(random);
            say(random, Act::Segment { from: called, flags: PSH | ACK, payload });
            say(random, segment(caller, ACK));
        }
        let (first, second) = if random.below(2) == 0 { (caller, called) } else { (called, caller) };
        match random.below(6) {
            0 => {}
            1 => say(random, segment(first, RST | ACK)),
            2 => {
                say(random, segment(first, FIN | ACK));
                say(random, segment(second, FIN | ACK));
                say(random, segment(first, ACK));
            }
            _ => {
                say(random, segment(first, FIN | ACK));
                say(random, segment(second, ACK));
                say(random, segment(second, FIN | ACK));
                say(random, segment(first, ACK));
            }
        }
    }
    // Some are given up on the way.
    if random.below(6) == 0 {
        acts.truncate(random.below(acts.len()));
    }
    acts
}

fn datagrams(random: &mut Random, caller: usize) -> Vec<Act> {
    let mut acts = Vec::new();
    for turn in 0..=random.below(8) {
        let from = if turn == 0 || random.below(2) == 0 { caller } else { 1 - caller };
        let payload = payload(random);
        add(&mut acts, random, Act::Datagram { from, payload });
    }
    acts
}

fn echoes(random: &mut Random, caller: usize) -> Vec<Act> {
    let mut acts = Vec::new();
    for _ in 0..=random.below(3) {
        // Sometimes there is nothing that is answered.
        if random.below(8) != 0 {
            add(&mut acts, random, Act::Echo { from: caller, answer: false });
        }
        if random.below(4) != 0 {
            add(&mut acts, random, Act::Echo { from: 1 - caller, answer: true });
        }
    }
    acts
}
