// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `conntrack`: connection tracking's table of flows, without a packet.
//!
//! A script never holds a flow, which would keep its network namespace from ending: it holds the flow's
//! name, and each call finds the flow again, or finds that it is gone.
//!
//! # conntrack (new)
//!
//! The table of flows, without a packet, from tasks and hooks. A script needs the capability `conntrack`.
//!
//! | function | |
//! |---|---|
//! | `conntrack.new()` | the flows of the network namespace of the task, one object for all CPUs if the body makes it; hooks cannot. The namespace lives as long as the object |
//! | `table:find(protocol, source, destination, source port, destination port[, zone])` | the flow that has these, as `flow:tuple()` tells them, in one of its directions; nil if there is none. Costs 20 units, as each method below |
//! | `f:tuple([direction])`, `f:status()`, `f:tcp()`, `f:mark([n])`, `f:zone()`, `f:id()`, `f:counters()`, `f:timeout([n])`, `f:delete()` | what a `flow`'s are. A script holds the flow's name, not the flow: once it is gone they return nil, `delete` false |
//!
//! What else happens in it is `netlink.conntrack`'s.
//!
//! ```lua process
//! -- ends a flow
//! local flows = require("conntrack").new()
//! local flow = flows:find(17, "\x0a\0\0\2", "\x09\x09\x09\x09", 4711, 53)
//! print(flow and flow:delete() and "ended" or "no such flow")
//! ```

mod sys;

use core::ffi::c_int;
use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{function, method, Class, Entry, FromLua, Kind, Object, Pushed, State};
use luaskb_main::{push_counters, push_tuple, Connection, Tuple, DELETE};
use lunatik_core::{once, register, Access, Context, Registration, Runtime};

module! {
    type: Module,
    name: "luaconntrack",
    author: "The Lunagate authors",
    description: "Lua and the table of flows",
    license: "Dual MIT/GPL",
}

/// What it costs to look for a flow.
const FIND: usize = 20;

/// The class `conntrack`: the flows of a network namespace.
#[derive(Clone)]
pub struct Conntrack(Arc<sys::Namespace>);

static CONNTRACK: Class = Class::new::<Conntrack>(c"conntrack", &[method(c"find", Conntrack::find)])
    .shared::<Conntrack>(|| THIS_MODULE.as_ptr().cast());

impl Object for Conntrack {
    const CLASS: &'static Class = &CONNTRACK;
}

fn not_in_interrupts(state: State<'_>) -> lua::Result {
    match Runtime::of(state)?.context() {
        Context::Hardirq => Err(Kind::Context.into()),
        _ => Ok(()),
    }
}

impl Conntrack {
    /// `conntrack.new()`: of the task's network namespace, one for all CPUs if the script's body makes it.
    fn new(state: State<'_>) -> lua::Result<Conntrack> {
        not_in_interrupts(state)?;
        // There is no task behind a hook.
        Runtime::may_sleep(state)?;
        once(state, || {
            let namespace = sys::Namespace::of_task().ok_or(Kind::NoMemory)?;
            Ok(Conntrack(Arc::new(namespace, GFP_KERNEL).map_err(|_| Kind::NoMemory)?))
        })
    }

    /// `table:find(protocol, source, destination, source port, destination port[, zone])`: the flow, nil if
    /// there is none. Addresses are bytes, as `flow:tuple()` has them.
    fn find(&self, state: State<'_>, wanted: Wanted, zone: Option<u16>) -> lua::Result<Option<Flow>> {
        not_in_interrupts(state)?;
        state.spend(FIND)?;
        let Wanted(Some(tuple)) = wanted else {
            return Err(state.raise(format_args!("conntrack:find: addresses are both of 4 bytes, or both of 16")));
        };
        let zone = zone.unwrap_or(0);
        let found = self.0.find(&tuple, zone, |flow| flow.id());
        Ok(found.map(|id| Flow { namespace: self.0.clone(), tuple, zone, id }))
    }
}

