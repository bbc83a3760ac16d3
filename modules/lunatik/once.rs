// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! One object for all CPUs.
//!
//! A script's body runs once for each CPU, in states that share nothing. What it makes to be
//! shared, a table say, must be one: the same call of the same chunk, for the same time, gives
//! each state a clone of what it gave the first.

use kernel::alloc::{flags::GFP_KERNEL, KVec};
use kernel::error::code::ENOSPC;
use lua::{Kind, Object, Shared, State};

use crate::slot::Slot;
use crate::Runtime;

/// A body makes no more objects for all CPUs, and at no more places: they are kept until all of it has run, and looked
/// for one by one.
pub(crate) const MOST: usize = 1024;

/// What a call of the body made in the first state.
pub(crate) struct Made {
    site: u64,
    time: u32,
    object: Shared,
}

/// Finds what the first state made.
pub(crate) fn find(made: &[Made], site: u64, time: u32) -> Option<&Shared> {
    made.iter().find(|made| made.site == site && made.time == time).map(|made| &made.object)
}

/// What a constructor returns: the object that `make` makes, or, while the script's body runs
/// in another state than the first, a clone of that which the same call made there. Objects
/// whose making depends on the CPU are made again.
///
/// # Errors
///
/// What `make` returns; no memory; the body has made [`MOST`] of them; the same call made an
/// object of another class before.
pub fn once<T: Object + Clone>(state: State<'_>, make: impl FnOnce() -> lua::Result<T>) -> lua::Result<T> {
    let slot = Slot::of(state);
    let runtime = Runtime::of(state)?;
    if !(slot.loading.get() && runtime.is_split()) {
        return make();
    }
    let site = state.call_site();
    let refused = |errno| match errno {
        ENOSPC => state.raise(format_args!("the script makes more than {MOST} objects for all CPUs while it loads")),
        _ => Kind::NoMemory.into(),
    };
    let time = slot.count_site(site).map_err(refused)?;
    if slot.first {
        let object = make()?;
        let made = Made { site, time, object: Shared::new(object.clone())? };
        return runtime.remember(made).map_err(refused).map(|()| object);
    }
    match runtime.recall(site, time) {
        None => make(),
        Some(shared) => shared
            .get::<T>()
            .cloned()
            .ok_or_else(|| state.raise(format_args!("the script makes another object on one CPU than on another"))),
    }
}

/// Adds to the list, if there is room.
pub(crate) fn remember(list: &mut KVec<Made>, made: Made) -> kernel::error::Result {
    if list.len() >= MOST {
        return Err(ENOSPC);
    }
    Ok(list.push(made, GFP_KERNEL)?)
}
