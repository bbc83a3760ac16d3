// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua class `flow`: what connection tracking knows of a packet's flow.
//!
//! It is lent with its packet: `skb:flow()` gives it, and it shows nothing once the packet is gone.
//!
//! # flow
//!
//! What connection tracking knows of a packet's flow, as `conntrack -L` shows it. A flow is both
//! directions; with NAT it is one flow, whose replies have other addresses.
//!
//! | function | |
//! |---|---|
//! | `flow:tuple([direction])` | protocol, source address, destination address, source port, destination port; of the first packet's direction, or with `linux.nf.ct.dir`'s REPLY of the answers |
//! | `flow:state()` | how the packet belongs to it, of `linux.nf.ct.info`: NEW until an answer was seen, ESTABLISHED, ESTABLISHED_REPLY for answers; RELATED and RELATED_REPLY for an ICMP error about it, RELATED also for an expected flow (FTP's data) until its answer |
//! | `flow:status()` | bits of `linux.nf.ct.status`: CONFIRMED once its first packet has got through, SRC_NAT, DST_NAT, OFFLOAD, ... |
//! | `flow:tcp()` | TCP's state, of `linux.nf.ct.tcp`; nil for other protocols |
//! | `flow:mark([n])` | the mark before; `n` sets it |
//! | `flow:zone()`, `flow:id()` | its zone; a number that stays the same (`conntrack -o id`) |
//! | `flow:counters()` (new) | packets, bytes, and packets and bytes of the replies; nil unless the kernel counts (`sysctl net.netfilter.nf_conntrack_acct=1`) |
//! | `flow:timeout([seconds])` (new) | how long it has without packets, before; sets it. A flow whose first packet is on its way, or whose time is fixed, stays as it is |
//! | `flow:delete()` (new) | takes it out of the table, with an event; whether it was in it. The next packet begins a new one. Costs 100 units |
//!
//! Addresses are strings of 4 or 16 bytes, as `data:getstring` gives them, so that they compare and
//! are keys of tables without more ado. ICMP has its identifier as source port, and type and code
//! (`type << 8 | code`) as destination port; protocols without ports have 0.
//!
//! `return skb:decide(action.ACCEPT)` accepts this packet and the rest of its flow: the function is
//! not called for the flow's later packets at this hook, which costs them some 25 instructions.
//!
//! - The decision is this hook's: other hooks, of this script too, have their own. Both directions
//!   share it. It ends with the flow or with the script, so that a script that is run again is
//!   asked again.
//! - It counts from the next packet on, and this packet gets what the function returns. If the function
//!   fails, nothing is decided.
//! - Without a flow nothing happens, and the next packet is asked about: before connection tracking
//!   (PRE_ROUTING and LOCAL_OUT at a priority of -200 or lower), for untracked packets, for copies
//!   (an error), for flows that began before `luanetfilter` was loaded, and when 32 other hooks have
//!   decisions.
//! - A flow begins when its first packet has got through. If that is dropped there is none, and each
//!   packet is a first one, and asked about.
//! - ICMP errors about a flow are asked about, and decide nothing; so are the first packets of an
//!   expected flow.
//! - The kernel keeps decisions in connection labels (`ct label` of nftables, `conntrack -o labels`):
//!   the upper 64, two for each hook that has decided. Rules that name labels use the lower 64.
//!
//! ```lua softirq
//! -- wants no more of a flow that was answered
//! local netfilter, nf = require("netfilter"), require("linux.nf")
//! netfilter.register {
//!   pf = nf.proto.INET, hooknum = nf.inet.LOCAL_IN, priority = 0, track = true,
//!   hook = function(skb)
//!     local flow = skb:flow()
//!     if not flow or flow:state() == nf.ct.info.NEW then return nf.action.ACCEPT end
//!     print("answered:", flow:id())
//!     return skb:decide(nf.action.ACCEPT)
//!   end,
//! }
//! ```

use core::cell::Cell;
use core::ffi::c_int;
use lua::{method, Class, Kind, Object, Pushed, State};
use lunatik_core::{Context, Runtime};

use crate::connection::Connection;
use crate::sys::Buffer;

/// A flow.
///
/// # Invariants
///
/// `packet` is none, or a valid `sk_buff` between [`Flow::lend`] and [`Flow::revoke`].
pub(crate) struct Flow {
    packet: Cell<Buffer>,
}

static FLOW: Class = Class::new::<Flow>(
    c"flow",
    &[
        method(c"tuple", Flow::tuple),
        method(c"state", Flow::state),
        method(c"status", Flow::status),
        method(c"tcp", Flow::tcp),
        method(c"mark", Flow::mark),
        method(c"zone", Flow::zone),
        method(c"id", Flow::id),
        method(c"counters", Flow::counters),
        method(c"timeout", Flow::timeout),
        method(c"delete", Flow::delete),
    ],
);

