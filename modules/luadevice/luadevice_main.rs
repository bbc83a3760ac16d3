// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `device`: character devices below /dev, whose operations are a script's functions.
//!
//! `device.new{ name = ... [, mode = ...][, open = f][, read = f][, write = f][, release = f] }`. The
//! functions run in the task that uses the file, in the script's runtime, one at a time; each call has
//! the fuel of a call. A device lives until it is stopped, or its script is.
//!
//! # device
//!
//! Character devices below /dev whose operations are a script's functions; in process context, to be granted.
//! `device.new{ name = s[, mode = n][, open = f][, read = f][, write = f][, release = f] }` makes `/dev/s` and returns a
//! `device`, which cannot be shared. The state keeps it, whether the script does or not, until `d:stop()` or the end of the
//! script. `mode` has the permissions, as `linux.stat` names them (read and write for root only). A name has 1 to 31 letters,
//! digits, `_`, `-` and `.`, and belongs to nothing else in /dev. At most 64 devices live at once, those counted of which files
//! are open.
//!
//! | function | called with | returns |
//! |---|---|---|
//! | `open`, `release` | the table | nothing. If `open` raises an error, the file is not opened |
//! | `read` | the table, how many bytes are wanted (at most 65536), the file's offset | a string, of which so many bytes are read, or nil or `""` at the end; then perhaps the new offset (by default that behind the bytes) |
//! | `write` | the table, bytes (at most 65536 of them), the file's offset | how many of them it took, or nil for all; then perhaps the new offset |
//!
//! Functions are looked up in the table at each call. Without `read` or `write` such a call fails (`EINVAL`). They run in the
//! task that uses the file, in the script's runtime, one at a time in the order in which they come, with the fuel of a call; a
//! task that waits for its turn can be killed. Who comes while the script loads waits until it has.
//! An error is EIO for who called, and is in the log and in the script's books; too many put the script in quarantine. When the
//! device has stopped, its script has, or is in quarantine, calls are ENXIO, also for files that are open; who sleeps in a
//! function wakes up as in a thread; `release` is not called then. Who closes a file does not wait for others: if one is inside, a
//! worker calls `release` in its turn. Open files keep luadevice.ko.
//!
//! ```lua process
//! -- cat /dev/answer
//! require("device").new {
//!   name = "answer",
//!   read = function(_, _, offset) return offset == 0 and "42\n" or nil end,
//! }
//! ```

mod sys;

use core::ffi::{c_int, CStr};
use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{function, method, Class, Entry, FromLua, Object, Pushed, State, Table};
use lunatik_core::{errno, register, Access, Context, Kept, Registration, Runtime};

use sys::Node;

module! {
    type: Module,
    name: "luadevice",
    author: "The Lunagate authors",
    description: "Lua character devices",
    license: "Dual MIT/GPL",
}

/// What a device costs the script that makes it.
const NEW: usize = 1000;
/// So many bytes cost a unit of fuel to copy.
const UNIT: usize = 64;
/// The longest name, in bytes.
const NAME: usize = 31;
const DEFAULT_MODE: i64 = 0o600;
/// Of a mode, what a node in /dev can have.
const PERMISSIONS: u32 = 0o777;

/// What a device, its files and its object in Lua have together. The object keeps the table of functions as long as
/// `node` is one.
pub(crate) struct Body {
    kept: Kept,
    pub(crate) node: Node,
}

