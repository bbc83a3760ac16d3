// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Headers, from their fields.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::bytes::Mac;
use super::fields::{Flag, Icmp, Ipv4, Ipv6, Tcp, Udp};
use super::Build;

const CLIENT: Mac = Mac([2, 0, 0, 0, 0, 1]);
const ROUTER: Mac = Mac([2, 0, 0, 0, 0, 2]);
const CLIENT_V4: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 100);
const SERVER_V4: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 1);
const CLIENT_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0, 0, 1, 0, 0, 0, 0x100);
const SERVER_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
/// A client's port.
const PORT: u16 = 40000;

impl Build {
    /// The same layers from the receiver to the sender.
    #[must_use]
    pub fn reversed(mut self) -> Build {
        if let Some(ethernet) = &mut self.ethernet {
            let (source, destination) = (ethernet.source.unwrap_or(CLIENT), ethernet.destination.unwrap_or(ROUTER));
            (ethernet.source, ethernet.destination) = (Some(destination), Some(source));
        }
        if let Some(ip) = &mut self.ipv4 {
            let (source, destination) = (ip.source.unwrap_or(CLIENT_V4), ip.destination.unwrap_or(SERVER_V4));
            (ip.source, ip.destination) = (Some(destination), Some(source));
        }
        if let Some(ip) = &mut self.ipv6 {
            let (source, destination) = (ip.source.unwrap_or(CLIENT_V6), ip.destination.unwrap_or(SERVER_V6));
            (ip.source, ip.destination) = (Some(destination), Some(source));
        }
        if let Some(tcp) = &mut self.tcp {
            (tcp.source, tcp.destination) = (tcp.destination, Some(tcp.source.unwrap_or(PORT)));
        }
        if let Some(udp) = &mut self.udp {
            (udp.source, udp.destination) = (udp.destination, Some(udp.source.unwrap_or(PORT)));
        }
        self
    }
}

/// The link-layer header.
pub(super) fn link(build: &Build) -> Result<Vec<u8>, String> {
    let ethernet = build.ethernet.clone().unwrap_or_default();
    let kind = match (&build.ipv4, &build.ipv6) {
        (_, Some(_)) => 0x86dd,
        _ => 0x0800,
    };
    let mut bytes = ethernet.destination.unwrap_or(ROUTER).0.to_vec();
    bytes.extend(ethernet.source.unwrap_or(CLIENT).0);
    if let Some(vlan) = ethernet.vlan {
        if vlan > 4095 {
            return Err(format!("ethernet: there is no VLAN {vlan}"));
        }
        bytes.extend([0x81, 0]);
        bytes.extend(vlan.to_be_bytes());
    }
    bytes.extend(ethernet.kind.unwrap_or(kind).to_be_bytes());
    Ok(bytes)
}

/// The packet, from its network header on.
pub(super) fn network(build: &Build, payload: Vec<u8>) -> Result<Vec<u8>, String> {
    let (protocol, transport) = match (&build.tcp, &build.udp, &build.icmp) {
        (None, None, None) => (None, payload),
        (Some(tcp), None, None) => (Some(6), tcp_segment(tcp, &payload)?),
        (None, Some(udp), None) => (Some(17), datagram(udp, &payload)?),
        (None, None, Some(icmp)) if build.ipv6.is_some() => (Some(58), message(icmp, 128, &payload)),
        (None, None, Some(icmp)) => (Some(1), message(icmp, 8, &payload)),
        _ => return Err("a packet has one of tcp, udp and icmp".into()),
    };
    let mut bytes = match (&build.ipv4, &build.ipv6) {
        (Some(_), Some(_)) => return Err("a packet has one of ipv4 and ipv6".into()),
        (Some(ip), None) => ipv4(ip, protocol, &transport)?,
        (None, Some(ip)) => ipv6(ip, protocol, &transport)?,
        (None, None) if protocol.is_some() => return Err("a packet with tcp, udp or icmp has ipv4 or ipv6, too".into()),
        (None, None) => return Ok(transport),
    };
    simulator::checksums(&mut bytes);
    icmp_checksum(&mut bytes);
    Ok(bytes)
}

