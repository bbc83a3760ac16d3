// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! QEMU's plugin interface, version 4 (QEMU 9.1 to 10.0), as far as it is used here.

use std::ffi::{c_char, c_int, c_uint, c_void};

/// The version that this file describes; QEMU looks for the symbol.
#[no_mangle]
#[allow(non_upper_case_globals)]
pub static qemu_plugin_version: c_int = 4;

/// A plugin's number.
pub type Id = u64;

/// A block of instructions while it is translated.
#[repr(C)]
pub struct Block(c_void);
/// One of its instructions.
#[repr(C)]
pub struct Instruction(c_void);
/// Memory of QEMU's that translated code can count in, once per processor.
#[repr(C)]
pub struct Scoreboard(c_void);

/// A counter in it, `offset` bytes in.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Counter {
    pub board: *mut Scoreboard,
    pub offset: usize,
}

/// `QEMU_PLUGIN_INLINE_ADD_U64`
pub const ADD: c_int = 0;
/// `QEMU_PLUGIN_CB_NO_REGS`
pub const NO_REGISTERS: c_int = 0;

extern "C" {
    pub fn qemu_plugin_register_vcpu_tb_trans_cb(id: Id, call: extern "C" fn(Id, *mut Block));
    pub fn qemu_plugin_tb_n_insns(block: *const Block) -> usize;
    pub fn qemu_plugin_tb_get_insn(block: *const Block, index: usize) -> *mut Instruction;
    pub fn qemu_plugin_insn_vaddr(instruction: *const Instruction) -> u64;
    /// Copies at most `length` bytes of it, and returns how many.
    pub fn qemu_plugin_insn_data(instruction: *const Instruction, bytes: *mut c_void, length: usize) -> usize;
    pub fn qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(
        instruction: *mut Instruction,
        operation: c_int,
        counter: Counter,
        immediate: u64,
    );
    pub fn qemu_plugin_register_vcpu_insn_exec_cb(
        instruction: *mut Instruction,
        call: extern "C" fn(c_uint, *mut c_void),
        flags: c_int,
        data: *mut c_void,
    );
    /// `size` bytes for each processor, all zero.
    pub fn qemu_plugin_scoreboard_new(size: usize) -> *mut Scoreboard;
    pub fn qemu_plugin_scoreboard_find(board: *mut Scoreboard, processor: c_uint) -> *mut c_void;
    pub fn qemu_plugin_outs(text: *const c_char);
}
