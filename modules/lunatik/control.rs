// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The running scripts: run, stop, list.

use core::fmt::Write;
use kernel::alloc::{flags::GFP_KERNEL, KVec};
use kernel::error::code::*;
use kernel::str::CString;
use kernel::sync::Arc;
use lua::Shared;

use crate::capabilities::Capabilities;
use crate::environment::{self, Place};
use crate::failure::{Failure, Writer};
use crate::handle::Handle;
use crate::loader::{self, Plain};
use crate::portable::Portable;
use crate::{driver, events, report, sys, Budget, Context, Runtime};

/// A runtime that lives.
struct Entry {
    runtime: Arc<Runtime>,
    /// For what `run` started: this keeps it running. Others run as long as someone holds them.
    listed: Option<Listed>,
}

impl Entry {
    fn is_of(&self, runtime: &Runtime) -> bool {
        core::ptr::eq(&*self.runtime, runtime)
    }
}

struct Listed {
    handle: Handle,
    how: How,
}

/// How a person may start a script.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// Once.
    Run,
    /// For every CPU, which scripts of hooks are in any case: this records it.
    Percpu,
    /// In a kernel thread.
    Spawn,
    /// For a program's sockets, several times perhaps: see service.rs.
    Sockets,
}

impl Entry {
    /// How it came to run: as a person ran it, or by another script.
    fn started(&self) -> &'static str {
        match &self.listed {
            Some(Listed { how: How::Percpu, .. }) => "percpu",
            Some(Listed { how: How::Spawn, .. }) => "spawn",
            Some(Listed { how: How::Sockets, .. }) => "sockets",
            Some(Listed { how: How::Run, .. }) => "run",
            None => "runtime",
        }
    }
}

static RUNNING: sys::Global<KVec<Entry>> = sys::Global::new(KVec::new());

/// What to start, and how.
pub(crate) struct Request<'a> {
    pub(crate) name: &'a [u8],
    /// The script itself, if it is in no file.
    pub(crate) text: Option<&'a [u8]>,
    pub(crate) context: Context,
    pub(crate) budget: Budget,
    pub(crate) capabilities: Capabilities,
    /// One state for all CPUs.
    pub(crate) single: bool,
    pub(crate) how: How,
}

/// A script's name without the ending that Lunatik's users may add.
fn plain(name: &[u8]) -> &[u8] {
    name.strip_suffix(b".lua").unwrap_or(name)
}

fn find<'a>(running: &'a KVec<Entry>, name: &[u8]) -> Option<&'a Entry> {
    running.iter().find(|entry| entry.listed.is_some() && entry.runtime.name().to_bytes() == name)
}

fn already(name: &[u8]) -> Failure {
    Failure::new(EEXIST, format_args!("{}: already running; stop it first", Plain(name)))
}

fn check_room(running: &KVec<Entry>) -> Result<(), Failure> {
    let limit = sys::limits().runtimes;
    if running.len() as u64 >= limit {
        return Err(Failure::new(
            ENOSPC,
            format_args!("{limit} runtimes live already (module parameter runtimes of lunatik)"),
        ));
    }
    Ok(())
}

/// Makes a runtime for a script and starts it, or leaves nothing behind. `fuel` is what there is
/// for the script's body, and then what is left.
pub(crate) fn start(request: &Request<'_>, fuel: &mut i64) -> Result<Handle, Failure> {
    let handle = build(request, fuel)?;
    enlist(Entry { runtime: handle.shared(), listed: None })?;
    events::started(handle.runtime());
    Ok(handle)
}

/// `run(name)`: the same under its name, until it is stopped.
pub(crate) fn run(request: &Request<'_>, fuel: &mut i64) -> Result<Handle, Failure> {
    if find(&RUNNING.lock(), plain(request.name)).is_some() {
        return Err(already(plain(request.name)));
    }
    let handle = build(request, fuel)?;
    let listed = Listed { handle: handle.clone(), how: request.how };
    enlist(Entry { runtime: handle.shared(), listed: Some(listed) })?;
    show(&handle, request.how)?;
    Ok(handle)
}

/// The same for the sockets of a program, beside others of this name that do so.
pub(crate) fn serve(request: &Request<'_>) -> Result<Arc<Runtime>, Failure> {
    let handle = build(request, &mut { i64::MAX })?;
    let runtime = handle.shared();
    enlist(Entry { runtime: runtime.clone(), listed: Some(Listed { handle, how: How::Sockets }) })?;
    events::started(&runtime);
    Ok(runtime)
}

