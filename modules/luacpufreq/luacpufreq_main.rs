// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `cpufreq`: governors, which choose the frequency of CPUs, in Lua.
//!
//! `cpufreq.register{ name = ..., interval = ..., update = f [, start = f][, limits = f][, stop = f] }`, in a process
//! script, is one that `scaling_governor` of a policy can name. Its functions are called by a worker, with a policy,
//! one at a time; each call has the fuel of a call. A policy whose script fails, or takes too long, runs fast.
//!
//! # cpufreq (new)
//!
//! CPUfreq governors, which choose the frequency of CPUs; in process context, to be granted.
//! `cpufreq.register{ name = s, interval = ms, update = f[, start = f][, limits = f][, stop = f] }` makes one and returns a
//! `cpufreq.governor`, which cannot be shared. It is there for `echo s > /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor`
//! until `g:stop()` or the end of the script. A name has 1 to 15 letters, digits, `_` and `-`, and is no other governor's, in any
//! case of its letters; the interval is 1 to 60000. At most 8 governors live at once. `lunatik run governors/ondemand` is an example.
//!
//! A *policy* is the CPUs that share a frequency. A worker calls the functions with one, one function at a time for each, with the fuel of
//! a call; what they return does not count:
//!
//! | function | |
//! |---|---|
//! | `start(policy)` | the governor has it from now on: it was selected, or a CPU came up or went |
//! | `update(policy)` | at first, in every interval, and when its limits have changed |
//! | `limits(policy)` | before that, when its limits have changed; the kernel has brought the frequency within them already |
//! | `stop(policy)` | it is another governor's now, or had to be left for a moment: `start` follows then |
//!
//! Functions of policies; frequencies are in kHz. They may be called at any time, of a policy that the script kept, too. Once it is not under
//! the governor any more, which may come in the midst of a function, they return nil (lists are empty):
//!
//! | function | |
//! |---|---|
//! | `policy:cpu()` | the number of one of its CPUs, by which the rest of the system knows it; never nil |
//! | `policy:cpus()` | a list of the numbers of those that are online |
//! | `policy:current()`, `policy:min()`, `policy:max()` | what it is, and may be: the limits of user space and of cooling |
//! | `policy:hardware()` | the lowest and the highest that there are |
//! | `policy:frequencies()` | an ascending list of up to 128; empty if the driver has no table |
//! | `policy:load([cpu])` | percent that a CPU, or the busiest of them, was busy since this was asked last, or since `start` |
//! | `policy:temperature([zone])` | of a thermal zone, in thousandths of a degree Celsius; without a name, of the first that is called as kernels call the CPU's. nil if there is none, or it does not say |
//! | `policy:target(khz[, relation])` | sets the frequency to one that there is: "at least" so much (the default), "at most", or the "closest", within min and max; returns it. Raises the name of the driver's errno |
//!
//! CPUs are not slow for a script's sake: a policy runs at its maximum as long as `update` fails or the script is in quarantine, and when
//! a turn has taken longer than a second, waiting for others in the runtime included. When the governor stops, and so when the
//! script does, its policies are under `schedutil` ("performance" if that cannot be) before `stop` returns. Nobody who selects a governor, changes limits or takes
//! a CPU down waits for a script: `stop(policy)` and `limits(policy)` are told a moment later.
//!
//! `require("cpufreq.classic")(policy)` is a table with the names of Lunatik's governors of 2011: `getLoad()`, `getTemp()`, `target(khz)`,
//! and `tab_freq` with `getMin`, `getMax`, `getCurrent`, `getPrev` and `getNext`. A driver whose CPUs know their load better than the
//! kernel's idle time says so to luacpufreq (`modules/luacpufreq/meter.h`). `intel_pstate` and `amd_pstate` have no governors but in their
//! passive mode.
//!
//! ```lua process
//! require("cpufreq").register {
//!   name = "lua-fastest", interval = 100,
//!   update = function(policy) policy:target(policy:max() or 0) end,
//! }
//! ```

mod policy;
mod sys;

use core::ffi::{c_int, CStr};
use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{function, method, Class, Entry, FromLua, Object, Pushed, State, Table};
use lunatik_core::{errno, register, Access, Context, Kept, Registration, Runtime};

use policy::Policy;
use sys::{Place, Seat, Workers};

module! {
    type: Module,
    name: "luacpufreq",
    author: "The Lunagate authors",
    description: "Lua CPUfreq governors",
    license: "Dual MIT/GPL",
}

