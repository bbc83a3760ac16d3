// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `probe`: functions that are told when a function of the kernel is called.
//!
//! `probe.new(symbol or address, { pre = f, post = g })`, in a hardirq script, while it loads. They are called on the
//! state of the CPU where it happened, as soon as that takes interrupts, and cannot change what happens.
//!
//! # probe
//!
//! Functions that are told when functions of the kernel are called (kprobes); in hardirq scripts, to be granted.
//! `probe.new(what[, handlers])` is made while the script loads and returns a `probe`, which cannot be shared. `what` is the name of a
//! symbol, or an address of `linux.lookup` or `syscall`; it must be a function that the kernel lets be probed. `handlers` is a table
//! with functions, which is read once: `pre`, called before the function's first instruction, and `post`, after that. There are
//! 512 such functions to a script (lunatik's parameter `probes`), and 4096 in all.
//!
//! | | |
//! |---|---|
//! | `pre(what, dump, argument)`, `post(...)` | `what` is as it was given. What they return does not count |
//! | `dump()` | what is known goes to the log: function, CPU, task, registers, callers; ten times in five seconds, for all scripts |
//! | `argument(n)` | an argument of the function, counted from 0, up to 5, as an integer: what the register had (newer than 4.4) |
//! | `p:enable(flag)` | whether the functions are called |
//! | `p:stop()` | they are not called any more |
//! | `p:missed()` | how often the probe was hit without a call of its function (new) |
//!
//! A probe is hit anywhere, with any lock held; no script runs there. The hit is written down with registers and callers, and told as
//! soon as the CPU takes interrupts, mostly right after the instruction, in the order in which it was hit. So a
//! function may do what hardirq scripts may, whatever it probes. What it does itself does not hit probes; of each
//! tenth of a second, all probes of a CPU have half, with what hits take of themselves; a CPU that takes no interrupts
//! keeps 32 hits. What is beyond is counted by `missed`. A probe that is hit when half is gone, again and again, rests
//! for a second: then nothing is hit, told or counted. So does one whose script is in quarantine.
//!
//! ```lua hardirq
//! -- says in the log who mounts
//! require("probe").new("path_mount", { pre = function(symbol, dump) dump() end })
//! ```

mod handlers;
mod hook;

use core::ffi::{c_int, CStr};
use core::ptr::NonNull;
use kernel::prelude::*;
use lua::{function, method, Address, Class, Entry, FromLua, Function, Kind, Object, State, Table, Value};
use lunatik_core::{attach, errno, register, Access, Context, Registration, Runtime};

use hook::{Hits, Hook, Target};

module! {
    type: Module,
    name: "luaprobe",
    author: "The Lunagate authors",
    description: "Lua probes",
    license: "Dual MIT/GPL",
}

/// What a probe costs: the kernel looks through all symbols, and waits for all CPUs.
const NEW: usize = 10_000;

/// The class `probe`, with the hooks of its functions.
///
/// # Invariants
///
/// The runtime keeps the hooks for longer than its states, and so than this.
struct Probe {
    pre: Option<NonNull<Hook>>,
    post: Option<NonNull<Hook>>,
}

static PROBE: Class = Class::new::<Probe>(
    c"probe",
    &[method(c"stop", Probe::stop), method(c"enable", Probe::enable), method(c"missed", Probe::missed)],
);

impl Object for Probe {
    const CLASS: &'static Class = &PROBE;
}

impl Probe {
    /// `probe.new(symbol or address, handlers)`
    fn new(state: State<'_>, Value(what): Value, Table(handlers): Table) -> lua::Result<Probe> {
        Runtime::making_in(state, Context::Hardirq)?;
        let target = match Address::from_lua(state, what) {
            Ok(address) => Target::Address(address),
            Err(_) => Target::Symbol(<&CStr>::from_lua(state, what).map_err(|error| error.at(1))?),
        };
        state.spend(NEW)?;
        target.check().map_err(|errno| match errno {
            _ if errno == ENOMEM => Kind::NoMemory.into(),
            _ if errno == ENOENT => state.raise(format_args!("probe.new: the kernel has no such symbol")),
            _ => {
                state.raise(format_args!("probe.new: this is no function that can be probed: {}", errno::Shown(errno)))
            }
        })?;
        let pre = Probe::side(state, target, handlers, c"pre")?;
        Ok(Probe { pre, post: Probe::side(state, target, handlers, c"post")? })
    }

    fn side(state: State<'_>, target: Target<'_>, handlers: c_int, name: &CStr) -> lua::Result<Option<NonNull<Hook>>> {
        if !state.get_function(handlers, name, "probe.new")? {
            return Ok(None);
        }
        let (function, post) = (Function(state.top()), name == c"post");
        let (hook, _) = attach(
            state,
            function,
            |hook: &Hook| hook.is_for(&target, post),
            |callback| Hook::attach(callback, target, post),
        )?;
        Ok(Some(NonNull::from(hook)))
    }

    fn sides(&self) -> impl Iterator<Item = &Hook> + '_ {
        // SAFETY: By the invariants.
        [&self.pre, &self.post].into_iter().flatten().map(|hook| unsafe { hook.as_ref() })
    }

    /// `probe:stop()`: its functions are not called any more.
    fn stop(&self) {
        for hook in self.sides() {
            hook.silence();
        }
    }

    /// `probe:enable(flag)`: whether they are.
    fn enable(&self, state: State<'_>, flag: bool) -> lua::Result {
        for hook in self.sides() {
            if hook.is_silent() {
                return Err(state.raise(format_args!("probe.enable: the probe is stopped")));
            }
            hook.want(flag);
        }
        Ok(())
    }

    /// `probe:missed()`: how often it was hit without a call of each of its functions.
    fn missed(&self) -> i64 {
        self.sides().fold(0, |sum, hook| sum.wrapping_add(hook.missed() as i64))
    }
}

static LIBRARY: [Entry; 1] = [function(c"new", Probe::new)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"probe", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

// In this order they go: who may make probes, then what probes need.
struct Module {
    _registration: Registration,
    _hits: Hits,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let hits = Hits::new()?;
        Ok(Module { _registration: register(&MODULE, module)?, _hits: hits })
    }
}
