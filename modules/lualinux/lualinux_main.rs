// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `linux`: odds and ends of the kernel. The constants below it (`linux.eth`,
//! `linux.nf.action`, ...) are Lua files that constants/ generates from the kernel's headers.
//!
//! `schedule` sleeps, and is for process context; so does `lookup`, which all scripts may call while they load.
//! Interfaces are those of the initial network namespace; `ifaddr` gives the bytes of the hardware address.
//!
//! # linux
//!
//! `random([m[, n]])`, `schedule([ms[, state]])` (in process context only), `lookup(symbol)` (also while a script loads),
//! `tracing([on])`, `time()` in nanoseconds, `difftime(later, earlier)`, `ifindex(name)`,
//! `ifaddr(index)` (the hardware address's bytes), `errname(number)`, `numcpus()`.
//!
//! The kernel's constants are modules below it, generated from the headers of the kernel that they are
//! built for: `require("linux.nf.action").DROP`, `linux.nf.inet`, `linux.nf.proto`, `linux.eth`, ...
//! (`modules/lualinux/constants/list` names all). A module has those below it as fields, too:
//! `require("linux.nf").action.DROP`. A `layout` module describes structures, for `struct`:
//! `layout.nlmsghdr = { size =, fields = { { name =, offset =, size =, signed = }, ... } }`.
//!
//! ```lua process
//! local linux = require("linux")
//! assert(linux.errname(2) == "ENOENT" and linux.ifindex("lo") == 1)
//! assert(require("linux.nf").action.DROP == 0)
//! ```

mod sys;

use core::ffi::CStr;
use kernel::prelude::*;
use lua::{function, Address, Entry, Kind, Pushed, State};
use lunatik_core::{granted, leaving, register, Access, Context, Registration, Runtime};

module! {
    type: Module,
    name: "lualinux",
    author: "The Lunagate authors",
    description: "Lua access to odds and ends of the kernel",
    license: "Dual MIT/GPL",
}

const TASK_INTERRUPTIBLE: i64 = 1;
/// What a look-up costs: it goes through all symbols, and waits for all CPUs.
const LOOKUP: usize = 10_000;

static LIBRARY: [Entry; 10] = [
    function(c"random", random),
    function(c"schedule", schedule),
    function(c"tracing", tracing),
    function(c"time", time),
    function(c"difftime", difftime),
    function(c"lookup", lookup),
    function(c"ifindex", ifindex),
    function(c"ifaddr", ifaddr),
    function(c"errname", errname),
    function(c"numcpus", sys::cpus),
];

/// Also a script of hooks that loads could sleep, but not where it is meant to be used.
fn may_sleep(state: State<'_>) -> lua::Result {
    Runtime::may_sleep(state)?;
    match Runtime::of(state)?.context() {
        Context::Process => Ok(()),
        _ => Err(Kind::MaySleep.into()),
    }
}

/// Any integer; from 1 to m; from m to n.
fn random(m: Option<i64>, n: Option<i64>) -> lua::Result<i64> {
    let (low, high) = match (m, n) {
        (None, None) => return Ok(sys::random() as i64),
        (Some(high), None) => (1, high),
        (Some(low), Some(high)) => (low, high),
        (None, Some(_)) => return Err(lua::Error::from(Kind::ExpectedInteger).at(1)),
    };
    if low > high {
        return Err(Kind::InvalidValue.into());
    }
    // How many numbers there are; 0 stands for 2^64. The high half of a product is even
    // enough: the bias is below 2^-64 per number wanted.
    let count = high.wrapping_sub(low).wrapping_add(1) as u64;
    let offset = match count {
        0 => sys::random(),
        _ => ((u128::from(sys::random()) * u128::from(count)) >> 64) as u64,
    };
    Ok(low.wrapping_add(offset as i64))
}

/// Sleeps so many milliseconds, or until a signal; returns how many are left.
fn schedule(state: State<'_>, milliseconds: Option<i64>, task_state: Option<i64>) -> lua::Result<i64> {
    may_sleep(state)?;
    let left =
        sys::schedule(milliseconds.unwrap_or(-1), task_state.unwrap_or(TASK_INTERRUPTIBLE) == TASK_INTERRUPTIBLE);
    leaving(state);
    Ok(left)
}

fn tracing(state: State<'_>, enable: Option<bool>) -> lua::Result<bool> {
    granted(state, "linux.tracing")?;
    Ok(sys::tracing(enable))
}

fn time() -> i64 {
    sys::time() as i64
}

fn difftime(later: i64, earlier: i64) -> i64 {
    later.wrapping_sub(earlier)
}

/// The address of a kernel function as a light userdata, or nil.
fn lookup(state: State<'_>, name: &CStr) -> lua::Result<Option<Address>> {
    granted(state, "linux.lookup")?;
    Runtime::may_sleep(state)?;
    state.spend(LOOKUP)?;
    Ok(Some(Address(sys::lookup(name))).filter(|address| !address.0.is_null()))
}

fn ifindex(state: State<'_>, name: &CStr) -> lua::Result<i32> {
    sys::ifindex(name)
        .ok_or_else(|| state.raise(format_args!("linux.ifindex: no interface '{}'", name.to_str().unwrap_or("?"))))
}

fn ifaddr(state: State<'_>, index: i32) -> lua::Result<Pushed> {
    match sys::ifaddr(index) {
        Some(address) => state.push(address.get()).map(Pushed),
        None => Err(state.raise(format_args!("linux.ifaddr: no interface {index}"))),
    }
}

/// "ENOENT" for 2 or -2; nil for a number without a name.
fn errname(number: i32) -> Option<&'static CStr> {
    lunatik_core::errno::name(number.checked_abs()?)
}

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"linux", access: Access::Free, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