impl Body {
    /// Calls a function of the device's, if it has it: with the table, and the arguments that `push`
    /// pushes and counts. `read` reads its two results, which are on top of the stack.
    fn call<R>(
        &self,
        name: &CStr,
        push: impl FnOnce(State<'_>) -> lua::Result<c_int>,
        read: impl FnOnce(State<'_>) -> lua::Result<R>,
    ) -> Result<Option<R>> {
        self.kept.runtime().serve(|state| self.function(state, name, push, read))?
    }

    /// The same, inside of the runtime.
    fn function<R>(
        &self,
        state: State<'_>,
        name: &CStr,
        push: impl FnOnce(State<'_>) -> lua::Result<c_int>,
        read: impl FnOnce(State<'_>) -> lua::Result<R>,
    ) -> lua::Result<Result<Option<R>>> {
        if !self.kept.push(state) {
            return Ok(Err(ENXIO));
        }
        let table = state.top();
        state.get_field(table, name)?;
        if state.is_none_or_nil(-1) {
            return Ok(Ok(None));
        }
        state.push_value(table);
        let arguments = 1 + push(state)?;
        state.call_traced(arguments, 2)?;
        read(state).map(|value| Ok(Some(value)))
    }

    pub(crate) fn open(&self) -> Result {
        self.call(c"open", |_| Ok(0), |_| Ok(())).map(|_| ())
    }

    /// Up to `size` bytes from `offset` on, which moves behind them. Without a function there are none.
    pub(crate) fn read(&self, size: usize, offset: &mut i64) -> Result<KVec<u8>> {
        let before = *offset;
        let push = |state: State<'_>| -> lua::Result<c_int> { Ok(state.push(size)? + state.push(before)?) };
        let read = self.call(c"read", push, |state| {
            let text = Option::<&[u8]>::from_lua(state, -2)
                .map_err(|_| state.raise(format_args!("device: read returns a string, or nil at the end")))?;
            let text = text.unwrap_or(b"");
            let text = text.get(..size).unwrap_or(text);
            state.spend(text.len() / UNIT)?;
            let mut copy = KVec::new();
            copy.extend_from_slice(text, GFP_KERNEL).map_err(|_| lua::Kind::NoMemory)?;
            Ok((copy, moved(state, before, text.len())?))
        })?;
        let (copy, after) = read.ok_or(EINVAL)?;
        *offset = after;
        Ok(copy)
    }

    /// Hands over bytes for `offset`, which moves behind them: how many the function took.
    pub(crate) fn write(&self, bytes: &[u8], offset: &mut i64) -> Result<usize> {
        let before = *offset;
        let push = |state: State<'_>| -> lua::Result<c_int> {
            state.spend(bytes.len() / UNIT)?;
            Ok(state.push(bytes)? + state.push(before)?)
        };
        let written = self.call(c"write", push, |state| {
            let count = Option::<usize>::from_lua(state, -2).ok().map(|count| count.unwrap_or(bytes.len()));
            let Some(count) = count.filter(|count| *count <= bytes.len()) else {
                return Err(state.raise(format_args!(
                    "device: write returns how many of {} bytes it took, or nil for all",
                    bytes.len()
                )));
            };
            Ok((count, moved(state, before, count)?))
        })?;
        let (count, after) = written.ok_or(EINVAL)?;
        *offset = after;
        Ok(count)
    }

    /// A file is closed: nobody hears that this fails. Unless `patient`, does not wait for its turn;
    /// whether it had it.
    pub(crate) fn release(&self, patient: bool) -> bool {
        let release = |state: State<'_>| self.function(state, c"release", |_| Ok(0), |_| Ok(()));
        let runtime = self.kept.runtime();
        let released = if patient { runtime.serve(release) } else { runtime.serve_now(release) };
        !matches!(released, Err(errno) if errno == EBUSY)
    }
}

/// Where a file goes on: where the second result says, or behind the bytes.
fn moved(state: State<'_>, before: i64, count: usize) -> lua::Result<i64> {
    match Option::<i64>::from_lua(state, -1) {
        Ok(None) => Ok(before.saturating_add(i64::try_from(count).unwrap_or(i64::MAX))),
        Ok(Some(after)) if after >= 0 => Ok(after),
        _ => Err(state.raise(format_args!("device: the new offset is an integer from 0"))),
    }
}

/// The class `device`.
pub struct Device(Arc<Body>);

static DEVICE: Class = Class::new::<Device>(c"device", &[method(c"stop", Device::stop)]);

impl Object for Device {
    const CLASS: &'static Class = &DEVICE;
    /// The table of functions.
    const VALUES: c_int = 1;
}

impl Drop for Device {
    fn drop(&mut self) {
        // The state that keeps it until it is stopped is closing.
        self.0.node.destroy();
        self.0.kept.forget();
    }
}

impl Device {
    /// `device.new(table)`
    fn make(state: State<'_>, Table(table): Table) -> lua::Result<Pushed> {
        let runtime = Runtime::making_in(state, Context::Process)?;
        for field in [c"open", c"read", c"write", c"release"] {
            if state.get_function(table, field, "device.new")? {
                state.pop(1);
            }
        }
        let mode = state.field::<Option<i64>>(table, c"mode").map(|mode| mode.unwrap_or(DEFAULT_MODE));
        let Some(mode) = mode.ok().and_then(|mode| u16::try_from(mode).ok()) else {
            return Err(state.raise(format_args!("device.new: field 'mode' must be bits of linux.stat")));
        };
        state.get_field(table, c"name")?;
        let name = <&CStr>::from_lua(state, -1).ok().filter(|name| is_name(name.to_bytes()));
        let Some(name) = name else {
            return Err(state.raise(format_args!(
                "device.new: field 'name' must be 1 to {NAME} letters, digits, _ - and ., and not begin with - or ."
            )));
        };
        state.spend(NEW)?;
        let body = Body { kept: Kept::of(runtime), node: Node::none() };
        let body = Arc::new(body, GFP_KERNEL).map_err(|_| lua::Kind::NoMemory)?;
        let create = || Node::create(&body, name, u32::from(mode) & PERMISSIONS);
        let Err(errno) = body.kept.keep(state, Device(body.clone()), table, create)? else { return Ok(Pushed(1)) };
        let name = name.to_str().unwrap_or("?");
        Err(match errno {
            _ if errno == ENOMEM => lua::Kind::NoMemory.into(),
            _ if errno == EEXIST => state.raise(format_args!("device.new: there is a /dev/{name} already")),
            _ if errno == ENOSPC => state.raise(format_args!("device.new: there are too many devices")),
            _ => state.raise(format_args!("device.new: the kernel refuses /dev/{name}: {}", errno::Shown(errno))),
        })
    }

    /// `device:stop()`
    fn stop(&self, state: State<'_>) -> lua::Result {
        Runtime::may_sleep(state)?;
        // Open files see an error from here on.
        self.0.node.destroy();
        self.0.kept.release(state);
        Ok(())
    }
}

fn is_name(name: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (1..=NAME).contains(&name.len()) && name.iter().all(plain) && !name.starts_with(b".") && !name.starts_with(b"-")
}

static LIBRARY: [Entry; 1] = [function(c"new", Device::make)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"device", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

// In this order they go: who may make devices, then their kind.
struct Module {
    _registration: Registration,
    _kind: sys::Kind,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        let kind = sys::Kind::new()?;
        Ok(Module { _registration: register(&MODULE, module)?, _kind: kind })
    }
}
