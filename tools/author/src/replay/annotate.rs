// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A capture whose packets say in comments what became of them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use pcap_file::pcap::PcapReader;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{InterfaceDescriptionBlock, InterfaceDescriptionOption};
use pcap_file::pcapng::{Block, PcapNgReader, PcapNgWriter};

use super::Outcome;
use crate::capture;

/// Nanoseconds: ten to the power of minus nine.
const NANOSECONDS: u8 = 9;

/// Writes the packets of a capture, each with its verdict as a comment. All else of a pcapng stays as it is.
///
/// # Errors
///
/// A file cannot be read or written.
pub(super) fn write(from: &Path, to: &Path, policy: &str, outcomes: &[Outcome]) -> Result<()> {
    let reader = BufReader::new(File::open(from)?);
    let mut comments = outcomes.iter().map(|outcome| comment(policy, outcome));
    let bytes = if capture::is_next_generation(from)? {
        next_generation(PcapNgReader::new(reader)?, &mut comments)?
    } else {
        converted(PcapReader::new(reader)?, &mut comments)?
    };
    files::save(to, |file| file.write_all(&bytes))?;
    Ok(())
}

fn comment(policy: &str, outcome: &Outcome) -> String {
    let Some(verdict) = outcome.verdict else {
        return format!("{policy}: not seen, for {}", outcome.refused.unwrap_or_default());
    };
    let mut text = format!("{policy}: {verdict}");
    if outcome.calls == 0 {
        text.push_str(" (not asked)");
    } else {
        text.push_str(&format!(" ({} fuel)", outcome.fuel));
    }
    if let Some(decided) = outcome.decided {
        text.push_str(&format!(", decided for the flow: {decided}"));
    }
    for failure in &outcome.failures {
        text.push_str(&format!("\nfailed: {failure}"));
    }
    for line in &outcome.log {
        text.push_str(&format!("\nlog: {line}"));
    }
    text
}

fn next_generation<R: std::io::Read>(
    mut reader: PcapNgReader<R>,
    comments: &mut dyn Iterator<Item = String>,
) -> Result<Vec<u8>> {
    let mut writer = PcapNgWriter::with_section_header(Vec::new(), reader.section().clone())?;
    while let Some(block) = reader.next_block() {
        let block = block.context("the capture is damaged")?;
        let block = match block {
            Block::EnhancedPacket(mut packet) => {
                packet.options.extend(comments.next().map(|text| EnhancedPacketOption::Comment(Cow::Owned(text))));
                Block::EnhancedPacket(packet)
            }
            // It has no room for a comment.
            Block::SimplePacket(packet) => Block::EnhancedPacket(EnhancedPacketBlock {
                interface_id: 0,
                timestamp: Duration::ZERO,
                original_len: packet.original_len,
                data: packet.data,
                options: comments
                    .next()
                    .map(|text| EnhancedPacketOption::Comment(Cow::Owned(text)))
                    .into_iter()
                    .collect(),
            }),
            other => other,
        };
        writer.write_block(&block)?;
    }
    Ok(writer.into_inner())
}

fn converted<R: std::io::Read>(
    mut reader: PcapReader<R>,
    comments: &mut dyn Iterator<Item = String>,
) -> Result<Vec<u8>> {
    let mut writer = PcapNgWriter::new(Vec::new())?;
    let header = reader.header();
    writer.write_pcapng_block(InterfaceDescriptionBlock {
        linktype: header.datalink,
        snaplen: header.snaplen,
        options: vec![InterfaceDescriptionOption::IfTsResol(NANOSECONDS)],
    })?;
    while let Some(packet) = reader.next_packet() {
        let packet = packet.context("the capture is damaged")?;
        writer.write_pcapng_block(EnhancedPacketBlock {
            interface_id: 0,
            timestamp: packet.timestamp,
            original_len: packet.orig_len,
            data: packet.data,
            options: comments.next().map(|text| EnhancedPacketOption::Comment(Cow::Owned(text))).into_iter().collect(),
        })?;
    }
    Ok(writer.into_inner())
}
