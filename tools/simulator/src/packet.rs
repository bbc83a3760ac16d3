// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A packet on its way through the router: what the kernel has a `struct sk_buff` for.

use std::cell::RefCell;
use std::rc::Rc;

use packet::{ethernet, ETHERNET_HEADER};

use crate::flow::Flow;
use crate::linux::ADDRESS;
use crate::receive;
use crate::LAN;

const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;

/// A packet, with its link-layer header.
#[derive(Clone)]
pub struct Packet {
    pub(crate) bytes: Vec<u8>,
    /// Where the network header begins.
    pub(crate) network: usize,
    /// The type that the link-layer header says.
    pub(crate) kind: u16,
    /// Whether hooks see the link-layer header: not where the router itself sends.
    pub(crate) link: bool,
    /// The VLAN tag that the driver took out of it: its type, and what it says.
    pub(crate) tag: Option<[u8; 4]>,
    pub(crate) flow: Option<Rc<Flow>>,
    /// How it belongs to its flow: `enum ip_conntrack_info`.
    pub(crate) info: u8,
    /// The interface to which a script at XDP sent it.
    pub(crate) redirected: Option<i32>,
    /// Copies that were sent out of the packet's device: by the packet itself, and by copies that a script made of it.
    pub(crate) forwarded: Rc<RefCell<Vec<Vec<u8>>>>,
    /// The packet's mark (`skb->mark`).
    pub mark: u32,
    /// Connection tracking leaves it alone (`notrack` of nftables).
    pub notrack: bool,
    /// The index of the device that it came by.
    pub ifindex: i32,
}

impl Packet {
    /// A frame of Ethernet. The driver takes a VLAN tag out of it; `None` if it is too short for a header.
    #[must_use]
    pub fn ethernet(frame: &[u8]) -> Option<Packet> {
        let mut header = ethernet(frame)?;
        let (mut bytes, mut tag) = (frame.to_vec(), None);
        if header.network >= ETHERNET_HEADER + 4 {
            tag = frame[12..16].try_into().ok();
            bytes.drain(12..16);
            header.network -= 4;
        }
        Some(Packet::new(bytes, header.network, header.kind, tag))
    }

    /// A packet from its IP header on, in a frame between two stations; what is neither IPv4 nor IPv6 by its first
    /// bits counts as IPv4.
    #[must_use]
    pub fn ip(bytes: &[u8]) -> Packet {
        let kind = if bytes.first().is_some_and(|first| first >> 4 == 6) { IPV6 } else { IPV4 };
        let mut frame = [ADDRESS, [2, 0, 0, 0, 0, 1]].concat();
        frame.extend(kind.to_be_bytes());
        frame.extend(bytes);
        Packet::new(frame, ETHERNET_HEADER, kind, None)
    }

    fn new(bytes: Vec<u8>, network: usize, kind: u16, tag: Option<[u8; 4]>) -> Packet {
        let (flow, forwarded) = (None, Rc::default());
        Packet {
            bytes,
            network,
            kind,
            link: true,
            tag,
            flow,
            info: 0,
            redirected: None,
            forwarded,
            mark: 0,
            notrack: false,
            ifindex: LAN,
        }
    }

    /// The frame as the wire has it, with its VLAN tag: what XDP sees.
    pub(crate) fn on_the_wire(&self) -> Vec<u8> {
        let mut frame = self.bytes.clone();
        frame.splice(12..12, self.tag.into_iter().flatten());
        frame
    }

    /// What XDP has made of the frame; `false` if it is too short for a header.
    pub(crate) fn replace(&mut self, frame: &[u8]) -> bool {
        let Some(Packet { bytes, network, kind, tag, .. }) = Packet::ethernet(frame) else { return false };
        (self.bytes, self.network, self.kind, self.tag) = (bytes, network, kind, tag);
        true
    }

    /// The packet as the stack hands it to the first hook: without what the link added behind it.
    ///
    /// # Errors
    ///
    /// The stack drops it, for its IP header is wrong: why.
    pub fn receive(mut self) -> Result<Packet, &'static str> {
        let length = receive::length(self.network(), self.kind)?;
        self.bytes.truncate(self.network + length);
        Ok(self)
    }

    /// Whether it is IPv4 or IPv6, by the link-layer header.
    #[must_use]
    pub fn is_ip(&self) -> bool {
        self.is_of(1)
    }

    /// All of its bytes, from the link-layer header on, without a VLAN tag.
    #[must_use]
    pub fn frame(&self) -> &[u8] {
        &self.bytes
    }

    /// Its bytes from the network header on.
    #[must_use]
    pub fn network(&self) -> &[u8] {
        self.bytes.get(self.network..).unwrap_or(&[])
    }

    /// Its flow, once it is tracked.
    #[must_use]
    pub fn flow(&self) -> Option<&Flow> {
        self.flow.as_deref()
    }

    /// The interface to which a script at XDP sent it (`xdp.redirect`).
    #[must_use]
    pub fn redirected(&self) -> Option<i32> {
        self.redirected
    }

    /// Frames that the policy sent out of the packet's device (`skb:forward`).
    #[must_use]
    pub fn forwarded(&self) -> Vec<Vec<u8>> {
        self.forwarded.borrow().clone()
    }

    /// Whether hooks of this family (`NFPROTO_*`) see it in the IP stack.
    pub(crate) fn is_of(&self, family: u8) -> bool {
        match family {
            1 => matches!(self.kind, IPV4 | IPV6),
            2 => self.kind == IPV4,
            10 => self.kind == IPV6,
            _ => false,
        }
    }

    /// How short it may become: what holds the IP header and, as the stack took it off, a hop-by-hop header.
    pub(crate) fn least(&self) -> usize {
        let header = self.network();
        match self.kind {
            IPV4 if header.len() >= 20 => usize::from(header[0] & 15).max(5) * 4,
            IPV6 if header.get(6) == Some(&0) => 40 + header.get(41).map_or(0, |length| usize::from(*length) * 8 + 8),
            IPV6 => 40,
            _ => header.len(),
        }
    }
}