impl Object for Flow {
    const CLASS: &'static Class = &FLOW;
    /// The packet, whose flow this is.
    const VALUES: c_int = 1;
}

impl Flow {
    /// Of no packet yet.
    pub(crate) fn none() -> Flow {
        Flow { packet: Cell::new(Buffer::none()) }
    }

    /// Shows a packet's flow.
    ///
    /// # Safety
    ///
    /// The packet is valid until [`Flow::revoke`].
    pub(crate) unsafe fn lend(&self, packet: Buffer) {
        self.packet.set(packet);
    }

    pub(crate) fn revoke(&self) {
        self.packet.set(Buffer::none());
    }

    fn connection(&self) -> lua::Result<Connection<'_>> {
        let packet = self.packet.get();
        if packet.is_none() {
            return Err(Kind::ExpectedObject.into());
        }
        packet.flow().ok_or_else(|| Kind::ExpectedObject.into())
    }

    /// See [`push_tuple`].
    fn tuple(&self, direction: Option<i64>, state: State<'_>) -> lua::Result<Pushed> {
        push_tuple(state, &self.connection()?, direction)
    }

    /// How the packet belongs to it: one of `linux.nf.ct.info`.
    fn state(&self) -> lua::Result<u8> {
        Ok(self.connection()?.info())
    }

    /// Bits of `linux.nf.ct.status`.
    fn status(&self) -> lua::Result<u32> {
        Ok(self.connection()?.status())
    }

    /// One of `linux.nf.ct.tcp`; nil for other protocols.
    fn tcp(&self) -> lua::Result<Option<u8>> {
        Ok(self.connection()?.tcp())
    }

    /// The mark before; with a value, sets it.
    fn mark(&self, value: Option<u32>) -> lua::Result<u32> {
        Ok(self.connection()?.mark(value))
    }

    /// The zone of its original direction.
    fn zone(&self) -> lua::Result<u16> {
        Ok(self.connection()?.zone())
    }

    /// A number that stays the same for the flow's life, as `conntrack -o id` shows it.
    fn id(&self) -> lua::Result<u32> {
        Ok(self.connection()?.id())
    }

    /// Packets and bytes, and packets and bytes of the replies; nil where nobody counts.
    fn counters(&self, state: State<'_>) -> lua::Result<Pushed> {
        push_counters(state, &self.connection()?)
    }

    /// Seconds that it has without packets, before; with a value, sets them.
    fn timeout(&self, seconds: Option<u32>) -> lua::Result<u32> {
        Ok(self.connection()?.timeout(seconds))
    }

    /// Takes it out of the table; false for one that is not in it.
    fn delete(&self, state: State<'_>) -> lua::Result<bool> {
        let connection = self.connection()?;
        if Runtime::of(state)?.context() == Context::Hardirq {
            return Err(Kind::Context.into());
        }
        state.spend(DELETE)?;
        Ok(connection.delete())
    }
}

/// What it costs to take a flow out of the table.
pub const DELETE: usize = 100;

/// Pushes protocol, source and destination address (as bytes), source and destination port, of the
/// original direction (0, the default) or of the replies (1).
///
/// # Errors
///
/// There is no such direction; no memory.
pub fn push_tuple(state: State<'_>, connection: &Connection<'_>, direction: Option<i64>) -> lua::Result<Pushed> {
    let replies = match direction {
        None | Some(0) => false,
        Some(1) => true,
        Some(other) => {
            return Err(state
                .raise(format_args!("flow:tuple: direction {other} is neither ORIGINAL nor REPLY of linux.nf.ct.dir")))
        }
    };
    let tuple = connection.tuple(replies);
    state.push(tuple.protocol)?;
    state.push(tuple.source())?;
    state.push(tuple.destination())?;
    state.push(tuple.source_port)?;
    state.push(tuple.destination_port)?;
    Ok(Pushed(5))
}

/// Pushes packets and bytes, and packets and bytes of the replies; nil where nobody counts.
///
/// # Errors
///
/// No memory.
pub fn push_counters(state: State<'_>, connection: &Connection<'_>) -> lua::Result<Pushed> {
    let Some(counters) = connection.counters() else {
        return state.push(None::<bool>).map(Pushed);
    };
    for counter in counters {
        // Lua's integers have no more bits than the kernel's counters, and no sign to spare.
        state.push(i64::try_from(counter).unwrap_or(i64::MAX))?;
    }
    Ok(Pushed(4))
}