/// `replace(name)`: the script as it is now takes the place of the one that runs. At no time is
/// there none: for a moment there are both, and a packet goes on if both let it.
pub(crate) fn replace(request: &Request<'_>, fuel: &mut i64) -> Result<Handle, Failure> {
    let name = plain(request.name);
    let (old, how) = find(&RUNNING.lock(), name)
        .map(|entry| (entry.runtime.clone(), entry.started()))
        .ok_or_else(|| not_running(name))?;
    if how == "spawn" {
        return Err(Failure::new(EBUSY, format_args!("{}: has a thread; stop it, then spawn it", Plain(name))));
    }
    if how == "sockets" {
        return Err(Failure::new(EBUSY, format_args!("{}: has a program's sockets, which keep it", Plain(name))));
    }
    let handle = build(request, fuel)?;
    let listed = Listed { handle: handle.clone(), how: request.how };
    let before = match succeed(&old, Entry { runtime: handle.shared(), listed: Some(listed) }) {
        Ok(before) => before,
        Err(failure) => {
            end(handle.runtime())?;
            return Err(failure);
        }
    };
    if let Err(failure) = publish(&handle, request.how) {
        give_back(&old, handle.runtime(), before);
        end(handle.runtime())?;
        return Err(failure);
    }
    events::started(handle.runtime());
    // What cannot be stopped now ends when the last that holds it lets go.
    let ended = end(&old);
    drop(before);
    ended?;
    Ok(handle)
}

/// Makes a runtime for a script and starts it, or leaves nothing behind.
fn build(request: &Request<'_>, fuel: &mut i64) -> Result<Handle, Failure> {
    let name = plain(request.name);
    if sys::killed() {
        return Err(Failure::new(EINTR, format_args!("{}: interrupted", Plain(name))));
    }
    check_room(&RUNNING.lock())?;
    let path = match request.text {
        Some(_) => CString::try_from_fmt(kernel::fmt!("{}", Plain(name)))?,
        None => loader::path(name)?,
    };
    let file = request.text.is_none().then(|| loader::read(&path)).transpose()?;
    let chunk = request.text.or(file.as_ref().map(|file| file.bytes())).unwrap_or(b"");
    let capabilities = request.capabilities.copy()?;
    let made = Runtime::new(name, request.context, request.budget, capabilities, request.single);
    let runtime = made.map_err(|errno| {
        Failure::new(
            errno,
            format_args!(
                "{}: no memory for the script's states (limit {} bytes each)",
                Plain(name),
                request.budget.memory
            ),
        )
    })?;
    runtime.pin_lunatik()?;
    // What its body gave to others may hold it, too: it ends whoever does.
    if let Err(failure) = runtime.load(&path, chunk, fuel) {
        Runtime::abandon(runtime);
        return Err(failure);
    }
    Ok(Handle::new(runtime)?)
}

/// Tells of a runtime that has a name, or ends it.
fn show(handle: &Handle, how: How) -> Result<(), Failure> {
    if let Err(failure) = publish(handle, how) {
        end(handle.runtime())?;
        return Err(failure);
    }
    events::started(handle.runtime());
    Ok(())
}

/// Gives the name of a runtime to another, and returns what kept the first one running.
fn succeed(old: &Runtime, entry: Entry) -> Result<Option<Listed>, Failure> {
    let mut running = RUNNING.lock();
    running.reserve(1, GFP_KERNEL).map_err(|_| ENOMEM)?;
    let Some(before) = running.iter_mut().find(|entry| entry.is_of(old) && entry.listed.is_some()) else {
        let name = old.name().to_bytes();
        return Err(Failure::new(ESRCH, format_args!("{}: stopped meanwhile", Plain(name))));
    };
    let listed = before.listed.take();
    let _ = running.push(entry, GFP_KERNEL);
    Ok(listed)
}

/// Gives the name back to the first, unless somebody has stopped that meanwhile. That needs no memory, but for `lunatik._ENV`.
fn give_back(old: &Runtime, new: &Runtime, before: Option<Listed>) {
    let shown = before.as_ref().map(|listed| (listed.handle.clone(), listed.how));
    let mut running = RUNNING.lock();
    let taken = running.iter_mut().find(|entry| entry.is_of(new)).and_then(|entry| entry.listed.take());
    let left = match running.iter_mut().find(|entry| entry.is_of(old)) {
        Some(entry) => core::mem::replace(&mut entry.listed, before),
        None => before,
    };
    // What lets go may stop a runtime, outside of the lock.
    drop(running);
    drop((taken, left));
    hide(new);
    if let Some((handle, how)) = shown {
        let _ = publish(&handle, how);
    }
}

