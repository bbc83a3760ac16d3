// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `io`: files, in process context. Of the manual's library, what the kernel can do: there is no standard
//! input or output, and no other programs.
//!
//! Nothing waits: a file from which nothing comes now, as a pipe's, fails with EAGAIN.
//!
//! # io
//!
//! Files, for process scripts, which have `io` as a global, too; to be granted. It is the manual's library without standard
//! streams and other programs: `io.open(path[, mode])`, `io.lines(path, ...)`, `io.type(value)`. Modes are `r`, `w`, `a`, with `+`
//! and `b` behind them.
//!
//! | function | |
//! |---|---|
//! | `f:read(...)` | by formats: `"l"` (a line, the default), `"L"` (with its end), `"a"` (the rest), `"n"` (an integer), a number of bytes; at most 100 of them. What is read counts towards the script's memory |
//! | `f:write(...)` | strings and integers; returns the file |
//! | `f:lines(...)` | an iterator over what `read` gives; that of `io.lines` closes its file at the end |
//! | `f:seek([whence[, offset]])` | the place from now on: from `"set"`, `"cur"` (the default) or `"end"` |
//! | `f:flush()`, `f:setvbuf(...)` | nothing is kept back that they would have to write; return the file, and true |
//! | `f:close()` | also what a `<close>` variable does, and the collector |
//!
//! A file is opened with the rights of the task that runs the script, and in its namespaces. What fails returns nil, the errno's
//! name (`io.open`: the path and the name) and its number: `nil, "/tmp/x: ENOENT", 2`. `io.lines` raises. Nothing waits: a pipe without
//! data is `"EAGAIN"`. The few devices that only user space can read (`/dev/zero`) are `"EINVAL"`.
//!
//! ```lua process
//! local file <close> = assert(io.open("/proc/loadavg"))
//! print("load: " .. file:read("l"))
//! ```

mod stream;
mod sys;

use core::cell::Cell;
use core::ffi::{c_int, CStr};
use kernel::error::Error;
use kernel::prelude::*;
use lua::{ffi, function, meta, method, Class, Entry, FromLua, Kind, Object, Pushed, State, Value};
use lunatik_core::{errno, register, Access, Context, Registration, Runtime};

use stream::{Failure, Stream};
use sys::{File, Mode};

module! {
    type: Module,
    name: "luaio",
    author: "The Lunagate authors",
    description: "Lua files",
    license: "Dual MIT/GPL",
}

/// What a file costs.
const OPEN: usize = 500;
/// As many results has a call of `read`.
const RESULTS: c_int = 100;

/// The class of files: the manual calls them so. None: it is closed, or a method is at work.
struct Handle(Cell<Option<Stream>>);

static HANDLE: Class = Class::new::<Handle>(
    c"FILE*",
    &[
        method(c"read", Handle::read),
        method(c"write", Handle::write),
        method(c"lines", Handle::lines),
        method(c"seek", Handle::seek),
        method(c"flush", Handle::flush),
        method(c"setvbuf", Handle::setvbuf),
        method(c"close", Handle::close),
        meta(c"__close", Handle::end),
        meta(c"__tostring", Handle::text),
    ],
);

impl Object for Handle {
    const CLASS: &'static Class = &HANDLE;
}

/// The class of what `lines` returns: called, it reads, and at the end of the file it closes it if it opened it.
struct Lines {
    closes: bool,
    formats: c_int,
}

static LINES: Class = Class::new::<Lines>(c"lines", &[meta(c"__call", Lines::next)]);

impl Object for Lines {
    const CLASS: &'static Class = &LINES;
    /// The file, and a table of the formats.
    const VALUES: c_int = 2;
}

/// Files wait for disks, and are for tasks.
fn check_context(state: State<'_>) -> lua::Result {
    Runtime::making_in(state, Context::Process).map(drop)
}

/// nil, the error's name, and its number: what functions return that could not do it.
fn refused(state: State<'_>, about: Option<&CStr>, error: Error) -> lua::Result<Pushed> {
    let number = error.to_errno();
    let name = errno::name(-number).unwrap_or(c"error");
    state.push(Option::<i64>::None)?;
    match about {
        None => state.push(name)?,
        Some(path) => {
            let (mut text, path) = (KVec::new(), path.to_bytes());
            for part in [path, b": ", name.to_bytes()] {
                text.extend_from_slice(part, GFP_KERNEL).map_err(|_| Kind::NoMemory)?;
            }
            state.push(text.as_slice())?
        }
    };
    state.push(i64::from(-number))?;
    Ok(Pushed(3))
}

