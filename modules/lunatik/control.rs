// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The running scripts: run, stop, list.

use core::fmt::Write;
use kernel::alloc::{flags::GFP_KERNEL, KVec};
use kernel::error::code::*;
use kernel::sync::Arc;

use crate::failure::{Failure, Writer};
use crate::loader::{self, Plain};
use crate::{sys, Budget, Context, Runtime};

static RUNNING: sys::Global<KVec<Arc<Runtime>>> = sys::Global::new(KVec::new());

/// A script's name without the ending that Lunatik's users may add.
fn plain(name: &[u8]) -> &[u8] {
    name.strip_suffix(b".lua").unwrap_or(name)
}

fn position(running: &KVec<Arc<Runtime>>, name: &[u8]) -> Option<usize> {
    running.iter().position(|runtime| runtime.name().to_bytes() == name)
}

fn already(name: &[u8]) -> Failure {
    Failure::new(EEXIST, format_args!("{}: already running; stop it first", Plain(name)))
}

/// Makes a runtime for a script and starts it, or leaves nothing behind.
pub(crate) fn start(name: &[u8], context: Context, budget: Budget) -> Result<Arc<Runtime>, Failure> {
    let path = loader::path(name)?;
    let file = loader::read(&path)?;
    let runtime = Runtime::new(name, context, budget).map_err(|errno| {
        Failure::new(
            errno,
            format_args!("{}: no memory for the script's states (limit {} bytes each)", Plain(name), budget.memory),
        )
    })?;
    runtime.pin_lunatik()?;
    runtime.load(&path, file.bytes())?;
    Ok(runtime)
}

/// `run(name)`.
pub(crate) fn run(name: &[u8], context: Context, budget: Budget) -> Result<(), Failure> {
    let name = plain(name);
    if position(&RUNNING.lock(), name).is_some() {
        return Err(already(name));
    }
    let runtime = start(name, context, budget)?;
    let mut running = RUNNING.lock();
    let result = if position(&running, name).is_some() {
        Err(already(name))
    } else {
        running.push(runtime.clone(), GFP_KERNEL).map_err(|_| Failure::from(ENOMEM))
    };
    drop(running);
    // Only if it failed is this the last reference; it goes outside of the lock.
    drop(runtime);
    result
}

/// `stop(name)`: returns when nothing of the script runs any more.
pub(crate) fn stop(name: &[u8]) -> Result<(), Failure> {
    let name = plain(name);
    let mut running = RUNNING.lock();
    let Some(index) = position(&running, name) else {
        return Err(Failure::new(ENOENT, format_args!("{}: not running", Plain(name))));
    };
    let runtime = remove(&mut running, index);
    drop(running);
    runtime.stop();
    Ok(())
}

/// Stops all, the last started first.
pub(crate) fn shutdown() {
    loop {
        let mut running = RUNNING.lock();
        let Some(index) = running.len().checked_sub(1) else { return };
        let runtime = remove(&mut running, index);
        drop(running);
        runtime.stop();
    }
}

fn remove(running: &mut KVec<Arc<Runtime>>, index: usize) -> Arc<Runtime> {
    let last = running.len() - 1;
    // Keeps the order of the others.
    running[index..].rotate_left(1);
    // SAFETY: The element at `last` is read out, and the vector forgets it.
    unsafe {
        let runtime = core::ptr::read(&running[last]);
        running.set_len(last);
        runtime
    }
}

/// The names, comma-separated.
pub(crate) fn list() -> KVec<u8> {
    let mut text = Writer(KVec::new());
    for (index, runtime) in RUNNING.lock().iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        // A list that memory cuts short is all that can be had.
        let _ = write!(text, "{separator}{}", Plain(runtime.name().to_bytes()));
    }
    text.0
}

/// A line for each: name, context, states, bytes, faults.
pub(crate) fn status() -> KVec<u8> {
    let mut text = Writer(KVec::new());
    for runtime in RUNNING.lock().iter() {
        let (states, bytes) = runtime.size();
        let name = Plain(runtime.name().to_bytes());
        let _ = writeln!(text, "{name} {} {states} {bytes} {}", runtime.context().name(), runtime.faults());
    }
    text.0
}
