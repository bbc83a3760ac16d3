// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a script's function can do with the packet beside reading and writing it.

use core::ffi::c_int;
use kernel::prelude::*;
use lua::{Pushed, State};
use packet::{ethernet, hop, ip, read, tcp_reset, udp_reply, Reply, ETHERNET_HEADER as HEADER};

use crate::attached::Place;
use crate::sys::{self, recall, Flow, Packet};

/// What it costs to ask the kernel for a route.
const ROUTE: usize = 10;
/// So many bytes cost a unit of fuel to clear, or to copy and add up.
const UNIT: usize = 64;

pub(crate) const DROP: u32 = 1;
pub(crate) const PASS: u32 = 2;
const TX: u32 = 3;
pub(crate) const REDIRECT: u32 = 4;

/// The packet at hand, for the function `name`.
fn handled<'l>(state: State<'l>, name: &str) -> lua::Result<(&'l Place, Packet)> {
    // SAFETY: What is remembered is a place, which outlives its state.
    let place = unsafe { recall::<Place>(state).as_ref() };
    match place.and_then(|place| place.packet().map(|packet| (place, packet))) {
        Some(both) => Ok(both),
        None => Err(state.raise(format_args!("xdp.{name}: no packet is being handled"))),
    }
}

/// `xdp.detach()`: the script's function is not called any more, on any CPU.
pub(crate) fn detach(state: State<'_>) {
    // SAFETY: As in `handled`.
    if let Some(attached) = unsafe { recall::<Place>(state).as_ref() }.and_then(Place::attached) {
        attached.detach();
    }
}

pub(crate) fn ktime() -> i64 {
    sys::time() as i64
}

pub(crate) fn ifindex(state: State<'_>) -> lua::Result<u32> {
    Ok(handled(state, "ifindex")?.1.ifindex())
}

pub(crate) fn queue(state: State<'_>) -> lua::Result<u32> {
    Ok(handled(state, "queue")?.1.queue())
}

pub(crate) fn length(state: State<'_>) -> lua::Result<usize> {
    Ok(handled(state, "length")?.1.length())
}

/// Whether there are more buffers than the first.
pub(crate) fn fragmented(state: State<'_>) -> lua::Result<bool> {
    Ok(handled(state, "fragmented")?.1.is_fragmented())
}

/// `xdp.adjust_head(delta)`: the packet begins so many bytes later, or earlier.
pub(crate) fn adjust_head(state: State<'_>, delta: i32) -> lua::Result {
    let (place, packet) = handled(state, "adjust_head")?;
    if packet.adjust_head(delta).is_err() {
        let (_, length) = packet.linear();
        return Err(state.raise(format_args!("xdp.adjust_head: {length} bytes cannot begin {delta} bytes later")));
    }
    place.renew(packet)
}

/// `xdp.adjust_tail(delta)`: the packet ends so many bytes later, zeros, or earlier.
pub(crate) fn adjust_tail(state: State<'_>, delta: i32) -> lua::Result {
    let (place, packet) = handled(state, "adjust_tail")?;
    whole(state, packet, "adjust_tail")?;
    if packet.adjust_tail(delta).is_err() {
        let (_, length) = packet.linear();
        return Err(state.raise(format_args!("xdp.adjust_tail: {length} bytes cannot end {delta} bytes later")));
    }
    // They are no more than there is room for.
    state.charge(delta.max(0) as usize / UNIT);
    place.renew(packet)
}

/// Refuses a packet in several buffers, whose end is not shown.
fn whole(state: State<'_>, packet: Packet, name: &str) -> lua::Result {
    if packet.is_fragmented() {
        return Err(state.raise(format_args!("xdp.{name}: the packet is in several buffers (xdp.fragmented)")));
    }
    Ok(())
}

/// Whether an interface is there, but its driver takes no frames from others.
fn is_refused(error: Error) -> bool {
    const EOPNOTSUPP: c_int = -95;
    error.to_errno() == EOPNOTSUPP
}

/// `return xdp.redirect(ifindex)`: the packet leaves by that interface.
pub(crate) fn redirect(state: State<'_>, ifindex: u32) -> lua::Result<u32> {
    let (place, packet) = handled(state, "redirect")?;
    packet.redirect(ifindex).map_err(|error| {
        let what = if is_refused(error) { "not from native mode to" } else { "no" };
        state.raise(format_args!("xdp.redirect: {what} interface {ifindex}"))
    })?;
    place.set_redirected();
    Ok(REDIRECT)
}

/// `return xdp.udp_reply(payload)`: the packet becomes an answer to its sender.
pub(crate) fn udp(state: State<'_>, payload: &[u8]) -> lua::Result<u32> {
    reply(state, "udp_reply", "UDP packet", udp_reply, payload)
}

/// `return xdp.tcp_reset()`: the packet becomes its sender's reset.
pub(crate) fn reset(state: State<'_>) -> lua::Result<u32> {
    reply(state, "tcp_reset", "TCP packet without RST", tcp_reset, &[])
}

