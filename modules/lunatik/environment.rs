// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunatik._ENV`: the table that every script finds, and in it the tables of what runs.

use kernel::alloc::KVec;
use kernel::error::{code::*, Result};
use lua::{IntoLua, Shared, State};

use crate::portable::Portable;
use crate::rcu::RcuTable;
use crate::sys;

/// A table in the environment, which scripts can only read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Runtimes by the names that they were run under.
    Runtimes,
    /// Threads, likewise.
    Threads,
    /// Runtimes that were run for every CPU, likewise.
    Percpu,
}

const PLACES: [(Place, &[u8]); 3] =
    [(Place::Runtimes, b"runtimes"), (Place::Threads, b"threads"), (Place::Percpu, b"percpu")];

struct Environment {
    all: RcuTable,
    places: KVec<RcuTable>,
}

static ENVIRONMENT: sys::Global<Option<Environment>> = sys::Global::new(None);

/// Makes it.
pub(crate) fn start() -> Result {
    let all = RcuTable::reserved(|key| PLACES.iter().any(|(_, name)| *name == key), false)?;
    let mut places = KVec::new();
    for (_, name) in PLACES {
        let table = RcuTable::reserved(|_| true, true)?;
        all.set(name, Portable::Object(Shared::new(table.clone()).map_err(|_| ENOMEM)?))?;
        places.push(table, kernel::alloc::flags::GFP_KERNEL)?;
    }
    *ENVIRONMENT.lock() = Some(Environment { all, places });
    Ok(())
}

/// Ends it, when no script is left.
pub(crate) fn end() {
    let environment = ENVIRONMENT.lock().take();
    drop(environment);
}

/// Pushes the table of all.
pub(crate) fn push(state: State<'_>) -> lua::Result {
    let all = ENVIRONMENT.lock().as_ref().map(|environment| environment.all.clone());
    all.ok_or(lua::Kind::Failed)?.push(state)?;
    Ok(())
}

/// Puts a value under a name, or with nil takes it away; may sleep.
///
/// # Errors
///
/// ENOMEM.
pub fn set(place: Place, name: &[u8], value: Portable<&[u8]>) -> Result {
    let index = PLACES.iter().position(|(known, _)| *known == place);
    let table = ENVIRONMENT
        .lock()
        .as_ref()
        .and_then(|environment| Some(environment.places.get(index?)?.clone()))
        .ok_or(ENXIO)?;
    table.set(name, value)
}

/// Takes away what scripts put there; may sleep.
pub(crate) fn clear() {
    let all = ENVIRONMENT.lock().as_ref().map(|environment| environment.all.clone());
    if let Some(all) = all {
        all.clear();
    }
}
