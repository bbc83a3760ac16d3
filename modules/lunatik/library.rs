// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `lunatik`: scripts that run others, and what all of them see.
//!
//! # lunatik
//!
//! `lunatik.runtime(script[, context[, options]])`, in process context, runs another script and gives a
//! `runtime`. It runs as long as someone holds it, or until `rt:stop()` or the end of a `<close>`
//! variable. At most 64 runtimes live at once (the parameter `runtimes`).
//!
//! `rt:resume(...)` calls what the script's body returned, and later goes on where that yielded;
//! it returns what was yielded or returned. Arguments and results cross as copies, with the types that
//! an rcu table takes, and nil, at most as many bytes together as a state of the script that gives them may hold (`--memory`),
//! else it raises an error. In a softirq or hardirq script each CPU's state is resumed, and the results are
//! the first one's; as long as it has no hooks, the function may do what the body may. An error on
//! one of them ends the script's function on all; fuel that it uses is the caller's. A call that would wait for itself (a
//! runtime that resumes or stops itself, or two that resume each other) raises "deadlock". Runtimes in runtimes
//! share one kernel stack: after two or three, "C stack overflow". What `require` compiles has a stack of its own.
//!
//! `lunatik._ENV` is an rcu table that all scripts see. In it, for reading only, are the tables `runtimes`
//! (what `run` started, by name), `percpu` (those run with `percpu`), `threads` (those of `spawn`) and `lasting` (tables of
//! [tables that outlast scripts](#rcu), by the scripts' names). In a softirq or hardirq
//! script `require("lunatik")` has `_ENV` only, and `resume` and `stop` raise "function may sleep".
//!
//! While a state closes, finalizers of the script run, but nothing in them may sleep.
//!
//! ```lua process
//! -- what is in it, every script sees
//! require("lunatik")._ENV.greeting = "hello"
//! ```

use lua::{function, Entry, State, Table};

use crate::handle::Handle;
use crate::loader::Access;
use crate::{control, environment, loader, runner, Context, Runtime};

static LIBRARY: [Entry; 1] = [function(c"runtime", runtime)];

/// `require("lunatik")`. A script of hooks finds `_ENV` only: what it could do with others sleeps.
pub(crate) static MODULE: loader::Module = loader::Module { name: c"lunatik", access: Access::Granted, open };

fn open(state: State<'_>) -> lua::Result {
    match Runtime::of(state)?.context() {
        Context::Process => state.push_library(&LIBRARY)?,
        _ => state.push_library(&[])?,
    }
    environment::push(state)?;
    state.set_field(-2, c"_ENV")
}

/// `lunatik.runtime(script[, context[, options]])`: a runtime, which runs as long as someone
/// holds it.
fn runtime(state: State<'_>, script: &[u8], context: Option<&[u8]>, options: Option<Table>) -> lua::Result<Handle> {
    let request = runner::request(state, script, context, options)?;
    runner::start(state, |fuel| control::start(&request, fuel))
}
