// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua class `skb`: a packet, lent to a hook's function for one call, or a copy of one,
//! which is the script's. `require("skb")` has no functions of its own; hooks bring packets.
//!
//! # skb
//!
//! Lent to a hook for one call; `skb:data()` and `skb:flow()` too. Whoever keeps them sees nothing later. A copy is the
//! script's, counts towards its memory limit, and may be kept.
//!
//! | function | |
//! |---|---|
//! | `#skb`, `skb:ifindex()`, `skb:vlan()` | bytes; the device's index; the VLAN id, or 0 |
//! | `skb:ports()` | protocol, source port, destination port, where the payload and the transport header begin: what `packet.ports(skb:data())` is, and cheaper, for the packet stays as it is. Look here first, and at the data only of packets that it takes (new) |
//! | `skb:data([layer])` | from the network header on (`"net"`, the default) or from the link's (`"mac"`) |
//! | `skb:resize(n)` | grows with zeros or cuts the end; at most 65535, at least what holds the IP header, of IPv6 with a hop-by-hop header |
//! | `skb:checksum()` | the IPv4 header's and the TCP or UDP checksum, anew |
//! | `skb:forward()` | sends a copy out of the packet's device, but not by loopback; costs 500 units of fuel, so that one packet cannot become hundreds |
//! | `skb:copy()` | a packet of the script's own, with the same bytes, device and flow: device and flow until these are gone |
//! | `skb:connmark([n])` | the flow's mark before, nil without a flow; `n` sets it |
//! | `skb:flow()` | the packet's flow (below); nil for a packet that is not tracked |
//! | `skb:decide(verdict)` | `verdict` (DROP or ACCEPT) holds for the packet's flow; returns it (below) |
//!
//! ```lua softirq
//! -- marks flows to port 53
//! local netfilter, nf = require("netfilter"), require("linux.nf")
//! netfilter.register {
//!   pf = nf.proto.INET, hooknum = nf.inet.LOCAL_OUT, priority = 0, track = true,
//!   hook = function(skb)
//!     local protocol, _, port = skb:ports()
//!     if protocol == 17 and port == 53 then skb:connmark(1) end
//!     return nf.action.ACCEPT
//!   end,
//! }
//! ```

mod connection;
mod flow;
mod kept;
mod sys;

use core::cell::Cell;
use core::ffi::c_int;
use kernel::prelude::*;
use lua::{leaf, meta, method, Class, Kind, Object, Pushed, State};
use luadata_main::Data;
use lunatik_core::{register, Access, Charge, Registration, Runtime};
use packet_lua::Found;

pub use connection::{Connection, Tuple};
use flow::Flow;
pub use flow::{push_counters, push_tuple, DELETE};
use kept::Kept;
pub use sys::Buffer;

module! {
    type: Module,
    name: "luaskb",
    author: "The Lunagate authors",
    description: "Lua access to packets",
    license: "Dual MIT/GPL",
}

/// So many bytes cost a unit of fuel to copy or add up.
const UNIT: usize = 64;
/// What a copy, or one that is sent, costs beside its bytes.
const COPY: usize = 10;
const FORWARD: usize = 500;

/// A packet.
///
/// # Invariants
///
/// `buffer` is null, or a valid `sk_buff`: between [`Skb::lend`] and [`Skb::revoke`], or, with
/// a `charge`, as long as the object. The windows show bytes of `buffer` or none, and `flow`
/// is that of `buffer` or of none.
pub struct Skb {
    buffer: Cell<Buffer>,
    /// What a copy weighs; none for a lent packet.
    charge: Cell<Option<Charge>>,
    /// The bytes of the charge.
    weight: Cell<usize>,
    network: Kept<Data>,
    link: Kept<Data>,
    flow: Kept<Flow>,
    decision: Cell<Option<Decision>>,
}

/// A verdict on a packet that holds for its flow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// `NF_DROP`.
    Drop,
    /// `NF_ACCEPT`.
    Accept,
}

/// The class `skb`.
pub static SKB: Class = Class::new::<Skb>(
    c"skb",
    &[
        meta(c"__len", Skb::len),
        method(c"ifindex", Skb::ifindex),
        method(c"vlan", Skb::vlan),
        leaf(c"ports", Skb::ports),
        method(c"data", Skb::data),
        method(c"resize", Skb::resize),
        method(c"checksum", Skb::checksum),
        method(c"forward", Skb::forward),
        method(c"copy", Skb::copy),
        method(c"connmark", Skb::connmark),
        method(c"flow", Skb::flow),
        method(c"decide", Skb::decide),
    ],
);

