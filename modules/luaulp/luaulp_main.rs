// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The upper layer protocol "lua" of TCP: what a socket receives and sends goes through functions of a script.
//!
//! A program sets TCP_ULP to "lua", then options of the level SOL_LUA (999): LOADSCRIPT, a script's name or its text,
//! and ENTRYPOINT, the global function or table of functions that is asked. A listener hands both on to the
//! connections that it accepts, which share its Lua states. There are as many as connections may queue, up to the
//! parameter `states`, and all have loaded before the first connection comes.
//!
//! # TCP_ULP "lua" (new)
//!
//! luaulp puts functions of a script between a TCP socket and the program that has it, as ulp-lua (2019) did for what a
//! socket receives. It is nothing that scripts require: a program with CAP_NET_ADMIN sets the socket's option TCP_ULP to
//! `lua`, then options of the level SOL_LUA, 999. A script's text, and CAPABILITIES, take CAP_SYS_ADMIN, too (`"EPERM"`): who
//! has CAP_NET_ADMIN alone sets scripts by their names, which are those of the first process' /lib/modules/lua also for a
//! program that has another root. `lunatik filter SCRIPT ENTRY --port PORT` does so for a server that
//! knows nothing of it: it borrows the listening socket (pidfd_getfd(2)), sets the options, and lets go.
//!
//! | Option | Value |
//! |---|---|
//! | LOADSCRIPT, 1 | the name of a script below /lib/modules/lua, or the text of one, up to 64 KiB |
//! | ENTRYPOINT, 2 | the name of a global of the script's, a function or a table of functions; from then on bytes go through it |
//! | FUEL, 3; MEMORY, 4 | an `int` or a `long`: the fuel of a call, the bytes of a state; before LOADSCRIPT, as are the next two |
//! | FAIL, 5 | what a failed call means: `drop`, the default, resets the connection, `accept` lets the bytes pass |
//! | CAPABILITIES, 6 | what the script may require beyond what all may: names with commas between them; nothing if it is not set |
//! | PROBLEM, 7 | getsockopt: the text of what went wrong with LOADSCRIPT |
//!
//! A script that does not load, and one without the entry point, are taken back with their options: the socket is as
//! TCP_ULP left it, and who mends the script sets all again. Once there is an entry point, the script stays.
//!
//! A function that is the entry point is `recv`. A table may have `recv(data, connection)`, for what the peer sent,
//! `send(data, connection)`, for what the program sends, `finish(connection)`, when nothing more comes, and
//! `close(connection)`, when the socket is gone of which one of the others was asked. A worker calls `close`, with the
//! credentials of the task that set TCP_ULP, its listener's if it was accepted. `data` is a string of 1 to 16384 bytes, as TCP has them, not as they were
//! sent; `connection` is a table of the connection's own, empty at first. They return
//!
//! | | |
//! |---|---|
//! | `true` | these bytes go on |
//! | a string of up to 65536 bytes | that goes on in their place; an empty one keeps them back |
//! | `false` or nothing | the connection is reset; the program gets ECONNREFUSED |
//! | `false, name` | the program's call fails with that error (`"EPERM"`), the bytes are gone, the connection goes on |
//!
//! What `finish` returns comes last; nothing is right there, too. Anything else is a failure.
//!
//! A listener hands its script on to the connections that it accepts. Each belongs to one of the listener's Lua states, of
//! which there are as many as connections may queue (listen(2)), but no more than luaulp's parameter `states`; all have
//! loaded when `listen` or LOADSCRIPT returns. A script so has globals for each state, and must keep what is of a
//! connection in its table. Each state is a runtime of its own in `lunatik status`, with the script's name (`text-7` if it
//! has none) and the word `sockets`; `lunatik stop` and `lunatik resume` are for all of one name. Connections of a state that is stopped or in quarantine get
//! the fail verdict.
//!
//! The functions run in the task that calls recv(2) or send(2), and may sleep. Who peeks,
//! splices, sends a file or reads byte by byte sees what the script let through, and bytes are asked about once. poll(2)
//! may say that there is something to read which the script then keeps back: a program that must not wait gets EAGAIN.
//! Urgent bytes, TCP_ZEROCOPY_RECEIVE, MSG_ZEROCOPY, TCP_REPAIR, fast open of a connection, SO_PEEK_OFF and IPV6_ADDRFORM
//! would pass a script by, and are EOPNOTSUPP; so is another connection for a socket whose script is set. A connection whose
//! handshake ended before its listener had the protocol goes unfiltered, and so does a call that was under way when its own
//! socket got it; who waited in accept(2) gets a filtered connection. A program that asks for TCP_INQ or timestamps of what
//! it receives gets none. kTLS and sockmaps have sockets of their own: the kernel refuses them those.
//!
//! `filters/http` is such a script: requests of HTTP/1 that a server may get, in front of any.
//!
//!     lunatik filter filters/http http --port 80

mod connection;
mod filter;
mod sys;

use kernel::prelude::*;

module! {
    type: Module,
    name: "luaulp",
    author: "The Lunagate authors",
    description: "The upper layer protocol lua of TCP",
    license: "Dual MIT/GPL",
}

struct Module {
    _protocol: sys::Protocol,
}

impl kernel::Module for Module {
    fn init(_: &'static ThisModule) -> Result<Self> {
        Ok(Module { _protocol: sys::Protocol::new()? })
    }
}