/// `r`, `w` or `a`, then perhaps `+`, then perhaps `b`.
fn mode(text: &[u8]) -> Option<Mode> {
    let (first, rest) = text.split_first()?;
    let rest = rest.strip_suffix(b"b").unwrap_or(rest);
    let both = match rest {
        b"" => false,
        b"+" => true,
        _ => return None,
    };
    let mode = |reads, creates, cuts, appends| Some(Mode { reads, writes: !reads || both, creates, cuts, appends });
    let mode = match first {
        b'r' => mode(true, false, false, false),
        b'w' => mode(false, true, true, false),
        b'a' => mode(false, true, false, true),
        _ => None,
    };
    mode.map(|mode| Mode { reads: mode.reads || both, ..mode })
}

fn open_stream(state: State<'_>, path: &CStr, mode: Mode) -> lua::Result<Result<Handle>> {
    check_context(state)?;
    state.spend(OPEN)?;
    let file = match File::open(path, mode) {
        Ok(file) => file,
        Err(errno) => return Ok(Err(errno)),
    };
    Ok(Ok(Handle(Cell::new(Some(Stream::new(state, file)?)))))
}

/// `io.open(path[, mode])`
fn open(state: State<'_>, path: &CStr, how: Option<&[u8]>) -> lua::Result<Pushed> {
    let mode = mode(how.unwrap_or(b"r")).ok_or(lua::Error::from(Kind::InvalidValue).at(2))?;
    match open_stream(state, path, mode)? {
        Ok(handle) => state.push(handle).map(Pushed),
        Err(errno) => refused(state, Some(path), errno),
    }
}

/// `io.lines(path, ...)`: what `file:lines(...)` is, nil, nil, and the file, which is closed at its end.
fn lines(state: State<'_>, path: &CStr) -> lua::Result<Pushed> {
    let Some(mode) = mode(b"r") else { return Err(Kind::Failed.into()) };
    let formats = state.top() - 1;
    match open_stream(state, path, mode)? {
        Ok(handle) => {
            state.push(handle)?;
            let file = state.top();
            push_lines(state, file, formats, true)?;
            state.push((Option::<i64>::None, Option::<i64>::None))?;
            state.push_value(file);
            Ok(Pushed(4))
        }
        Err(errno) => {
            let name = errno::name(errno.to_errno().wrapping_neg()).unwrap_or(c"error").to_str().unwrap_or("error");
            let path = path.to_str().unwrap_or("?");
            Err(state.raise(format_args!("io.lines: {name}: {path}")))
        }
    }
}