impl Object for Skb {
    const CLASS: &'static Class = &SKB;
    /// The windows and the flow.
    const VALUES: c_int = 3;
}

impl Skb {
    /// A packet object without a packet.
    #[must_use]
    pub fn empty() -> Skb {
        Skb::of(Buffer::none(), None, 0)
    }

    fn of(buffer: Buffer, charge: Option<Charge>, weight: usize) -> Skb {
        Skb {
            buffer: Cell::new(buffer),
            charge: Cell::new(charge),
            weight: Cell::new(weight),
            network: Kept::new(1),
            link: Kept::new(2),
            flow: Kept::new(3),
            decision: Cell::new(None),
        }
    }

    /// Gives the object a packet.
    ///
    /// # Safety
    ///
    /// The buffer is valid, and used by nobody else, until [`Skb::revoke`].
    pub unsafe fn lend(&self, buffer: Buffer) {
        self.buffer.set(buffer);
        self.decision.set(None);
    }

    /// Takes the packet back: the object, and what a script kept of it, see nothing from here on.
    pub fn revoke(&self) {
        self.close();
        self.buffer.set(Buffer::none());
    }

    /// What the script decided for the flow of the packet that was lent last.
    #[must_use]
    pub fn decision(&self) -> Option<Decision> {
        self.decision.get()
    }

    fn close(&self) {
        self.close_windows();
        if let Some(flow) = self.flow.made() {
            flow.revoke();
        }
    }

    fn close_windows(&self) {
        for window in [&self.network, &self.link] {
            if let Some(data) = window.made() {
                data.revoke();
            }
        }
    }

    fn is_copy(&self) -> bool {
        let charge = self.charge.take();
        let copy = charge.is_some();
        self.charge.set(charge);
        copy
    }

    fn buffer(&self) -> lua::Result<Buffer> {
        let buffer = self.buffer.get();
        if buffer.is_none() {
            Err(Kind::ExpectedObject.into())
        } else {
            Ok(buffer)
        }
    }

    fn len(&self) -> lua::Result<u32> {
        Ok(self.buffer()?.length())
    }

    fn ifindex(&self) -> lua::Result<i32> {
        Ok(self.buffer()?.ifindex())
    }

    fn vlan(&self) -> lua::Result<u16> {
        Ok(self.buffer()?.vlan())
    }

    fn data(&self, layer: Option<&[u8]>, state: State<'_>) -> lua::Result<Pushed> {
        let (mac, window) = match layer {
            None | Some(b"net") => (false, &self.network),
            Some(b"mac") => (true, &self.link),
            Some(_) => return Err(lua::Error::from(Kind::InvalidValue).at(2)),
        };
        let buffer = self.buffer()?;
        // Making the object may run finalizers, which may move the packet: where it is is looked for afterwards.
        let data = window.push(state, Data::window)?;
        // Owning may move the packet, and no window may show its old place.
        if !buffer.is_owned() {
            self.close_windows();
        }
        let (base, length) = buffer.layer(mac)?;
        // SAFETY: The bytes are those of a packet that is ours until it is revoked or freed, or moves,
        // which revokes the window first. The other layer's window is not used in the same moment.
        unsafe { data.lend(base, length) };
        Ok(Pushed(1))
    }

    /// What the headers say, from the network header on, as `packet.ports` says it of the data.
    /// What others share stays shared.
    #[inline]
    fn ports(&self) -> lua::Result<Found> {
        let buffer = self.buffer()?;
        // SAFETY: Nothing writes the packet while its headers are read.
        let found = Found::in_packet(unsafe { buffer.headers() }?, 0);
        if found.is_all() || buffer.is_linear() {
            return Ok(found);
        }
        // A window shows a packet in one piece, so there is none that this could move.
        buffer.linearize().map_err(|_| Kind::NoMemory)?;
        // SAFETY: As above.
        Ok(Found::in_packet(unsafe { buffer.headers() }?, 0))
    }

    fn resize(&self, length: u32, state: State<'_>) -> lua::Result {
        let buffer = self.buffer()?;
        if length > 0xffff {
            return Err(lua::Error::from(Kind::OutOfRange).at(2));
        }
        state.spend(length as usize / UNIT)?;
        if self.is_copy() {
            self.charge_more(state, buffer, length)?;
        }
        // After all that may run finalizers, which may open windows.
        self.close_windows();
        buffer.resize(length).map_err(|errno| {
            if errno == EINVAL {
                state.raise(format_args!("skb:resize: {length} bytes do not hold the packet's headers"))
            } else {
                Kind::NoMemory.into()
            }
        })
    }