/// Takes a runtime among those that live.
fn enlist(entry: Entry) -> Result<(), Failure> {
    let mut running = RUNNING.lock();
    let name = entry.runtime.name().to_bytes();
    let alone = |entry: &Entry| entry.listed.as_ref().is_some_and(|listed| listed.how != How::Sockets);
    let taken = entry.listed.is_some() && find(&running, name).is_some_and(|other| alone(other) || alone(&entry));
    let entered = if taken { Err(already(name)) } else { check_room(&running) };
    // What is refused ends outside of the lock.
    let refused = match entered {
        Ok(()) => match running.reserve(1, GFP_KERNEL) {
            Ok(()) => {
                let _ = running.push(entry, GFP_KERNEL);
                return Ok(());
            }
            Err(_) => Failure::from(ENOMEM),
        },
        Err(failure) => failure,
    };
    drop(running);
    let runtime = entry.runtime.clone();
    drop(entry);
    end(&runtime)?;
    Err(refused)
}

/// Shows a runtime in `lunatik._ENV`.
fn publish(handle: &Handle, how: How) -> Result<(), Failure> {
    let show = |place| {
        let object = Shared::new(handle.clone()).map_err(|_| ENOMEM)?;
        show_in(place, handle.runtime(), Portable::Object(object))
    };
    show(Place::Runtimes)?;
    if how == How::Percpu {
        show(Place::Percpu)?;
    } else {
        // Where one that this replaces may be; that needs no memory.
        let _ = environment::set(Place::Percpu, handle.runtime().name().to_bytes(), Portable::Nil);
    }
    Ok(())
}

/// Shows what is of a runtime, under its name.
pub(crate) fn show_in(place: Place, runtime: &Runtime, value: Portable<&[u8]>) -> kernel::error::Result {
    let name = runtime.name().to_bytes();
    environment::set(place, name, value)?;
    // Who stops it meanwhile may have taken it away already.
    if runtime.is_closing() {
        environment::set(place, name, Portable::Nil)?;
    }
    Ok(())
}

/// Takes a stopped runtime from among those that live.
fn forget(runtime: &Runtime) {
    let mut running = RUNNING.lock();
    let Some(index) = running.iter().position(|entry| entry.is_of(runtime)) else { return };
    let entry = remove(&mut running, index);
    drop(running);
    events::stopped(runtime);
    if entry.listed.is_some() {
        hide(runtime);
    }
}

/// Takes from `lunatik._ENV` what is under the name of a runtime, which needs no memory.
fn hide(runtime: &Runtime) {
    for place in [Place::Runtimes, Place::Percpu, Place::Threads] {
        let _ = environment::set(place, runtime.name().to_bytes(), Portable::Nil);
    }
}

/// Stops a runtime: returns when nothing of it runs any more, nor of what its finalizers stop.
pub(crate) fn end(runtime: &Runtime) -> Result<(), Failure> {
    end_one(runtime)?;
    end_doomed(runtime);
    Ok(())
}

fn end_one(runtime: &Runtime) -> Result<(), Failure> {
    runtime.stop()?;
    forget(runtime);
    Ok(())
}

/// What the finalizers of one that has closed stop comes to its end, and what the finalizers of that stop. One after the
/// other, for the stack is the same for all.
pub(crate) fn end_doomed(runtime: &Runtime) {
    let mut doomed = runtime.take_doomed();
    let mut next = 0;
    while let Some(one) = doomed.get(next).cloned() {
        next += 1;
        let ended = end_one(&one).and_then(|()| {
            one.take_doomed().iter().try_for_each(|more| doomed.push(more.clone(), GFP_KERNEL)).map_err(|_| ENOMEM)?;
            Ok(())
        });
        // The finalizer that asked for it is over.
        if let Err(failure) = ended {
            sys::complain(one.name(), &failure.text, b"");
        }
    }
}

/// `stop(name)` in a finalizer of `closing`: has the script stopped when that has closed.
pub(crate) fn stop_after(closing: &Runtime, name: &[u8]) -> Result<(), Failure> {
    let name = plain(name);
    let mut found = Err(not_running(name));
    for entry in RUNNING.lock().iter() {
        if entry.listed.is_some() && entry.runtime.name().to_bytes() == name {
            closing.doom(entry.runtime.clone()).map_err(|_| ENOMEM)?;
            found = Ok(());
        }
    }
    found
}

