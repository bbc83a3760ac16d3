// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What rules ask: one function of a script, which gets what they name and show.

use core::any::Any;
use core::cell::{Cell, OnceCell};
use core::ffi::{c_char, c_int, c_void};
use core::ptr;
use kernel::prelude::*;
use lua::{FromLua, IntoLua, Kind, Reference, State};
use luadata_main::Data;
use lunatik_core::{errno, Attachment, Callback, Fail, Verdict};

use crate::sys::{self, Call, Scope};

const NF_DROP: u32 = 0;
const NF_ACCEPT: u32 = 1;
const NF_STOLEN: u32 = 2;
const NF_QUEUE: u32 = 3;
/// As in shim.h.
const CONTINUE: u32 = !0;
const HOTDROP: u32 = !1;

/// A window of the script's, made at the first packet.
struct Window {
    object: Cell<*const Data>,
    reference: Cell<Reference>,
}

impl Window {
    fn new() -> Window {
        Window { object: Cell::new(ptr::null()), reference: Cell::new(Reference::default()) }
    }

    /// Pushes it, showing these bytes.
    ///
    /// # Safety
    ///
    /// They are the script's until [`Window::revoke`].
    unsafe fn push(&self, state: State<'_>, base: *mut u8, length: usize) -> lua::Result {
        if self.object.get().is_null() {
            Data::window().push(state)?;
            state.push_value(-1);
            self.reference.set(state.reference()?);
            self.object.set(<&Data>::from_lua(state, -1)?);
        } else {
            state.push_reference(&self.reference.get());
        }
        // SAFETY: The object is in the registry, so alive; the bytes are ours by the caller's promise.
        unsafe { (*self.object.get()).lend(base, length) };
        Ok(())
    }

    fn revoke(&self) {
        // SAFETY: Null or alive: it is in the registry.
        if let Some(data) = unsafe { self.object.get().as_ref() } {
            data.revoke();
        }
    }
}

/// What a script answers.
enum Answer {
    Matches(bool),
    Verdict(u32),
}

/// The rules of a namespace, and the function that they ask.
///
/// # Invariants
///
/// `scope` is set in `attach`, with the address of this, which does not move. The cells are used by who runs the
/// script's one state.
pub(crate) struct Rules {
    callback: Callback,
    scope: OnceCell<Scope>,
    frame: Window,
    packet: Window,
    /// The packet that the script is asked about; null between packets.
    current: Cell<*const Call>,
    hotdrop: Cell<bool>,
    /// Nanoseconds in which it was asked.
    elapsed: Cell<u64>,
}

// SAFETY: The cells are used by one CPU at a time, by the invariants; the rest is Sync.
unsafe impl Send for Rules {}
// SAFETY: As above.
unsafe impl Sync for Rules {}

impl Rules {
    pub(crate) fn attach(callback: Callback) -> Result<KBox<dyn Attachment>> {
        let rules = Rules {
            callback,
            scope: OnceCell::new(),
            frame: Window::new(),
            packet: Window::new(),
            current: Cell::new(ptr::null()),
            hotdrop: Cell::new(false),
            elapsed: Cell::new(0),
        };
        let rules = KBox::new(rules, GFP_KERNEL)?;
        let owner = ptr::from_ref::<Rules>(&rules).cast_mut().cast();
        // SAFETY: The box keeps the address until it is dropped, which drops the scope; the runtime, which has the
        // name, outlives it.
        let scope = unsafe { Scope::new(owner, rules.callback.runtime().name()) }?;
        let _ = rules.scope.set(scope);
        let thin: *mut Rules = KBox::into_raw(rules);
        let wide: *mut dyn Attachment = thin;
        // SAFETY: It comes from into_raw; boxes of this kernel do not coerce by themselves.
        Ok(unsafe { KBox::from_raw(wide) })
    }

    pub(crate) fn scope(&self) -> lua::Result<&Scope> {
        self.scope.get().ok_or_else(|| Kind::Failed.into())
    }

    /// The packet that the script is asked about now.
    pub(crate) fn current(&self) -> Option<&Call> {
        // SAFETY: Null, or what `ask` has until the call has returned, which this is in.
        unsafe { self.current.get().as_ref() }
    }

    pub(crate) fn set_hotdrop(&self, drop: bool) {
        self.hotdrop.set(drop);
    }

    /// Microseconds in which the script was asked, since the last time that this was said.
    pub(crate) fn take_elapsed(&self) -> i64 {
        (self.elapsed.take() / 1000) as i64
    }

