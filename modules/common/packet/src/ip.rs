// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! IP headers (RFC 791, RFC 8200): where they end, and what follows.

use crate::read;

/// More extension headers than this are nobody's traffic.
const EXTENSIONS: usize = 8;

/// What an IP packet's headers say of what they carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ip {
    /// 4 or 6.
    pub version: u8,
    /// The protocol after the last IP header: 6 is TCP, 17 is UDP.
    pub protocol: u8,
    /// Where it begins, in bytes from the beginning of the packet.
    pub transport: usize,
    /// Where the packet ends; padding of the link may follow.
    pub end: usize,
    /// Whether this is a piece of a larger packet.
    pub fragment: bool,
}

/// Reads the headers of the packet that `bytes` begins with; `None` if they are cut short,
/// contradict themselves, or are more than eight extensions.
pub fn ip(bytes: &[u8]) -> Option<Ip> {
    match bytes.first()? >> 4 {
        4 => ipv4(bytes),
        6 => ipv6(bytes),
        _ => None,
    }
}

fn big_endian(bytes: &[u8], offset: usize) -> Option<usize> {
    read::<u16>(bytes, offset).map(|word| usize::from(u16::from_be(word)))
}

fn ipv4(bytes: &[u8]) -> Option<Ip> {
    let transport = usize::from(bytes.first()? & 15) * 4;
    let end = big_endian(bytes, 2)?;
    if transport < 20 || end < transport || bytes.len() < end {
        return None;
    }
    // More fragments follow, or it is not the first.
    let fragment = big_endian(bytes, 6)? & 0x3fff != 0;
    Some(Ip { version: 4, protocol: *bytes.get(9)?, transport, end, fragment })
}

fn ipv6(bytes: &[u8]) -> Option<Ip> {
    let end = big_endian(bytes, 4)? + 40;
    if bytes.len() < end {
        return None;
    }
    let Chain { protocol, transport, fragment } = extensions(bytes, end)?;
    // Unless it is all of the packet (RFC 6946).
    Some(Ip { version: 6, protocol, transport, end, fragment: fragment & 0xfff9 != 0 })
}

/// What extension headers lead to.
struct Chain {
    protocol: u8,
    transport: usize,
    /// Offset and flags of fragment headers, together.
    fragment: usize,
}

/// Walks the extension headers of an IPv6 packet, which lie before `end`.
fn extensions(bytes: &[u8], end: usize) -> Option<Chain> {
    let (mut protocol, mut transport, mut fragment) = (*bytes.get(6)?, 40, 0);
    for _ in 0..=EXTENSIONS {
        let length = match protocol {
            // Hop-by-hop options, routing, destination options.
            0 | 43 | 60 => (usize::from(*bytes.get(transport + 1)?) + 1) * 8,
            44 => {
                fragment |= big_endian(bytes, transport + 2)?;
                8
            }
            // Authentication.
            51 => (usize::from(*bytes.get(transport + 1)?) + 2) * 4,
            _ => return Some(Chain { protocol, transport, fragment }),
        };
        protocol = *bytes.get(transport)?;
        transport += length;
        if transport > end {
            return None;
        }
    }
    None
}

/// The protocol after the last IP header, and where it begins. What the packet says of its length
/// does not matter, and its first fragment is as good as all of it: `None` for a later one, and for
/// headers that are cut short, contradict themselves, or are more than eight extensions.
#[inline]
pub fn transport(bytes: &[u8]) -> Option<(u8, usize)> {
    match bytes.first()? >> 4 {
        4 => {
            let header: &[u8; 20] = bytes.first_chunk()?;
            let transport = usize::from(header[0] & 15) * 4;
            let later = (header[6] & 0x1f, header[7]) != (0, 0);
            (transport >= 20 && transport <= bytes.len() && !later).then_some((header[9], transport))
        }
        6 => transport_of_ipv6(bytes),
        _ => None,
    }
}

#[inline(never)]
fn transport_of_ipv6(bytes: &[u8]) -> Option<(u8, usize)> {
    if bytes.len() < 40 {
        return None;
    }
    let chain = extensions(bytes, bytes.len())?;
    (chain.fragment & 0xfff8 == 0).then_some((chain.protocol, chain.transport))
}
