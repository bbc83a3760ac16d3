// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Captures: pcap and pcapng.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{bail, Context, Result};
use files::Progress;
use pcap_file::pcap::PcapReader;
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
}

impl Frame {
    fn new(bytes: Cow<'_, [u8]>, length: u32, link: DataLink) -> Frame {
        Frame { whole: bytes.len() >= length as usize, bytes: bytes.into_owned(), link }
    }

    /// The packet; none if it has no link layer that we know, or is cut within it.
    #[must_use]
    pub fn packet(&self) -> Option<Packet> {
        let ip = |at: usize| self.bytes.get(at..).filter(|bytes| !bytes.is_empty()).map(Packet::ip);
        match self.link {
            DataLink::ETHERNET => Packet::ethernet(&self.bytes),
            DataLink::RAW | DataLink::IPV4 | DataLink::IPV6 => ip(0),
            DataLink::LINUX_SLL => ip(16),
            DataLink::NULL | DataLink::LOOP => ip(4),
            _ => None,
        }
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
            frames.push(Frame::new(packet.data, packet.orig_len, link));
        }
        return Ok(frames);
    }
    let mut reader = PcapNgReader::new(file).with_context(damaged)?;
    let mut links = Vec::new();
    while let Some(block) = reader.next_block() {
        match block.with_context(damaged)? {
            Block::SectionHeader(_) => links.clear(),
            Block::InterfaceDescription(interface) => links.push(interface.linktype),
            Block::EnhancedPacket(packet) => {
                let Some(link) = links.get(packet.interface_id as usize) else { bail!(damaged()) };
                frames.push(Frame::new(packet.data, packet.original_len, *link));
            }
            Block::SimplePacket(packet) => {
                let Some(link) = links.first() else { bail!(damaged()) };
                frames.push(Frame::new(packet.data, packet.original_len, *link));
            }
            _ => {}
        }
    }
    Ok(frames)
}
