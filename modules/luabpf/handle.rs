// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What both classes of maps have in common: a reference to one map, until it is closed.

use core::cell::UnsafeCell;
use kernel::alloc::flags::GFP_KERNEL;
use kernel::error::{code::*, Error};
use kernel::str::CString;
use kernel::sync::Arc;
use lua::{Kind, Pushed, State};
use lunatik_core::{errno, Runtime, Scratch};

use crate::kinds;
use crate::sys::{self, Info, Map};

/// What it costs to look for a map.
const OPEN: usize = 100;
/// As many bytes cost a unit of fuel to copy.
const UNIT: usize = 32;
/// As many nanoseconds of looking for a key cost a unit of fuel.
const NANOSECONDS: u64 = 32;

/// A map that a state uses, or nothing once the state has closed it. Others that hold the
/// same map go on.
///
/// # Invariants
///
/// Only the state whose object this is closes it, in a method; methods of one object do not
/// overlap, and nothing that a method calls runs Lua. A clone outside of Lua is never closed.
pub(crate) struct Handle(UnsafeCell<Option<Arc<Map>>>);

// SAFETY: By the invariants; a Map may be used anywhere.
unsafe impl Send for Handle {}
// SAFETY: As above.
unsafe impl Sync for Handle {}

impl Clone for Handle {
    fn clone(&self) -> Handle {
        // SAFETY: By the invariants nobody closes it now.
        Handle(UnsafeCell::new(unsafe { &*self.0.get() }.clone()))
    }
}

impl Handle {
    /// Opens the map of type `kind` that is pinned at `path`, for the function `bpf.<name>`.
    pub(crate) fn open(state: State<'_>, path: &[u8], kind: u32) -> lua::Result<Handle> {
        Runtime::may_sleep(state)?;
        state.spend(OPEN)?;
        let name = kinds::name(kind);
        let shown = kernel::str::BStr::from_bytes(path);
        let file = CString::try_from_fmt(kernel::fmt!("{}", Plain(path))).map_err(|_| Kind::InvalidValue)?;
        let file = core::ffi::CStr::from_bytes_with_nul(file.as_bytes_with_nul()).map_err(|_| Kind::InvalidValue)?;
        let map = match Map::open(file) {
            Ok(map) => map,
            Err(errno) if errno == ENOENT || errno == ENOTDIR => {
                return Err(state.raise(format_args!("bpf.{name}: {shown}: there is no such file")));
            }
            Err(errno) if errno == EINVAL => {
                return Err(state.raise(format_args!("bpf.{name}: {shown}: no map is pinned there")));
            }
            Err(errno) => return Err(state.raise(format_args!("bpf.{name}: {shown}: {}", errno::Shown(errno)))),
        };
        let info = map.info();
        if info.kind != kind {
            let other = kinds::name(info.kind);
            return Err(state.raise(format_args!("bpf.{name}: {shown} is a map of type {other} ({})", info.kind)));
        }
        if info.special {
            return Err(state.raise(format_args!(
                "bpf.{name}: {shown}: values with locks, timers or kernel pointers are for eBPF programs only"
            )));
        }
        let map = Arc::new(map, GFP_KERNEL).map_err(|_| Kind::NoMemory)?;
        Ok(Handle(UnsafeCell::new(Some(map))))
    }

    /// The map, unless it is closed.
    pub(crate) fn map(&self) -> lua::Result<&Map> {
        // SAFETY: By the invariants nobody closes it while a method runs.
        unsafe { &*self.0.get() }.as_deref().ok_or_else(|| Kind::ExpectedObject.into())
    }

    /// The map, if scripts may change it.
    pub(crate) fn writable(&self, state: State<'_>) -> lua::Result<&Map> {
        let map = self.map()?;
        if map.info().writable {
            return Ok(map);
        }
        Err(state.raise(format_args!("the map is read-only: frozen, or made so")))
    }

    pub(crate) fn close(&self) {
        // SAFETY: By the invariants no other method of the object runs.
        let map = unsafe { &mut *self.0.get() }.take();
        drop(map);
    }

    /// `info()`: a table.
    pub(crate) fn info(&self, state: State<'_>) -> lua::Result<Pushed> {
        let Info { kind, key_size, value_size, max_entries, writable, .. } = *self.map()?.info();
        state.push_table(0, 5)?;
        for (name, number) in
            [(c"type", kind), (c"key_size", key_size), (c"value_size", value_size), (c"max_entries", max_entries)]
        {
            state.push(number)?;
            state.set_field(-2, name)?;
        }
        state.push(writable)?;
        state.set_field(-2, c"writable")?;
        Ok(Pushed(1))
    }

    /// `#map`: how many entries it can have.
    pub(crate) fn len(&self) -> lua::Result<u32> {
        Ok(self.map()?.info().max_entries)
    }
}

/// Bytes as they come.
struct Plain<'a>(&'a [u8]);

impl core::fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match core::str::from_utf8(self.0) {
            Ok(text) if !self.0.contains(&0) => f.write_str(text),
            _ => Err(core::fmt::Error),
        }
    }
}

/// Holds bytes of a script against the size that the map has.
pub(crate) fn check(state: State<'_>, what: &str, bytes: &[u8], size: u32) -> lua::Result {
    state.spend(bytes.len() / UNIT)?;
    if bytes.len() == size as usize {
        return Ok(());
    }
    Err(state.raise(format_args!("a {what} of {} bytes; the map's have {size}", bytes.len())))
}

/// Room for a key or a value.
pub(crate) fn room(state: State<'_>, size: u32) -> lua::Result<Scratch> {
    state.spend(size as usize / UNIT)?;
    Scratch::new(state, size as usize)
}

/// Takes fuel for time that no size tells, and that is bounded.
pub(crate) fn spend(state: State<'_>, nanoseconds: u64) {
    state.charge(usize::try_from(nanoseconds / NANOSECONDS).unwrap_or(usize::MAX));
}

/// The kernel's refusal, as an error.
pub(crate) fn refused(state: State<'_>, errno: Error) -> lua::Error {
    match errno {
        _ if errno == ENOMEM => Kind::NoMemory.into(),
        _ if errno == EBUSY => Kind::Busy.into(),
        _ if errno == E2BIG => state.raise(format_args!("the map is full")),
        _ if sys::unsupported(errno) => state.raise(format_args!("maps of this type have no such operation, or flag")),
        _ => state.raise(format_args!("the map refuses: {}", errno::Shown(errno))),
    }
}
