// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `timer.alarm`: one alarm, of which the library `timer` makes many.
//!
//! `alarm.new(function)`, while a softirq script loads, is an alarm for this CPU's state: after
//! `a:set(milliseconds)` the function is called once, with fresh fuel, as a packet's hook is.

mod sys;

use core::any::Any;
use core::cell::OnceCell;
use core::ffi::c_void;
use core::ptr::NonNull;
use kernel::prelude::*;
use lua::{function, method, Class, Entry, Function, Object, State};
use lunatik_core::{register, Access, Attachment, Callback, Context, Registration, Runtime};

module! {
    type: Module,
    name: "luatimer",
    author: "The Lunagate authors",
    description: "Lua timers",
    license: "Dual MIT/GPL",
}

/// No alarm is further away, in milliseconds: twelve days.
const LIMIT: i64 = 1 << 30;
/// What it costs to set one.
const SET: usize = 20;

/// What a script's states have in common.
///
/// # Invariants
///
/// `timer` is set in `make`, with the address of this, which does not move.
struct Alarms {
    callback: Callback,
    timer: OnceCell<sys::Timer>,
}

// SAFETY: The cell is written in `make` only, before anybody else has it; the rest is Sync.
unsafe impl Send for Alarms {}
// SAFETY: As above.
unsafe impl Sync for Alarms {}

impl Alarms {
    fn make(callback: Callback) -> Result<KBox<dyn Attachment>> {
        let cpus = callback.cpus();
        let alarms = KBox::new(Alarms { callback, timer: OnceCell::new() }, GFP_KERNEL)?;
        let owner = core::ptr::from_ref::<Alarms>(&alarms).cast_mut().cast();
        // SAFETY: The box keeps the address until it is dropped, which drops the timer.
        let timer = unsafe { sys::Timer::new(owner, cpus) }?;
        let _ = alarms.timer.set(timer);
        Ok(lunatik_core::boxed(alarms))
    }
}

impl Attachment for Alarms {
    fn callback(&self) -> &Callback {
        &self.callback
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn start(&self) -> Result {
        self.timer.get().ok_or(ENOMEM)?.start();
        Ok(())
    }

    fn stop(&self) {
        if let Some(timer) = self.timer.get() {
            timer.stop();
        }
    }
}

#[no_mangle]
extern "C" fn luatimer_ring(owner: *mut c_void) -> bool {
    // SAFETY: The timer has it from `make`, and is stopped before it goes.
    let alarms = unsafe { &*owner.cast::<Alarms>() };
    alarms.callback.call(|_, _| Ok(0), 0, |_, _| Ok(()), |_| ()).is_some()
}

/// The class `timer.alarm`: one CPU's.
///
/// # Invariants
///
/// `alarms` is of the runtime that has this object's state: attachments go after states.
struct Alarm {
    alarms: NonNull<Alarms>,
    cpu: usize,
}

static ALARM: Class = Class::new::<Alarm>(c"timer.alarm", &[method(c"set", Alarm::set)]);

impl Object for Alarm {
    const CLASS: &'static Class = &ALARM;
}

impl Alarm {
    fn new(state: State<'_>, function: Function) -> lua::Result<Alarm> {
        if Runtime::of(state)?.context() != Context::Softirq {
            return Err(state.raise(format_args!(
                "alarm.new: runtime context mismatch: timers need a softirq runtime (lunatik run SCRIPT softirq)"
            )));
        }
        let (alarms, cpu) = lunatik_core::attach::<Alarms>(state, function, |_| true, Alarms::make)?;
        Ok(Alarm { alarms: NonNull::from(alarms), cpu })
    }

    fn set(&self, state: State<'_>, milliseconds: i64) -> lua::Result {
        if !(0..=LIMIT).contains(&milliseconds) {
            return Err(lua::Error::from(lua::Kind::OutOfBounds).at(2));
        }
        state.spend(SET)?;
        // SAFETY: By the invariants.
        if let Some(timer) = unsafe { self.alarms.as_ref() }.timer.get() {
            timer.set(self.cpu, milliseconds as u64);
        }
        Ok(())
    }
}

/// Milliseconds since the machine started.
fn now() -> i64 {
    sys::now() as i64
}

static LIBRARY: [Entry; 2] = [function(c"new", Alarm::new), function(c"now", now)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"timer.alarm", access: Access::Free, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
