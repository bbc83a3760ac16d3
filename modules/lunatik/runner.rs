// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `lunatik.runner`, whose functions chunks of /dev/lunatik find as globals: they
//! run scripts under their names.
//!
//! # lunatik.runner
//!
//! In process context and at `/dev/lunatik` (there as globals):
//!
//! | function | |
//! |---|---|
//! | `run(script[, context[, percpu]][, options])` | runs a script under its name; returns the runtime |
//! | `spawn(script[, "process"][, options])` | runs a script under its name, in a [thread](#thread) of its own; returns the thread |
//! | `replace(...)` | what `run` does, in place of the one that runs under the name, which goes when this one is at work (new) |
//! | `stop(script)` | returns when nothing of it runs any more; in a `__gc` or `__close` that runs because its own script is stopped, at once: the other one is stopped right after |
//! | `resume(script)` | ends its quarantine; whether it was in one (new) |
//! | `list()` | names, with commas between them |
//! | `status()` | a line for each runtime: name, context, states, bytes, faults, `run`, `percpu`, `spawn`, `sockets` or `runtime` (started by another script), and `running` or `quarantined` |
//! | `statistics()` | an object of JSON for each runtime, a line each: [failures.md](failures.md#where-it-is-seen) (new) |
//! | `lasting(script, name[, size])` | the script's [table](#rcu) of this name, whether the script runs or not (new) |
//! | `forget(script)` | takes such tables of the script away; whether it had any (new) |
//! | `shutdown()` | stops all, empties `_ENV` and gives the prompt a fresh state, so that no module is in use any more; a script that calls it cannot stop itself, and gets an error when the others have ended |
//! | `startup()` | has nothing to do |
//!
//! Options: `fuel`, `load_fuel`, `memory`, `stack`, `faults`, `window` (integers), `fail` (`"accept"` or `"drop"`),
//! `capabilities` (names with commas between them). `percpu` (true; `lunatik run x softirq percpu`) records the script in
//! `_ENV.percpu`: each CPU has its state anyway, and all load or none. It is not for process scripts. `single` (true;
//! `lunatik run x softirq --single`): one state for all CPUs, for hooks whose calls share what they know in Lua variables.
//! They take turns, and wait for each other, for as long as the fuel of a call lasts; in a hardirq script with
//! interrupts off. Where a CPU is at such a turn of another script, a call is not made: a packet gets the fail verdict.
//!
//! ```lua process
//! for name in require("lunatik.runner").list():gmatch("[^,]+") do print(name) end
//! ```

use core::ffi::{c_int, CStr};
use kernel::alloc::KVec;
use lua::{ffi, function, Entry, FromLua, Kind, Pushed, Shared, State, Table, Value};

use crate::budget::{Fail, FUEL_LIMIT, STACK_LIMIT};
use crate::capabilities::{self, Capabilities};
use crate::control::{self, How, Request};
use crate::environment::{self, Place};
use crate::failure::Failure;
use crate::handle::Handle;
use crate::loader::{self, Access, Plain};
use crate::portable::Portable;
use crate::rcu::RcuTable;
use crate::slot::Slot;
use crate::{Budget, Context, Runtime};

pub(crate) static LIBRARY: [Entry; 12] = [
    function(c"run", run),
    function(c"spawn", spawn),
    function(c"replace", replace),
    function(c"stop", stop),
    function(c"resume", resume),
    function(c"list", list),
    function(c"status", status),
    function(c"statistics", statistics),
    function(c"lasting", lasting),
    function(c"forget", forget),
    function(c"shutdown", shutdown),
    function(c"startup", startup),
];

