// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `completion`: events that a script in process context waits for, and others
//! complete, in every context.
//!
//! Each `complete` lets one `wait` go on, now or later. A wait ends early when the task gets a
//! signal, or when its script is stopped: nothing waits for a waiting script.
//!
//! # completion
//!
//! `completion.new()` is an event. `c:complete()`, in every context, lets one `wait` go on, now or later.
//! `c:wait([ms])`, in process context, returns true, or nil and `"timeout"`, or nil and `"interrupt"`: the
//! task got a signal, or the script is being stopped. Without `ms`, or with a negative number, it waits
//! for ever. Meanwhile `/dev/lunatik` answers others. Elsewhere it raises "function may sleep". As a queue, an
//! event that the body of a softirq script makes is one for all CPUs.
//!
//! ```lua process
//! local event = require("completion").new()
//! event:complete()
//! assert(event:wait(10))
//! local ok, why = event:wait(10)
//! assert(not ok and why == "timeout")
//! ```

mod sys;

use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{function, method, Class, Entry, Kind, Object, Pushed, State};
use lunatik_core::{allocation, leaving, once, register, Access, Context, Registration, Runtime};

use sys::{Event, Outcome};

module! {
    type: Module,
    name: "luacompletion",
    author: "The Lunagate authors",
    description: "Lua events to wait for",
    license: "Dual MIT/GPL",
}

/// The class `completion`.
#[derive(Clone)]
pub struct Completion(Arc<Event>);

static COMPLETION: Class = Class::new::<Completion>(
    c"completion",
    &[method(c"complete", Completion::complete), method(c"wait", Completion::wait)],
)
.shared::<Completion>(|| THIS_MODULE.as_ptr().cast());

impl Object for Completion {
    const CLASS: &'static Class = &COMPLETION;
}

impl Completion {
    /// `completion.new()`: one for all CPUs if the script's body makes it.
    fn new(state: State<'_>) -> lua::Result<Completion> {
        once(state, || Ok(Completion(Event::new(allocation(state)).map_err(|_| Kind::NoMemory)?)))
    }

    fn complete(&self) {
        self.0.complete();
    }

    /// Sleeps until it is completed, for at most so many milliseconds: true, or nil and
    /// "timeout" or "interrupt".
    fn wait(&self, state: State<'_>, milliseconds: Option<i64>) -> lua::Result<Pushed> {
        if Runtime::of(state)?.context() != Context::Process {
            return Err(Kind::MaySleep.into());
        }
        Runtime::may_sleep(state)?;
        let outcome = self.0.wait(milliseconds.unwrap_or(-1));
        leaving(state);
        let why = match outcome {
            Outcome::Completed => return state.push(true).map(Pushed),
            Outcome::Timeout => c"timeout",
            Outcome::Interrupt => c"interrupt",
        };
        state.push((None::<bool>, why)).map(Pushed)
    }
}

static LIBRARY: [Entry; 1] = [function(c"new", Completion::new)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"completion", access: Access::Free, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
