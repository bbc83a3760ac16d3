// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A Lua thread during one call.

use core::ffi::{c_int, CStr};
use core::fmt::{self, Write};
use core::marker::PhantomData;
use core::ptr::NonNull;

use crate::raw::{self, tag, Value};
use crate::{ffi, Entry, Error, FromLua, IntoLua, Kind, Result};

/// A Lua thread that Rust may use for `'l`.
///
/// # Invariants
///
/// The pointer is a valid `lua_State` for `'l`, used by this CPU only, with `LUA_MINSTACK`
/// (20) free slots when a handler starts.
#[derive(Clone, Copy)]
pub struct State<'l> {
    raw: NonNull<ffi::lua_State>,
    _call: PhantomData<&'l ()>,
}

/// A message that a handler raises: [`State::raise`].
pub type Raise = Error;

impl<'l> State<'l> {
    /// Wraps a pointer that C handed over.
    ///
    /// # Safety
    ///
    /// `raw` must fulfil the invariants of [`State`] for all of `'l`.
    pub unsafe fn from_raw(raw: *mut ffi::lua_State) -> State<'l> {
        // SAFETY: The caller passes a valid pointer, so it is not null.
        State { raw: unsafe { NonNull::new_unchecked(raw) }, _call: PhantomData }
    }

    /// The pointer, for C.
    #[inline]
    pub fn as_ptr(self) -> *mut ffi::lua_State {
        self.raw.as_ptr()
    }

    /// The number of values on the stack.
    #[inline]
    pub fn top(self) -> c_int {
        // SAFETY: By the invariants the state is valid.
        unsafe { raw::top(self.as_ptr()) }
    }

    /// Drops values until `top` are left, or fills up with nil.
    #[inline]
    pub fn set_top(self, top: c_int) {
        // SAFETY: By the invariants the state is valid; the values are there. No to-be-closed
        // variable lives in a Rust frame.
        unsafe {
            if (0..=raw::top(self.as_ptr())).contains(&top) {
                raw::keep(self.as_ptr(), top);
            } else {
                ffi::lua_settop(self.as_ptr(), top);
            }
        }
    }

    /// Removes `n` values, of those that there are.
    #[inline]
    pub fn pop(self, n: c_int) {
        // SAFETY: As above.
        unsafe { raw::pop(self.as_ptr(), n) }
    }

    /// Pushes a copy of the value at `index`.
    #[inline]
    pub fn push_value(self, index: c_int) {
        match self.value(index) {
            // SAFETY: By the invariants the state is valid and has a free slot.
            Some(value) => unsafe { raw::push(self.as_ptr(), value) },
            // SAFETY: As above; any index is acceptable.
            None => unsafe { ffi::lua_pushvalue(self.as_ptr(), index) },
        }
    }

    /// The value at `index`, if that is a place on the stack with a value.
    #[inline(always)]
    pub(crate) fn value(self, index: c_int) -> Option<Value> {
        if !raw::is_plain(index) {
            return None;
        }
        // SAFETY: By the invariants the state is valid, and indices are of values.
        unsafe { raw::get(self.as_ptr(), index) }
    }

    /// Pushes a value that is on the stack or that something in Lua holds.
    #[inline(always)]
    pub(crate) fn push_raw(self, value: Value) {
        // SAFETY: By the invariants the state is valid and has a free slot.
        unsafe { raw::push(self.as_ptr(), value) }
    }

    /// The type of the value at `index`: one of `ffi::LUA_T*`.
    #[inline]
    pub fn type_of(self, index: c_int) -> c_int {
        match self.value(index) {
            Some(value) => (value.tag & tag::TYPE).into(),
            None if raw::is_plain(index) => ffi::LUA_TNONE,
            // SAFETY: By the invariants the state is valid; any index is acceptable here.
            None => unsafe { ffi::lua_type(self.as_ptr(), index) },
        }
    }

    /// Whether there is no value, or nil, at `index`.
    #[inline]
    pub fn is_none_or_nil(self, index: c_int) -> bool {
        self.type_of(index) <= ffi::LUA_TNIL
    }

    /// Pushes a value and tells how many slots it takes.
    ///
    /// # Errors
    ///
    /// Lua's memory limit.
    #[inline]
    pub fn push<T: IntoLua>(self, value: T) -> Result<c_int> {
        value.push(self)
    }

    /// Pushes a string.
    ///
    /// # Errors
    ///
    /// Lua's memory limit.
    pub fn push_bytes(self, bytes: &[u8]) -> Result {
        // SAFETY: The pointer and length are those of a slice; Lua copies it.
        self.check(unsafe { ffi::lua_trypushlstring(self.as_ptr(), bytes.as_ptr().cast(), bytes.len()) })
    }

    /// Pushes an empty table with room for so many values.
    ///
    /// # Errors
    ///
    /// Lua's memory limit.
    pub fn push_table(self, array: c_int, records: c_int) -> Result {
        // SAFETY: By the invariants the state is valid.
        self.check(unsafe { ffi::lua_trynewtable(self.as_ptr(), array, records) })
    }

    /// Pops a value into `table[name]`, without metamethods only if the table has none.
    ///
    /// # Errors
    ///
    /// Lua's memory limit, or what a metamethod raises.
    pub fn set_field(self, table: c_int, name: &CStr) -> Result {
        // SAFETY: By the invariants the state is valid, and the name ends in zero.
        self.check(unsafe { ffi::lua_trysetfield(self.as_ptr(), table, name.as_ptr()) })
    }

    /// Pops a value into place `n`, from 1, of the object at `index`, which keeps it alive.
    pub fn set_user_value(self, index: c_int, n: c_int) {
        // SAFETY: By the invariants the state is valid; without such a place nothing happens.
        unsafe { ffi::lua_setiuservalue(self.as_ptr(), index, n) };
    }

    /// Pushes what place `n` of the object at `index` keeps, or nil.
    #[inline]
    pub fn get_user_value(self, index: c_int, n: c_int) {
        let value = match self.value(index) {
            // SAFETY: By the tag it is a userdata, which has so many values.
            Some(Value { payload, tag: tag::USERDATA }) => unsafe { raw::Userdata::kept(payload.userdata, n) },
            _ => None,
        };
        self.push_raw(value.unwrap_or(Value::NIL));
    }

    /// Pushes `table[name]`.
    ///
    /// # Errors
    ///
    /// What a metamethod raises.
    pub fn get_field(self, table: c_int, name: &CStr) -> Result {
        // SAFETY: By the invariants the state is valid, and the name ends in zero.
        self.check(unsafe { ffi::lua_trygetfield(self.as_ptr(), table, name.as_ptr()) })
    }

    /// `table[name]`, of a type that keeps nothing of the state's.
    ///
    /// # Errors
    ///
    /// What a metamethod raises; the field has another type.
    pub fn field<T: for<'a> FromLua<'a>>(self, table: c_int, name: &CStr) -> Result<T> {
        self.get_field(table, name)?;
        let value = T::from_lua(self, -1);
        self.pop(1);
        value
    }

    /// Pushes the function `table[name]`, for `caller`, whose name errors begin with; whether there is one. If not,
    /// nothing is pushed.
    ///
    /// # Errors
    ///
    /// What a metamethod raises; the field is something else.
    pub fn get_function(self, table: c_int, name: &CStr, caller: &str) -> Result<bool> {
        self.get_field(table, name)?;
        match self.type_of(-1) {
            ffi::LUA_TFUNCTION => Ok(true),
            ffi::LUA_TNIL => {
                self.pop(1);
                Ok(false)
            }
            _ => {
                let name = name.to_str().unwrap_or("?");
                Err(self.raise(format_args!("{caller}: field '{name}' must be a function")))
            }
        }
    }

    /// Pops a value into `table[n]`.
    ///
    /// # Errors
    ///
    /// Lua's memory limit.
    pub fn raw_set_index(self, table: c_int, n: i64) -> Result {
        // SAFETY: By the invariants the state is valid.
        self.check(unsafe { ffi::lua_tryrawseti(self.as_ptr(), table, n) })
    }

    /// Replaces the key on top of the stack, nil at first, by the next key of a table and its
    /// value, or by nothing: returns whether there is one. The table does not change meanwhile.
    ///
    /// # Errors
    ///
    /// The key is none of the table's; spent fuel.
    pub fn next(self, table: c_int) -> Result<bool> {
        let mut more = 0;
        // SAFETY: By the invariants the state is valid; `more` outlives the call.
        self.check(unsafe { ffi::lua_trynext(self.as_ptr(), table, &mut more) })?;
        Ok(more != 0)
    }

    /// Pops a value and keeps it in the registry until [`State::release`].
    ///
    /// # Errors
    ///
    /// Lua's memory limit.
    pub fn reference(self) -> Result<Reference> {
        let value = self.value(-1).unwrap_or(Value::NIL);
        let mut key = 0;
        // SAFETY: By the invariants the state is valid; `key` outlives the call.
        self.check(unsafe { ffi::lua_tryref(self.as_ptr(), &mut key) })?;
        Ok(Reference { value, key })
    }

    /// Pushes what [`State::reference`] kept, in this state or another thread of it.
    #[inline]
    pub fn push_reference(self, reference: &Reference) {
        self.push_raw(reference.value);
    }

    /// Pushes the table of global variables.
    pub fn push_globals(self) {
        // SAFETY: By the invariants the state is valid; this index of the registry is that table.
        unsafe { ffi::lua_rawgeti(self.as_ptr(), ffi::LUA_REGISTRYINDEX, ffi::LUA_RIDX_GLOBALS) };
    }

    /// Forgets what [`State::reference`] kept.
    pub fn release(self, reference: Reference) {
        // SAFETY: By the invariants the state is valid; luaL_unref writes to existing slots only.
        unsafe { ffi::luaL_unref(self.as_ptr(), ffi::LUA_REGISTRYINDEX, reference.key) };
    }

    /// Calls the function below its `arguments`, which leaves exactly `results` values, or
    /// [`ALL`](crate::ALL) that it returns.
    ///
    /// # Errors
    ///
    /// What the function raises, on top of the stack.
    #[inline]
    pub fn call(self, arguments: c_int, results: c_int) -> Result {
        // SAFETY: By the invariants the state is valid; the caller pushed the values.
        self.check(unsafe { ffi::lua_trycall(self.as_ptr(), arguments, results) })
    }

    /// As [`State::call`]; an error message gets a traceback.
    ///
    /// # Errors
    ///
    /// What the function raises, on top of the stack.
    pub fn call_traced(self, arguments: c_int, results: c_int) -> Result {
        // SAFETY: As above.
        self.check(unsafe { ffi::lua_trycalltb(self.as_ptr(), arguments, results) })
    }

    /// Makes of the function on top of the stack a coroutine that calls it.
    ///
    /// # Errors
    ///
    /// Lua's memory limit.
    pub fn new_coroutine(self) -> Result {
        // SAFETY: By the invariants the state is valid.
        self.check(unsafe { ffi::lua_trynewcoroutine(self.as_ptr()) })
    }

    /// Resumes the coroutine at `index` with the `arguments` on top of the stack, which its
    /// results replace, and counts these.
    ///
    /// # Errors
    ///
    /// What the coroutine raises, which ends it; or that it has ended before.
    pub fn resume(self, index: c_int, arguments: c_int) -> Result<c_int> {
        let mut results = 0;
        // SAFETY: By the invariants the state is valid; the caller pushed the values.
        self.check(unsafe { ffi::lua_tryresume(self.as_ptr(), index, arguments, &mut results) })?;
        Ok(results)
    }

    /// Ends the coroutine at `index`: what it has to close is closed.
    ///
    /// # Errors
    ///
    /// Lua's memory limit.
    pub fn close_coroutine(self, index: c_int) -> Result {
        // SAFETY: By the invariants the state is valid.
        self.check(unsafe { ffi::lua_tryclosethread(self.as_ptr(), index) })
    }

    /// Which call of a script's code runs the handler: the same number in each state that
    /// runs the same chunk; 0 if no Lua function called.
    #[must_use]
    pub fn call_site(self) -> u64 {
        // SAFETY: By the invariants the state is valid.
        unsafe { ffi::lua_kcallsite(self.as_ptr()) }
    }

    /// Compiles a text chunk and pushes it as a function. `name` starts with `@` for a file.
    ///
    /// # Errors
    ///
    /// A syntax error, with `name` and line, or Lua's memory limit; on top of the stack.
    pub fn load(self, chunk: &[u8], name: &CStr) -> Result {
        // SAFETY: The pointers and the length are those of a slice and of C strings; lua_load
        // runs the parser in protected mode.
        self.check(unsafe {
            ffi::luaL_loadbufferx(self.as_ptr(), chunk.as_ptr().cast(), chunk.len(), name.as_ptr(), c"t".as_ptr())
        })
    }

    /// Opens the libraries that every script has: base, coroutine, table, string, math, utf8.
    ///
    /// # Errors
    ///
    /// Lua's memory limit.
    pub fn open_libraries(self) -> Result {
        // SAFETY: By the invariants the state is valid.
        self.check(unsafe { ffi::lua_tryopenlibs(self.as_ptr()) })
    }

    /// Pushes the value at `index` as a string, as `tostring` would.
    ///
    /// # Errors
    ///
    /// What `__tostring` raises, or Lua's memory limit.
    pub fn push_text(self, index: c_int) -> Result {
        // SAFETY: By the invariants the state is valid.
        self.check(unsafe { ffi::lua_trytolstring(self.as_ptr(), index) })
    }

    /// Collects all garbage: finalizers of objects that nothing refers to run.
    pub fn collect(self) {
        // SAFETY: By the invariants the state is valid; a full collection does not raise.
        unsafe { ffi::lua_gc(self.as_ptr(), ffi::LUA_GCCOLLECT) };
    }

    /// Calls `f` while no finalizer runs: garbage is collected only where memory ends, without them.
    pub fn without_finalizers<R>(self, f: impl FnOnce() -> R) -> R {
        // SAFETY: By the invariants the state is valid; these requests do not raise.
        let collects = unsafe { ffi::lua_gc(self.as_ptr(), ffi::LUA_GCISRUNNING) } == 1;
        if !collects {
            return f();
        }
        // SAFETY: As above.
        unsafe { ffi::lua_gc(self.as_ptr(), ffi::LUA_GCSTOP) };
        let result = f();
        // SAFETY: As above.
        unsafe { ffi::lua_gc(self.as_ptr(), ffi::LUA_GCRESTART) };
        result
    }

    /// The bytes of the string at `index`, or nothing if there is no string.
    pub fn bytes(self, index: c_int) -> &'l [u8] {
        <&[u8]>::from_lua(self, index).unwrap_or(b"")
    }

    /// Makes room for `n` more values than a handler has anyway.
    ///
    /// # Errors
    ///
    /// Lua's memory or stack limit.
    pub fn reserve(self, n: c_int) -> Result {
        // SAFETY: By the invariants the state is valid.
        self.check(unsafe { ffi::lua_trycheckstack(self.as_ptr(), n) })
    }

    /// Gives the state `fuel` units for what comes next.
    #[inline]
    pub fn set_fuel(self, fuel: i64) {
        // SAFETY: By the invariants the state is valid.
        unsafe { raw::fuel(self.as_ptr()).write(fuel) }
    }

    /// What is left; negative once the state ran dry, until the next [`State::set_fuel`].
    #[inline]
    pub fn fuel(self) -> i64 {
        // SAFETY: By the invariants the state is valid.
        unsafe { raw::fuel(self.as_ptr()).read() }
    }

    /// Takes fuel for what a handler does that costs more than a call, and that is bounded whatever the script
    /// says. What runs dry is noticed when the handler returns: work whose length the script chooses, each turn
    /// of a loop above all, is for [`State::spend`].
    pub fn charge(self, units: usize) {
        /// Nobody gets that far down in a call, and the machine has room to count on.
        const LOWEST: i64 = i64::MIN / 2;
        let units = i64::try_from(units).unwrap_or(i64::MAX);
        self.set_fuel(self.fuel().saturating_sub(units).max(LOWEST));
    }

    /// Takes fuel as [`State::charge`] does, but before the work, which is not done if it is not there: a unit for
    /// each 32 bytes that are copied, say.
    ///
    /// # Errors
    ///
    /// It is not. The machine itself says so when the handler returns.
    pub fn spend(self, units: usize) -> Result {
        self.charge(units);
        // SAFETY: By the invariants the state is valid.
        if self.fuel() < 0 && unsafe { ffi::lua_krefuel(self.as_ptr()) } == 0 {
            return Err(Kind::Busy.into());
        }
        Ok(())
    }

    /// From here on the host's `lua_kraised` hears of errors that no Lua code of this thread,
    /// the main one, catches.
    pub fn hear_errors(self) {
        // SAFETY: By the invariants the state is valid.
        unsafe { ffi::lua_khearerrors(self.as_ptr()) }
    }

    /// Pushes a table with these functions: what a module's open function returns.
    ///
    /// # Errors
    ///
    /// Lua's memory limit.
    pub fn push_library(self, entries: &'static [Entry]) -> Result {
        // Half of it stays empty, so that most are found at the first look.
        self.push_table(0, c_int::try_from(entries.len() * 2).unwrap_or(0))?;
        for entry in entries {
            entry.push(self);
            self.set_field(-2, entry.name())?;
        }
        Ok(())
    }

    #[cold]
    /// An error with this text (at most 255 bytes, cut there): `return Err(state.raise(format_args!(...)))`.
    pub fn raise(self, text: fmt::Arguments<'_>) -> Error {
        let mut buffer = Buffer { bytes: [0; 255], length: 0 };
        // Cutting is all that can go wrong, and a cut message beats none.
        let _ = buffer.write_fmt(text);
        let text = buffer.bytes.get(..buffer.length).unwrap_or(&[]);
        match self.push_bytes(text) {
            Ok(()) => Error::RAISED,
            Err(error) => error,
        }
    }

    /// Makes of any error one whose message is on top of the stack.
    pub fn raised(self, error: Error) -> Error {
        match error.message() {
            Some(message) => self.push(message).err().unwrap_or(Error::RAISED),
            None => error,
        }
    }

    #[inline]
    fn check(self, status: c_int) -> Result {
        match status {
            ffi::LUA_OK => Ok(()),
            _ => Err(Error::RAISED),
        }
    }
}

/// A value in the registry, which keeps it alive: [`State::reference`].
///
/// Objects do not move, so the value is here too. The default refers to nil.
#[derive(Clone, Copy)]
pub struct Reference {
    value: Value,
    key: c_int,
}

impl Default for Reference {
    fn default() -> Reference {
        Reference { value: Value::NIL, key: ffi::LUA_NOREF }
    }
}

struct Buffer {
    bytes: [u8; 255],
    length: usize,
}

impl Write for Buffer {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        let room = self.bytes.get_mut(self.length..).unwrap_or(&mut []);
        let n = room.len().min(s.len());
        for (to, from) in room.iter_mut().zip(s.as_bytes()) {
            *to = *from;
        }
        self.length += n;
        if n < s.len() {
            Err(fmt::Error)
        } else {
            Ok(())
        }
    }
}
