// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! One of the router's cables, all of whose frames are kept.

use crate::frames;
use crate::pppoe::{Concentrator, Provider};
use crate::provider6::Ipv6;
use anyhow::{Context, Result};
use pcap_file::pcap::{PcapPacket, PcapWriter};
use qemu::Port;
use smoltcp::wire::{EthernetFrame, PrettyPrinter};
use std::collections::VecDeque;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

/// The shortest frame that a real network card sends.
const SHORTEST: usize = 60;

/// Which way a frame went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The router sent it.
    FromRouter,
    /// The router got it.
    ToRouter,
    /// We sent it, and the router's port did not take it.
    Lost,
}

/// A frame on the wire.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Since the lab was set up.
    pub at: Duration,
    /// Which way it went.
    pub direction: Direction,
    /// The frame, from its Ethernet header on.
    pub bytes: Vec<u8>,
}

/// One of the router's cables.
pub struct Wire {
    port: Port,
    arrived: VecDeque<Vec<u8>>,
    frames: Vec<Frame>,
    pcap: PcapWriter<File>,
    now: Duration,
    vlan: Option<u16>,
    /// Another machine's end of the cable, which hears all of it.
    neighbour: Option<Port>,
    /// What stands between the cable and the stack.
    concentrator: Option<Concentrator>,
    /// What answers beside the stack.
    ipv6: Option<Ipv6>,
}

impl Wire {
    /// The cable at `port`, captured to the file `pcap`.
    pub(crate) fn new(port: Port, pcap: &Path) -> Result<Self> {
        let file = File::create(pcap).with_context(|| format!("failed to create {}", pcap.display()))?;
        let pcap = PcapWriter::new(file).with_context(|| format!("failed to write {}", pcap.display()))?;
        Ok(Wire {
            port,
            arrived: VecDeque::new(),
            frames: Vec::new(),
            pcap,
            now: Duration::ZERO,
            vlan: None,
            neighbour: None,
            concentrator: None,
            ipv6: None,
        })
    }

    /// What has passed, in order.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// What the router sent.
    pub fn from_router(&self) -> impl Iterator<Item = &Frame> {
        self.frames.iter().filter(|frame| frame.direction == Direction::FromRouter)
    }

    /// How many frames to the router have these bytes somewhere.
    pub fn sent(&self, bytes: &[u8]) -> usize {
        self.count(Direction::ToRouter, bytes)
    }

    /// How many frames from the router have these bytes somewhere.
    pub fn received(&self, bytes: &[u8]) -> usize {
        self.count(Direction::FromRouter, bytes)
    }

    /// Goes on as a port of this VLAN, or of none: what is sent has its tag, and the stack gets what has.
    pub fn join(&mut self, vlan: Option<u16>) {
        self.vlan = vlan;
        self.arrived.clear();
    }

    /// Goes on as a provider's end of PPPoE: whoever wants to reach the stack needs a session.
    pub fn serve_pppoe(&mut self, provider: Provider) {
        self.concentrator = Some(Concentrator::new(provider));
        self.arrived.clear();
    }

    /// The access concentrator, if there is one.
    pub fn pppoe(&self) -> Option<&Concentrator> {
        self.concentrator.as_ref()
    }

    /// The access concentrator, to hang up or to be deaf.
    pub fn pppoe_mut(&mut self) -> Option<&mut Concentrator> {
        self.concentrator.as_mut()
    }

    /// Goes on as a provider's end that speaks IPv6, too.
    pub(crate) fn serve_ipv6(&mut self) {
        self.ipv6 = Some(Ipv6::new());
    }

    pub(crate) fn ipv6_mut(&mut self) -> Option<&mut Ipv6> {
        self.ipv6.as_mut()
    }

    pub(crate) fn ipv6(&self) -> Option<&Ipv6> {
        self.ipv6.as_ref()
    }

    /// Sends a frame as the stack does: into the session if there is an access concentrator, or as [`Wire::send`];
    /// says whether the router's port took it.
    pub fn deliver(&mut self, frame: &[u8]) -> bool {
        let Some(concentrator) = &mut self.concentrator else { return self.send(frame) };
        let before = self.frames.len();
        concentrator.say(frame);
        self.settle();
        self.frames[before..].iter().any(|frame| frame.direction == Direction::ToRouter)
    }

