// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! /dev/lunatik's side of the runtime: chunks that control the others.

use core::ffi::{c_char, c_int, CStr};
use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicBool, Ordering};
use kernel::alloc::{flags::GFP_KERNEL, KVec};
use kernel::error::{code::*, Result};
use kernel::sync::Arc;
use lua::{function, Entry, FromLua, Pushed, State, Table};

use crate::budget::{Fail, FUEL_LIMIT, STACK_LIMIT};
use crate::failure::Failure;
use crate::{control, loader, sys, Budget, Context, Runtime};

static DRIVER: sys::Global<Option<Arc<Runtime>>> = sys::Global::new(None);

/// What a chunk finds as globals, and scripts as `require("lunatik.runner")`.
static RUNNER: [Entry; 5] = [
    function(c"run", run),
    function(c"stop", stop),
    function(c"list", list),
    function(c"status", status),
    function(c"shutdown", shutdown),
];

/// `require("lunatik.runner")`.
pub(crate) static RUNNER_MODULE: loader::Module =
    loader::Module { name: c"lunatik.runner", open: |state| state.push_library(&RUNNER) };

/// Whether the driver is to be replaced when its chunk has run.
static RENEW: AtomicBool = AtomicBool::new(false);

fn new() -> Result<Arc<Runtime>> {
    let mut budget = Budget::default_for(Context::Process);
    budget.memory = budget.memory.max(4 << 20);
    let driver = Runtime::new(b"driver", Context::Process, budget)?;
    driver.load_nothing()?;
    driver.with(globals)?.map_err(|_| ENOMEM)?;
    Ok(driver)
}

/// Makes the driver's runtime.
pub(crate) fn start() -> Result {
    let driver = new()?;
    *DRIVER.lock() = Some(driver);
    Ok(())
}

/// Gives the driver a fresh state once its chunk has run: modules that chunks required are free.
fn renew() -> Result {
    if RENEW.swap(false, Ordering::Relaxed) {
        let fresh = new()?;
        let old = DRIVER.lock().replace(fresh);
        drop(old);
    }
    Ok(())
}

/// Ends it.
pub(crate) fn end() {
    let driver = DRIVER.lock().take();
    drop(driver);
}

fn globals(state: State<'_>) -> lua::Result {
    for entry in &RUNNER {
        // SAFETY: The state is valid; this index of the registry is the table of globals.
        unsafe { lua::ffi::lua_rawgeti(state.as_ptr(), lua::ffi::LUA_REGISTRYINDEX, lua::ffi::LUA_RIDX_GLOBALS) };
        entry.push(state);
        state.set_field(-2, entry.name())?;
        state.pop(1);
    }
    Ok(())
}

/// Runs a chunk and writes down its results, tab-separated, or why it failed. If another chunk
/// is at it, which may take long or wait, this one gets a state of its own.
fn execute(chunk: &[u8]) -> (KVec<u8>, Result) {
    let driver = DRIVER.lock().clone();
    let Some(driver) = driver else { return (KVec::new(), Err(ENXIO)) };
    let evaluate = |state: State<'_>| {
        let outcome = evaluate(state, chunk);
        state.set_top(0);
        outcome
    };
    let outcome = match driver.with_now(evaluate) {
        Ok(Err(evaluate)) => new().and_then(|other| other.with(evaluate)),
        Ok(Ok(outcome)) => Ok(outcome),
        Err(errno) => Err(errno),
    };
    drop(driver);
    match outcome {
        Ok(Ok(text)) => (text, renew()),
        Ok(Err(failure)) => (failure.text, Err(failure.errno)),
        Err(errno) => (KVec::new(), Err(errno)),
    }
}

fn evaluate(state: State<'_>, chunk: &[u8]) -> core::result::Result<KVec<u8>, Failure> {
    let called = state.load(chunk, c"=lunatik").and_then(|()| state.call_traced(0, -1));
    if called.is_err() || state.fuel() < 0 {
        return Err(Failure::of_lua(state));
    }
    let mut text = KVec::new();
    for index in 1..=state.top() {
        if index > 1 {
            text.push(b'\t', GFP_KERNEL).map_err(|_| ENOMEM)?;
        }
        state.push_text(index).map_err(|_| Failure::of_lua(state))?;
        text.extend_from_slice(state.bytes(-1), GFP_KERNEL).map_err(|_| ENOMEM)?;
        state.pop(1);
    }
    Ok(text)
}

/// See shim.h.
#[no_mangle]
unsafe extern "C" fn lunatik_execute(
    chunk: *const c_char,
    length: usize,
    result: *mut *mut c_char,
    result_length: *mut usize,
) -> c_int {
    // SAFETY: shim.c passes a buffer of this length.
    let chunk = unsafe { core::slice::from_raw_parts(chunk.cast(), length) };
    let (text, status) = execute(chunk);
    // The memory of a KVec is kmalloc's, which shim.c frees with kvfree.
    let mut text = ManuallyDrop::new(text);
    // SAFETY: shim.c passes pointers to write to.
    unsafe {
        if text.capacity() > 0 {
            *result = text.as_mut_ptr().cast();
            *result_length = text.len();
        }
    }
    status.map_or_else(|errno| errno.to_errno(), |()| 0)
}

/// `run(script[, context[, options]])`.
fn run(state: State<'_>, script: &[u8], context: Option<&[u8]>, options: Option<Table>) -> lua::Result {
    Runtime::may_sleep(state)?;
    let name = context.unwrap_or(b"process");
    let Some(context) = Context::from_name(name) else {
        let name = loader::Plain(name);
        return Err(state.raise(format_args!("unknown context '{name}': process, softirq or hardirq")));
    };
    let mut budget = Budget::default_for(context);
    if let Some(Table(index)) = options {
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
    }
    control::run(script, context, budget).map_err(|failure| loader::raise(state, &failure))
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
        None => Err(state.raise(format_args!("option '{}' is out of range", loader::Plain(name.to_bytes())))),
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
    control::shutdown();
    RENEW.store(true, Ordering::Relaxed);
    Ok(())
}
