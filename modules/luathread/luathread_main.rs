// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `thread`: kernel threads that run the scripts of process runtimes.
//!
//! A thread calls what its script's body returned, and lives until that returns. It is asked to end
//! when somebody stops it, when its runtime stops, and when nobody holds it any more; the state that
//! has made it holds it as long as it lives. Who is asked to end wakes up from whatever sleeps on
//! behalf of scripts, and has little fuel left.
//!
//! # thread
//!
//! Kernel threads that run scripts, for process context; to be granted. Elsewhere its functions raise "runtime context mismatch".
//!
//! | function | |
//! |---|---|
//! | `thread.run(runtime, name)` | a kernel thread of that name (its first 15 bytes are what `ps` shows), which does `runtime:resume()` once: it calls what the script's body returned. At most 64 live at once |
//! | `thread.shouldstop()` | whether the script shall come to its end: its thread is being stopped, or its runtime |
//! | `thread.current()` | the thread that runs the script; or the task that does, which has `task` only |
//! | `t:stop()` | asks the thread to end, and returns when it has; harmless if it has already. Raises "deadlock" if it would wait for itself |
//! | `t:task()` | a table: `pid`, `tgid`, `command`, `cpu`; nil once it has ended |
//!
//! A thread keeps its runtime running. It ends when its function returns or fails (the failure is in the log and in the
//! script's books), and is asked to end when it is stopped, when its runtime stops (`lunatik stop`, `shutdown`, `unload`), and
//! when nobody holds it. The state that made it holds it, whether it keeps the result or not, so a script's threads end with
//! the script at the latest, unless others hold them, too (4.4 leaves them running). Who is asked to end wakes up (`linux.schedule`,
//! `c:wait`, a call of another runtime), and has little fuel left for a farewell.
//!
//! A thread's one call may go on for ever: when it has slept, or asked `shouldstop`, it has the fuel of a call anew, and what it
//! spent until then is a call in its books. A loop that does neither runs out of fuel.
//!
//! `lunatik spawn SCRIPT` runs a script so; its thread is in `lunatik._ENV.threads` until the script is stopped:
//!
//! ```lua process
//! -- says so once a second
//! local linux, thread = require("linux"), require("thread")
//! return function()
//!   while not thread.shouldstop() do
//!     print("alive")
//!     linux.schedule(1000)
//!   end
//! end
//! ```

mod number;
mod sys;

use core::ffi::c_int;
use core::sync::atomic::{AtomicUsize, Ordering};
use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{ffi, function, method, Class, Entry, Kind, Object, Pushed, State};
use lunatik_core::{errno, leaving, register, Access, Context, Handle, Life, Registration, Runtime};

use number::Number;
use sys::Task;

module! {
    type: Module,
    name: "luathread",
    author: "The Lunagate authors",
    description: "Lua kernel threads",
    license: "Dual MIT/GPL",
}

/// What a thread costs the script that makes it.
const START: usize = 1000;

/// What a thread and those who hold it have together.
pub(crate) struct Body {
    pub(crate) life: Life,
    pub(crate) task: Task,
    /// Objects, in Lua or elsewhere.
    holders: AtomicUsize,
    /// Whether it was made by `thread.run`: others are not ours to stop.
    ours: bool,
}

/// What a thread alone has.
pub(crate) struct Share {
    pub(crate) body: Arc<Body>,
    /// It keeps its runtime running.
    pub(crate) runtime: Handle,
    _number: Number,
}

/// The class `thread`.
pub struct Thread(Arc<Body>);

static THREAD: Class = Class::new::<Thread>(c"thread", &[method(c"stop", Thread::stop), method(c"task", Thread::task)])
    .shared::<Thread>(|| THIS_MODULE.as_ptr().cast());

impl Object for Thread {
    const CLASS: &'static Class = &THREAD;
}

impl Clone for Thread {
    fn clone(&self) -> Thread {
        Thread::of(self.0.clone())
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        if self.0.holders.fetch_sub(1, Ordering::AcqRel) == 1 {
            // In every context: whoever held it last does not wait.
            self.0.life.ask();
        }
    }
}

/// Threads are tasks' business.
fn check_context(state: State<'_>) -> lua::Result {
    match Runtime::of(state)?.context() {
        Context::Process => Ok(()),
        _ => Err(Kind::Context.into()),
    }
}

impl Thread {
    fn of(body: Arc<Body>) -> Thread {
        body.holders.fetch_add(1, Ordering::Relaxed);
        Thread(body)
    }

