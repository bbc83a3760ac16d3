// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! One of the router's cables, all of whose frames are kept.

use crate::frames;
use anyhow::{Context, Result};
use pcap_file::pcap::{PcapPacket, PcapWriter};
use qemu::Port;
use smoltcp::phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::time::Instant;
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
        if vlan == self.vlan {
            self.arrived.push_back(untagged);
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
        self.arrived.push_back(frame.clone());
        self.keep(if taken { Direction::ToRouter } else { Direction::Lost }, frame);
    }

    fn repeat(&self, frame: &[u8]) {
        if let Some(neighbour) = &self.neighbour {
            // What it does not take is lost, as on any wire.
            neighbour.send(frame);
        }
    }

    pub(crate) fn set_time(&mut self, now: Duration) {
        self.now = now;
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

/// A frame for the stack.
pub struct Arrived(Vec<u8>);

impl RxToken for Arrived {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, read: F) -> R {
        read(&self.0)
    }
}

/// Room for a frame of the stack's.
pub struct Sending<'a>(&'a mut Wire);

impl TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, fill: F) -> R {
        let mut frame = vec![0; len];
        let result = fill(&mut frame);
        self.0.send(&frame);
        result
    }
}

impl Device for Wire {
    type RxToken<'a> = Arrived;
    type TxToken<'a> = Sending<'a>;

    fn receive(&mut self, _: Instant) -> Option<(Arrived, Sending<'_>)> {
        let frame = self.arrived.pop_front()?;
        Some((Arrived(frame), Sending(self)))
    }

    fn transmit(&mut self, _: Instant) -> Option<Sending<'_>> {
        Some(Sending(self))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        // Checksums are verified too, so a router that leaves them to hardware shows.
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ethernet;
        capabilities.max_transmission_unit = 1514;
        capabilities
    }
}