    /// Counts what a copy takes more once it is so long: the kernel's memory comes in powers of two.
    fn charge_more(&self, state: State<'_>, buffer: Buffer, length: u32) -> lua::Result {
        let grown = length.saturating_sub(buffer.length()) as usize;
        let weight = (buffer.footprint() + grown).next_power_of_two();
        let more = weight.saturating_sub(self.weight.get());
        if grown == 0 || more == 0 {
            return Ok(());
        }
        // Room is made first: that may run finalizers, which may use this packet, while it is a copy still.
        drop(Charge::new(state, more)?);
        let Some(mut charge) = self.charge.take() else { return Ok(()) };
        let counted = charge.grow(state, more);
        self.charge.set(Some(charge));
        counted?;
        self.weight.set(self.weight.get() + more);
        Ok(())
    }

    /// A packet of the script's own, with the same bytes and device.
    fn copy(&self, state: State<'_>) -> lua::Result<Skb> {
        let buffer = self.buffer()?;
        let footprint = buffer.footprint();
        let charge = Charge::new(state, footprint)?;
        state.spend(COPY + footprint / UNIT)?;
        // A finalizer that ran for the room may have made the packet larger.
        if buffer.footprint() > footprint {
            return Err(Kind::NoMemory.into());
        }
        let copy = buffer.copy().ok_or(Kind::NoMemory)?;
        Ok(Skb::of(copy, Some(charge), footprint))
    }

    fn checksum(&self, state: State<'_>) -> lua::Result {
        let buffer = self.buffer()?;
        self.close_windows();
        let (base, length) = buffer.layer(false)?;
        // SAFETY: The layer's bytes are ours, and nothing writes them while they are read.
        let bytes = unsafe { core::slice::from_raw_parts(base, length) };
        state.spend(length / UNIT)?;
        let ip = packet::ip(bytes).ok_or(Kind::InvalidValue)?;
        // SAFETY: It describes these bytes.
        unsafe { buffer.checksum(&ip) };
        Ok(())
    }

    /// One packet cannot become hundreds: that would be a flood.
    fn forward(&self, state: State<'_>) -> lua::Result {
        let buffer = self.buffer()?;
        // Others wait for its turn meanwhile, and on a packet's way out there are locks that they may have.
        if Runtime::of(state)?.is_single() {
            return Err(state.raise(format_args!("skb:forward: not from a script with one state for all CPUs")));
        }
        state.spend(FORWARD + buffer.length() as usize / UNIT)?;
        buffer.forward().map_err(|_| Kind::Failed.into())
    }

    /// The mark of the packet's flow before, or nil without a flow; with a value, sets it.
    fn connmark(&self, value: Option<u32>) -> lua::Result<Option<u32>> {
        Ok(self.buffer()?.flow().map(|flow| flow.mark(value)))
    }

    /// The packet's flow, or nil.
    fn flow(&self, state: State<'_>) -> lua::Result<Option<Pushed>> {
        let buffer = self.buffer()?;
        if buffer.flow().is_none() {
            return Ok(None);
        }
        let flow = self.flow.push(state, Flow::none)?;
        // SAFETY: The packet is ours until it is revoked or freed, which revokes this first.
        unsafe { flow.lend(buffer) };
        Ok(Some(Pushed(1)))
    }

    /// Lets a verdict hold for the packet's flow, at the hook that shows the packet; returns it.
    fn decide(&self, verdict: i64, state: State<'_>) -> lua::Result<i64> {
        self.buffer()?;
        if self.is_copy() {
            return Err(state.raise(format_args!("skb:decide: a copy is at no hook; decide on the packet itself")));
        }
        let decision = match verdict {
            0 => Decision::Drop,
            1 => Decision::Accept,
            _ => {
                return Err(state.raise(format_args!(
                    "skb:decide: {verdict} cannot hold for a flow: ACCEPT or DROP of linux.nf.action"
                )))
            }
        };
        self.decision.set(Some(decision));
        Ok(verdict)
    }
}

impl Drop for Skb {
    fn drop(&mut self) {
        if self.charge.take().is_some() {
            self.close();
            // SAFETY: By the invariants the buffer is ours, and nothing shows it any more.
            unsafe { self.buffer.get().free() };
        }
    }
}

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"skb", access: Access::Free, open: |state| state.push_library(&[]) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