fn reply(
    state: State<'_>,
    name: &str,
    wanted: &str,
    answer: impl FnOnce(&[u8]) -> Option<Reply>,
    payload: &[u8],
) -> lua::Result<u32> {
    let (place, packet) = handled(state, name)?;
    whole(state, packet, name)?;
    state.spend(payload.len() / UNIT)?;
    // SAFETY: Nothing else touches the packet while the answer is made of it.
    let Some(reply) = answer(unsafe { packet.bytes() }) else {
        return Err(state.raise(format_args!("xdp.{name}: not a whole {wanted} from one host to another")));
    };
    let (_, before) = packet.linear();
    let delta = reply.length(payload.len()).and_then(|after| i32::try_from(after as i64 - before as i64).ok());
    if delta.is_none_or(|delta| packet.adjust_tail(delta).is_err()) {
        let bytes = payload.len();
        return Err(state.raise(format_args!("xdp.{name}: no room for {bytes} bytes where the packet is")));
    }
    place.renew(packet)?;
    // SAFETY: Nothing else touches the packet while the reply is written; the payload is Lua's.
    reply.write(unsafe { packet.bytes_mut() }, payload).ok_or(lua::Kind::Failed)?;
    Ok(TX)
}

/// Why there is no route; the place is what BPF_FIB_LKUP_RET_* says.
const REASONS: [&str; 10] = [
    "success",
    "blackhole",
    "unreachable",
    "prohibit",
    "not_fwded",
    "fwd_disabled",
    "unsupp_lwt",
    "no_neigh",
    "frag_needed",
    "no_src_addr",
];

/// The packet's route, or why it has none.
fn route(packet: Packet) -> Result<Flow, &'static str> {
    if packet.is_fragmented() {
        return Err("fragmented");
    }
    // SAFETY: Nothing writes the packet while its headers are read.
    let frame = unsafe { packet.bytes() };
    let mut flow = describe(frame).ok_or("not_ip")?;
    match packet.route(&mut flow) {
        0 => Ok(flow),
        code => Err(usize::try_from(code).ok().and_then(|code| REASONS.get(code)).copied().unwrap_or("error")),
    }
}

/// What the route of a frame depends on; `None` if it is no IP packet, or a tagged one, whose
/// route is that of another interface.
fn describe(frame: &[u8]) -> Option<Flow> {
    let header = ethernet(frame)?;
    let packet = frame.get(HEADER..).filter(|_| header.network == HEADER && matches!(header.kind, 0x0800 | 0x86dd))?;
    let ip = ip(packet)?;
    let length = u32::try_from(ip.end).ok()?;
    let mut flow = Flow { version: ip.version, protocol: ip.protocol, length, ..Flow::default() };
    let first = u32::from_be(read(packet, 0)?);
    let addresses = if ip.version == 4 {
        flow.tos = (first >> 16) as u8;
        (packet.get(12..16)?, packet.get(16..20)?)
    } else {
        flow.label = (first & 0x0fff_ffff).to_be();
        (packet.get(8..24)?, packet.get(24..40)?)
    };
    flow.source.iter_mut().zip(addresses.0).for_each(|(to, from)| *to = *from);
    flow.destination.iter_mut().zip(addresses.1).for_each(|(to, from)| *to = *from);
    if matches!(ip.protocol, 6 | 17) && !ip.fragment {
        flow.source_port = read(packet, ip.transport).unwrap_or(0);
        flow.destination_port = read(packet, ip.transport + 2).unwrap_or(0);
    }
    Some(flow)
}

/// `xdp.fib_lookup()`: interface, next hop's and own link-layer address, MTU; or nil, reason.
pub(crate) fn fib_lookup(state: State<'_>) -> lua::Result<Pushed> {
    let (_, packet) = handled(state, "fib_lookup")?;
    state.charge(ROUTE);
    match route(packet) {
        Ok(flow) => {
            state.push(flow.ifindex)?;
            state.push_bytes(&flow.to)?;
            state.push_bytes(&flow.from)?;
            state.push(flow.mtu)?;
            Ok(Pushed(4))
        }
        Err(reason) => {
            state.push(Option::<i64>::None)?;
            state.push_bytes(reason.as_bytes())?;
            Ok(Pushed(2))
        }
    }
}

/// `return xdp.forward()`: routes the packet as the stack would; or PASS, reason, and the packet
/// as it was, if the stack must do it.
pub(crate) fn forward(state: State<'_>) -> lua::Result<Pushed> {
    let (place, packet) = handled(state, "forward")?;
    state.charge(ROUTE);
    match route_away(packet) {
        Ok(()) => {
            place.set_redirected();
            state.push(REDIRECT)?;
            Ok(Pushed(1))
        }
        Err(reason) => {
            state.push(PASS)?;
            state.push_bytes(reason.as_bytes())?;
            Ok(Pushed(2))
        }
    }
}

fn route_away(packet: Packet) -> Result<(), &'static str> {
    if !packet.is_for_us() {
        return Err("not_for_us");
    }
    let flow = route(packet)?;
    // SAFETY: Nothing else touches the packet in this function.
    let frame = unsafe { packet.bytes_mut() };
    let (header, rest) = frame.split_at_mut_checked(HEADER).ok_or("not_ip")?;
    if flow.version == 4 && rest.first().is_some_and(|first| first & 15 != 5) {
        return Err("options");
    }
    packet.redirect(flow.ifindex).map_err(|error| if is_refused(error) { "not_native" } else { "error" })?;
    hop(rest).ok_or("ttl")?;
    let addresses = flow.to.iter().copied();
    header.iter_mut().zip(Iterator::chain(addresses, flow.from)).for_each(|(to, from)| *to = from);
    Ok(())
}