fn ipv4(ip: &Ipv4, protocol: Option<u8>, transport: &[u8]) -> Result<Vec<u8>, String> {
    let options = ip.options.as_ref().map_or(&[][..], |hex| &hex.0);
    if !options.len().is_multiple_of(4) || options.len() > 40 {
        return Err("ipv4: options are 4, 8, ... up to 40 bytes".into());
    }
    let header = 20 + options.len();
    let length = u16::try_from(header + transport.len()).map_err(|_| "the packet is longer than 65535 bytes")?;
    let mut bytes = vec![0x40 | (header / 4) as u8, ip.tos.unwrap_or(0)];
    for word in [length, ip.id.unwrap_or(1), ip.fragment.unwrap_or(0)] {
        bytes.extend(word.to_be_bytes());
    }
    bytes.extend([ip.ttl.unwrap_or(64), carried(ip.protocol, protocol), 0, 0]);
    bytes.extend(ip.source.unwrap_or(CLIENT_V4).octets());
    bytes.extend(ip.destination.unwrap_or(SERVER_V4).octets());
    bytes.extend(options);
    bytes.extend(transport);
    Ok(bytes)
}

fn ipv6(ip: &Ipv6, protocol: Option<u8>, transport: &[u8]) -> Result<Vec<u8>, String> {
    let (mut next, mut chain) = (carried(ip.protocol, protocol), transport.to_vec());
    for extension in ip.extensions.iter().flatten().rev() {
        chain.splice(0..0, [&[next], &extension.hex.0[..]].concat());
        next = extension.kind;
    }
    let length = u16::try_from(chain.len()).map_err(|_| "the packet is longer than 65535 bytes")?;
    let class = u32::from(ip.traffic_class.unwrap_or(0));
    let mut bytes = (6 << 28 | class << 20).to_be_bytes().to_vec();
    bytes.extend(length.to_be_bytes());
    bytes.extend([next, ip.hop_limit.unwrap_or(64)]);
    bytes.extend(ip.source.unwrap_or(CLIENT_V6).octets());
    bytes.extend(ip.destination.unwrap_or(SERVER_V6).octets());
    bytes.extend(chain);
    Ok(bytes)
}

/// What is carried: what is said, or what follows, or nothing (59).
fn carried(said: Option<u8>, follows: Option<u8>) -> u8 {
    said.or(follows).unwrap_or(59)
}

fn tcp_segment(tcp: &Tcp, payload: &[u8]) -> Result<Vec<u8>, String> {
    let options = tcp.options.as_ref().map_or(&[][..], |hex| &hex.0);
    if !options.len().is_multiple_of(4) || options.len() > 40 {
        return Err("tcp: options are 4, 8, ... up to 40 bytes".into());
    }
    let flags = tcp.flags.clone().unwrap_or_else(|| vec![Flag::Ack]);
    let mut bytes = tcp.source.unwrap_or(PORT).to_be_bytes().to_vec();
    bytes.extend(port("tcp", tcp.destination)?.to_be_bytes());
    bytes.extend(tcp.sequence.unwrap_or(1).to_be_bytes());
    bytes.extend(tcp.acknowledgment.unwrap_or(0).to_be_bytes());
    bytes.push(((20 + options.len()) / 4) as u8 * 16);
    bytes.push(flags.iter().fold(0, |all, flag| all | *flag as u8));
    bytes.extend(tcp.window.unwrap_or(1024).to_be_bytes());
    bytes.extend([0; 4]);
    bytes.extend(options);
    bytes.extend(payload);
    Ok(bytes)
}

fn datagram(udp: &Udp, payload: &[u8]) -> Result<Vec<u8>, String> {
    let length = u16::try_from(8 + payload.len()).map_err(|_| "the packet is longer than 65535 bytes")?;
    let mut bytes = Vec::new();
    for word in [udp.source.unwrap_or(PORT), port("udp", udp.destination)?, length, 0] {
        bytes.extend(word.to_be_bytes());
    }
    bytes.extend(payload);
    Ok(bytes)
}

fn port(layer: &str, port: Option<u16>) -> Result<u16, String> {
    port.ok_or_else(|| format!("{layer}: say the destination's port"))
}

fn message(icmp: &Icmp, echo: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![icmp.kind.unwrap_or(echo), icmp.code.unwrap_or(0), 0, 0];
    bytes.extend(icmp.id.unwrap_or(1).to_be_bytes());
    bytes.extend(icmp.sequence.unwrap_or(1).to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// Writes the checksum of ICMP and ICMPv6.
fn icmp_checksum(bytes: &mut [u8]) {
    let Some(ip) = packet::ip(bytes).filter(|ip| matches!(ip.protocol, 1 | 58) && ip.end >= ip.transport + 4) else {
        return;
    };
    let mut all = Vec::new();
    if ip.protocol == 58 {
        all.extend(&bytes[8..40]);
        all.extend(((ip.end - ip.transport) as u32).to_be_bytes());
        all.extend([0, 0, 0, 58]);
    }
    all.extend(&bytes[ip.transport..ip.end]);
    let sum = packet::checksum(&all);
    bytes[ip.transport + 2..ip.transport + 4].copy_from_slice(&sum.to_be_bytes());
}
