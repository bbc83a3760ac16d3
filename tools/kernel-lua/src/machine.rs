// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A Lua state with limits.

use std::ffi::{c_char, c_int, c_longlong, c_uint, c_void, CString};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use lua::{ffi, State};

use crate::code::{self, Code};
use crate::memory::{allocate, Lines, Memory};

extern "C" {
    fn lua_newstate(
        allocate: unsafe extern "C" fn(*mut c_void, *mut c_void, usize, usize) -> *mut c_void,
        ud: *mut c_void,
        seed: c_uint,
    ) -> *mut ffi::lua_State;
    fn lua_close(l: *mut ffi::lua_State);
    fn lua_setcstack(l: *mut ffi::lua_State, low: *mut c_void);
}

/// What a script may spend.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Units of fuel for each chunk.
    pub fuel: i64,
    /// Bytes that the state may hold.
    pub memory: usize,
    /// Bytes of C stack below the call.
    pub stack: usize,
}

/// How a chunk ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran.
    Ran,
    /// It raised an error, or has a syntax error: the message.
    Failed(String),
    /// It used up its fuel.
    OutOfFuel,
    /// It used up its memory.
    OutOfMemory,
}

/// A Lua state with the standard libraries.
pub struct Machine {
    state: *mut ffi::lua_State,
    /// Of a box; the allocator has it, too.
    memory: NonNull<Memory>,
    limits: Limits,
}

/// What the libraries cost, and more: for opening and closing.
const PLENTY: c_longlong = 1 << 40;

impl Machine {
    /// Makes a state; `None` if the memory limit does not even hold the libraries. Tables have their entries in the same
    /// order each time.
    #[must_use]
    pub fn new(limits: Limits) -> Option<Machine> {
        Machine::seeded(limits, 1)
    }

    /// The same, whose tables may have their entries in another order for another seed, as each state of the kernel's.
    #[must_use]
    pub fn seeded(limits: Limits, seed: u32) -> Option<Machine> {
        let memory = NonNull::from(Box::leak(Memory::new(limits.memory)));
        // SAFETY: `allocate` gets the address of the box's contents, which outlive the state.
        let state = unsafe { lua_newstate(allocate, memory.as_ptr().cast(), seed) };
        if state.is_null() {
            // SAFETY: It is the box's, and there is no state that would use it.
            drop(unsafe { Box::from_raw(memory.as_ptr()) });
            return None;
        }
        let machine = Machine { state, memory, limits };
        machine.lua().set_fuel(PLENTY);
        machine.lua().open_libraries().ok()?;
        Some(machine)
    }

    /// The state, for what tests want to add.
    #[must_use]
    pub fn lua(&self) -> State<'_> {
        // SAFETY: The state is valid until drop, and one thread has it.
        unsafe { State::from_raw(self.state) }
    }

    #[expect(clippy::mut_from_ref, reason = "the memory is not part of self")]
    fn memory(&self) -> &mut Memory {
        // SAFETY: It is there until drop. No method keeps this over a call of the machine, and one thread has it.
        unsafe { &mut *self.memory.as_ptr() }
    }

    /// The same, which may hold so many bytes more than it does now, and no more.
    #[must_use]
    pub fn with_room(self, bytes: usize) -> Machine {
        let memory = self.memory();
        memory.limit = memory.used + bytes;
        self
    }

    /// The most bytes that it held.
    #[must_use]
    pub fn peak(&self) -> usize {
        self.memory().peak
    }

    /// The bytes that it holds.
    #[must_use]
    pub fn used(&self) -> usize {
        self.memory().used
    }

    /// From here on `peak` counts anew.
    pub fn forget_peak(&self) {
        let memory = self.memory();
        memory.peak = memory.used;
    }

    /// What handlers find by [`host`](crate::host). It is theirs to know how long it is there.
    pub fn set_host(&self, host: *const c_void) {
        self.memory().host = host;
    }

    /// From here on what scripts print is kept, for [`Machine::take_printed`].
    pub fn keep_printed(&self) {
        self.memory().printed.get_or_insert_default();
    }

    /// What was printed since, line by line.
    pub fn take_printed(&self) -> Vec<Vec<u8>> {
        self.memory().printed.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// From here on what lines take is counted, for [`Machine::lines`]. It takes no fuel.
    pub fn watch_lines(&self) {
        if !std::mem::replace(&mut self.memory().watched, true) {
            // SAFETY: C has an int there, which it reads only.
            unsafe { code::lua_kwatched.fetch_add(1, Ordering::Relaxed) };
        }
    }

    /// What lines took, that of the last call's last one up to what it has left.
    #[must_use]
    pub fn lines(&self) -> &Lines {
        let memory = self.memory();
        memory.end_line(self.lua().fuel());
        &memory.lines
    }

    /// Instructions of the virtual machine that ran since lines are counted.
    #[must_use]
    pub fn instructions(&self) -> u64 {
        self.memory().instructions
    }

    /// Compiles a chunk, and says what is in it.
    ///
    /// # Errors
    ///
    /// A syntax error: the message, with name and line.
    pub fn compile(&self, name: &str, chunk: &[u8]) -> Result<Code, String> {
        let state = self.lua();
        state.set_top(0);
        self.allow(PLENTY, self.limits.stack);
        let loaded = state.load(script(chunk), &chunk_name(name));
        let result = match loaded {
            // SAFETY: The state is valid, and the function on top of its stack.
            Ok(()) => Ok(unsafe { code::code(self.state) }),
            Err(_) => Err(String::from_utf8_lossy(state.bytes(-1)).into_owned()),
        };
        state.set_top(0);
        result
    }

    /// What comes next may spend so much fuel, and so many bytes of stack below the caller.
    #[inline(never)]
    pub fn allow(&self, fuel: i64, stack: usize) {
        let state = self.lua();
        state.set_fuel(fuel);
        let here = std::ptr::from_ref(&state).cast::<u8>();
        // SAFETY: The state is valid; the address is only compared with.
        unsafe { lua_setcstack(self.state, here.wrapping_sub(stack).cast_mut().cast()) };
    }

    /// Compiles and runs a chunk. `name` is for messages.
    pub fn run(&self, name: &str, chunk: &[u8]) -> Outcome {
        self.allow(self.limits.fuel, self.limits.stack);
        self.run_on(name, chunk)
    }

    /// The same, with the fuel that is left.
    pub fn run_on(&self, name: &str, chunk: &[u8]) -> Outcome {
        let state = self.lua();
        state.set_top(0);
        let called = state.load(script(chunk), &chunk_name(name)).and_then(|()| state.call_traced(0, 0));
        if state.fuel() < 0 {
            return Outcome::OutOfFuel;
        }
        if called.is_ok() {
            return Outcome::Ran;
        }
        self.failure()
    }

    /// What the error on top of the stack says.
    pub fn failure(&self) -> Outcome {
        let state = self.lua();
        // The limits were for the script; telling its error must not fail.
        state.set_fuel(PLENTY);
        let text = match state.push_text(-1) {
            Ok(()) => String::from_utf8_lossy(state.bytes(-1)).into_owned(),
            Err(_) => "an error object without text".into(),
        };
        if text.starts_with("not enough memory") {
            Outcome::OutOfMemory
        } else {
            Outcome::Failed(text)
        }
    }
}