/// `require("lunatik.runner")`.
pub(crate) static MODULE: loader::Module =
    loader::Module { name: c"lunatik.runner", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

/// `run(script[, context[, percpu]][, options])`: the runtime. Whatever else follows is ignored,
/// as Lunatik does.
fn run(state: State<'_>, script: &[u8], context: Option<&[u8]>, third: Value, fourth: Value) -> lua::Result<Handle> {
    let request = named(state, script, context, third, fourth)?;
    start(state, |fuel| control::run(&request, fuel))
}

/// `replace(script[, context[, percpu]][, options])`: the same for a script that runs, which
/// goes when its successor is at work.
fn replace(
    state: State<'_>,
    script: &[u8],
    context: Option<&[u8]>,
    third: Value,
    fourth: Value,
) -> lua::Result<Handle> {
    let request = named(state, script, context, third, fourth)?;
    start(state, |fuel| control::replace(&request, fuel))
}

/// `spawn(script[, "process"][, options])`: the thread that calls what the script's body returned.
fn spawn(state: State<'_>, script: &[u8], context: Option<&[u8]>, third: Value, fourth: Value) -> lua::Result<Pushed> {
    if is_true(state, third)? {
        return Err(state.raise(format_args!("spawn does not support percpu scripts")));
    }
    let mut request = named(state, script, context, third, fourth)?;
    if request.context != Context::Process {
        return Err(state.raise(format_args!("spawn is for process scripts: a thread may sleep")));
    }
    request.how = How::Spawn;
    // The function before the script: one that may not use it starts nothing.
    loader::push_module(state, c"thread")?;
    state.get_field(-1, c"run")?;
    let handle = start(state, |fuel| control::run(&request, fuel))?;
    let thread = begin(state, &handle);
    if thread.is_err() {
        control::end(handle.runtime()).map_err(|failure| loader::raise(state, &failure))?;
    }
    thread
}

/// Calls the function on top of the stack, `thread.run`, and shows the thread in `lunatik._ENV`.
fn begin(state: State<'_>, handle: &Handle) -> lua::Result<Pushed> {
    let name = handle.runtime().name().to_bytes();
    state.push(handle.clone())?;
    state.push(name)?;
    state.call(2, 1)?;
    let thread = Portable::Object(Shared::of(state, -1)?);
    control::show_in(Place::Threads, handle.runtime(), thread).map_err(|_| Kind::NoMemory)?;
    Ok(Pushed(1))
}

/// What `run`, `spawn` and `replace` are asked for.
fn named<'l>(
    state: State<'l>,
    script: &'l [u8],
    context: Option<&[u8]>,
    third: Value,
    fourth: Value,
) -> lua::Result<Request<'l>> {
    let percpu = is_true(state, third)?;
    let table = [third, fourth].into_iter().find(|value| state.type_of(value.0) == ffi::LUA_TTABLE);
    let mut request = request(state, script, context, table.map(|value| Table(value.0)))?;
    if percpu {
        request.how = How::Percpu;
    }
    if percpu && request.context == Context::Process {
        return Err(state.raise(format_args!(
            "percpu is for softirq and hardirq: a process script has one state, for whoever resumes it"
        )));
    }
    Ok(request)
}

/// Whether it is true itself, and not a table of options.
fn is_true(state: State<'_>, value: Value) -> lua::Result<bool> {
    Ok(state.type_of(value.0) == ffi::LUA_TBOOLEAN && bool::from_lua(state, value.0)?)
}

/// What a script asks for, with a budget from the options table.
pub(crate) fn request<'l>(
    state: State<'l>,
    script: &'l [u8],
    context: Option<&[u8]>,
    options: Option<Table>,
) -> lua::Result<Request<'l>> {
    Runtime::may_sleep(state)?;
    let name = context.unwrap_or(b"process");
    let Some(context) = Context::from_name(name) else {
        let name = Plain(name);
        return Err(state.raise(format_args!("unknown context '{name}': process, softirq or hardirq")));
    };
    let mut budget = Budget::default_for(context);
    let own = Runtime::of(state)?.capabilities();
    let mut capabilities = own.copy().map_err(|_| Kind::NoMemory)?;
    let mut single = false;
    if let Some(Table(options)) = options {
        read_options(state, options, context, &mut budget)?;
        single = read_single(state, options, context)?;
        if let Some(given) = read_capabilities(state, options)? {
            capabilities = given;
        }
    }
    // Nobody gives what he does not have.
    if let Some(name) = capabilities.beyond(own) {
        return Err(capabilities::refused(state, name));
    }
    Ok(Request { name: script, text: None, context, budget, capabilities, single, how: How::Run })
}

/// Whether all CPUs are to share one state, where they would have one each.
fn read_single(state: State<'_>, options: c_int, context: Context) -> lua::Result<bool> {
    let single = state.field::<Option<bool>>(options, c"single");
    match single.map_err(|_| state.raise(format_args!("option 'single' is true or false")))? {
        Some(true) if context == Context::Process => Err(state.raise(format_args!(
            "option 'single' is for softirq and hardirq: one state for all CPUs, which take turns"
        ))),
        single => Ok(single == Some(true)),
    }
}

fn read_capabilities(state: State<'_>, options: c_int) -> lua::Result<Option<Capabilities>> {
    state.get_field(options, c"capabilities")?;
    let list = Option::<&[u8]>::from_lua(state, -1)
        .map_err(|_| state.raise(format_args!("option 'capabilities' is a string: names with commas between them")))?;
    let given = list.map(Capabilities::listed).transpose().map_err(|_| Kind::NoMemory)?;
    state.pop(1);
    Ok(given)
}

/// What the states of a script cost whoever starts it, beside the script's body.
const START: usize = 1000;

/// Starts a script for another, which pays for its body.
pub(crate) fn start(state: State<'_>, start: impl FnOnce(&mut i64) -> Result<Handle, Failure>) -> lua::Result<Handle> {
    // What a person runs has its own budget, and not what the line that runs it has.
    let person = Runtime::of(state)?.person();
    if !person {
        state.spend(START)?;
    }
    let slot = Slot::of(state);
    let mut fuel = if person { i64::MAX } else { slot.fuel(state) };
    let started = start(&mut fuel);
    if !person {
        slot.refuel(state, fuel);
    }
    started.map_err(|failure| loader::raise(state, &failure))
}