/// `stop(name)`: returns when nothing of the script runs any more, for whichever sockets.
pub(crate) fn stop(name: &[u8]) -> Result<(), Failure> {
    let name = plain(name);
    let mut stopped = Err(not_running(name));
    loop {
        let found = find(&RUNNING.lock(), name).map(|entry| entry.runtime.clone());
        let Some(runtime) = found else { return stopped };
        end(&runtime)?;
        stopped = Ok(());
    }
}

/// `resume(name)`: ends the quarantine of a script, for all sockets; whether it was in one.
pub(crate) fn resume(name: &[u8]) -> Result<bool, Failure> {
    let name = plain(name);
    // One that another script started is a policy, too.
    let living = living()?;
    let mut named = living.iter().filter(|(runtime, _)| runtime.name().to_bytes() == name).peekable();
    if named.peek().is_none() {
        return Err(not_running(name));
    }
    let mut any = false;
    for (runtime, _) in named {
        if runtime.recover() {
            events::resumed(runtime);
            any = true;
        }
    }
    Ok(any)
}

fn not_running(name: &[u8]) -> Failure {
    Failure::new(ENOENT, format_args!("{}: not running", Plain(name)))
}

/// Stops all that live, the last started first, and forgets what they shared. The driver, if it
/// is not the caller, and scripts that wait for the caller go on; one of them is the error.
pub(crate) fn shutdown() -> Result<(), Failure> {
    let mut result = Ok(());
    let mut index = RUNNING.lock().len();
    while let Some(last) = index.checked_sub(1) {
        let runtime = RUNNING.lock().get(last).map(|entry| entry.runtime.clone());
        if let Some(Err(failure)) = runtime.as_deref().map(end) {
            result = Err(failure);
        }
        index = last.min(RUNNING.lock().len());
    }
    environment::clear();
    driver::renew_later();
    result
}

fn remove(running: &mut KVec<Entry>, index: usize) -> Entry {
    let last = running.len() - 1;
    // Keeps the order of the others.
    running[index..].rotate_left(1);
    // SAFETY: The element at `last` is read out, and the vector forgets it.
    let entry = unsafe {
        let entry = core::ptr::read(&running[last]);
        running.set_len(last);
        entry
    };
    // Nobody drops a static when the module goes: empty, it holds no memory.
    if last == 0 {
        *running = KVec::new();
    }
    entry
}

/// The names, comma-separated.
pub(crate) fn list() -> KVec<u8> {
    let mut text = Writer(KVec::new());
    let running = RUNNING.lock();
    for entry in running.iter().filter(|entry| entry.listed.is_some()) {
        let name = entry.runtime.name().to_bytes();
        // Those of sockets are several.
        if find(&running, name).is_some_and(|first| !core::ptr::eq(first, entry)) {
            continue;
        }
        let separator = if text.0.is_empty() { "" } else { ", " };
        // A list that memory cuts short is all that can be had.
        let _ = write!(text, "{separator}{}", Plain(name));
    }
    text.0
}

/// The runtimes that live, and how each was started.
fn living() -> Result<KVec<(Arc<Runtime>, &'static str)>, Failure> {
    let mut living = KVec::new();
    for entry in RUNNING.lock().iter() {
        living.push((entry.runtime.clone(), entry.started()), GFP_KERNEL).map_err(|_| ENOMEM)?;
    }
    Ok(living)
}

/// A line for each that lives: name, context, states, bytes, faults, how it was started (`run`,
/// `percpu`, `spawn`, `sockets`, or `runtime` by another script), and `running` or `quarantined`.
pub(crate) fn status() -> Result<KVec<u8>, Failure> {
    let mut text = Writer(KVec::new());
    for (runtime, how) in living()?.iter() {
        let states = runtime.states()?;
        let bytes: usize = states.iter().map(|state| state.bytes).sum();
        let faults: u64 = states.iter().flat_map(|state| state.ledger.faults()).map(|(_, count)| count).sum();
        let (name, context) = (Plain(runtime.name().to_bytes()), runtime.context().name());
        let state = if runtime.is_quarantined() { "quarantined" } else { "running" };
        writeln!(text, "{name} {context} {} {bytes} {faults} {how} {state}", states.len()).map_err(|_| ENOMEM)?;
    }
    Ok(text.0)
}

/// An object of JSON on a line for each that lives.
pub(crate) fn statistics() -> Result<KVec<u8>, Failure> {
    let mut text = Writer(KVec::new());
    for (runtime, how) in living()?.iter() {
        report::write(&mut text, runtime, how)?;
    }
    Ok(text.0)
}