/// A first line that starts with # is for Unix.
fn script(chunk: &[u8]) -> &[u8] {
    if chunk.starts_with(b"#") {
        chunk.iter().position(|byte| *byte == b'\n').map_or(&b""[..], |end| &chunk[end..])
    } else {
        chunk
    }
}

fn chunk_name(name: &str) -> CString {
    CString::new(format!("@{name}")).unwrap_or_default()
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.lua().set_fuel(1_000_000);
        // SAFETY: The state is valid, and nothing uses it afterwards.
        unsafe { lua_close(self.state) };
        assert_eq!(self.memory().used, 0, "the state leaked memory");
        if self.memory().watched {
            // SAFETY: C has an int there, which it reads only.
            unsafe { code::lua_kwatched.fetch_sub(1, Ordering::Relaxed) };
        }
        // SAFETY: It is the box's, and the state that used it is gone.
        drop(unsafe { Box::from_raw(self.memory.as_ptr()) });
    }
}

/// The same seed each time: runs are repeatable.
#[no_mangle]
extern "C" fn lua_kseed() -> c_uint {
    1
}

#[no_mangle]
extern "C" fn lua_kpanic() -> ! {
    std::process::abort()
}

#[no_mangle]
extern "C" fn lua_kstrerror(kind: c_int) -> *const c_char {
    lua::Kind::message(kind).as_ptr()
}

/// What a chunk gets, it gets at once.
#[no_mangle]
extern "C" fn lua_krefuel(_: *mut ffi::lua_State) -> c_int {
    0
}

/// Errors come with a traceback already.
#[no_mangle]
extern "C" fn lua_kraised(_: *mut ffi::lua_State) {}

/// What stands for a kernel module with a class: objects keep it.
#[derive(Debug, Default)]
pub struct Module {
    holders: AtomicUsize,
    leaving: AtomicBool,
}

impl Module {
    /// A module that nobody holds.
    #[must_use]
    pub const fn new() -> Module {
        Module { holders: AtomicUsize::new(0), leaving: AtomicBool::new(false) }
    }

    /// What `Class::shared` asks for.
    pub fn owner(&'static self) -> *mut c_void {
        std::ptr::from_ref(self).cast_mut().cast()
    }

    /// How many objects there are of its classes.
    pub fn holders(&self) -> usize {
        self.holders.load(Ordering::SeqCst)
    }

    /// Whether it is on its way out: nobody can hold it any more.
    pub fn leave(&self, leaving: bool) {
        self.leaving.store(leaving, Ordering::SeqCst);
    }
}

/// Null is what has no module, as in the kernel.
#[no_mangle]
unsafe extern "C" fn lua_khold(module: *mut c_void) -> c_int {
    // SAFETY: An owner is null or a Module for ever.
    match unsafe { module.cast::<Module>().as_ref() } {
        Some(module) if module.leaving.load(Ordering::SeqCst) => 0,
        Some(module) => {
            module.holders.fetch_add(1, Ordering::SeqCst);
            1
        }
        None => 1,
    }
}

#[no_mangle]
unsafe extern "C" fn lua_krelease(module: *mut c_void) {
    // SAFETY: As above.
    if let Some(module) = unsafe { module.cast::<Module>().as_ref() } {
        module.holders.fetch_sub(1, Ordering::SeqCst);
    }
}
