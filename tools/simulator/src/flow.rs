// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Connection tracking: which packets are of one flow.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::tcp::{Connection, Step};
use crate::Packet;

const ICMP: u8 = 1;
const TCP: u8 = 6;
const UDP: u8 = 17;
const ICMPV6: u8 = 58;
const SCTP: u8 = 132;

const SEEN_REPLY: u32 = 1 << 1;
const ASSURED: u32 = 1 << 2;
pub(crate) const CONFIRMED: u32 = 1 << 3;

const ESTABLISHED: u8 = 0;
const RELATED: u8 = 1;
const NEW: u8 = 2;
/// What replies have more.
const REPLY: u8 = 3;
/// A packet about a flow: see [`RELATED`].
pub(crate) const ABOUT: [u8; 2] = [RELATED, RELATED + REPLY];

/// One direction of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tuple {
    pub(crate) protocol: u8,
    pub(crate) source: Vec<u8>,
    pub(crate) destination: Vec<u8>,
    pub(crate) source_port: u16,
    pub(crate) destination_port: u16,
}

impl Tuple {
    /// That of a packet from its IP header on; `None` for one that is not tracked.
    fn of(packet: &[u8]) -> Option<Tuple> {
        let (protocol, transport) = packet::transport(packet)?;
        let (source, destination) = addresses(packet)?;
        let word =
            |at: usize| Some(u16::from_be_bytes([*packet.get(transport + at)?, *packet.get(transport + at + 1)?]));
        let (source_port, destination_port) = match protocol {
            TCP | UDP | SCTP => (word(0)?, word(2)?),
            ICMP | ICMPV6 => {
                // Only what asks and answers has flows of its own.
                let kind = *packet.get(transport)?;
                let asks = if protocol == ICMP { matches!(kind, 0 | 8 | 13..=18) } else { matches!(kind, 128 | 129) };
                asks.then_some(())?;
                (word(4)?, word(0)?)
            }
            _ => (0, 0),
        };
        let (source, destination) = (source.to_vec(), destination.to_vec());
        Some(Tuple { protocol, source, destination, source_port, destination_port })
    }

    /// The other direction; `None` for a message of ICMP that answers itself, and begins nothing.
    fn inverted(&self) -> Tuple {
        let (source, destination) = (self.destination.clone(), self.source.clone());
        let (source_port, destination_port) = match self.protocol {
            // The identifier stays; the type becomes that of the answer, or of the question.
            ICMP | ICMPV6 => {
                let (kind, code) = (self.destination_port >> 8, self.destination_port & 0xff);
                let other = match (self.protocol, kind) {
                    (ICMP, 0) => 8,
                    (ICMP, 8) => 0,
                    (ICMP, _) => kind + 1 - 2 * ((kind + 1) & 1),
                    (_, 128) => 129,
                    _ => 128,
                };
                (self.source_port, other << 8 | code)
            }
            _ => (self.destination_port, self.source_port),
        };
        Tuple { protocol: self.protocol, source, destination, source_port, destination_port }
    }

    /// Whether a flow can begin with it.
    fn begins(&self) -> bool {
        match self.protocol {
            ICMP => matches!(self.destination_port >> 8, 8 | 13 | 15 | 17),
            ICMPV6 => self.destination_port >> 8 == 128,
            _ => true,
        }
    }
}

/// Those of a packet, from its IP header on: source, destination.
fn addresses(packet: &[u8]) -> Option<(&[u8], &[u8])> {
    Some(match packet.first()? >> 4 {
        4 => (packet.get(12..16)?, packet.get(16..20)?),
        _ => (packet.get(8..24)?, packet.get(24..40)?),
    })
}

/// A flow.
pub struct Flow {
    pub(crate) original: Tuple,
    pub(crate) reply: Tuple,
    pub(crate) id: u32,
    pub(crate) status: Cell<u32>,
    pub(crate) tcp: Cell<Connection>,
    /// Connection labels, where hooks keep what was decided.
    pub(crate) labels: Cell<u128>,
    pub(crate) timeout: Cell<u32>,
    pub(crate) deleted: Cell<bool>,
    pub(crate) mark: Cell<u32>,
}

impl Flow {
    /// The flow's mark (`ct mark`).
    #[must_use]
    pub fn mark(&self) -> u32 {
        self.mark.get()
    }