    /// Sends a frame as it is, or with the VLAN's tag; says whether the router's port took it.
    pub fn send(&mut self, frame: &[u8]) -> bool {
        let mut frame = self.vlan.map_or_else(|| frame.to_vec(), |vlan| frames::tagged(frame, vlan));
        frame.resize(frame.len().max(SHORTEST), 0);
        self.repeat(&frame);
        let taken = self.port.send(&frame);
        self.keep(if taken { Direction::ToRouter } else { Direction::Lost }, frame);
        taken
    }

    /// The last frames, in words.
    pub fn summary(&self, count: usize) -> String {
        let mut summary = String::new();
        for frame in &self.frames[self.frames.len().saturating_sub(count)..] {
            let way = match frame.direction {
                Direction::FromRouter => "<-",
                Direction::ToRouter => "->",
                Direction::Lost => "-x",
            };
            let text = PrettyPrinter::<EthernetFrame<&[u8]>>::new("", &frame.bytes).to_string();
            let text: Vec<&str> = text.lines().map(|line| line.trim_start_matches([' ', '\\'])).collect();
            summary.push_str(&format!("  {:8.3} {way} {}\n", frame.at.as_secs_f64(), text.join(" | ")));
        }
        summary
    }

    /// A frame has come out of the router.
    pub(crate) fn arrive(&mut self, frame: Vec<u8>) {
        self.repeat(&frame);
        let (vlan, untagged) = frames::untagged(&frame);
        self.keep(Direction::FromRouter, frame);
        if vlan != self.vlan {
            return;
        }
        if let Some(concentrator) = &mut self.concentrator {
            concentrator.hear(&untagged);
            self.settle();
        } else {
            self.hand_up(untagged);
        }
    }

    /// A frame is there for the host.
    fn hand_up(&mut self, frame: Vec<u8>) {
        if let Some(answer) = self.ipv6.as_mut().and_then(|ipv6| ipv6.hear(&frame)) {
            self.deliver(&answer);
        }
        self.arrived.push_back(frame);
    }

    /// Passes on what the access concentrator has for either side.
    fn settle(&mut self) {
        let Some(concentrator) = &mut self.concentrator else { return };
        let (to_router, to_host) = (concentrator.take_to_router(), concentrator.take_to_host());
        for frame in to_router {
            self.send(&frame);
        }
        for frame in to_host {
            self.hand_up(frame);
        }
    }

    /// Another machine is at the cable, too.
    pub(crate) fn join_in(&mut self, neighbour: Port) {
        self.neighbour = Some(neighbour);
    }

    /// A frame has come out of that machine; before it is at the cable, nobody hears it.
    pub(crate) fn overhear(&mut self, frame: Vec<u8>) {
        if self.neighbour.is_none() {
            return;
        }
        let taken = self.port.send(&frame);
        if self.concentrator.is_none() {
            self.arrived.push_back(frame.clone());
        }
        self.keep(if taken { Direction::ToRouter } else { Direction::Lost }, frame);
    }

    /// The next frame for the stack.
    pub(crate) fn next(&mut self) -> Option<Vec<u8>> {
        self.arrived.pop_front()
    }

    fn repeat(&self, frame: &[u8]) {
        if let Some(neighbour) = &self.neighbour {
            // What it does not take is lost, as on any wire.
            neighbour.send(frame);
        }
    }

    pub(crate) fn set_time(&mut self, now: Duration) {
        self.now = now;
        if let Some(concentrator) = &mut self.concentrator {
            concentrator.tick(now);
            self.settle();
        }
    }

    pub(crate) fn time(&self) -> Duration {
        self.now
    }

    fn count(&self, direction: Direction, bytes: &[u8]) -> usize {
        let wanted = |frame: &&Frame| frame.direction == direction && frames::contains(&frame.bytes, bytes);
        self.frames.iter().filter(wanted).count()
    }

    fn keep(&mut self, direction: Direction, bytes: Vec<u8>) {
        // The capture is a help for humans: a full disk must not end the test.
        let _ = self.pcap.write_packet(&PcapPacket::new(self.now, bytes.len() as u32, &bytes));
        self.frames.push(Frame { at: self.now, direction, bytes });
    }
}
