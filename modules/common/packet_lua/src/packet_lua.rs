// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `packet`: what the headers of packets say, and the names in them.
//!
//! Each function takes bytes (a string, or an object that shows some) and the offset at which
//! the thing begins that it reads; offsets in its results count from where those of the bytes do.
//! What is cut short or broken gives nil, not an error: packets are what others send.
// The kernel gives this attribute to every crate by itself.
#![cfg_attr(not(MODULE), no_std)]

mod found;
mod lookup;

use lua::{function, leaf, Bytes, Entry, IntoLua, Pushed, State};
use packet::dns::Text;
use packet::{Field, LONGEST_NAME};

pub use found::Found;
use lookup::host;
pub use lookup::{hello, lower, question, Part};

/// What `require("packet")` gives.
pub static LIBRARY: [Entry; 5] = [
    function(c"transport", transport),
    leaf(c"ports", ports),
    function(c"dns", dns),
    function(c"sni", sni),
    function(c"http_field", http_field),
];

/// So many bytes cost a unit of fuel to look through.
const UNIT: usize = 32;
/// No more bytes of a message are looked through: what begins longer ones is nobody's traffic.
const MOST: usize = 1 << 16;

/// What is looked through of a message, and whether that is all of it.
#[inline]
fn head(message: &[u8]) -> (&[u8], bool) {
    message.get(..MOST).map_or((message, true), |head| (head, head.len() == message.len()))
}

/// The bytes from an offset on, and the offset.
#[inline]
fn from<'l>(Bytes(bytes): Bytes<'l>, at: Option<usize>) -> (&'l [u8], usize) {
    let at = at.unwrap_or(0);
    (bytes.get(at..).unwrap_or(&[]), at)
}

/// The protocol after an IP packet's last IP header, and where it begins.
fn transport(bytes: Bytes<'_>, at: Option<usize>) -> Option<(u8, usize)> {
    let (packet, at) = from(bytes, at);
    packet::transport(packet).map(|(protocol, header)| (protocol, at + header))
}

/// What the headers of an IP packet say.
fn ports(bytes: Bytes<'_>, at: Option<usize>) -> Found {
    let (packet, at) = from(bytes, at);
    Found::in_packet(packet, at)
}

/// The name that a DNS query asks for first, in lower case, and the type of the records.
fn dns(bytes: Bytes<'_>, at: Option<usize>, state: State<'_>) -> lua::Result<Pushed> {
    let (message, _) = from(bytes, at);
    let mut text = Text::new();
    let Some(question) = packet::dns::question(message, &mut text) else { return nothing(state, false) };
    state.push(lower(question.name, &mut [0; LONGEST_NAME]))?;
    state.push(question.kind)?;
    Ok(Pushed(2))
}

/// The host that a TLS ClientHello names, in lower case and without a dot at its end; nil, and true
/// if more bytes would tell.
fn sni(bytes: Bytes<'_>, at: Option<usize>, state: State<'_>) -> lua::Result<Pushed> {
    let (stream, _) = from(bytes, at);
    host(state, stream, |name| Ok(Pushed(state.push(lower(name, &mut [0; LONGEST_NAME]))?)))
}

/// A field of an HTTP/1 message by its name; nil and true if more bytes would tell.
fn http_field(bytes: Bytes<'_>, at: usize, name: &[u8], state: State<'_>) -> lua::Result<Pushed> {
    let (message, _) = from(bytes, Some(at));
    let (message, whole) = head(message);
    let (field, looked) = packet::http_field(message, name);
    state.charge(looked / UNIT);
    match field {
        Field::Value(value) => Ok(Pushed(value.push(state)?)),
        Field::None => nothing(state, false),
        Field::More => nothing(state, whole),
    }
}

/// Nil, and true if more bytes would tell.
#[inline]
fn nothing(state: State<'_>, more: bool) -> lua::Result<Pushed> {
    state.push(None::<u8>)?;
    if !more {
        return Ok(Pushed(1));
    }
    state.push(true)?;
    Ok(Pushed(2))
}