    fn new(task: Task, ours: bool) -> Result<Thread> {
        let body = Body { life: Life::new()?, task, holders: AtomicUsize::new(0), ours };
        Ok(Thread::of(Arc::new(body, GFP_KERNEL)?))
    }

    /// `thread.run(runtime, name)`
    fn run(state: State<'_>, runtime: &Handle, name: &[u8]) -> lua::Result<Pushed> {
        check_context(state)?;
        Runtime::may_sleep(state)?;
        if runtime.runtime().context() != Context::Process {
            return Err(lua::Error::from(Kind::Context).at(1));
        }
        if name.is_empty() || name.contains(&0) {
            return Err(lua::Error::from(Kind::InvalidValue).at(2));
        }
        state.spend(START)?;
        let Some(number) = Number::new() else {
            return Err(state.raise(format_args!("thread.run: {} threads live already", number::MOST)));
        };
        let thread = Thread::new(Task::none(), true).map_err(|_| Kind::NoMemory)?;
        let body = thread.0.clone();
        state.push(thread)?;
        keep(state, &number)?;
        let share = Share { body, runtime: runtime.clone(), _number: number };
        let started = KBox::new(share, GFP_KERNEL).map_err(|_| ENOMEM).and_then(|share| sys::start(name, share));
        match started {
            Ok(()) => Ok(Pushed(1)),
            Err(errno) if errno == ENOMEM => Err(Kind::NoMemory.into()),
            Err(errno) => {
                Err(state.raise(format_args!("thread.run: the kernel makes no thread: {}", errno::Shown(errno))))
            }
        }
    }

    /// `thread.current()`: the thread that runs the script, or what else does.
    fn current(state: State<'_>) -> lua::Result<Thread> {
        check_context(state)?;
        match sys::with_share(|share| Thread::of(share.body.clone())) {
            Some(thread) => Ok(thread),
            None => Thread::new(Task::current(), false).map_err(|_| Kind::NoMemory.into()),
        }
    }

    /// `thread:stop()`: returns when it has come to its end.
    fn stop(&self, state: State<'_>) -> lua::Result {
        Runtime::may_sleep(state)?;
        check_context(state)?;
        if !self.0.ours {
            return Err(state.raise(format_args!("thread:stop: this task is none of thread.run's")));
        }
        match self.0.life.stop() {
            Ok(()) => Ok(()),
            Err(errno) if errno == EINTR => Err(state.raise(format_args!("thread:stop: interrupted"))),
            Err(_) => Err(state.raise(format_args!("thread:stop: deadlock: it is waiting for this call to end"))),
        }
    }

    /// `thread:task()`: a table, or nil if it has ended.
    fn task(&self, state: State<'_>) -> lua::Result<Pushed> {
        // A task's name is read under a lock that is taken with interrupts on.
        check_context(state)?;
        let Some(task) = self.0.task.describe().filter(|_| !self.0.life.is_over()) else {
            return state.push(None::<bool>).map(Pushed);
        };
        state.push_table(0, 4)?;
        for (name, value) in [(c"pid", task.pid), (c"tgid", task.tgid), (c"cpu", task.cpu)] {
            state.push(value)?;
            state.set_field(-2, name)?;
        }
        state.push(task.command())?;
        state.set_field(-2, c"command")?;
        Ok(Pushed(1))
    }
}

/// Makes this state hold the thread on top of the stack, in place of one that had its number.
fn keep(state: State<'_>, number: &Number) -> lua::Result {
    const KEPT: &core::ffi::CStr = c"lunatik.threads";
    let thread: c_int = state.top();
    state.get_field(ffi::LUA_REGISTRYINDEX, KEPT)?;
    if state.is_none_or_nil(-1) {
        state.push_table(0, 0)?;
        state.push_value(-1);
        state.set_field(ffi::LUA_REGISTRYINDEX, KEPT)?;
    }
    let kept = state.top();
    state.push_value(thread);
    state.raw_set_index(kept, number.get())?;
    state.set_top(thread);
    Ok(())
}

/// `thread.shouldstop()`: whether this script shall come to its end, whatever task runs it.
fn shouldstop(state: State<'_>) -> lua::Result<bool> {
    check_context(state)?;
    Ok(leaving(state))
}

static LIBRARY: [Entry; 3] =
    [function(c"run", Thread::run), function(c"current", Thread::current), function(c"shouldstop", shouldstop)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"thread", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
