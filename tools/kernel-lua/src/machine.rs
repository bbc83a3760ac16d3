// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A Lua state with limits.

use std::ffi::{c_char, c_int, c_longlong, c_uint, c_void, CString};
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use lua::{ffi, State};

extern "C" {
    fn lua_newstate(
        allocate: unsafe extern "C" fn(*mut c_void, *mut c_void, usize, usize) -> *mut c_void,
        ud: *mut c_void,
        seed: c_uint,
    ) -> *mut ffi::lua_State;
    fn lua_close(l: *mut ffi::lua_State);
    fn lua_setcstack(l: *mut ffi::lua_State, low: *mut c_void);
    fn realloc(block: *mut c_void, size: usize) -> *mut c_void;
    fn free(block: *mut c_void);
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

struct Memory {
    used: usize,
    peak: usize,
    limit: usize,
}

/// A Lua state with the standard libraries.
pub struct Machine {
    state: *mut ffi::lua_State,
    memory: Box<Memory>,
    limits: Limits,
}

/// What the libraries cost, and more: for opening and closing.
const PLENTY: c_longlong = 1 << 40;

impl Machine {
    /// Makes a state; `None` if the memory limit does not even hold the libraries.
    #[must_use]
    pub fn new(limits: Limits) -> Option<Machine> {
        let mut memory = Box::new(Memory { used: 0, peak: 0, limit: limits.memory });
        let ud = std::ptr::from_mut::<Memory>(&mut memory).cast();
        // SAFETY: `allocate` gets the address of the box's contents, which outlive the state.
        let state = unsafe { lua_newstate(allocate, ud, 1) };
        if state.is_null() {
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

    /// The same, which may hold so many bytes more than it does now, and no more.
    #[must_use]
    pub fn with_room(mut self, bytes: usize) -> Machine {
        self.memory.limit = self.memory.used + bytes;
        self
    }

    /// The most bytes that it held.
    #[must_use]
    pub fn peak(&self) -> usize {
        self.memory.peak
    }

    /// Compiles and runs a chunk. `name` is for messages.
    pub fn run(&self, name: &str, chunk: &[u8]) -> Outcome {
        let name = CString::new(format!("@{name}")).unwrap_or_default();
        let state = self.lua();
        state.set_top(0);
        state.set_fuel(self.limits.fuel);
        let here = std::ptr::from_ref(&state).cast::<u8>();
        // SAFETY: The state is valid; the address is only compared with.
        unsafe { lua_setcstack(self.state, here.wrapping_sub(self.limits.stack).cast_mut().cast()) };
        // A first line that starts with # is for Unix.
        let script = if chunk.starts_with(b"#") {
            chunk.iter().position(|byte| *byte == b'\n').map_or(&b""[..], |end| &chunk[end..])
        } else {
            chunk
        };
        let called = state.load(script, &name).and_then(|()| state.call_traced(0, 0));
        if state.fuel() < 0 {
            return Outcome::OutOfFuel;
        }
        if called.is_ok() {
            return Outcome::Ran;
        }
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

impl Drop for Machine {
    fn drop(&mut self) {
        self.lua().set_fuel(1_000_000);
        // SAFETY: The state is valid, and nothing uses it afterwards.
        unsafe { lua_close(self.state) };
        assert_eq!(self.memory.used, 0, "the state leaked memory");
    }
}

unsafe extern "C" fn allocate(ud: *mut c_void, block: *mut c_void, old: usize, new: usize) -> *mut c_void {
    // SAFETY: `ud` is the Memory that `new` passed.
    let memory = unsafe { &mut *ud.cast::<Memory>() };
    // For a new block, Lua says its type instead of its old size.
    let old = if block.is_null() { 0 } else { old };
    let used = memory.used - old + new;
    if new > old && used > memory.limit {
        return std::ptr::null_mut();
    }
    // SAFETY: Lua passes null or a block of ours, and forgets it if this succeeds.
    let moved = unsafe {
        if new == 0 {
            free(block);
            std::ptr::null_mut()
        } else {
            realloc(block, new)
        }
    };
    if new == 0 || !moved.is_null() {
        memory.used = used;
        memory.peak = memory.peak.max(used);
    }
    moved
}

/// The same seed each time: runs are repeatable.
#[no_mangle]
extern "C" fn lua_kseed() -> c_uint {
    1
}

#[no_mangle]
unsafe extern "C" fn lua_kprint(_: *mut ffi::lua_State, text: *const c_char, length: usize) {
    // SAFETY: The virtual machine passes text of that length.
    let text = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), length) };
    let mut out = std::io::stdout().lock();
    // A reader that went away does not concern the script.
    let _ = out.write_all(text).and_then(|()| out.write_all(b"\n"));
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