/// Protocol, source, destination, source port, destination port; none if the addresses are no pair.
struct Wanted(Option<Tuple>);

impl<'l> FromLua<'l> for Wanted {
    const ARGUMENTS: c_int = 5;

    fn from_lua(state: State<'l>, index: c_int) -> lua::Result<Wanted> {
        fn argument<'l, T: FromLua<'l>>(state: State<'l>, index: c_int) -> lua::Result<T> {
            T::from_lua(state, index).map_err(|error| error.at(index))
        }
        let protocol = argument(state, index)?;
        let source: &[u8] = argument(state, index + 1)?;
        let destination: &[u8] = argument(state, index + 2)?;
        let (source_port, destination_port) = (argument(state, index + 3)?, argument(state, index + 4)?);
        Ok(Wanted(Tuple::new(protocol, source, destination, source_port, destination_port)))
    }
}

/// The class `conntrack.flow`: the name of a flow.
pub struct Flow {
    namespace: Arc<sys::Namespace>,
    tuple: Tuple,
    zone: u16,
    id: u32,
}

static FLOW: Class = Class::new::<Flow>(
    c"conntrack.flow",
    &[
        method(c"tuple", Flow::tuple),
        method(c"status", Flow::status),
        method(c"tcp", Flow::tcp),
        method(c"mark", Flow::mark),
        method(c"zone", Flow::zone),
        method(c"id", Flow::id),
        method(c"counters", Flow::counters),
        method(c"timeout", Flow::timeout),
        method(c"delete", Flow::delete),
    ],
);

impl Object for Flow {
    const CLASS: &'static Class = &FLOW;
}

impl Flow {
    /// What `f` finds out of the flow; none once it is gone.
    fn with<R>(&self, state: State<'_>, f: impl FnOnce(&Connection<'_>) -> R) -> lua::Result<Option<R>> {
        not_in_interrupts(state)?;
        state.spend(FIND)?;
        // Another may have its tuple by now.
        let found = self.namespace.find(&self.tuple, self.zone, |flow| (flow.id() == self.id).then(|| f(flow)));
        Ok(found.flatten())
    }

    /// Pushes what `f` pushes, or nil once the flow is gone.
    fn pushed(&self, state: State<'_>, f: impl FnOnce(&Connection<'_>) -> lua::Result<Pushed>) -> lua::Result<Pushed> {
        match self.with(state, f)? {
            Some(pushed) => pushed,
            None => state.push(None::<bool>).map(Pushed),
        }
    }

    fn tuple(&self, state: State<'_>, direction: Option<i64>) -> lua::Result<Pushed> {
        self.pushed(state, |flow| push_tuple(state, flow, direction))
    }

    fn status(&self, state: State<'_>) -> lua::Result<Option<u32>> {
        self.with(state, |flow| flow.status())
    }

    fn tcp(&self, state: State<'_>) -> lua::Result<Option<u8>> {
        Ok(self.with(state, |flow| flow.tcp())?.flatten())
    }

    fn mark(&self, state: State<'_>, value: Option<u32>) -> lua::Result<Option<u32>> {
        self.with(state, |flow| flow.mark(value))
    }

    fn zone(&self) -> u16 {
        self.zone
    }

    fn id(&self) -> u32 {
        self.id
    }

    fn counters(&self, state: State<'_>) -> lua::Result<Pushed> {
        self.pushed(state, |flow| push_counters(state, flow))
    }

    fn timeout(&self, state: State<'_>, seconds: Option<u32>) -> lua::Result<Option<u32>> {
        self.with(state, |flow| flow.timeout(seconds))
    }

    fn delete(&self, state: State<'_>) -> lua::Result<bool> {
        state.spend(DELETE)?;
        Ok(self.with(state, |flow| flow.delete())?.unwrap_or(false))
    }
}

static LIBRARY: [Entry; 1] = [function(c"new", Conntrack::new)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"conntrack", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
