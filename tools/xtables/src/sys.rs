// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! libxtables 12 (iptables 1.8), as far as an extension of it needs: xtables.h and linux/netfilter/x_tables.h.

use std::ffi::{c_char, c_int, c_uint, c_void};

/// What both kinds of extensions begin with, `struct xtables_match` and `struct xtables_target`: they differ in
/// names of fields, and at the end, behind what is ours to fill.
#[repr(C)]
pub struct Extension {
    pub version: *const c_char,
    pub next: *mut Extension,
    pub name: *const c_char,
    pub real_name: *const c_char,
    pub revision: u8,
    pub flags: u8,
    pub family: u16,
    pub size: usize,
    pub user_size: usize,
    pub help: extern "C" fn(),
    pub init: Option<unsafe extern "C" fn(*mut Entry)>,
    pub parse: unsafe extern "C" fn(
        option: c_int,
        argv: *mut *mut c_char,
        invert: c_int,
        seen: *mut c_uint,
        rule: *const c_void,
        entry: *mut *mut Entry,
    ) -> c_int,
    pub final_check: unsafe extern "C" fn(seen: c_uint),
    pub print: unsafe extern "C" fn(rule: *const c_void, entry: *const Entry, numeric: c_int),
    pub save: unsafe extern "C" fn(rule: *const c_void, entry: *const Entry),
    pub alias: Option<unsafe extern "C" fn(*const Entry) -> *const c_char>,
    pub options: *const libc::option,
    /// The newer parser, which we leave alone, translation to nftables, and what is libxtables' own: all zeros.
    pub others: [usize; 16],
}

/// `struct xt_entry_match` or `struct xt_entry_target`.
#[repr(C, align(8))]
pub struct Entry {
    pub head: [u8; 32],
    pub data: [u8; 0],
}

/// The beginning of `struct xtables_globals`.
#[repr(C)]
pub struct Globals {
    pub option_offset: c_uint,
    pub program_name: *const c_char,
    pub program_version: *const c_char,
    pub original_options: *mut libc::option,
    pub options: *mut libc::option,
    pub exit_error: unsafe extern "C" fn(status: c_uint, text: *const c_char, ...) -> !,
}

/// `PARAMETER_PROBLEM`.
pub const PARAMETER: c_uint = 2;

extern "C" {
    pub static optarg: *const c_char;
    pub static xt_params: *const Globals;
    pub fn xtables_register_match(extension: *mut Extension);
    pub fn xtables_register_target(extension: *mut Extension);
    pub fn xtables_strtoui(
        text: *const c_char,
        end: *mut *mut c_char,
        value: *mut c_uint,
        least: c_uint,
        most: c_uint,
    ) -> bool;
    pub fn xtables_save_string(text: *const c_char);
}