fn read_options(state: State<'_>, index: c_int, context: Context, budget: &mut Budget) -> lua::Result {
    let bound = |fuel: i64| (1..=FUEL_LIMIT).contains(&fuel).then_some(fuel);
    option(state, index, c"fuel", |fuel| budget.set_fuel(fuel))?;
    if let Some(fuel) = option(state, index, c"load_fuel", bound)? {
        budget.load_fuel = fuel;
    }
    option(state, index, c"memory", |bytes| budget.set_memory(bytes, context))?;
    let bytes = |n: i64| usize::try_from(n).ok().filter(|n| (1024..=STACK_LIMIT).contains(n));
    if let Some(stack) = option(state, index, c"stack", bytes)? {
        budget.stack = stack;
    }
    let natural = |n: i64| u64::try_from(n).ok();
    if let Some(faults) = option(state, index, c"faults", natural)? {
        budget.faults = faults;
    }
    if let Some(window) = option(state, index, c"window", |n| natural(n).filter(|n| *n > 0))? {
        budget.window = window;
    }
    state.get_field(index, c"fail")?;
    match state.bytes(-1) {
        b"drop" => budget.fail = Fail::Drop,
        b"accept" => budget.fail = Fail::Accept,
        b"" if state.is_none_or_nil(-1) => {}
        _ => return Err(state.raise(format_args!("option 'fail' is \"accept\" or \"drop\""))),
    }
    state.pop(1);
    Ok(())
}

/// An integer among the options, if it is given and `check` likes it.
fn option<T>(
    state: State<'_>,
    table: c_int,
    name: &CStr,
    check: impl FnOnce(i64) -> Option<T>,
) -> lua::Result<Option<T>> {
    state.get_field(table, name)?;
    let given = Option::<i64>::from_lua(state, -1);
    state.pop(1);
    let value = match given {
        Ok(None) => return Ok(None),
        Ok(Some(n)) => check(n),
        Err(_) => None,
    };
    match value {
        Some(value) => Ok(Some(value)),
        None => Err(state.raise(format_args!("option '{}' is out of range", Plain(name.to_bytes())))),
    }
}

/// `stop(script)`; in a finalizer while the own script is stopped, a moment later.
fn stop(state: State<'_>, script: &[u8]) -> lua::Result {
    let stopped = if Slot::of(state).closing() {
        control::stop_after(Runtime::of(state)?, script)
    } else {
        Runtime::may_sleep(state)?;
        control::stop(script)
    };
    stopped.map_err(|failure| loader::raise(state, &failure))
}

/// `list()`.
fn list(state: State<'_>) -> lua::Result<Pushed> {
    Runtime::may_sleep(state)?;
    state.push_bytes(&control::list())?;
    Ok(Pushed(1))
}

/// `resume(script)`: ends its quarantine; whether it was in one.
fn resume(state: State<'_>, script: &[u8]) -> lua::Result<bool> {
    Runtime::may_sleep(state)?;
    control::resume(script).map_err(|failure| loader::raise(state, &failure))
}

/// `status()`: a line for each runtime.
fn status(state: State<'_>) -> lua::Result<Pushed> {
    told(state, control::status)
}

/// `statistics()`: an object of JSON for each runtime, a line each.
fn statistics(state: State<'_>) -> lua::Result<Pushed> {
    told(state, control::statistics)
}

fn told(state: State<'_>, tell: fn() -> Result<KVec<u8>, Failure>) -> lua::Result<Pushed> {
    Runtime::may_sleep(state)?;
    let text = tell().map_err(|failure| loader::raise(state, &failure))?;
    state.push_bytes(&text)?;
    Ok(Pushed(1))
}

/// `lasting(script, name[, size])`: the table that the script has, or will have.
fn lasting(state: State<'_>, script: &[u8], name: &[u8], size: Option<i64>) -> lua::Result<RcuTable> {
    RcuTable::lasting_of(state, script, name, RcuTable::size(size, 3)?)
}

/// `forget(script)`: whether there was anything.
fn forget(state: State<'_>, script: &[u8]) -> lua::Result<bool> {
    Runtime::may_sleep(state)?;
    Ok(environment::forget(script).map_err(|_| Kind::NoMemory)?)
}

/// `shutdown()`.
fn shutdown(state: State<'_>) -> lua::Result {
    Runtime::may_sleep(state)?;
    control::shutdown().map_err(|failure| loader::raise(state, &failure))
}

/// `startup()`: Lunatik's scripts call it first. The tables of what runs are always there.
fn startup(_: State<'_>) {}
