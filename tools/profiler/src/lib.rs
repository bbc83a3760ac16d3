// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Counts how often each instruction of the guest is executed between two marks.
//!
//! The meter executes a long NOP with a displacement of ours before the packets that it counts
//! and another after them. Each pair adds a section to the file that `out=FILE` names: a line
//! `profile`, then a line `ADDRESS COUNT` (hexadecimal, decimal) for each instruction that was
//! executed, in the order of addresses. One processor only.

mod sys;

use std::collections::BTreeMap;
use std::ffi::{c_char, c_int, c_uint, c_void, CStr, CString};
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::sync::{Mutex, OnceLock};
use sys::{Block, Counter, Id};

/// `nopl DISPLACEMENT(%rax,%rax,1)`; the meter's `guest.rs` has the same.
const BEGIN: [u8; 8] = [0x0f, 0x1f, 0x84, 0x00, 0x31, 0x42, 0x47, 0x4c];
const END: [u8; 8] = [0x0f, 0x1f, 0x84, 0x00, 0x30, 0x45, 0x47, 0x4c];

/// How many different instructions of the guest can be counted.
const MOST: usize = 4 << 20;

/// What is known, under a lock: translation and marks are on one thread, seldom.
struct Profiler {
    board: Board,
    /// Which counter an address has.
    slots: BTreeMap<u64, usize>,
    /// What the counters showed at the first mark.
    before: Vec<u64>,
    file: File,
}

/// The counters.
struct Board(*mut sys::Scoreboard);
// SAFETY: QEMU's functions that take it may be called on any thread.
unsafe impl Send for Board {}

static PROFILER: OnceLock<Mutex<Profiler>> = OnceLock::new();

fn complain(text: &str) {
    if let Ok(text) = CString::new(format!("profiler: {text}\n")) {
        eprint!("{}", text.to_string_lossy());
        // SAFETY: A string that ends in a zero.
        unsafe { sys::qemu_plugin_outs(text.as_ptr()) };
    }
}

impl Profiler {
    /// The counter of an address; the last one is shared by all for which none is left.
    fn counter(&mut self, address: u64) -> Counter {
        let next = self.slots.len().min(MOST - 1);
        let slot = *self.slots.entry(address).or_insert(next);
        Counter { board: self.board.0, offset: slot * size_of::<u64>() }
    }

    fn counters(&self, processor: c_uint) -> Vec<u64> {
        // SAFETY: The board has MOST numbers for each processor, and only this thread's
        // translated code writes to them.
        unsafe {
            let start = sys::qemu_plugin_scoreboard_find(self.board.0, processor).cast::<u64>();
            std::slice::from_raw_parts(start, MOST).to_vec()
        }
    }

    fn section(&mut self, processor: c_uint) -> std::io::Result<()> {
        let now = self.counters(processor);
        let mut text = String::from("profile\n");
        for (address, &slot) in &self.slots {
            let count = now[slot] - self.before.get(slot).copied().unwrap_or(0);
            if count > 0 {
                writeln!(text, "{address:x} {count}").map_err(std::io::Error::other)?;
            }
        }
        self.file.write_all(text.as_bytes())
    }
}

extern "C" fn at_begin(processor: c_uint, _: *mut c_void) {
    if let Some(Ok(mut profiler)) = PROFILER.get().map(Mutex::lock) {
        profiler.before = profiler.counters(processor);
    }
}

extern "C" fn at_end(processor: c_uint, _: *mut c_void) {
    if let Some(Ok(mut profiler)) = PROFILER.get().map(Mutex::lock) {
        if let Err(error) = profiler.section(processor) {
            complain(&format!("failed to write: {error}"));
        }
    }
}

extern "C" fn at_translation(_: Id, block: *mut Block) {
    let Some(Ok(mut profiler)) = PROFILER.get().map(Mutex::lock) else { return };
    // SAFETY: QEMU lends the block and its instructions for this call; the buffer is as long
    // as is said; the board is never freed.
    unsafe {
        for index in 0..sys::qemu_plugin_tb_n_insns(block) {
            let instruction = sys::qemu_plugin_tb_get_insn(block, index);
            let mut bytes = [0; 8];
            sys::qemu_plugin_insn_data(instruction, bytes.as_mut_ptr().cast(), bytes.len());
            let mark: Option<extern "C" fn(c_uint, *mut c_void)> = match bytes {
                BEGIN => Some(at_begin),
                END => Some(at_end),
                _ => None,
            };
            if let Some(call) = mark {
                let nothing = std::ptr::null_mut();
                sys::qemu_plugin_register_vcpu_insn_exec_cb(instruction, call, sys::NO_REGISTERS, nothing);
            }
            let counter = profiler.counter(sys::qemu_plugin_insn_vaddr(instruction));
            sys::qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(instruction, sys::ADD, counter, 1);
        }
    }
}

/// The file of `out=FILE`.
fn output(arguments: &[&CStr]) -> Result<File, String> {
    let [argument] = arguments else { return Err("the one argument is out=FILE".into()) };
    let argument = argument.to_string_lossy();
    let Some(name) = argument.strip_prefix("out=") else { return Err(format!("'{argument}' is not out=FILE")) };
    OpenOptions::new().create(true).append(true).open(name).map_err(|error| format!("failed to create {name}: {error}"))
}

/// What QEMU calls when it loads the plugin: 0, or another number for not to be loaded.
///
/// # Safety
///
/// The arguments are `argc` strings.
#[no_mangle]
pub unsafe extern "C" fn qemu_plugin_install(
    id: Id,
    _info: *const c_void,
    argc: c_int,
    argv: *const *const c_char,
) -> c_int {
    // SAFETY: By the contract.
    let arguments: Vec<_> = (0..argc as usize).map(|index| unsafe { CStr::from_ptr(*argv.add(index)) }).collect();
    let file = match output(&arguments) {
        Ok(file) => file,
        Err(problem) => {
            complain(&problem);
            return 1;
        }
    };
    // SAFETY: Plugins may make scoreboards from here on.
    let board = Board(unsafe { sys::qemu_plugin_scoreboard_new(MOST * size_of::<u64>()) });
    let profiler = Profiler { board, slots: BTreeMap::new(), before: Vec::new(), file };
    if PROFILER.set(Mutex::new(profiler)).is_err() {
        complain("it is loaded twice");
        return 1;
    }
    // SAFETY: The function is what QEMU expects.
    unsafe { sys::qemu_plugin_register_vcpu_tb_trans_cb(id, at_translation) };
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_argument_is_a_file() {
        let complaint = |arguments: &[&CStr]| output(arguments).expect_err("no file");
        assert!(complaint(&[]).contains("out=FILE"));
        assert!(complaint(&[c"file=x"]).contains("'file=x'"));
        assert!(complaint(&[c"out=/nonexistent/x"]).contains("/nonexistent/x"));
    }
}
