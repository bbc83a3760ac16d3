// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Captures: pcap and pcapng.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::time::Duration;

use anyhow::{bail, Context, Result};
use files::Progress;
use pcap_file::pcap::PcapReader;
use pcap_file::pcapng::blocks::interface_description::{InterfaceDescriptionBlock, InterfaceDescriptionOption};
use pcap_file::pcapng::{Block, PcapNgReader};
use pcap_file::DataLink;
use simulator::Packet;

/// A frame of a capture.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Its bytes, as far as they were captured.
    pub bytes: Vec<u8>,
    /// What they begin with.
    pub link: DataLink,
    /// Whether that is all of it.
    pub whole: bool,
    /// When it was captured, since 1970, if the capture says.
    pub time: Option<Duration>,
}

impl Frame {
    fn new(bytes: Cow<'_, [u8]>, length: u32, link: DataLink, time: Option<Duration>) -> Frame {
        Frame { whole: bytes.len() >= length as usize, bytes: bytes.into_owned(), link, time }
    }

    /// The packet; none if it has no link layer that we know, or is cut within it.
    #[must_use]
    pub fn packet(&self) -> Option<Packet> {
        let ip = |at: usize| self.bytes.get(at..).filter(|bytes| !bytes.is_empty()).map(Packet::ip);
        match self.link {
            DataLink::ETHERNET => Packet::ethernet(&self.bytes),
            DataLink::RAW | DataLink::IPV4 | DataLink::IPV6 => ip(0),
            DataLink::LINUX_SLL => ip(16),
            DataLink::LINUX_SLL2 => ip(20),
            DataLink::NULL | DataLink::LOOP => ip(4),
            _ => None,
        }
    }
}

/// An interface of a pcapng.
struct Interface {
    link: DataLink,
    /// How many ticks of its clock are a second.
    second: u128,
    /// How many seconds its clock is behind.
    behind: u64,
}

impl Interface {
    fn new(description: &InterfaceDescriptionBlock<'_>) -> Interface {
        let mut interface = Interface { link: description.linktype, second: 1_000_000, behind: 0 };
        for option in &description.options {
            match option {
                // The first bit says of what it is the exponent.
                InterfaceDescriptionOption::IfTsResol(of_two @ 0x80..) => interface.second = 1 << (of_two & 0x7f),
                InterfaceDescriptionOption::IfTsResol(of_ten) => {
                    interface.second = 10u128.saturating_pow((*of_ten).into());
                }
                InterfaceDescriptionOption::IfTsOffset(seconds) => interface.behind = *seconds,
                _ => {}
            }
        }
        interface
    }

    /// The time of a packet, whose ticks the reader takes for nanoseconds.
    fn time(&self, read: Duration) -> Duration {
        let ticks = read.as_nanos();
        let (seconds, rest) = (ticks / self.second, ticks % self.second);
        // What it is behind has a sign.
        let seconds = (seconds as u64).wrapping_add(self.behind);
        Duration::new(seconds, (rest * 1_000_000_000 / self.second) as u32)
    }
}

/// Whether a file begins as a pcapng does.
///
/// # Errors
///
/// It cannot be read.
pub fn is_next_generation(path: &Path) -> Result<bool> {
    let mut magic = [0; 4];
    let mut file = File::open(path).with_context(|| format!("failed to open {}", path.display()))?;
    file.read_exact(&mut magic).with_context(|| format!("failed to read {}: it is no capture", path.display()))?;
    Ok(magic == [0x0a, 0x0d, 0x0d, 0x0a])
}

/// The frames of a capture.
///
/// # Errors
///
/// It is none, or damaged.
pub fn read(path: &Path) -> Result<Vec<Frame>> {
    let damaged = || format!("failed to read {}: it is no capture, or damaged", path.display());
    let file = File::open(path).with_context(|| format!("failed to open {}", path.display()))?;
    let progress = Progress::bytes("reading the capture", file.metadata().ok().map(|data| data.len()));
    let file = BufReader::new(progress.reading(file));
    let mut frames = Vec::new();
    if !is_next_generation(path)? {
        let mut reader = PcapReader::new(file).with_context(damaged)?;
        let link = reader.header().datalink;
        while let Some(packet) = reader.next_packet() {
            let packet = packet.with_context(damaged)?;
            frames.push(Frame::new(packet.data, packet.orig_len, link, Some(packet.timestamp)));
        }
        return Ok(frames);
    }
    let mut reader = PcapNgReader::new(file).with_context(damaged)?;
    let mut interfaces = Vec::new();
    while let Some(block) = reader.next_block() {
        match block.with_context(damaged)? {
            Block::SectionHeader(_) => interfaces.clear(),
            Block::InterfaceDescription(interface) => interfaces.push(Interface::new(&interface)),
            Block::EnhancedPacket(packet) => {
                let Some(interface) = interfaces.get(packet.interface_id as usize) else { bail!(damaged()) };
                let time = interface.time(packet.timestamp);
                frames.push(Frame::new(packet.data, packet.original_len, interface.link, Some(time)));
            }
            Block::SimplePacket(packet) => {
                let Some(interface) = interfaces.first() else { bail!(damaged()) };
                frames.push(Frame::new(packet.data, packet.original_len, interface.link, None));
            }
            _ => {}
        }
    }
    Ok(frames)
}
