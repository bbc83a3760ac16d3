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
    /// Tables of tables that outlast scripts, by the scripts' names and their own.
    Lasting,
}

const PLACES: [(Place, &[u8]); 4] = [
    (Place::Runtimes, b"runtimes"),
    (Place::Threads, b"threads"),
    (Place::Percpu, b"percpu"),
    (Place::Lasting, b"lasting"),
];

/// A script has so many tables that outlast it.
pub(crate) const MOST_LASTING: usize = 16;

struct Environment {
    all: RcuTable,
    places: KVec<RcuTable>,
}

impl Environment {
    fn place(&self, place: Place) -> Option<&RcuTable> {
        self.places.get(PLACES.iter().position(|(known, _)| *known == place)?)
    }
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
    table(place)?.set(name, value)
}

fn table(place: Place) -> Result<RcuTable> {
    ENVIRONMENT.lock().as_ref().and_then(|environment| environment.place(place).cloned()).ok_or(ENXIO)
}

/// The table of that name that outlasts scripts which run under that one; `make` makes it if there is none yet. May sleep.
///
/// # Errors
///
/// What `make` returns; the inner one: ENOSPC, the script has [`MOST_LASTING`] of them; ENOMEM.
pub(crate) fn lasting(
    script: &[u8],
    name: &[u8],
    make: impl FnOnce() -> lua::Result<RcuTable>,
) -> lua::Result<Result<RcuTable>> {
    let find = |scripts: &RcuTable| scripts.table_at(script)?.table_at(name);
    if let Some(table) = table(Place::Lasting).ok().as_ref().and_then(find) {
        return Ok(Ok(table));
    }
    let made = make()?;
    // Of several who make it at once the first here decides.
    let environment = ENVIRONMENT.lock();
    let Some(scripts) = environment.as_ref().and_then(|environment| environment.place(Place::Lasting)) else {
        return Ok(Err(ENXIO));
    };
    Ok(match find(scripts) {
        Some(table) => Ok(table),
        None => add(scripts, script, name, &made).map(|()| made),
    })
}

fn add(scripts: &RcuTable, script: &[u8], name: &[u8], made: &RcuTable) -> Result {
    let put = |tables: &RcuTable| tables.set(name, Portable::Object(Shared::new(made.clone()).map_err(|_| ENOMEM)?));
    match scripts.table_at(script) {
        Some(tables) if tables.entries() >= MOST_LASTING => Err(ENOSPC),
        Some(tables) => put(&tables),
        None => {
            let tables = RcuTable::reserved(|_| true, true)?;
            put(&tables)?;
            scripts.set(script, Portable::Object(Shared::new(tables).map_err(|_| ENOMEM)?))
        }
    }
}

/// What outlasts scripts of that name goes when nobody uses it any more; whether there was something. May sleep.
pub(crate) fn forget(script: &[u8]) -> Result<bool> {
    let scripts = table(Place::Lasting)?;
    let there = scripts.table_at(script).is_some();
    scripts.set(script, Portable::Nil)?;
    Ok(there)
}

/// Takes away what scripts put there, and what outlasts them; may sleep.
pub(crate) fn clear() {
    let all = ENVIRONMENT.lock().as_ref().map(|environment| environment.all.clone());
    if let Some(all) = all {
        all.clear(false);
    }
    if let Ok(lasting) = table(Place::Lasting) {
        lasting.clear(true);
    }
}