/// `io.type(value)`: "file", "closed file", or nil.
fn kind(state: State<'_>, Value(value): Value) -> Option<&'static CStr> {
    let handle = <&Handle>::from_lua(state, value).ok()?;
    let open = handle.0.take();
    let kind = if open.is_some() { c"file" } else { c"closed file" };
    handle.0.set(open);
    Some(kind)
}

/// Pushes the iterator over a file, with the formats that begin at index 2.
fn push_lines(state: State<'_>, file: c_int, formats: c_int, closes: bool) -> lua::Result {
    if formats > RESULTS {
        return Err(Kind::OutOfRange.into());
    }
    state.push(Lines { closes, formats })?;
    let lines = state.top();
    state.push_value(file);
    state.set_user_value(lines, 1);
    state.push_table(formats, 0)?;
    for index in 1..=formats {
        state.push_value(index + 1);
        state.raw_set_index(lines + 1, i64::from(index))?;
    }
    state.set_user_value(lines, 2);
    Ok(())
}

impl Lines {
    fn next(&self, state: State<'_>) -> lua::Result<Pushed> {
        check_context(state)?;
        state.set_top(1);
        state.get_user_value(1, 1);
        state.get_user_value(1, 2);
        state.reserve(self.formats.saturating_add(20))?;
        for index in 1..=self.formats {
            // SAFETY: The state is valid, and the value at 3 is the table that `push_lines` made.
            unsafe { ffi::lua_rawgeti(state.as_ptr(), 3, i64::from(index)) };
        }
        let file = <&Handle>::from_lua(state, 2)?;
        let first = state.top();
        let read = file.read_from(state, 4, self.formats)?;
        match read {
            Ok(count) if !state.is_none_or_nil(first + 1) => Ok(Pushed(count)),
            Ok(_) => {
                if self.closes {
                    file.end();
                }
                Ok(Pushed(1))
            }
            Err(errno) => {
                let name = errno::name(-errno.to_errno()).unwrap_or(c"error").to_str().unwrap_or("error");
                Err(state.raise(format_args!("file:lines: {name}")))
            }
        }
    }
}

impl Handle {
    /// Has `f` work on the stream, which meanwhile nobody else has.
    fn with<R>(&self, state: State<'_>, f: impl FnOnce(&mut Stream) -> R) -> lua::Result<R> {
        check_context(state)?;
        let Some(mut stream) = self.0.take() else {
            return Err(state.raise(format_args!("attempt to use a closed file")));
        };
        let result = f(&mut stream);
        self.0.set(Some(stream));
        Ok(result)
    }

    /// Reads by `count` formats from index `first` on, or a line; pushes and counts the results, of which nil is the last.
    fn read_from(&self, state: State<'_>, first: c_int, count: c_int) -> lua::Result<Result<c_int>> {
        if count > RESULTS {
            return Err(Kind::OutOfRange.into());
        }
        state.reserve(count.saturating_add(10))?;
        let mut results = 0;
        for index in first..first + count.max(1) {
            let format = if count == 0 { Format::Line { ends: false } } else { Format::at(state, index)? };
            let done = match self.with(state, |stream| format.read(state, stream))? {
                Ok(read) => push_read(state, read)?,
                Err(Failure::File(errno)) => return Ok(Err(errno)),
                Err(Failure::Script(error)) => return Err(error),
            };
            results += 1;
            if !done {
                break;
            }
        }
        Ok(Ok(results))
    }

    /// `file:read(...)`
    fn read(&self, state: State<'_>) -> lua::Result<Pushed> {
        match self.read_from(state, 2, state.top() - 1)? {
            Ok(count) => Ok(Pushed(count)),
            Err(errno) => refused(state, None, errno),
        }
    }

    /// `file:write(...)`: the file.
    fn write(&self, state: State<'_>) -> lua::Result<Pushed> {
        let top = state.top();
        for index in 2..=top {
            let number = i64::from_lua(state, index).ok().filter(|_| state.type_of(index) == ffi::LUA_TNUMBER);
            if number.is_some() {
                // Strings and numbers are written, the latter as text.
                state.push_value(index);
                state.push_text(-1)?;
            } else {
                state.push_value(index);
            }
            let bytes = <&[u8]>::from_lua(state, -1).map_err(|error| error.at(index))?;
            match self.with(state, |stream| stream.write(state, bytes))? {
                Ok(()) => {}
                Err(Failure::File(errno)) => return refused(state, None, errno),
                Err(Failure::Script(error)) => return Err(error),
            }
            // However many they are, there is room for one's.
            state.set_top(top);
        }
        self.with(state, |_| ())?;
        state.push_value(1);
        Ok(Pushed(1))
    }

    /// `file:lines(...)`
    fn lines(&self, state: State<'_>) -> lua::Result<Pushed> {
        self.with(state, |_| ())?;
        push_lines(state, 1, state.top() - 1, false)?;
        Ok(Pushed(1))
    }

    /// `file:seek([whence[, offset]])`: the place.
    fn seek(&self, state: State<'_>, whence: Option<&[u8]>, offset: Option<i64>) -> lua::Result<Pushed> {
        let offset = offset.unwrap_or(0);
        let from: fn(i64, i64) -> i64 = match whence.unwrap_or(b"cur") {
            b"set" => |_, _| 0,
            b"cur" => |place, _| place,
            b"end" => |_, size| size,
            _ => return Err(lua::Error::from(Kind::InvalidValue).at(2)),
        };
        match self.with(state, |stream| stream.seek(|place, size| from(place, size).checked_add(offset)))? {
            Ok(place) => state.push(place).map(Pushed),
            Err(errno) => refused(state, None, errno),
        }
    }

    /// `file:flush()`: what is written is the file's at once.
    fn flush(&self, state: State<'_>) -> lua::Result<Pushed> {
        self.with(state, |_| ())?;
        state.push_value(1);
        Ok(Pushed(1))
    }

    /// `file:setvbuf(...)`: there is nothing to set.
    fn setvbuf(&self, state: State<'_>) -> lua::Result<bool> {
        self.with(state, |_| true)
    }

    /// `file:close()`
    fn close(&self, state: State<'_>) -> lua::Result<Pushed> {
        self.with(state, |_| ())?;
        let closed = self.0.take().map_or(Ok(()), Stream::close);
        match closed {
            Ok(()) => state.push(true).map(Pushed),
            Err(errno) => refused(state, None, errno),
        }
    }

    /// Closes it if it is open.
    fn end(&self) {
        drop(self.0.take());
    }

    fn text(&self, state: State<'_>) -> &'static CStr {
        match kind(state, Value(1)) {
            Some(kind) if kind == c"file" => c"file",
            _ => c"file (closed)",
        }
    }
}

/// What is read at a time.
#[derive(Clone, Copy)]
enum Format {
    Line { ends: bool },
    All,
    Number,
    Bytes(usize),
}

/// What was read.
enum Found {
    Nothing,
    Bytes(stream::Read),
    Numeral(stream::Read),
}

impl Format {
    fn at(state: State<'_>, index: c_int) -> lua::Result<Format> {
        if state.type_of(index) == ffi::LUA_TNUMBER {
            return usize::from_lua(state, index).map(Format::Bytes).map_err(|error| error.at(index));
        }
        let text = <&[u8]>::from_lua(state, index).map_err(|error| error.at(index))?;
        match text.strip_prefix(b"*").unwrap_or(text).first() {
            Some(b'l') => Ok(Format::Line { ends: false }),
            Some(b'L') => Ok(Format::Line { ends: true }),
            Some(b'a') => Ok(Format::All),
            Some(b'n') => Ok(Format::Number),
            _ => Err(lua::Error::from(Kind::InvalidValue).at(index)),
        }
    }

    fn read(self, state: State<'_>, stream: &mut Stream) -> Result<Found, Failure> {
        let some = |read: stream::Read| if read.bytes.is_empty() { Found::Nothing } else { Found::Bytes(read) };
        match self {
            Format::Line { ends } => {
                let mut read = stream.read(state, usize::MAX, true)?;
                if read.bytes.is_empty() {
                    return Ok(Found::Nothing);
                }
                if !ends && read.bytes.last() == Some(&b'\n') {
                    let length = read.bytes.len() - 1;
                    // SAFETY: One byte less; bytes have nothing to drop.
                    unsafe { read.bytes.set_len(length) };
                }
                Ok(Found::Bytes(read))
            }
            Format::All => stream.read(state, usize::MAX, false).map(Found::Bytes),
            Format::Bytes(0) if stream.is_at_end(state)? => Ok(Found::Nothing),
            Format::Bytes(0) => stream.read(state, 0, false).map(Found::Bytes),
            Format::Bytes(limit) => stream.read(state, limit, false).map(some),
            Format::Number => stream.read_numeral(state).map(Found::Numeral),
        }
    }
}

/// Pushes it, or nil; whether it was anything.
fn push_read(state: State<'_>, found: Found) -> lua::Result<bool> {
    match found {
        Found::Bytes(read) => {
            state.push(read.bytes.as_slice())?;
            return Ok(true);
        }
        Found::Numeral(read) => {
            state.push(read.bytes.as_slice())?;
            let number = i64::from_lua(state, -1);
            state.pop(1);
            if let Ok(number) = number {
                state.push(number)?;
                return Ok(true);
            }
        }
        Found::Nothing => {}
    }
    state.push(Option::<i64>::None)?;
    Ok(false)
}

static LIBRARY: [Entry; 3] = [function(c"open", open), function(c"lines", lines), function(c"type", kind)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"io", access: Access::Granted, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
