// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `notifier`: functions that hear of what happens to network interfaces (in process
//! scripts), keyboards and virtual terminals (in hardirq scripts).
//!
//! Events of interfaces are told by a worker, one after the other, a moment after they happened, so
//! that no script keeps the network's configuration locked, or waits for who does; those that are there already, by the
//! call that begins to listen. The functions of
//! keyboards and terminals are called as it happens, on the state of the CPU where it does.
//!
//! # notifier
//!
//! Functions that hear of what happens; to be granted. What these functions return has `stop()`, after which its function is not called
//! any more, and cannot be shared. The state keeps it until then.
//!
//! | function | |
//! |---|---|
//! | `notifier.netdevice(f)` | in process context, at any time: `f(event, name)` for each event (`linux.netdev`) of a network interface of the initial namespace; before it returns, REGISTER and UP of those that are there |
//! | `notifier.keyboard(f)` | in a hardirq script, while it loads: `f(event, down, shift, value)` (`linux.kbd`; `down` and `shift` are booleans) |
//! | `notifier.vterm(f)` | likewise: `f(event, character, terminal)` (`linux.vt`) |
//!
//! The functions of keyboards and terminals are called as it happens, and may return an answer of `linux.notify`. `netdevice` tells what happens later a
//! moment after that, when the script is not at work, and what `f` returns does not count: 4.4 calls it with the network's configuration locked, which a script that
//! waits, or asks for the configuration, keeps locked for ever. If 256 events wait for a slow script, more are lost, and the log
//! says so.
//!
//! ```lua process
//! local events = require("linux.netdev")
//! require("notifier").netdevice(function(event, name)
//!   if event == events.UP then print(name .. " is up") end
//! end)
//! ```

mod hook;
mod interfaces;

use core::ffi::c_int;
use core::ptr::NonNull;
use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{function, method, Class, Entry, Function, Kind, Object, Pushed, State};
use lunatik_core::{attach, errno, register, Access, Attachment, Callback, Charge, Context, Registration, Runtime};

use hook::{Chain, Hook};
use interfaces::{Body, Workers};

module! {
    type: Module,
    name: "luanotifier",
    author: "The Lunagate authors",
    description: "Lua notifiers",
    license: "Dual MIT/GPL",
}

/// What a notifier costs the script that makes it.
const NEW: usize = 1000;
/// Bytes that interfaces.c keeps for one that hears of interfaces, as the kernel allocates them.
const EVENTS: usize = 8192;

/// The class `notifier`.
enum Notifier {
    /// With the memory that its events take.
    Interfaces(Arc<Body>, #[expect(dead_code)] Charge),
    /// The runtime keeps the callback for longer than its states, and so than this.
    Chain(NonNull<Callback>),
}

static NOTIFIER: Class = Class::new::<Notifier>(c"notifier", &[method(c"stop", Notifier::stop)]);

impl Object for Notifier {
    const CLASS: &'static Class = &NOTIFIER;
    /// The function that hears of interfaces.
    const VALUES: c_int = 1;
}

impl Drop for Notifier {
    fn drop(&mut self) {
        // In process scripts only, whose state is closing unless it is stopped already.
        if let Notifier::Interfaces(body, _) = self {
            body.leave();
            body.kept.forget();
        }
    }
}

fn check_context(state: State<'_>, context: Context) -> lua::Result {
    if Runtime::of(state)?.context() == context {
        Ok(())
    } else {
        Err(Kind::Context.into())
    }
}

impl Notifier {
    /// `notifier.netdevice(f)`: it hears until it is stopped, or the script is.
    fn netdevice(state: State<'_>, Function(function): Function) -> lua::Result<Pushed> {
        let runtime = Runtime::making_in(state, Context::Process)?;
        state.spend(NEW)?;
        let body = Body::new(runtime).map_err(|_| Kind::NoMemory)?;
        let notifier = Notifier::Interfaces(body.clone(), Charge::new(state, EVENTS)?);
        match body.kept.keep(state, notifier, function, || Body::listen(&body))? {
            Ok(()) => {
                if let Err(error) = body.tell_first(state, function) {
                    body.leave();
                    body.kept.release(state);
                    return Err(error);
                }
                Ok(Pushed(1))
            }
            Err(errno) if errno == ENOMEM => Err(Kind::NoMemory.into()),
            Err(errno) => {
                Err(state.raise(format_args!("notifier.netdevice: the kernel refuses: {}", errno::Shown(errno))))
            }
        }
    }

    fn chain(state: State<'_>, function: Function, which: Chain) -> lua::Result<Notifier> {
        check_context(state, Context::Hardirq)?;
        let (hook, _) =
            attach(state, function, |hook: &Hook| hook.hears(which), |callback| Hook::attach(callback, which))?;
        Ok(Notifier::Chain(NonNull::from(hook.callback())))
    }

    /// `notifier.keyboard(f)`: it hears until the script is stopped.
    fn keyboard(state: State<'_>, function: Function) -> lua::Result<Notifier> {
        Notifier::chain(state, function, Chain::Keyboard)
    }

    /// `notifier.vterm(f)`
    fn vterm(state: State<'_>, function: Function) -> lua::Result<Notifier> {
        Notifier::chain(state, function, Chain::Terminal)
    }

    /// `notifier:stop()`: its function is not called any more.
    fn stop(&self, state: State<'_>) -> lua::Result {
        match self {
            Notifier::Interfaces(body, _) => {
                Runtime::may_sleep(state)?;
                body.leave();
                body.kept.release(state);
            }
            // SAFETY: An object of a state's is used in that state only.
            Notifier::Chain(callback) => unsafe { callback.as_ref() }.silence(),
        }
        Ok(())
    }
}

static LIBRARY: [Entry; 3] = [
    function(c"netdevice", Notifier::netdevice),
    function(c"keyboard", Notifier::keyboard),
    function(c"vterm", Notifier::vterm),
];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"notifier", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

// In this order they go: who may listen, then who tells.
struct Module {
    _registration: Registration,
    _workers: Workers,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let workers = Workers::new()?;
        Ok(Module { _registration: register(&MODULE, module)?, _workers: workers })
    }
}
