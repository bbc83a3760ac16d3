// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Datagrams of the LAN's devices, each with a payload of its own: which get to the WAN, and which do not.

use anyhow::{anyhow, ensure, Result};
use smoltcp::wire::{EthernetAddress, Ipv4Address};

use crate::addresses::{LAN_HOST, SERVER};
use crate::{frames, Lab};

/// A device of the LAN, which policies are about.
pub const DEVICE: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 0x22]);
const DEVICE_ADDRESS: Ipv4Address = Ipv4Address::new(192, 168, 1, 90);
const OTHER_ADDRESS: Ipv4Address = Ipv4Address::new(192, 168, 1, 91);
/// A port that no policy is about.
pub const PLAIN: u16 = 4000;

/// The cable between devices and the router.
pub struct Cable {
    router: EthernetAddress,
    sent: usize,
}

impl Cable {
    /// That of this router.
    ///
    /// # Errors
    ///
    /// The router does not say its address.
    pub fn of(lab: &mut Lab) -> Result<Cable> {
        let text = lab.output("cat /sys/class/net/eth1/address")?;
        let router = text.trim().parse().map_err(|()| anyhow!("{text} is no hardware address"))?;
        Ok(Cable { router, sent: 0 })
    }

    fn payload(&mut self) -> Vec<u8> {
        self.sent += 1;
        format!("datagram {:04} of the LAN", self.sent).into_bytes()
    }

    /// Sends one.
    pub fn send(&self, lab: &mut Lab, from: EthernetAddress, destination: (Ipv4Address, u16), payload: &[u8]) {
        let source = (if from == DEVICE { DEVICE_ADDRESS } else { OTHER_ADDRESS }, 40_000);
        lab.lan.host.wire.send(&frames::udp(frames::Ends { from, to: self.router, source, destination }, payload));
    }

    /// A datagram from this device gets to the WAN: its payload.
    ///
    /// # Errors
    ///
    /// It does not.
    pub fn passes(&mut self, lab: &mut Lab, from: EthernetAddress, destination: (Ipv4Address, u16)) -> Result<Vec<u8>> {
        let payload = self.payload();
        self.send(lab, from, destination, &payload);
        let what = format!("datagram of {from} to {}:{}", destination.0, destination.1);
        lab.until(&what, |lab| Ok((lab.wan.host.wire.received(&payload) > 0).then_some(())))?;
        Ok(payload)
    }

    /// One does not, although one that is sent later by another device does: the router keeps their order.
    ///
    /// # Errors
    ///
    /// It does, or the other one does not.
    pub fn is_dropped(&mut self, lab: &mut Lab, from: EthernetAddress, destination: (Ipv4Address, u16)) -> Result<()> {
        let payload = self.payload();
        self.send(lab, from, destination, &payload);
        self.passes(lab, LAN_HOST, (SERVER, PLAIN))?;
        let (address, port) = destination;
        ensure!(lab.wan.host.wire.received(&payload) == 0, "a datagram of {from} to {address}:{port} passed");
        Ok(())
    }
}

/// An address as the router's files have it.
#[must_use]
pub fn written(address: EthernetAddress) -> String {
    address.0.map(|byte| format!("{byte:02x}")).join(":")
}