/// What a governor costs the script that makes it.
const NEW: usize = 1000;
/// The longest name, in bytes: what `scaling_governor` reads.
const NAME: usize = 15;
/// Milliseconds from one update to the next.
const INTERVALS: core::ops::RangeInclusive<u32> = 1..=60_000;

/// The functions, by the numbers of enum luacpufreq_turn in shim.h.
const TURNS: [&CStr; 4] = [c"start", c"limits", c"update", c"stop"];

/// What a governor, its policies and its object in Lua have together. The object keeps the table of functions as long
/// as `place` is one.
pub(crate) struct Body {
    kept: Kept,
    pub(crate) place: Place,
}

impl Body {
    /// Calls a function, if there is one, with a policy; whether it did not fail.
    pub(crate) fn turn(&self, seat: Seat, turn: u32) -> bool {
        let Some(name) = TURNS.get(turn as usize) else { return false };
        let served = self.kept.runtime().serve(|state| {
            if !self.kept.push(state) {
                return Ok(());
            }
            state.get_field(state.top(), name)?;
            if state.is_none_or_nil(-1) {
                return Ok(());
            }
            let arguments = state.push(Policy(seat))?;
            state.call_traced(arguments, 0)
        });
        // That the script fails is told elsewhere.
        served.is_ok()
    }
}

/// The class `cpufreq.governor`.
pub struct Governor(Arc<Body>);

static GOVERNOR: Class = Class::new::<Governor>(c"cpufreq.governor", &[method(c"stop", Governor::stop)]);

impl Object for Governor {
    const CLASS: &'static Class = &GOVERNOR;
    /// The table of functions.
    const VALUES: c_int = 1;
}

impl Drop for Governor {
    fn drop(&mut self) {
        // The state that keeps it until it is stopped is closing.
        self.0.place.leave();
        self.0.kept.forget();
    }
}

impl Governor {
    /// `cpufreq.register(table)`
    fn register(state: State<'_>, Table(table): Table) -> lua::Result<Pushed> {
        let runtime = Runtime::making_in(state, Context::Process)?;
        for field in TURNS {
            if state.get_function(table, field, "cpufreq.register")? {
                state.pop(1);
            } else if field == c"update" {
                return Err(state.raise(format_args!("cpufreq.register: field 'update' must be a function")));
            }
        }
        let interval = state.field::<u32>(table, c"interval").ok().filter(|interval| INTERVALS.contains(interval));
        let Some(interval) = interval else {
            return Err(state.raise(format_args!(
                "cpufreq.register: field 'interval' must be {} to {} milliseconds",
                INTERVALS.start(),
                INTERVALS.end()
            )));
        };
        state.get_field(table, c"name")?;
        let name = <&CStr>::from_lua(state, -1).ok().filter(|name| is_name(name.to_bytes()));
        let Some(name) = name else {
            return Err(state
                .raise(format_args!("cpufreq.register: field 'name' must be 1 to {NAME} letters, digits, _ and -")));
        };
        state.spend(NEW)?;
        let body = Body { kept: Kept::of(runtime), place: Place::none() };
        let body = Arc::new(body, GFP_KERNEL).map_err(|_| lua::Kind::NoMemory)?;
        let take = || Place::take(&body, name, interval);
        let Err(errno) = body.kept.keep(state, Governor(body.clone()), table, take)? else { return Ok(Pushed(1)) };
        let name = name.to_str().unwrap_or("?");
        Err(match errno {
            _ if errno == ENOMEM => lua::Kind::NoMemory.into(),
            _ if errno == EBUSY => state.raise(format_args!("cpufreq.register: there is a governor {name} already")),
            _ if errno == ENOSPC => state.raise(format_args!("cpufreq.register: there are too many governors")),
            _ => state.raise(format_args!("cpufreq.register: the kernel refuses {name}: {}", errno::Shown(errno))),
        })
    }

    /// `governor:stop()`: its policies are under another of the kernel's from here on.
    fn stop(&self, state: State<'_>) -> lua::Result {
        Runtime::may_sleep(state)?;
        self.0.place.leave();
        self.0.kept.release(state);
        Ok(())
    }
}

fn is_name(name: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=NAME).contains(&name.len()) && name.iter().all(plain)
}

static LIBRARY: [Entry; 1] = [function(c"register", Governor::register)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"cpufreq", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

// In this order they go: who may make governors, then who gives them turns.
struct Module {
    _registration: Registration,
    _workers: Workers,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let workers = Workers::new()?;
        Ok(Module { _registration: register(&MODULE, module)?, _workers: workers })
    }
}
