// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `xtables`: rules of iptables ask a script, `-m lua` and `-j LUA`, as NFLua's do.
//!
//! # nflua, xtables (new)
//!
//! Rules of iptables ask a script, as those of NFLua do: by the match `-m lua` and the target `-j LUA`, in iptables-legacy
//! and iptables-nft, for IPv4 and IPv6; to be granted. One script in each network namespace is asked:
//!
//!     lunatik run nflua softirq --single --fuel 100000 --memory 8388608
//!     nfluactl browsing.lua
//!     iptables -A FORWARD -p tcp --dport 80 --tcp-flags PSH PSH -m lua --tcp-payload --function nf_http -j DROP
//!     iptables -A FORWARD -p tcp --dport 443 -m lua --function nf_ssl -j REJECT --reject-with tcp-reset
//!
//! | option | |
//! |---|---|
//! | `--function NAME` | the global function that is asked, of 1 to 1023 bytes; while there is none, packets pass the rule, which the log says once |
//! | `--tcp-payload` | it is shown what TCP carries; what is not TCP is not asked about |
//! | `--mask M` | it is asked only while the script has one of these bits set |
//!
//! The function gets `(frame, packet)`, two `data`: the link-layer header (no bytes where there is none, as on the way out), and
//! the packet from its IP header on. They show nothing after the call. A match's function returns whether it matches; of
//! what it writes nothing is promised to reach the packet. A target's may write, and returns `"drop"`, `"accept"`, `"stop"` (as
//! accept), `"stolen"` (as drop, and a local sender does not hear of it), `"queue"`, or anything else: the next rule is asked. A call that
//! fails matches nothing, or goes on with the next rule; run with `--fail drop`, it drops the packet.
//!
//! `nfluactl FILE` and `nfluactl -e CHUNK` run a chunk of text in the script, with the fuel of a hundred calls; what the
//! chunk raises is its user's to see. They want CAP_NET_ADMIN, and not only in a user namespace. `nfluactl --receive [--port N]` prints what the script
//! sends. Programs do the same in the family `NFLUA` of generic netlink: command 1, attribute 1 with the chunk (its name
//! and a zero before it, perhaps) or the message, at most 65,531 bytes; the group `nflua`.
//!
//! The library `nflua` has these globals for chunks: `timer`, `data`, and `nf` with these functions, which are methods of the
//! link that `xtables.attach` returns:
//!
//! | function | |
//! |---|---|
//! | `nf.reply("tcp", text)`, `nf.reply("udp", text)` | answers the packet in the name of whom it goes to; in TCP that ends the connection for its sender. At most 8192 bytes |
//! | `nf.getpacket()` | a copy of the packet; `p:send([payload])` sends it where its addresses say, perhaps with another payload (at most 8192 bytes), and says whether it goes; `p:close()` gives it up. At most 1024 of them |
//! | `nf.connid()`, `nf.findconnid(4 or 6, "tcp" or "udp", source, port, destination, port)` | the number of the packet's flow, or of the one with such a direction; nil if there is none |
//! | `nf.hotdrop(drop)` | whether the packet is dropped whatever the rule does |
//! | `nf.netlink(payload, port[, group])`, `nf.genetlink(payload, port)` | sends to the socket of a port, or, with a group other than 0, to the group; how many bytes, at most 32768. Raises `ECONNREFUSED`, `EAGAIN`, `ESRCH` |
//! | `nf.time()` | seconds since 1970, milliseconds |
//! | `nf.traffic(4 or 6, "tcp" or "udp", source, port, destination, port, "original", "reply" or "both")` | packets and bytes, of both directions four numbers; nil and why |
//! | `nf.delete_conntrack([...])` | has connection tracking forget the packet's flow, or the one described as for `findconnid`; whether there was one |
//! | `nf.set_match_bit(bit, set)`, `nf.get_match_mask()`, `nf.reset_match_mask()` | the bits that `--mask` is about, 0 to 31 |
//! | `nf.get_cpu_mem_info()` | bytes of the state, and microseconds in which rules asked since it said so last (`link:elapsed()`) |
//!
//! What a script sends leaves a moment later, passes rules with Lua unasked, and goes to one other machine: not to this one, nor by broadcast or multicast. 256 packets
//! wait at most.
//!
//! A script of one's own instead of `nflua` says `xtables.attach(f)` once, while it loads. `f(name, frame, packet, target)` is asked for
//! every rule, and `f(name, code)` gets chunks, and returns nil or what went wrong. For a second namespace, a file of another name
//! does that, or says `return require("nflua")`.
//!
//! ```lua single
//! -- iptables -A OUTPUT -p icmp -m lua --function odd -j DROP
//! local link = require("xtables").attach(function(name, frame, packet, target)
//!   if not packet then return "this script takes no chunks" end
//!   return name == "odd" and #packet % 2 == 1
//! end)
//! ```

mod copy;
mod link;
mod rules;
mod sys;

use kernel::prelude::*;
use lua::{function, Entry};
use lunatik_core::{register, Access, Registration};

use link::Link;

module! {
    type: Module,
    name: "luaxtables",
    author: "The Lunagate authors",
    description: "Lua in rules of iptables",
    license: "Dual MIT/GPL",
}

static LIBRARY: [Entry; 1] = [function(c"attach", Link::new)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"xtables", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

// In this order they go: rules first, which nobody has any more; no script has started any more either.
struct Module {
    _registration: Registration,
    _rules: sys::Part,
    _agent: sys::Part,
    _scopes: sys::Part,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let scopes = sys::Part::scopes()?;
        let agent = sys::Part::agent()?;
        let rules = sys::Part::rules()?;
        Ok(Module { _registration: register(&MODULE, module)?, _rules: rules, _agent: agent, _scopes: scopes })
    }
}
