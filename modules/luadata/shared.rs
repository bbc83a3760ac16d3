// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Bytes that several scripts hold. Each access happens as a whole.

use core::mem;
use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{Kind, State};
use lunatik_core::sync::SpinLock;
use lunatik_core::{allocation, Bound, Quota};

use crate::{part, UNIT};

/// As many can be shared: an access may copy them all, with interrupts off.
const LIMIT: usize = 1 << 20;

extern "C" {
    fn luadata_memory() -> usize;
}

/// The bytes of all that are shared.
static SHARED: Bound = Bound::new(|| {
    // SAFETY: No preconditions.
    unsafe { luadata_memory() }
});

struct Held {
    bytes: KVec<u8>,
    _quota: Quota,
}

/// The bytes, for one who holds them.
#[derive(Clone)]
pub struct Shared(Arc<SpinLock<Held>>);

/// The right to so many bytes that are shared.
fn quota(state: State<'_>, size: usize) -> lua::Result<Quota> {
    if size > LIMIT {
        return Err(state.raise(format_args!("data: out of bounds: at most {LIMIT} bytes can be shared, not {size}")));
    }
    SHARED.quota(size).ok_or_else(|| {
        state.raise(format_args!("data: not enough memory: luadata's parameter 'memory' bounds what is shared"))
    })
}

/// So many zero bytes.
fn zeros(state: State<'_>, size: usize) -> lua::Result<KVec<u8>> {
    let mut bytes = KVec::new();
    bytes.extend_with(size, 0, allocation(state)).map_err(|_| Kind::NoMemory)?;
    Ok(bytes)
}

impl Shared {
    /// Takes the bytes, if it can.
    pub(crate) fn new(state: State<'_>, bytes: &mut KVec<u8>) -> lua::Result<Shared> {
        let held = Held { bytes: KVec::new(), _quota: quota(state, bytes.len())? };
        let shared = Shared(Arc::new(SpinLock::new(held), allocation(state)).map_err(|_| Kind::NoMemory)?);
        mem::swap(&mut shared.0.lock().bytes, bytes);
        Ok(shared)
    }

    /// Calls `f` on the bytes, while nobody else has them. It takes no longer than to copy them.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut [u8]) -> R) -> R {
        f(&mut self.0.lock().bytes)
    }

    pub(crate) fn len(&self) -> usize {
        self.with(|bytes| bytes.len())
    }

    /// A copy of so many bytes from an offset on, or of all from there.
    pub(crate) fn copy(&self, state: State<'_>, offset: usize, length: Option<usize>) -> lua::Result<KVec<u8>> {
        loop {
            let size = self.with(|bytes| part(bytes, offset, length).map(<[u8]>::len)).ok_or(Kind::OutOfBounds)?;
            state.spend(1 + size / UNIT)?;
            let mut copy = zeros(state, size)?;
            let copied = self.with(|bytes| {
                let from = part(bytes, offset, length).filter(|from| from.len() == copy.len());
                from.map(|from| copy.copy_from_slice(from)).is_some()
            });
            // Else somebody resized them meanwhile: that happens as often as others succeed, and is paid for.
            if copied {
                return Ok(copy);
            }
        }
    }

    /// Makes them more, with zeros, or fewer.
    pub(crate) fn resize(&self, state: State<'_>, size: usize) -> lua::Result {
        let quota = quota(state, size)?;
        state.spend(1 + size / UNIT)?;
        let mut resized = Held { bytes: zeros(state, size)?, _quota: quota };
        {
            let mut held = self.0.lock();
            let kept = size.min(held.bytes.len());
            if let (Some(to), Some(from)) = (resized.bytes.get_mut(..kept), held.bytes.get(..kept)) {
                to.copy_from_slice(from);
            }
            mem::swap(&mut *held, &mut resized);
        }
        // The old ones go here, without the lock.
        drop(resized);
        Ok(())
    }
}
