// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `skel`: a counter that scripts share, and an example of a module of one's own:
//! docs/modules.md goes through it.

use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{function, meta, method, Class, Entry, Kind, Object, State};
use lunatik_core::sync::SpinLock;
use lunatik_core::{allocation, once, register, Access, Registration};

module! {
    type: Module,
    name: "luaskel",
    author: "The Lunagate authors",
    description: "Lua counters",
    license: "Dual MIT/GPL",
}

/// The class `skel`: the number, or `None` once it is closed, for all who hold it.
#[derive(Clone)]
pub struct Skel(Arc<SpinLock<Option<i64>>>);

static SKEL: Class = Class::new::<Skel>(
    c"skel",
    &[
        method(c"add", Skel::add),
        method(c"nop", Skel::nop),
        method(c"close", Skel::close),
        meta(c"__close", Skel::close),
    ],
)
.shared::<Skel>(|| THIS_MODULE.as_ptr().cast());

impl Object for Skel {
    const CLASS: &'static Class = &SKEL;
}

impl Skel {
    /// `skel.new([start])`: one for all CPUs if the script's body makes it.
    fn new(state: State<'_>, start: Option<i64>) -> lua::Result<Skel> {
        once(state, || {
            let counter = SpinLock::new(Some(start.unwrap_or(0)));
            Ok(Skel(Arc::new(counter, allocation(state)).map_err(|_| Kind::NoMemory)?))
        })
    }

    /// `counter:add([n])`: adds n, or one, and returns the sum; it wraps around, as Lua's integers do.
    fn add(&self, state: State<'_>, n: Option<i64>) -> lua::Result<i64> {
        let mut counter = self.0.lock();
        let Some(number) = counter.as_mut() else {
            drop(counter);
            return Err(state.raise(format_args!("skel.add: closed")));
        };
        *number = number.wrapping_add(n.unwrap_or(1));
        Ok(*number)
    }

    /// `counter:nop()`: does nothing.
    fn nop(&self) {}
    /// `counter:close()`: from then on, `add` raises for everybody.
    fn close(&self) {
        *self.0.lock() = None;
    }
}

static LIBRARY: [Entry; 1] = [function(c"new", Skel::new)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"skel", access: Access::Free, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