    fn ask(&self, call: &mut Call) -> u32 {
        let Some(scope) = self.scope.get() else { return CONTINUE };
        let (begun, dropped) = (Cell::new(0), Cell::new(false));
        let target = call.is_target();
        let answer = self.callback.call(
            |state, _| {
                begun.set(sys::clock());
                self.hotdrop.set(false);
                scope.show(call).map_err(|code| errno::raise(state, code))?;
                state.push_bytes(call.function())?;
                // SAFETY: The bytes are of the packet or its copy, until `after` of the call.
                unsafe {
                    self.frame.push(state, call.frame, call.frame_length)?;
                    self.packet.push(state, call.packet, call.packet_length)?;
                }
                state.push(target)?;
                self.current.set(call);
                Ok(4)
            },
            1,
            |state, ledger| {
                if !target {
                    let matches = bool::from_lua(state, 1)?;
                    ledger.verdict(Verdict::matched(matches));
                    return Ok(Answer::Matches(matches));
                }
                let verdict = match state.bytes(1) {
                    b"drop" => NF_DROP,
                    // The kernel has given up STOP, whose packets go on past all rules.
                    b"accept" | b"stop" => NF_ACCEPT,
                    b"stolen" => NF_STOLEN,
                    b"queue" => NF_QUEUE,
                    b"repeat" => {
                        return Err(state.raise(format_args!("repeat answers queues: the kernel loses packets by it")))
                    }
                    _ => return Ok(Answer::Verdict(CONTINUE)),
                };
                ledger.verdict(Verdict::netfilter(verdict));
                Ok(Answer::Verdict(verdict))
            },
            |_| {
                self.current.set(ptr::null());
                self.frame.revoke();
                self.packet.revoke();
                dropped.set(self.hotdrop.take());
                self.elapsed.set(self.elapsed.get().wrapping_add(sys::clock().wrapping_sub(begun.get())));
            },
        );
        match answer {
            _ if dropped.get() => HOTDROP,
            Some(Answer::Matches(matches)) => u32::from(matches),
            Some(Answer::Verdict(verdict)) => verdict,
            None if self.callback.runtime().fail() == Fail::Drop => HOTDROP,
            None if target => CONTINUE,
            None => 0,
        }
    }

    /// Runs a chunk: what it says that went wrong goes to `told`, as text.
    fn execute(&self, code: &[u8], name: &[u8], told: &mut dyn FnMut(&[u8])) -> c_int {
        const EINVAL: c_int = 22;
        const EIO: c_int = 5;
        let ran = self.callback.call_long(
            |state, _| {
                state.push_bytes(name)?;
                state.push_bytes(code)?;
                Ok(2)
            },
            1,
            |state| {
                if state.is_none_or_nil(1) {
                    return Ok(true);
                }
                told(state.bytes(1));
                Ok(false)
            },
        );
        match ran {
            Some(true) => 0,
            Some(false) => -EINVAL,
            None => {
                told(b"the chunk spent its fuel or memory, or the script is in quarantine: see lunatik status");
                -EIO
            }
        }
    }
}

impl Attachment for Rules {
    fn callback(&self) -> &Callback {
        &self.callback
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn start(&self) -> Result {
        self.scope.get().ok_or(ENOMEM)?.start()
    }

    fn stop(&self) {
        if let Some(scope) = self.scope.get() {
            scope.stop();
        }
    }
}

/// See shim.h: what a rule does with a packet.
#[no_mangle]
unsafe extern "C" fn luaxtables_ask(owner: *mut c_void, call: *mut Call) -> u32 {
    // SAFETY: The scope has the owner from `attach`, and is stopped before that goes; the call is the caller's.
    let (rules, call) = unsafe { (&*owner.cast::<Rules>(), &mut *call) };
    rules.ask(call)
}

/// See shim.h: runs a chunk.
#[no_mangle]
unsafe extern "C" fn luaxtables_execute(
    owner: *mut c_void,
    code: *const c_char,
    length: usize,
    name: *const c_char,
    name_length: usize,
    text: *mut c_char,
    room: usize,
) -> c_int {
    // SAFETY: As above; the scope cannot stop meanwhile.
    let rules = unsafe { &*owner.cast::<Rules>() };
    // SAFETY: The caller has all of these, and nobody else writes them.
    let (code, name, text) = unsafe {
        (
            core::slice::from_raw_parts(code.cast::<u8>(), length),
            core::slice::from_raw_parts(name.cast::<u8>(), name_length),
            core::slice::from_raw_parts_mut(text.cast::<u8>(), room),
        )
    };
    rules.execute(code, name, &mut |told| {
        for (to, from) in text.iter_mut().zip(told) {
            *to = *from;
        }
    })
}
