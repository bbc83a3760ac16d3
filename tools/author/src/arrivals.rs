// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! How the packets of a capture reach the router: by which interface, and when.

use std::collections::HashMap;
use std::net::SocketAddr;

use simulator::{boot_at, set_clock, Packet, Path, Router, LAN, WAN};

use crate::capture::Frame;
use crate::conversation::Conversation;
use crate::input::Input;

/// What frames arrive as, one after the other.
pub(crate) struct Arrivals {
    path: Path,
    /// By which interface who begins a conversation sends, and by which who answers.
    ports: [i32; 2],
    /// Who began each.
    begun: HashMap<Conversation, SocketAddr>,
}

impl Arrivals {
    /// Those at a router, which booted when the first frame came.
    pub(crate) fn new(input: &Input, router: &Router, frames: &[Frame]) -> Arrivals {
        let path = input.path.unwrap_or_else(|| router.path());
        let first = input.interface.unwrap_or_else(|| router.port());
        let other = match path {
            // All ports of a bridge are of one network.
            Path::Bridge => first,
            _ if first == WAN => LAN,
            _ => WAN,
        };
        if let Some(time) = frames.iter().find_map(|frame| frame.time) {
            boot_at(time);
        }
        Arrivals { path, ports: [first, other], begun: HashMap::new() }
    }

    /// The way of the packets.
    pub(crate) fn path(&self) -> Path {
        self.path
    }

    /// The next frame's packet, as hooks see it, when the clock shows its time. What was captured in part is believed.
    ///
    /// # Errors
    ///
    /// The stack drops it before: why.
    pub(crate) fn next(&mut self, frame: &Frame) -> Result<Packet, &'static str> {
        if let Some(time) = frame.time {
            set_clock(time);
        }
        let packet = frame.packet().ok_or("it is no packet of a network that is known")?;
        let arrives = matches!(self.path, Path::Forward | Path::Input);
        let mut packet = if arrives && frame.whole { packet.receive()? } else { packet };
        packet.ifindex = self.port(&packet);
        Ok(packet)
    }

    /// The interface by which a packet comes; what is of no conversation begins one.
    fn port(&mut self, packet: &Packet) -> i32 {
        let [first, other] = self.ports;
        let Some(conversation) = Conversation::of(packet.network()) else { return first };
        let sender = *self.begun.entry(conversation.key()).or_insert(conversation.source);
        if sender == conversation.source {
            first
        } else {
            other
        }
    }
}
