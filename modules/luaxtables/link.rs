// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua class `xtables.link`: what a script that rules ask can do about packets and flows.

use core::ffi::c_int;
use core::ptr::NonNull;
use lua::{method, Class, FromLua, Function, IntoLua, Kind, Object, Pushed, State, Value};
use lunatik_core::{attach, errno, Charge, Context, Runtime};

use crate::copy::Copy;
use crate::rules::Rules;
use crate::sys::{self, Call, Errno, Flow, Tuple};

/// No message to a program, and no reply, is longer, in bytes.
const MESSAGE: usize = 32 << 10;
pub(crate) const PAYLOAD: usize = 8 << 10;
/// So many bytes cost a unit of fuel to copy.
pub(crate) const UNIT: usize = 32;
/// What it costs to send, to copy, and to look for a flow.
pub(crate) const SEND: usize = 200;
const COPY: usize = 20;
const FIND: usize = 50;

const TCP: u8 = 6;
const UDP: u8 = 17;

/// A script's end of its rules.
///
/// # Invariants
///
/// `rules` is of the runtime that has this object's state: attachments go after states.
pub(crate) struct Link(NonNull<Rules>);

static LINK: Class = Class::new::<Link>(
    c"xtables.link",
    &[
        method(c"reply", Link::reply),
        method(c"getpacket", Link::getpacket),
        method(c"connid", Link::connid),
        method(c"hotdrop", Link::hotdrop),
        method(c"netlink", Link::netlink),
        method(c"time", Link::time),
        method(c"elapsed", Link::elapsed),
        method(c"findconnid", Link::findconnid),
        method(c"traffic", Link::traffic),
        method(c"delete_conntrack", Link::delete_conntrack),
        method(c"get_match_mask", Link::get_match_mask),
        method(c"reset_match_mask", Link::reset_match_mask),
        method(c"set_match_bit", Link::set_match_bit),
    ],
);

impl Object for Link {
    const CLASS: &'static Class = &LINK;
}

impl Link {
    /// `xtables.attach(function)`: rules ask the function from when the script has loaded.
    pub(crate) fn new(state: State<'_>, function: Function) -> lua::Result<Link> {
        let runtime = Runtime::of(state)?;
        if runtime.context() != Context::Softirq || !runtime.is_single() {
            return Err(state.raise(format_args!(
                "xtables.attach: runtime context mismatch: rules need one state (lunatik run SCRIPT softirq --single)"
            )));
        }
        let (rules, _) = attach::<Rules>(state, function, |_| true, Rules::attach)?;
        Ok(Link(NonNull::from(rules)))
    }

    fn rules(&self) -> &Rules {
        // SAFETY: By the invariants.
        unsafe { self.0.as_ref() }
    }

    fn current(&self, state: State<'_>) -> lua::Result<&Call> {
        let current = self.rules().current();
        current.ok_or_else(|| state.raise(format_args!("there is a packet only while a rule asks about it")))
    }

    /// Answers the packet's sender, in the name of whom it was sent to: "tcp" or "udp".
    fn reply(&self, kind: &[u8], text: &[u8], state: State<'_>) -> lua::Result {
        let protocol = match kind.first() {
            Some(b't') => TCP,
            Some(b'u') => UDP,
            _ => return Err(state.raise(format_args!("nf.reply: \"tcp\" or \"udp\""))),
        };
        if text.len() > PAYLOAD {
            return Err(lua::Error::from(Kind::OutOfBounds).at(3));
        }
        state.spend(SEND + text.len() / UNIT)?;
        let call = self.current(state)?;
        self.rules().scope()?.reply(call, protocol, text).map_err(|code| unsent(state, code))
    }

    /// A copy of the packet, for later.
    fn getpacket(&self, state: State<'_>) -> lua::Result<Copy> {
        let call = self.current(state)?;
        let footprint = call.footprint();
        let charge = Charge::new(state, footprint)?;
        state.spend(COPY + footprint / UNIT)?;
        // SAFETY: The object that has it goes with the state, before the rules.
        let copy = unsafe { self.rules().scope()?.copy(call) };
        Ok(Copy::new(copy.ok_or(Kind::NoMemory)?, charge))
    }

    /// A number for the packet's flow.
    fn connid(&self, state: State<'_>) -> lua::Result<Option<u32>> {
        Ok(self.current(state)?.flow())
    }

    /// Whether the packet is dropped, whatever the rule does.
    fn hotdrop(&self, drop: bool, state: State<'_>) -> lua::Result {
        self.current(state)?;
        self.rules().set_hotdrop(drop);
        Ok(())
    }

