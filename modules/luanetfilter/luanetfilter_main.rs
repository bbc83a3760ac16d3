// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `netfilter`: functions that see packets at netfilter's hooks.
//!
//! `netfilter.register{ hook = function(skb) ... end, pf =, hooknum =, priority = [, mark =] }`:
//! the function returns a verdict (`linux.nf.action`) and may return a mark for the packet. If
//! it fails, or returns no verdict, the packet gets the runtime's fail verdict (accept, unless
//! the script was run with `--fail drop`). The hook lives until the script stops.
//!
//! With `track = true`, connections are tracked while the hook lives, whatever the firewall's
//! rules want. A function that says `skb:decide(verdict)` is not called for the packet's flow any
//! more.
//!
//! # netfilter
//!
//! `netfilter.register{ hook = f, pf = family, hooknum = point, priority = n[, dev = name][, mark = m][, track = true][, fail = verdict] }`,
//! in a softirq script, up to 16 times (the parameter `hooks`). `f(skb)` returns a verdict (0 drop, 1 accept, 3 queue, 5 stop) and
//! perhaps a new mark for the packet. The names are in `linux.nf.action`. STOP accepts; STOLEN and
//! REPEAT, which the kernel would leak a packet on, count as no verdict. What `register` returns has
//! no methods. With `mark`, only packets that carry it are shown. With `track = true`, connections
//! are tracked while the hook lives, for `skb:flow` and `skb:decide`; else they are if others want it
//! (the router's firewall does). A function that fails or returns no verdict gives the fail verdict: `fail`, or accept, or drop if the script was run with
//! `--fail drop`. One that fails too often is not called any more: [failures.md](failures.md).
//!
//! | `pf` (`linux.nf.proto`) | `hooknum` | `dev` |
//! |---|---|---|
//! | INET (IPv4 and IPv6), IPV4, IPV6 | `linux.nf.inet`: PRE_ROUTING, LOCAL_IN, FORWARD, LOCAL_OUT, POST_ROUTING | none |
//! | BRIDGE | `linux.nf.br`: the same | none |
//! | ARP | `linux.nf.arp`: IN, OUT, FORWARD | none |
//! | NETDEV (new) | `linux.nf.netdev`: INGRESS, before the stack, EGRESS, behind it | a device: every frame of whatever protocol; queue is no verdict |
//! | INET (new) | INGRESS (5), IP packets as they come in | a device; queue is no verdict |
//!
//! A hook of a device ends when the device goes, and is there again when one of its name comes back (a PPP line, say). Hooks
//! are in the network namespace of the task that runs the script (new), and end with it; the script runs on.
//! What `skb:forward` sends passes all hooks unasked, those at a bridge and at egress, too.
//!
//! ```lua softirq
//! -- drops what comes from 10.9.0.1
//! local netfilter, nf = require("netfilter"), require("linux.nf")
//! netfilter.register {
//!   pf = nf.proto.IPV4, hooknum = nf.inet.LOCAL_IN, priority = 0,
//!   hook = function(skb)
//!     return skb:data():u32(12) == 0x0a090001 and nf.action.DROP or nf.action.ACCEPT
//!   end,
//! }
//! ```

mod gate;
mod hook;

use core::ffi::{c_int, CStr};
use kernel::error::to_result;
use kernel::prelude::*;
use lua::{ffi, function, Class, Entry, FromLua, Function, Object, State, Table};
use lunatik_core::{attach, check_loading, register, Access, Context, Registration, Runtime};

use hook::{is_there, is_verdict, points, Device, Hook, Place};

module! {
    type: Module,
    name: "luanetfilter",
    author: "The Lunagate authors",
    description: "Lua packet hooks",
    license: "Dual MIT/GPL",
}

/// An integer field, or its default.
fn field(state: State<'_>, table: c_int, name: &CStr, default: Option<i64>) -> lua::Result<i64> {
    match (state.field(table, name), default) {
        (Ok(Some(n)), _) => Ok(n),
        (Ok(None), Some(n)) => Ok(n),
        _ => Err(state.raise(format_args!("netfilter.register: field '{}' must be an integer", Name(name)))),
    }
}

struct Name<'a>(&'a CStr);

impl core::fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.0.to_str().unwrap_or("?"))
    }
}

/// The field `fail`: the verdict of calls that fail, at a place where packets can wait for user space or not.
fn failing(state: State<'_>, options: c_int, queues: bool) -> lua::Result<Option<u32>> {
    let fits = |fail: &Option<u32>| fail.is_none_or(|verdict| is_verdict(verdict, queues));
    let verdict = state.field(options, c"fail").ok().filter(fits);
    verdict.ok_or_else(|| {
        state.raise(format_args!("netfilter.register: field 'fail' must be a verdict (linux.nf.action)"))
    })
}

