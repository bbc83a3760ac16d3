// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Ports of TCP (RFC 9293), UDP (RFC 768) and SCTP (RFC 9260).

use crate::transport;

const TCP: u8 = 6;
const UDP: u8 = 17;
const SCTP: u8 = 132;

/// Where a packet goes within its host, and what it carries there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// The protocol after the last IP header.
    pub protocol: u8,
    /// Where its header begins.
    pub header: usize,
    /// Source and destination, of the protocols that have ports; `None` too for a packet cut short.
    pub ports: Option<(u16, u16)>,
    /// Where the payload begins; `None` without ports, and for a header that is cut short or
    /// contradicts itself.
    pub payload: Option<usize>,
}

/// Reads the headers of an IP packet, as [`transport`] does.
#[inline(always)]
pub fn ports(bytes: &[u8]) -> Option<Ports> {
    let (protocol, header) = transport(bytes)?;
    let segment = bytes.get(header..)?;
    let mut ports = None;
    let mut payload = None;
    if matches!(protocol, TCP | UDP | SCTP) {
        if let Some([a, b, c, d]) = segment.first_chunk() {
            ports = Some((u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d])));
            let length = match protocol {
                UDP => 8,
                SCTP => 12,
                _ => segment.get(12).map_or(0, |offset| usize::from(offset >> 4) * 4),
            };
            if length <= segment.len() && (protocol != TCP || length >= 20) {
                payload = Some(header + length);
            }
        }
    }
    Some(Ports { protocol, header, ports, payload })
}
