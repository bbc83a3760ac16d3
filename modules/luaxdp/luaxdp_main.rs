// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `xdp`: functions that see packets before the network stack does.
//!
//! `xdp.attach(function(buffer, argument) ... return action end)`: eBPF programs of type XDP call
//! the function by the script's name (`bpf_luaxdp_run`), and get the action (`linux.xdp`), or -1
//! if it fails; the program that `lunatik xdp` emits calls it by a number (`bpf_lunatik_xdp`), and
//! gets the runtime's fail verdict then. Both arguments are lent for the call.
//!
//! # xdp
//!
//! In a softirq script, while it loads: `xdp.attach(f)` makes `f(buffer, argument)` see packets before the
//! network stack does, at an interface (`lunatik xdp attach`) or from an eBPF program. `f` returns an action
//! of `linux.xdp`: `ABORTED`, `DROP`, `PASS`, `TX`, `REDIRECT`. Both arguments are `data`, lent for the call.
//! `xdp.detach()`, at any time, ends it. [xdp.md](xdp.md) has the rest: `udp_reply tcp_reset redirect forward
//! fib_lookup adjust_head adjust_tail length fragmented ifindex queue ktime` (all new).
//!
//! For tools, in process context: `xdp.id(script)`, the number by which `bpf_lunatik_xdp` calls the script's
//! function; `xdp.hold(fd, id, ...)`, which ties the XDP link behind a file descriptor of the calling task to
//! those runs of scripts that its program calls, in their order, until the last has stopped;
//! `xdp.release(ifindex)`; `xdp.links()`, a line for each script of each held link: script, interface's index
//! and name, mode, `attached` or `detached`.
//!
//! ```lua softirq
//! -- lets nothing but ARP and IPv4 in, at an interface to which `lunatik xdp attach` takes it
//! local xdp, action = require("xdp"), require("linux.xdp")
//! xdp.attach(function(frame)
//!   local protocol = frame:u16(12)
//!   return (protocol == 0x0800 or protocol == 0x0806) and action.PASS or action.DROP
//! end)
//! ```

mod attached;
mod calls;
mod chain;
mod links;
mod packet;
mod scripts;
mod sys;
mod table;

use core::ffi::c_int;
use kernel::prelude::*;
use lua::{function, Entry, Function, State, Table};
use lunatik_core::{register, Access, Context, Registration, Runtime};

use attached::Attached;

module! {
    type: Module,
    name: "luaxdp",
    author: "The Lunagate authors",
    description: "Lua at XDP",
    license: "Dual MIT/GPL",
}

/// `xdp.attach(function)`, while the script loads; the last one counts.
///
/// A second argument, a table, may have the field `fail`: the action of calls that fail.
fn attach(state: State<'_>, function: Function, options: Option<Table>) -> lua::Result {
    if Runtime::of(state)?.context() != Context::Softirq {
        return Err(state.raise(format_args!(
            "xdp.attach: runtime context mismatch: packets need a softirq runtime (lunatik run SCRIPT softirq)"
        )));
    }
    let fail = options.map_or(Ok(None), |Table(options)| failing(state, options))?;
    let alike = |attached: &Attached| attached.fails_with(fail);
    let (attached, cpu) = lunatik_core::attach(state, function, alike, |callback| Attached::make(callback, fail))?;
    // What it replaces.
    packet::detach(state);
    attached.prepare(state, cpu)
}

/// The field `fail`: the action of calls that fail. To redirect needs an interface.
fn failing(state: State<'_>, options: c_int) -> lua::Result<Option<u32>> {
    let here = |fail: &Option<u32>| fail.is_none_or(|action| action < packet::REDIRECT);
    let action = state.field(options, c"fail").ok().filter(here);
    action.ok_or_else(|| {
        state.raise(format_args!("xdp.attach: field 'fail' must be an action (linux.xdp), but not REDIRECT"))
    })
}

static LIBRARY: [Entry; 18] = [
    function(c"attach", attach),
    function(c"detach", packet::detach),
    function(c"ktime", packet::ktime),
    function(c"ifindex", packet::ifindex),
    function(c"queue", packet::queue),
    function(c"length", packet::length),
    function(c"fragmented", packet::fragmented),
    function(c"adjust_head", packet::adjust_head),
    function(c"adjust_tail", packet::adjust_tail),
    function(c"redirect", packet::redirect),
    function(c"udp_reply", packet::udp),
    function(c"tcp_reset", packet::reset),
    function(c"fib_lookup", packet::fib_lookup),
    function(c"forward", packet::forward),
    function(c"id", links::id),
    function(c"hold", links::hold),
    function(c"release", links::release),
    function(c"links", links::links),
];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"xdp", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let registration = register(&MODULE, module)?;
        sys::register()?;
        Ok(Module { _registration: registration })
    }
}