/// The field `dev`: the name of the device whose packets the hook sees, or zeros.
fn device(state: State<'_>, options: c_int) -> lua::Result<Device> {
    state.get_field(options, c"dev")?;
    let mut device = Device::default();
    let name = match Option::<&[u8]>::from_lua(state, -1) {
        Ok(None) => &[],
        Ok(Some(name)) if !name.is_empty() && name.len() < device.len() && !name.contains(&0) => name,
        _ => {
            return Err(state.raise(format_args!(
                "netfilter.register: field 'dev' must be the name of a device, of at most 15 bytes"
            )))
        }
    };
    device.iter_mut().zip(name).for_each(|(place, byte)| *place = *byte);
    if !name.is_empty() && !is_there(&device) {
        let shown = core::str::from_utf8(name).unwrap_or("?");
        return Err(
            state.raise(format_args!("netfilter.register: there is no device {shown} in this network namespace"))
        );
    }
    state.pop(1);
    Ok(device)
}

/// What `register` returns, as Lunatik's does. It has no methods, and the hook does not end with it.
struct Handle;

static HANDLE: Class = Class::new::<Handle>(c"netfilter_hook", &[]);

impl Object for Handle {
    const CLASS: &'static Class = &HANDLE;
}

fn netfilter_register(state: State<'_>, Table(options): Table) -> lua::Result<Handle> {
    if Runtime::of(state)?.context() != Context::Softirq {
        return Err(state.raise(format_args!(
            "netfilter.register: runtime context mismatch: packets need a softirq runtime (lunatik run SCRIPT softirq)"
        )));
    }
    // The device is looked for in the task's namespace.
    check_loading(state)?;
    let device = device(state, options)?;
    let family = field(state, options, c"pf", None)?;
    let points = u32::try_from(family).map_or(0..0, |family| points(family, device[0] != 0));
    if points.is_empty() && device[0] != 0 {
        return Err(state.raise(format_args!(
            "netfilter.register: pf {family} has no hooks of a device (dev): linux.nf.proto's NETDEV has, and INET"
        )));
    }
    if points.is_empty() {
        return Err(state.raise(format_args!(
            "netfilter.register: pf {family} is none of linux.nf.proto's INET, IPV4, IPV6, ARP, BRIDGE, or, of a \
             device (dev), NETDEV, or this kernel has none of it"
        )));
    }
    let point = field(state, options, c"hooknum", None)?;
    let (first, last) = (i64::from(points.start), i64::from(points.end) - 1);
    if !(first..=last).contains(&point) {
        return Err(state.raise(format_args!(
            "netfilter.register: hooknum {point} does not exist for pf {family}: {first} to {last}{}",
            if device[0] == 0 { "" } else { " at a device" }
        )));
    }
    let priority = field(state, options, c"priority", Some(0))?;
    let Ok(priority) = i32::try_from(priority) else {
        return Err(state.raise(format_args!("netfilter.register: priority {priority} does not fit 32 bits")));
    };
    let mark = field(state, options, c"mark", Some(0))?;
    let Ok(mark) = u32::try_from(mark) else {
        return Err(state.raise(format_args!("netfilter.register: mark {mark} does not fit 32 bits")));
    };
    state.get_field(options, c"track")?;
    let track = match state.type_of(-1) {
        ffi::LUA_TNIL => false,
        ffi::LUA_TBOOLEAN => bool::from_lua(state, -1)?,
        _ => return Err(state.raise(format_args!("netfilter.register: field 'track' must be true or false"))),
    };
    state.pop(1);
    let fail = failing(state, options, device[0] == 0)?;
    if !state.get_function(options, c"hook", "netfilter.register")? {
        return Err(state.raise(format_args!("netfilter.register: field 'hook' must be a function")));
    }
    let place = Place { family: family as u8, point: point as u8, track, device, priority };
    let alike = |hook: &Hook| hook.is_for(&place, mark, fail);
    attach(state, Function(state.top()), alike, |callback| Hook::attach(callback, place, mark, fail))?;
    Ok(Handle)
}

static LIBRARY: [Entry; 1] = [function(c"register", netfilter_register)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"netfilter", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

extern "C" {
    fn luanetfilter_init() -> c_int;
    fn luanetfilter_exit();
}

/// Hears of devices and namespaces that go, while it lives.
struct Network(());

impl Network {
    fn new() -> Result<Network> {
        // SAFETY: Paired in drop.
        to_result(unsafe { luanetfilter_init() })?;
        Ok(Network(()))
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // SAFETY: Pairs with `new`; no script has hooks any more.
        unsafe { luanetfilter_exit() }
    }
}

// In this order they go.
struct Module {
    _registration: Registration,
    _network: Network,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let network = Network::new()?;
        Ok(Module { _registration: register(&MODULE, module)?, _network: network })
    }
}
