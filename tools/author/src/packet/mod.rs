// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Packets, written by people: layers with their fields, and what is not said has a sensible value.
//!
//! ```yaml
//! { ipv4: { source: 192.168.1.7 }, udp: { destination: 53 }, dns: { query: www.example } }
//! ```

mod bytes;
mod fields;
mod headers;
mod payload;

use serde::Deserialize;

pub use bytes::{Bytes, Hex};
pub use fields::{Ethernet, Flag, Icmp, Ipv4, Ipv6, Tcp, Udp};
pub use payload::{Dns, Http, Tls};

/// A packet, by its layers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Build {
    /// The link-layer header; one between two stations unless given.
    pub ethernet: Option<Ethernet>,
    /// An IPv4 header.
    pub ipv4: Option<Ipv4>,
    /// An IPv6 header.
    pub ipv6: Option<Ipv6>,
    /// A TCP header.
    pub tcp: Option<Tcp>,
    /// A UDP header.
    pub udp: Option<Udp>,
    /// A message of ICMP, or, in IPv6, of ICMPv6.
    pub icmp: Option<Icmp>,
    /// The payload as text.
    pub payload: Option<Bytes>,
    /// The payload in hexadecimal digits.
    pub hex: Option<Hex>,
    /// The payload: a TLS ClientHello.
    pub tls: Option<Tls>,
    /// The payload: a DNS message; over TCP, with its length before it.
    pub dns: Option<Dns>,
    /// The payload: an HTTP request.
    pub http: Option<Http>,
    /// Only these bytes of the payload: from the first number to before the second.
    pub part: Option<(usize, usize)>,
    /// Instead of layers: all of the frame, from the link-layer header on.
    pub frame: Option<Hex>,
}

/// A packet and where its network header begins.
#[derive(Clone, Debug)]
pub struct Built {
    /// The frame.
    pub frame: Vec<u8>,
    /// Bytes of the link-layer header.
    pub network: usize,
    /// Bytes of the payload.
    pub payload: usize,
}

impl Build {
    /// The same, where what is not said is as in `other`.
    #[must_use]
    pub fn over(mut self, other: &Build) -> Build {
        if self.frame.is_some() {
            return self;
        }
        if self.ethernet.is_none() {
            self.ethernet.clone_from(&other.ethernet);
        } else {
            self.ethernet = Ethernet::over(self.ethernet, other.ethernet.as_ref());
        }
        if self.ipv4.is_none() && self.ipv6.is_none() {
            (self.ipv4, self.ipv6) = (other.ipv4.clone(), other.ipv6.clone());
        } else {
            self.ipv4 = Ipv4::over(self.ipv4, other.ipv4.as_ref());
            self.ipv6 = Ipv6::over(self.ipv6, other.ipv6.as_ref());
        }
        if self.tcp.is_none() && self.udp.is_none() && self.icmp.is_none() {
            (self.tcp, self.udp, self.icmp) = (other.tcp.clone(), other.udp.clone(), other.icmp.clone());
        } else {
            self.tcp = Tcp::over(self.tcp, other.tcp.as_ref());
            self.udp = Udp::over(self.udp, other.udp.as_ref());
            self.icmp = Icmp::over(self.icmp, other.icmp.as_ref());
        }
        if self.payloads() == 0 {
            let other = other.clone();
            (self.payload, self.hex) = (other.payload, other.hex);
            (self.tls, self.dns, self.http) = (other.tls, other.dns, other.http);
        }
        self
    }

    fn payloads(&self) -> usize {
        let given =
            [self.payload.is_some(), self.hex.is_some(), self.tls.is_some(), self.dns.is_some(), self.http.is_some()];
        given.iter().filter(|given| **given).count()
    }

    /// The payload that the flow of packets has, in all of which `part` takes a part.
    ///
    /// # Errors
    ///
    /// There are several, or it cannot be.
    pub fn content(&self) -> Result<Vec<u8>, String> {
        if self.payloads() > 1 {
            return Err("a packet has one of payload, hex, tls, dns and http".into());
        }
        let mut bytes = Vec::new();
        if let Some(text) = &self.payload {
            bytes.extend(&text.0);
        } else if let Some(hex) = &self.hex {
            bytes.extend(&hex.0);
        } else if let Some(tls) = &self.tls {
            bytes = tls.bytes();
        } else if let Some(dns) = &self.dns {
            bytes = dns.bytes()?;
            if self.tcp.is_some() {
                let length = u16::try_from(bytes.len()).map_err(|_| "the DNS message is too long".to_owned())?;
                bytes.splice(0..0, length.to_be_bytes());
            }
        } else if let Some(http) = &self.http {
            bytes = http.bytes();
        }
        match self.part {
            None => Ok(bytes),
            Some((from, to)) if from <= to && to <= bytes.len() => Ok(bytes[from..to].to_vec()),
            Some((from, to)) => Err(format!("part: {from} to {to} is not within the payload of {} bytes", bytes.len())),
        }
    }

    /// The packet.
    ///
    /// # Errors
    ///
    /// What is said contradicts itself, or does not fit a packet.
    pub fn build(&self) -> Result<Built, String> {
        if let Some(Hex(frame)) = &self.frame {
            let network = packet::ethernet(frame).ok_or("frame: it is too short for an Ethernet header")?.network;
            return Ok(Built { frame: frame.clone(), network, payload: 0 });
        }
        let payload = self.content()?;
        let length = payload.len();
        let network = headers::network(self, payload)?;
        let mut frame = headers::link(self)?;
        let link = frame.len();
        frame.extend(network);
        Ok(Built { frame, network: link, payload: length })
    }
}
