// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What belongs to a state and is not in it: its memory limit, what it printed, which lines ran.

use std::collections::BTreeMap;
use std::ffi::{c_char, c_int, c_void};
use std::io::Write;
use std::ops::AddAssign;
use std::ptr;

use lua::{ffi, State};

type Allocate = unsafe extern "C" fn(*mut c_void, *mut c_void, usize, usize) -> *mut c_void;

extern "C" {
    fn lua_getallocf(l: *mut ffi::lua_State, ud: *mut *mut c_void) -> Allocate;
    fn realloc(block: *mut c_void, size: usize) -> *mut c_void;
    fn free(block: *mut c_void);
}

/// What each line took, by the name of its chunk and its number.
pub type Lines = BTreeMap<String, BTreeMap<u32, Line>>;

/// What a line took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// How often it was come to.
    pub runs: u64,
    /// Instructions of the virtual machine.
    pub instructions: u64,
    /// Units of fuel, those of functions in C and Rust that it called included.
    pub fuel: i64,
}

impl AddAssign for Line {
    fn add_assign(&mut self, other: Line) {
        self.runs += other.runs;
        self.instructions += other.instructions;
        self.fuel += other.fuel;
    }
}

/// The line that is running.
struct Running {
    /// Where the name of its chunk is in the state, and its number: what tells it from others.
    place: (*const c_char, u32),
    chunk: String,
    line: Line,
    /// The fuel that was left before its last instruction.
    fuel: i64,
}

/// The argument of a state's allocator.
pub(crate) struct Memory {
    pub(crate) used: usize,
    pub(crate) peak: usize,
    pub(crate) limit: usize,
    /// What `print` wrote, unless that goes to the standard output.
    pub(crate) printed: Option<Vec<Vec<u8>>>,
    /// Whether lines are counted.
    pub(crate) watched: bool,
    pub(crate) lines: Lines,
    running: Option<Running>,
    /// Instructions that ran while lines were counted.
    pub(crate) instructions: u64,
    pub(crate) host: *const c_void,
}

impl Memory {
    pub(crate) fn new(limit: usize) -> Box<Memory> {
        Box::new(Memory {
            used: 0,
            peak: 0,
            limit,
            printed: None,
            watched: false,
            lines: Lines::new(),
            running: None,
            instructions: 0,
            host: ptr::null(),
        })
    }

    /// A state's; `None` for one that no [`Machine`](crate::Machine) made: mlua's, say.
    fn of<'l>(l: *mut ffi::lua_State) -> Option<&'l mut Memory> {
        if l.is_null() {
            return None;
        }
        let mut ud = ptr::null_mut();
        // SAFETY: The state is valid; `ud` outlives the call.
        let theirs = unsafe { lua_getallocf(l, &mut ud) };
        // SAFETY: Who has our allocator has a Memory with it, which outlives the state; the machine is
        // one thread's, and nobody keeps this reference over a call into it.
        (theirs as usize == allocate as *const () as usize).then(|| unsafe { &mut *ud.cast::<Memory>() })
    }

    /// The line that is running has ended, with so much fuel left: what it took is among the lines.
    pub(crate) fn end_line(&mut self, fuel: i64) {
        let Some(Running { place: (_, number), chunk, mut line, fuel: before }) = self.running.take() else { return };
        // More than before: another call has begun.
        line.fuel += (before - fuel).max(0);
        *self.lines.entry(chunk).or_default().entry(number).or_default() += line;
    }

    pub(crate) fn add(&mut self, bytes: usize) -> bool {
        let Some(used) = self.used.checked_add(bytes).filter(|used| *used <= self.limit) else { return false };
        self.used = used;
        self.peak = self.peak.max(used);
        true
    }
}

/// Memory outside of a state that counts towards its limit, while this lives: as long as the state at most.
pub struct Held {
    memory: *mut Memory,
    bytes: usize,
}

impl Held {
    /// Counts bytes; `None` if that is too much.
    #[must_use]
    pub fn new(state: State<'_>, bytes: usize) -> Option<Held> {
        match Memory::of(state.as_ptr()) {
            // Only what was counted may be given back.
            Some(memory) => memory.add(bytes).then(|| Held { memory, bytes }),
            None => Some(Held { memory: ptr::null_mut(), bytes }),
        }
    }

    /// Counts what `more` counts, too.
    pub fn merge(&mut self, mut more: Held) {
        self.bytes += std::mem::take(&mut more.bytes);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: Null, or a machine's, which is there as long as its state.
        if let Some(memory) = unsafe { self.memory.as_mut() } {
            memory.used = memory.used.saturating_sub(self.bytes);
        }
    }
}

/// What [`Machine::set_host`](crate::Machine::set_host) was given; null without.
#[must_use]
pub fn host(state: State<'_>) -> *const c_void {
    Memory::of(state.as_ptr()).map_or(ptr::null(), |memory| memory.host)
}

pub(crate) unsafe extern "C" fn allocate(ud: *mut c_void, block: *mut c_void, old: usize, new: usize) -> *mut c_void {
    // SAFETY: `ud` is the Memory that the machine passed.
    let memory = unsafe { &mut *ud.cast::<Memory>() };
    // For a new block, Lua says its type instead of its old size.
    let old = if block.is_null() { 0 } else { old };
    let used = memory.used - old + new;
    if new > old && used > memory.limit {
        return ptr::null_mut();
    }
    // SAFETY: Lua passes null or a block of ours, and forgets it if this succeeds.
    let moved = unsafe {
        if new == 0 {
            free(block);
            ptr::null_mut()
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

#[no_mangle]
unsafe extern "C" fn lua_kprint(l: *mut ffi::lua_State, text: *const c_char, length: usize) {
    // SAFETY: The virtual machine passes text of that length.
    let text = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), length) };
    if let Some(printed) = Memory::of(l).and_then(|memory| memory.printed.as_mut()) {
        printed.push(text.to_vec());
        return;
    }
    let mut out = std::io::stdout().lock();
    // A reader that went away does not concern the script.
    let _ = out.write_all(text).and_then(|()| out.write_all(b"\n"));
}

/// An instruction of a line runs, in a watched machine or beside one.
#[no_mangle]
unsafe extern "C" fn lua_kline(l: *mut ffi::lua_State, source: *const c_char, length: usize, line: c_int) {
    let (Some(memory), Ok(line)) = (Memory::of(l), u32::try_from(line)) else { return };
    if !memory.watched {
        return;
    }
    // SAFETY: The virtual machine passes its state, which has a free slot.
    let fuel = unsafe { State::from_raw(l) }.fuel();
    memory.instructions += 1;
    let place = (source, line);
    match &mut memory.running {
        Some(running) if running.place == place => {
            running.line.instructions += 1;
            running.line.fuel += (running.fuel - fuel).max(0);
            running.fuel = fuel;
        }
        _ => {
            memory.end_line(fuel);
            // SAFETY: The virtual machine passes text of that length.
            let source = unsafe { std::slice::from_raw_parts(source.cast::<u8>(), length) };
            let chunk = String::from_utf8_lossy(source.strip_prefix(b"@").unwrap_or(source)).into_owned();
            let line = Line { runs: 1, instructions: 1, fuel: 0 };
            memory.running = Some(Running { place, chunk, line, fuel });
        }
    }
}
