// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `packet`: what the headers of packets say, and the names in them.
//!
//! # packet
//!
//! What the headers of packets say, and the names in them, without walking bytes in Lua. Each function
//! takes bytes, which are an object that shows some (`skb:data()`, an XDP buffer, `data`) or a string,
//! and the offset at which it reads (default 0). Offsets in results count from where the bytes begin.
//! What is cut short or broken gives nil, not an error. Of a TLS or HTTP message no more than 65536 bytes are looked through.
//!
//! | function | |
//! |---|---|
//! | `packet.transport(bytes[, at])` | of an IPv4 or IPv6 packet: the protocol after the last IP header, and where that begins, past IPv4 options and up to eight IPv6 extension headers; nil for later fragments |
//! | `packet.ports(bytes[, at])` | of an IP packet: protocol, source port, destination port, where the payload begins (nil if the header is broken), where the transport header begins; for TCP, UDP and SCTP. The protocol alone for others and for a packet that ends before its ports; nothing where `packet.transport` gives nil |
//! | `packet.dns(bytes[, at])` | of a DNS message: the name that it asks for first, in lower case, and the type of the records (nil if it ends before); nil for what is no standard query. Pointers are followed |
//! | `packet.sni(bytes[, at])` | of a TLS stream's first bytes: the host that the ClientHello names, in lower case and without a dot at its end, whatever records it is in; nil without; nil and true if more bytes would tell |
//! | `packet.http_field(bytes, at, name)` | of an HTTP/1 request or response: the value of the first field with this name, upper and lower case being the same; nil without; nil and true if more bytes would tell |
//!
//! Sets of names ([`set`](#set)) look names up where they lie in a packet, without a string.
//!
//! ```lua process
//! local packet = require("packet")
//! local name, kind = packet.dns("\0\1\1\0\0\1\0\0\0\0\0\0\7Example\3com\0\0\1\0\1")
//! assert(name == "example.com" and kind == 1)
//! ```

use kernel::prelude::*;
use lunatik_core::{register, Access, Registration};

module! {
    type: Module,
    name: "luapacket",
    author: "The Lunagate authors",
    description: "Lua functions for the headers of packets",
    license: "Dual MIT/GPL",
}

static MODULE: lunatik_core::Module = lunatik_core::Module {
    name: c"packet",
    access: Access::Free,
    open: |state| state.push_library(&packet_lua::LIBRARY),
};

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
