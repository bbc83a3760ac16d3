// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Which packets of a capture are of one flow, and what became of all of them.

use std::collections::HashMap;
use std::net::SocketAddr;

use serde::Serialize;
use simulator::Verdict;

use super::Run;
use crate::conversation::Conversation;

/// A flow, and what became of its packets.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Flow {
    /// Counted from 1.
    pub(super) flow: usize,
    /// `tcp`, `udp`, `icmp`, or the protocol's number.
    pub(super) protocol: String,
    /// Who sent its first packet.
    pub(super) source: String,
    /// To whom.
    pub(super) destination: String,
    /// How many packets it has.
    pub(super) packets: usize,
    /// How many of them were dropped.
    pub(super) dropped: usize,
    /// `accept`, or what became of the first packet that was not accepted.
    pub(super) verdict: String,
    /// That packet's frame.
    pub(super) frame: Option<usize>,
    #[serde(skip)]
    verdicts: Vec<Verdict>,
}

/// The flows of a capture.
#[derive(Default)]
pub(super) struct Flows {
    known: HashMap<Conversation, usize>,
    flows: Vec<Flow>,
}

impl Flows {
    /// A packet of a flow has this verdict; which flow it is.
    pub(super) fn add(&mut self, conversation: Conversation, frame: usize, verdict: Verdict) -> usize {
        let next = self.flows.len() + 1;
        let number = *self.known.entry(conversation.key()).or_insert(next);
        if number == next {
            let Conversation { protocol, source, destination } = conversation;
            let ports = matches!(protocol, 6 | 17 | 132);
            let place = |place: SocketAddr| if ports { place.to_string() } else { place.ip().to_string() };
            let protocol = match protocol {
                1 => "icmp".to_owned(),
                6 => "tcp".to_owned(),
                17 => "udp".to_owned(),
                58 => "icmpv6".to_owned(),
                132 => "sctp".to_owned(),
                other => other.to_string(),
            };
            self.flows.push(Flow {
                flow: number,
                protocol,
                source: place(source),
                destination: place(destination),
                packets: 0,
                dropped: 0,
                verdict: Verdict::Accept.to_string(),
                frame: None,
                verdicts: Vec::new(),
            });
        }
        let flow = &mut self.flows[number - 1];
        flow.packets += 1;
        flow.verdicts.push(verdict);
        if verdict == Verdict::Drop {
            flow.dropped += 1;
        }
        if verdict != Verdict::Accept && flow.frame.is_none() {
            flow.frame = Some(frame);
            flow.verdict = verdict.to_string();
        }
        number
    }

    pub(super) fn all(self) -> Vec<Flow> {
        self.flows
    }
}

/// A flow that two policies judge differently.
#[derive(Debug, Serialize)]
pub(crate) struct Changed {
    /// As the one does.
    pub(super) before: Flow,
    /// As the other does.
    pub(super) after: Flow,
}

/// The flows of the same capture whose packets do not have the same verdicts in both runs. `run` is that of the new
/// version.
pub(super) fn changed(run: &Run, other: &Run) -> Vec<Changed> {
    let pairs = other.flows.iter().zip(&run.flows).filter(|(before, after)| before.verdicts != after.verdicts);
    pairs.map(|(before, after)| Changed { before: before.clone(), after: after.clone() }).collect()
}
