// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the headers of a packet say, as scripts get it.

use core::ffi::c_int;
use lua::{IntoLua, Results, Room, State};
use packet::Ports;

/// Protocol, source port, destination port, where the payload begins, where the transport's header
/// does. Without ports the protocol alone; nil for what is no packet.
pub struct Found(Option<Ports>);

impl Found {
    /// In the packet that begins `at` bytes into something, where offsets count from.
    #[inline(always)]
    #[must_use]
    pub fn in_packet(packet: &[u8], at: usize) -> Found {
        Found(packet::ports(packet).map(|found| Ports {
            header: at + found.header,
            payload: found.payload.map(|payload| at + payload),
            ..found
        }))
    }

    /// Whether more bytes of the packet would not say more.
    #[inline]
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.0.is_some_and(|found| found.payload.is_some())
    }
}

impl IntoLua for Found {
    #[inline]
    fn push(self, state: State<'_>) -> lua::Result<c_int> {
        state.push(self.0.map(|found| found.protocol))?;
        let Some(Ports { ports: Some((source, destination)), payload, header, .. }) = self.0 else { return Ok(1) };
        state.push(source)?;
        state.push(destination)?;
        state.push(payload)?;
        state.push(header)?;
        Ok(5)
    }
}

impl Results for Found {
    #[inline(always)]
    fn count(&self) -> Option<c_int> {
        Some(if self.0.is_some_and(|found| found.ports.is_some()) { 5 } else { 1 })
    }

    #[inline(always)]
    fn write(self, room: &mut Room<'_>) {
        self.0.map(|found| found.protocol).write(room);
        if let Some(Ports { ports: Some((source, destination)), payload, header, .. }) = self.0 {
            source.write(room);
            destination.write(room);
            payload.write(room);
            header.write(room);
        }
    }
}
