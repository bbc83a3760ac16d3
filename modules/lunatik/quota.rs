// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Memory of objects that may outlive the state that made them, so that no state's limit can count it: a module bounds
//! all of its own, and each script what it makes of them all.

use core::sync::atomic::{AtomicUsize, Ordering};
use kernel::alloc::flags::GFP_KERNEL;
use kernel::sync::Arc;
use lua::State;

use crate::Runtime;

/// A bound, and what counts towards it.
pub struct Bound {
    held: AtomicUsize,
    limit: fn() -> usize,
}

/// What a script has made of such objects, of all modules. It outlives the script as they do.
pub(crate) struct Share {
    held: AtomicUsize,
    limit: usize,
}

/// Why there is no [`Quota`].
#[derive(Clone, Copy)]
pub enum Refusal {
    /// The module's bound.
    Module,
    /// The script's own: as many bytes as each of its states may hold.
    Script,
}

impl Refusal {
    /// In words, for messages; `module` says which bound the module has.
    #[must_use]
    pub fn told(self, module: &'static str) -> &'static str {
        match self {
            Refusal::Module => module,
            Refusal::Script => "the sets and queues that a script makes are bounded as its memory is (--memory)",
        }
    }
}

impl Share {
    /// A script may make so many bytes.
    pub(crate) fn new(limit: usize) -> kernel::error::Result<Arc<Share>> {
        Ok(Arc::new(Share { held: AtomicUsize::new(0), limit }, GFP_KERNEL)?)
    }
}

/// Counts bytes; whether that is not too much.
fn take(held: &AtomicUsize, bytes: usize, limit: usize) -> bool {
    let sum = |held: usize| held.checked_add(bytes).filter(|sum| *sum <= limit);
    held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, sum).is_ok()
}

impl Bound {
    /// `limit` tells the bytes that all may hold together, now.
    pub const fn new(limit: fn() -> usize) -> Bound {
        Bound { held: AtomicUsize::new(0), limit }
    }

    /// Counts bytes of what belongs to no script. `None` if that is too much.
    pub fn quota(&'static self, bytes: usize) -> Option<Quota> {
        take(&self.held, bytes, (self.limit)()).then(|| Quota { bound: self, bytes, share: None })
    }

    /// Counts bytes of what a script makes, for the script too, collecting garbage of its state first if that makes the
    /// room.
    ///
    /// # Errors
    ///
    /// It is too much.
    pub fn quota_of(&'static self, state: State<'_>, bytes: usize) -> Result<Quota, Refusal> {
        let mut quota = self.quota(bytes).ok_or(Refusal::Module)?;
        let share = Runtime::of(state).map_err(|_| Refusal::Script)?.share();
        let fits = || take(&share.held, bytes, share.limit);
        if !fits() {
            state.collect();
            if !fits() {
                return Err(Refusal::Script);
            }
        }
        quota.share = Some(share.clone());
        Ok(quota)
    }
}

/// Bytes that count, while this lives.
pub struct Quota {
    bound: &'static Bound,
    bytes: usize,
    share: Option<Arc<Share>>,
}

impl Drop for Quota {
    fn drop(&mut self) {
        self.bound.held.fetch_sub(self.bytes, Ordering::Relaxed);
        if let Some(share) = &self.share {
            share.held.fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}
