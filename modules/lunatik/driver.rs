// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! /dev/lunatik's side of the runtime: chunks that control the others.

use core::ffi::{c_char, c_int};
use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicBool, Ordering};
use kernel::alloc::{
    flags::{__GFP_NOWARN, GFP_KERNEL},
    KVec,
};
use kernel::error::{code::*, Result};
use kernel::sync::Arc;
use lua::State;

use crate::capabilities::Capabilities;
use crate::failure::Failure;
use crate::slot::Slot;
use crate::{reclaim, runner, sys, Budget, Context, Runtime};

static DRIVER: sys::Global<Option<Arc<Runtime>>> = sys::Global::new(None);

/// Whether the driver is to be replaced when its chunk has run.
static RENEW: AtomicBool = AtomicBool::new(false);

/// What a chunk gave up, and what that gives up in turn: its writer waits for so many rounds, and
/// for some two seconds.
const ROUNDS: usize = 4;
const NAPS: usize = 500;

/// How many naps a chunk waits for the one before it to end, some second: most take less than one. A person's next line
/// finds what the last one has set, however many commands others run meanwhile.
const PATIENCE: usize = 250;

fn new() -> Result<Arc<Runtime>> {
    let mut budget = Budget::default_for(Context::Process);
    budget.memory = budget.memory.max(4 << 20);
    let driver = Runtime::new(b"driver", Context::Process, budget, Capabilities::ALL, false)?;
    driver.is_a_persons();
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

/// Ends it.
pub(crate) fn end() {
    let driver = DRIVER.lock().take();
    if let Some(driver) = driver {
        Runtime::abandon(driver);
    }
}

/// Gives the driver a fresh state after the chunk that runs, or the next: what chunks hold, and
/// modules that they required, are free then.
pub(crate) fn renew_later() {
    RENEW.store(true, Ordering::Relaxed);
}

fn renew() -> core::result::Result<(), Failure> {
    if RENEW.swap(false, Ordering::Relaxed) {
        let fresh = new()?;
        let old = DRIVER.lock().replace(fresh);
        if let Some(old) = old {
            Runtime::abandon(old);
        }
    }
    Ok(())
}

fn globals(state: State<'_>) -> lua::Result {
    for entry in &runner::LIBRARY {
        state.push_globals();
        entry.push(state);
        state.set_field(-2, entry.name())?;
        state.pop(1);
    }
    Ok(())
}

/// Runs a chunk and writes down its results, tab-separated, or why it failed.
fn execute(chunk: &[u8]) -> (KVec<u8>, Result) {
    let mut outcome = run(chunk);
    if outcome.is_ok() {
        outcome = renew().map(|()| outcome.unwrap_or_default());
    }
    // What the chunk gave up is gone when its writer goes on, and a module that it was of free.
    reclaim::settle(ROUNDS, NAPS);
    match outcome {
        Ok(text) => (text, Ok(())),
        Err(failure) => (failure.text, Err(failure.errno)),
    }
}

/// If another chunk stays at it, for it takes long or waits, this one gets a state of its own.
fn run(chunk: &[u8]) -> core::result::Result<KVec<u8>, Failure> {
    let mut patience = PATIENCE;
    loop {
        let Some(driver) = DRIVER.lock().clone() else { return Err(ENXIO.into()) };
        let evaluate = |state: State<'_>| {
            let outcome = evaluate(state, chunk);
            state.set_top(0);
            state.collect();
            outcome
        };
        let outcome = match driver.with_now(evaluate) {
            Ok(Err(_)) if patience > 0 && !sys::killed() => {
                patience -= 1;
                sys::nap();
                continue;
            }
            Ok(Err(evaluate)) => {
                let another = new()?;
                let outcome = another.with(evaluate);
                Runtime::abandon(another);
                outcome
            }
            Ok(Ok(outcome)) => Ok(outcome),
            // Replaced in this moment.
            Err(errno) if errno == ENXIO && driver.is_closing() => continue,
            Err(errno) => Err(errno),
        };
        return outcome.unwrap_or_else(|errno| Err(errno.into()));
    }
}

fn evaluate(state: State<'_>, chunk: &[u8]) -> core::result::Result<KVec<u8>, Failure> {
    let called = state.load(chunk, c"=lunatik").and_then(|()| state.call_traced(0, -1));
    if called.is_err() || Slot::of(state).fuel(state) < 0 {
        return Err(Failure::of_lua(state, GFP_KERNEL));
    }
    let mut text = KVec::new();
    for index in 1..=state.top() {
        if index > 1 {
            text.push(b'\t', GFP_KERNEL).map_err(|_| ENOMEM)?;
        }
        state.push_text(index).map_err(|_| Failure::of_lua(state, GFP_KERNEL))?;
        text.extend_from_slice(state.bytes(-1), GFP_KERNEL | __GFP_NOWARN).map_err(|_| ENOMEM)?;
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
    // SAFETY: device.c passes a buffer of this length.
    let chunk = unsafe { core::slice::from_raw_parts(chunk.cast(), length) };
    let (text, status) = execute(chunk);
    // The memory of a KVec is kmalloc's, which device.c frees with kvfree.
    let mut text = ManuallyDrop::new(text);
    // SAFETY: device.c passes pointers to write to.
    unsafe {
        if text.capacity() > 0 {
            *result = text.as_mut_ptr().cast();
            *result_length = text.len();
        }
    }
    status.map_or_else(|errno| errno.to_errno(), |()| 0)
}
