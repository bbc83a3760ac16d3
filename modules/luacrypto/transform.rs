// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the classes have in common: a transform, until it is closed for all who hold it.

use core::ffi::{c_int, CStr};
use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{Kind, Pushed, State};
use lunatik_core::sync::SpinLock;
use lunatik_core::{errno, leaving, Context, Runtime};

use crate::sys::{self, Transform};

/// No call takes or gives more bytes.
pub(crate) const LIMIT: usize = 1 << 16;
/// What a call costs; and what it costs to look for an algorithm, which may load modules.
const CALL: usize = 20;
/// What it costs to make a transform.
pub const NEW: usize = 10_000;

const EINTR: c_int = 4;
const EDQUOT: c_int = 122;

/// An open transform, or `None` for all who hold it.
pub(crate) struct Handle<K: sys::Kind>(Arc<SpinLock<Option<Arc<Transform<K>>>>>);

impl<K: sys::Kind> Clone for Handle<K> {
    fn clone(&self) -> Self {
        Handle(self.0.clone())
    }
}

/// The error that a script sees.
pub fn refused(state: State<'_>, number: sys::Errno) -> lua::Error {
    match -number {
        EDQUOT => state.raise(format_args!("crypto: not enough memory: luacrypto's parameter 'memory' bounds all")),
        EINTR => {
            leaving(state);
            errno::raise(state, number)
        }
        _ => errno::raise(state, number),
    }
}

/// What it costs to work on so many bytes, of which a unit pays four at best.
#[must_use]
pub const fn bytes_cost(bytes: usize) -> usize {
    bytes.div_ceil(4)
}

/// Whether an algorithm may be called so. What is not, the kernel would ask user space for, too.
fn is_name(name: &CStr) -> bool {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-(),.".contains(byte);
    name.to_bytes().iter().all(fits)
}

impl<K: sys::Kind> Handle<K> {
    /// In process context: hooks' scripts could not use it.
    pub(crate) fn new(state: State<'_>, name: &CStr) -> lua::Result<Handle<K>> {
        const ENOENT: sys::Errno = -2;
        Runtime::making_in(state, Context::Process)?;
        if !is_name(name) {
            return Err(refused(state, ENOENT));
        }
        state.spend(NEW)?;
        let mut made = Transform::new(name);
        if matches!(made, Err(number) if number == -EDQUOT) {
            // Those that nobody holds any more make room.
            state.collect();
            made = Transform::new(name);
        }
        let made = made.map_err(|number| refused(state, number))?;
        let made = Arc::new(made, GFP_KERNEL).map_err(|_| Kind::NoMemory)?;
        Ok(Handle(Arc::new(SpinLock::new(Some(made)), GFP_KERNEL).map_err(|_| Kind::NoMemory)?))
    }

    /// The open transform, for a call that works on so many bytes.
    pub(crate) fn open(&self, state: State<'_>, bytes: usize) -> lua::Result<Arc<Transform<K>>> {
        if Runtime::of(state)?.context() != Context::Process {
            return Err(Kind::MaySleep.into());
        }
        Runtime::may_sleep(state)?;
        let open = self.0.lock().clone();
        let open = open.ok_or(Kind::ExpectedObject)?;
        if bytes > LIMIT {
            return Err(Kind::OutOfBounds.into());
        }
        state.spend(CALL.saturating_add(bytes_cost(bytes).saturating_mul(K::COST)))?;
        Ok(open)
    }

    pub(crate) fn algname(&self, state: State<'_>) -> lua::Result<Pushed> {
        let open = self.open(state, 0)?;
        state.push(open.name()).map(Pushed)
    }

    /// Gives the transform up for all who hold it, and wipes what it knows; who is at work with it ends that first.
    pub(crate) fn close(&self, state: State<'_>) -> lua::Result {
        if Runtime::of(state)?.context() != Context::Process {
            return Err(Kind::MaySleep.into());
        }
        let open = self.0.lock().take();
        let Some(open) = open else { return Ok(()) };
        drop(open);
        state.charge(CALL);
        // Nothing is left of its keys when the call returns, but for who must not wait.
        if Runtime::may_sleep(state).is_ok() {
            sys::settle();
        }
        Ok(())
    }
}
