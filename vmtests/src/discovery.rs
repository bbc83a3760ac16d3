// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! PPPoE's frames, and the tags in those of discovery (RFC 2516).

use crate::addresses::WAN_HOST;
use crate::frames;
use smoltcp::wire::{EthernetAddress, EthernetProtocol};

pub(crate) const DISCOVERY: EthernetProtocol = EthernetProtocol::Unknown(0x8863);
pub(crate) const SESSION: EthernetProtocol = EthernetProtocol::Unknown(0x8864);
/// Version and type.
const VERSION: u8 = 0x11;

/// What a frame of discovery is.
pub(crate) const PADI: u8 = 0x09;
pub(crate) const PADO: u8 = 0x07;
pub(crate) const PADR: u8 = 0x19;
pub(crate) const PADS: u8 = 0x65;
pub(crate) const PADT: u8 = 0xa7;

/// Tags.
const END: u16 = 0x0000;
pub(crate) const SERVICE_NAME: u16 = 0x0101;
pub(crate) const AC_NAME: u16 = 0x0102;
pub(crate) const HOST_UNIQ: u16 = 0x0103;
pub(crate) const AC_COOKIE: u16 = 0x0104;
pub(crate) const RELAY: u16 = 0x0110;

/// A frame of discovery, with these tags.
pub(crate) fn discovery(code: u8, number: u16, router: EthernetAddress, tags: &[(u16, &[u8])]) -> Vec<u8> {
    let tag =
        |(kind, value): &(u16, &[u8])| [&kind.to_be_bytes(), &(value.len() as u16).to_be_bytes(), *value].concat();
    let tags: Vec<u8> = tags.iter().flat_map(tag).collect();
    frames::ethernet(WAN_HOST, router, DISCOVERY, &pppoe(code, number, &tags))
}

/// A frame of session number `number`.
pub(crate) fn session(number: u16, router: EthernetAddress, protocol: u16, packet: &[u8]) -> Vec<u8> {
    let payload = [&protocol.to_be_bytes(), packet].concat();
    frames::ethernet(WAN_HOST, router, SESSION, &pppoe(0, number, &payload))
}

/// The code, the session's number and the payload of a frame's PPPoE.
pub(crate) fn read(bytes: &[u8]) -> Option<(u8, u16, &[u8])> {
    let (&[VERSION, code, a, b, c, d], rest) = bytes.split_first_chunk()? else { return None };
    let payload = rest.get(..usize::from(u16::from_be_bytes([c, d])))?;
    Some((code, u16::from_be_bytes([a, b]), payload))
}

fn pppoe(code: u8, number: u16, payload: &[u8]) -> Vec<u8> {
    let [number, length] = [number, payload.len() as u16].map(u16::to_be_bytes);
    [&[VERSION, code], &number[..], &length, payload].concat()
}

/// The tags in these bytes, if they are nothing else.
pub(crate) fn tags(mut bytes: &[u8]) -> Option<Vec<(u16, &[u8])>> {
    let mut tags = Vec::new();
    while let Some((&[a, b, c, d], rest)) = bytes.split_first_chunk() {
        let (kind, length) = (u16::from_be_bytes([a, b]), usize::from(u16::from_be_bytes([c, d])));
        if kind == END {
            return Some(tags);
        }
        tags.push((kind, rest.get(..length)?));
        bytes = &rest[length..];
    }
    bytes.is_empty().then_some(tags)
}