    /// A number of its own.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    fn has(&self, bit: u32) -> bool {
        self.status.get() & bit != 0
    }

    fn add(&self, bit: u32) {
        self.status.set(self.status.get() | bit);
    }

    /// The next packet, of which `flags` are TCP's.
    fn follow(&self, flags: u8, reply: bool) -> Step {
        match self.original.protocol {
            TCP => {}
            // On a router, two seconds later.
            UDP if reply && self.has(CONFIRMED) => {
                self.add(ASSURED);
                return Step::Taken { sure: true };
            }
            _ => return Step::Ignored,
        }
        let mut connection = self.tcp.get();
        let step = connection.follow(flags, reply);
        self.tcp.set(connection);
        match step {
            // Nothing but a reset has come of it.
            Step::Taken { .. } if !self.has(SEEN_REPLY) && Connection::resets(flags) => self.deleted.set(true),
            Step::Taken { sure: true } if self.has(SEEN_REPLY) => self.add(ASSURED),
            _ => {}
        }
        step
    }
}

/// The flows that there are.
#[derive(Default)]
pub struct Tracker {
    /// By the tuples of both directions, and whether it is that of the replies.
    flows: HashMap<Tuple, (Rc<Flow>, bool)>,
    last: u32,
}

impl Tracker {
    /// Gives a packet its flow: one that there is, or a new one, which is there once [`Tracker::confirm`] says so.
    pub(crate) fn track(&mut self, packet: &mut Packet) {
        let bytes = packet.network();
        let Some(tuple) = Tuple::of(bytes) else {
            if let Some((flow, reply)) = self.about(bytes) {
                packet.info = RELATED + if reply { REPLY } else { 0 };
                packet.flow = Some(flow);
            }
            return;
        };
        let flags = match packet::transport(bytes) {
            Some((TCP, transport)) => bytes.get(transport + 13).copied().unwrap_or(0),
            _ => 0,
        };
        let (flow, reply) = match self.flows.get(&tuple).filter(|(flow, _)| !flow.deleted.get()) {
            Some((flow, reply)) => (flow.clone(), *reply),
            None if tuple.begins() => (Rc::new(self.begin(tuple.clone())), false),
            None => return,
        };
        let (flow, reply) = match flow.follow(flags, reply) {
            Step::Invalid => return,
            Step::Anew => {
                flow.deleted.set(true);
                let flow = self.begin(tuple);
                flow.follow(flags, false);
                (Rc::new(flow), false)
            }
            Step::Taken { .. } | Step::Ignored => (flow, reply),
        };
        if reply {
            flow.add(SEEN_REPLY);
        }
        packet.info = match (reply, flow.has(SEEN_REPLY)) {
            (true, _) => ESTABLISHED + REPLY,
            (false, true) => ESTABLISHED,
            (false, false) => NEW,
        };
        packet.flow = Some(flow);
    }

    /// There are none any more.
    pub(crate) fn forget(&mut self) {
        self.flows.clear();
    }

    fn begin(&mut self, original: Tuple) -> Flow {
        self.last += 1;
        Flow {
            reply: original.inverted(),
            timeout: Cell::new(if original.protocol == TCP { 120 } else { 30 }),
            original,
            id: self.last,
            status: Cell::new(0),
            tcp: Cell::default(),
            labels: Cell::new(0),
            deleted: Cell::new(false),
            mark: Cell::new(0),
        }
    }

    /// The flow that an ICMP error is about, and whether it comes as its replies do.
    fn about(&self, packet: &[u8]) -> Option<(Rc<Flow>, bool)> {
        let (protocol, transport) = packet::transport(packet)?;
        let kind = *packet.get(transport)?;
        let error = match protocol {
            ICMP => matches!(kind, 3 | 4 | 5 | 11 | 12),
            ICMPV6 => kind < 128,
            _ => false,
        };
        error.then_some(())?;
        let (flow, reply) = self.flows.get(&Tuple::of(packet.get(transport + 8..)?)?.inverted())?;
        // It goes to who sent what it is about.
        let sender = if *reply { &flow.reply.destination } else { &flow.original.destination };
        let to_sender = addresses(packet).is_some_and(|(_, destination)| destination == sender);
        (to_sender && !flow.deleted.get()).then(|| (flow.clone(), *reply))
    }

    /// A packet has got through: its flow is there from now on.
    pub(crate) fn confirm(&mut self, packet: &Packet) {
        let Some(flow) = &packet.flow else { return };
        if !flow.has(CONFIRMED) && !flow.deleted.get() {
            flow.add(CONFIRMED);
            self.flows.insert(flow.reply.clone(), (flow.clone(), true));
            self.flows.insert(flow.original.clone(), (flow.clone(), false));
        }
    }
}