    /// Sends a message to a program, or to all that have joined the group; how long it was.
    fn netlink(&self, payload: &[u8], port: u32, group: Option<u32>, state: State<'_>) -> lua::Result<usize> {
        if payload.len() > MESSAGE {
            return Err(lua::Error::from(Kind::OutOfBounds).at(2));
        }
        let to = if group.unwrap_or(0) == 0 { Some(port) } else { None };
        // The kernel's own.
        if to == Some(0) {
            return Err(lua::Error::from(Kind::OutOfBounds).at(3));
        }
        state.spend(SEND + payload.len() / UNIT)?;
        self.rules().scope()?.send(to, payload).map_err(|code| errno::raise(state, code))?;
        Ok(payload.len())
    }

    /// Seconds since 1970, and milliseconds.
    fn time(&self) -> (i64, i64) {
        let milliseconds = (sys::date() / 1_000_000) as i64;
        (milliseconds / 1000, milliseconds % 1000)
    }

    fn elapsed(&self) -> i64 {
        self.rules().take_elapsed()
    }

    /// `link:findconnid(4 or 6, "tcp" or "udp", source, port, destination, port)`: the flow's number, or nil and why.
    fn findconnid(&self, state: State<'_>) -> lua::Result<Pushed> {
        match self.find(state)? {
            Some(flow) => flow.id().push(state).map(Pushed),
            None => not_found(state),
        }
    }

    /// `link:traffic(..., "original", "reply" or "both")`: packets and bytes of each, or nil and why.
    fn traffic(&self, state: State<'_>) -> lua::Result<Pushed> {
        let directions: &[bool] = match <&[u8]>::from_lua(state, 8)? {
            b"original" => &[false],
            b"reply" => &[true],
            b"both" => &[false, true],
            _ => return Err(state.raise(format_args!("nf.traffic: \"original\", \"reply\" or \"both\""))),
        };
        let Some(flow) = self.find(state)? else { return not_found(state) };
        let mut pushed = 0;
        for reply in directions {
            let Some(counts) = flow.traffic(*reply) else {
                return nothing(state, b"nobody counts (net.netfilter.nf_conntrack_acct)");
            };
            pushed += counts.push(state)?;
        }
        Ok(Pushed(pushed))
    }

    /// Has connection tracking forget the packet's flow, or the one described; whether there was one.
    fn delete_conntrack(&self, state: State<'_>) -> lua::Result<bool> {
        if state.is_none_or_nil(2) {
            state.spend(FIND)?;
            return Ok(self.current(state)?.end_flow());
        }
        Ok(self.find(state)?.is_some_and(|flow| flow.end()))
    }

    fn find(&self, state: State<'_>) -> lua::Result<Option<Flow>> {
        const EINVAL: c_int = 22;
        let family = match i64::from_lua(state, 2)? {
            4 => 2,
            6 => 10,
            other => return Err(state.raise(format_args!("family {other} is neither 4 nor 6"))),
        };
        let protocol = match <&[u8]>::from_lua(state, 3)? {
            b"tcp" => TCP,
            b"udp" => UDP,
            _ => return Err(state.raise(format_args!("a protocol is \"tcp\" or \"udp\""))),
        };
        let end = |at| Ok::<_, lua::Error>((<&[u8]>::from_lua(state, at)?, u16::from_lua(state, at + 1)?));
        state.spend(FIND)?;
        match self.rules().scope()?.find(&Tuple { family, protocol, source: end(4)?, destination: end(6)? }) {
            Ok(flow) => Ok(Some(flow)),
            Err(code) if code == -EINVAL => Err(state.raise(format_args!("addresses are texts of their family"))),
            Err(_) => Ok(None),
        }
    }

    fn get_match_mask(&self) -> lua::Result<u32> {
        Ok(self.rules().scope()?.mask())
    }

    fn reset_match_mask(&self) -> lua::Result {
        self.rules().scope()?.set_mask(0, !0);
        Ok(())
    }

    fn set_match_bit(&self, bit: u32, set: Value, state: State<'_>) -> lua::Result {
        let mask = 1_u32.checked_shl(bit).ok_or(lua::Error::from(Kind::OutOfRange).at(2))?;
        if state.type_of(set.0) != lua::ffi::LUA_TBOOLEAN {
            return Err(state.raise(format_args!("nf.set_match_bit: true or false")));
        }
        let set = bool::from_lua(state, set.0)?;
        self.rules().scope()?.set_mask(if set { mask } else { 0 }, mask);
        Ok(())
    }
}

fn not_found(state: State<'_>) -> lua::Result<Pushed> {
    nothing(state, b"no such flow")
}

fn nothing(state: State<'_>, why: &[u8]) -> lua::Result<Pushed> {
    None::<i64>.push(state)?;
    state.push_bytes(why)?;
    Ok(Pushed(2))
}

/// The error of what cannot be sent.
pub(crate) fn unsent(state: State<'_>, code: Errno) -> lua::Error {
    const EPROTO: c_int = 71;
    if code == -EPROTO {
        return state.raise(format_args!("the packet is none that could be answered so"));
    }
    errno::raise(state, code)
}
