// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `lunatik.runner`, whose functions chunks of /dev/lunatik find as globals: they
//! run scripts under their names.

use core::ffi::{c_int, CStr};
use lua::{ffi, function, Entry, FromLua, Pushed, State, Table, Value};

use crate::budget::{Fail, FUEL_LIMIT, STACK_LIMIT};
use crate::control::{self, Request};
use crate::handle::Handle;
use crate::loader::{self, Plain};
use crate::{Budget, Context, Runtime};

pub(crate) static LIBRARY: [Entry; 6] = [
    function(c"run", run),
    function(c"stop", stop),
    function(c"list", list),
    function(c"status", status),
    function(c"shutdown", shutdown),
    function(c"startup", startup),
];

/// `require("lunatik.runner")`.
pub(crate) static MODULE: loader::Module =
    loader::Module { name: c"lunatik.runner", open: |state| state.push_library(&LIBRARY) };

/// `run(script[, context[, percpu]][, options])`: the runtime. Whatever else follows is ignored,
/// as Lunatik does.
fn run(state: State<'_>, script: &[u8], context: Option<&[u8]>, third: Value, fourth: Value) -> lua::Result<Handle> {
    let percpu = state.type_of(third.0) == ffi::LUA_TBOOLEAN && bool::from_lua(state, third.0)?;
    let table = [third, fourth].into_iter().find(|value| state.type_of(value.0) == ffi::LUA_TTABLE);
    let mut request = request(state, script, context, table.map(|value| Table(value.0)))?;
    request.percpu = percpu;
    if percpu && request.context == Context::Process {
        return Err(state.raise(format_args!(
            "percpu is for softirq and hardirq: a process script has one state, for whoever resumes it"
        )));
    }
    start(state, |fuel| control::run(&request, fuel))
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
    if let Some(options) = options {
        read_options(state, options, &mut budget)?;
    }
    Ok(Request { name: script, context, budget, percpu: false })
}

/// Starts a script for another, which pays for its body.
pub(crate) fn start(
    state: State<'_>,
    start: impl FnOnce(&mut i64) -> Result<Handle, crate::failure::Failure>,
) -> lua::Result<Handle> {
    // What a person runs has its own budget, and not what the line that runs it has.
    let person = Runtime::of(state)?.person();
    let mut fuel = if person { i64::MAX } else { state.fuel() };
    let started = start(&mut fuel);
    if !person {
        state.set_fuel(fuel);
    }
    started.map_err(|failure| loader::raise(state, &failure))
}

fn read_options(state: State<'_>, Table(index): Table, budget: &mut Budget) -> lua::Result {
    let bound = |fuel: i64| (1..=FUEL_LIMIT).contains(&fuel).then_some(fuel);
    if let Some(fuel) = option(state, index, c"fuel", bound)? {
        budget.fuel = fuel;
    }
    if let Some(fuel) = option(state, index, c"load_fuel", bound)? {
        budget.load_fuel = fuel;
    }
    let bytes = |limit: usize| move |n: i64| usize::try_from(n).ok().filter(|n| (1024..=limit).contains(n));
    if let Some(memory) = option(state, index, c"memory", bytes(1 << 30))? {
        budget.memory = memory;
    }
    if let Some(stack) = option(state, index, c"stack", bytes(STACK_LIMIT))? {
        budget.stack = stack;
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
fn option<T>(state: State<'_>, table: c_int, name: &CStr, check: impl Fn(i64) -> Option<T>) -> lua::Result<Option<T>> {
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

/// `stop(script)`.
fn stop(state: State<'_>, script: &[u8]) -> lua::Result {
    Runtime::may_sleep(state)?;
    control::stop(script).map_err(|failure| loader::raise(state, &failure))
}

/// `list()`.
fn list(state: State<'_>) -> lua::Result<Pushed> {
    Runtime::may_sleep(state)?;
    state.push_bytes(&control::list())?;
    Ok(Pushed(1))
}

/// `status()`.
fn status(state: State<'_>) -> lua::Result<Pushed> {
    Runtime::may_sleep(state)?;
    state.push_bytes(&control::status())?;
    Ok(Pushed(1))
}

/// `shutdown()`.
fn shutdown(state: State<'_>) -> lua::Result {
    Runtime::may_sleep(state)?;
    control::shutdown().map_err(|failure| loader::raise(state, &failure))
}

/// `startup()`: Lunatik's scripts call it first. The tables of what runs are always there.
fn startup(_: State<'_>) {}
