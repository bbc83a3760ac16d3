// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What iptables loads for `-m lua` and `-j LUA`: their options, and how rules are shown.
//!
//! Both have the same: `--function NAME`, the script's global function that is asked; `--tcp-payload`, which shows
//! it what TCP carries, and not the packet; `--mask M`, which asks only while the script has one of these bits set.
//! iptables 1.8 (libxtables 12) looks for it as `libxt_lua.so` and `libxt_LUA.so`: one is a link to the other.

mod sys;

use std::cell::UnsafeCell;
use std::ffi::{c_char, c_int, c_uint, c_void, CStr};
use std::ptr;

use sys::{Entry, Extension};

/// `struct luaxtables_rule` of the kernel module: modules/luaxtables/rule.h.
#[repr(C)]
struct Rule {
    function: [u8; FUNCTION],
    mask: u32,
    flags: u32,
}

const FUNCTION: usize = 1024;
const TCP_PAYLOAD: u32 = 1;

// Bits of `seen`, and the options' values.
const SEEN_FUNCTION: c_int = 1;
const SEEN_TCP_PAYLOAD: c_int = 2;
const SEEN_MASK: c_int = 4;

impl Rule {
    /// # Safety
    ///
    /// The entry is one of ours: iptables made it as large as the extension says, or the kernel checked it.
    unsafe fn of<'a>(entry: *const Entry) -> &'a Rule {
        // SAFETY: By the caller's promise; the data is aligned to eight bytes.
        unsafe { &*ptr::addr_of!((*entry).data).cast::<Rule>() }
    }

    fn function(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.function).unwrap_or(c"?")
    }
}

/// Ends iptables with a message, which ends in the text that `%s` stands for.
fn refuse(text: &CStr, what: &CStr) -> ! {
    // SAFETY: libxtables has set its parameters before it loads extensions; both are strings, of which the
    // first names the second once.
    unsafe { ((*sys::xt_params).exit_error)(sys::PARAMETER, text.as_ptr(), what.as_ptr()) }
}

fn once(seen: &mut c_uint, option: c_int, name: &CStr) {
    if *seen & option as c_uint != 0 {
        refuse(c"lua: --%s may be given once", name);
    }
    *seen |= option as c_uint;
}

unsafe extern "C" fn parse(
    option: c_int,
    _: *mut *mut c_char,
    invert: c_int,
    seen: *mut c_uint,
    _: *const c_void,
    entry: *mut *mut Entry,
) -> c_int {
    // SAFETY: iptables passes its variable, and the entry that it made for us, which nobody else uses meanwhile.
    let (seen, rule) = unsafe { (&mut *seen, &mut *ptr::addr_of_mut!((**entry).data).cast::<Rule>()) };
    // SAFETY: getopt's argument: null or a string.
    let argument = unsafe { sys::optarg.as_ref().map_or(c"", |text| CStr::from_ptr(text)) };
    if invert != 0 {
        refuse(c"lua: %s cannot be inverted", c"an option");
    }
    match option {
        SEEN_FUNCTION => {
            once(seen, option, c"function");
            let name = argument.to_bytes();
            if name.is_empty() || name.len() >= FUNCTION {
                refuse(c"lua: --function: a name has 1 to 1023 bytes, unlike \"%.40s\"", argument);
            }
            rule.function[..name.len()].copy_from_slice(name);
        }
        SEEN_TCP_PAYLOAD => {
            once(seen, option, c"tcp-payload");
            rule.flags |= TCP_PAYLOAD;
        }
        SEEN_MASK => {
            once(seen, option, c"mask");
            // SAFETY: A string, and a place for the number.
            if !unsafe { sys::xtables_strtoui(argument.as_ptr(), ptr::null_mut(), &mut rule.mask, 1, u32::MAX) } {
                refuse(c"lua: --mask: \"%s\" is no number from 1 to 0xffffffff", argument);
            }
        }
        _ => return 0,
    }
    1
}

unsafe extern "C" fn final_check(seen: c_uint) {
    if seen & SEEN_FUNCTION as c_uint == 0 {
        refuse(c"lua: %s is missing", c"--function");
    }
}

/// Writes where iptables does, to the standard output of C.
fn write(text: &CStr) {
    // SAFETY: A string that the first argument asks for.
    unsafe { libc::printf(c"%s".as_ptr(), text.as_ptr()) };
}

fn write_options(rule: &Rule) {
    if rule.flags & TCP_PAYLOAD != 0 {
        write(c" --tcp-payload");
    }
    if rule.mask != 0 {
        // SAFETY: A number that the first argument asks for.
        unsafe { libc::printf(c" --mask 0x%x".as_ptr(), rule.mask) };
    }
}

unsafe extern "C" fn save(_: *const c_void, entry: *const Entry) {
    // SAFETY: iptables passes an entry of ours.
    let rule = unsafe { Rule::of(entry) };
    write(c" --function");
    // SAFETY: A string.
    unsafe { sys::xtables_save_string(rule.function().as_ptr()) };
    write_options(rule);
}

unsafe extern "C" fn print(_: *const c_void, entry: *const Entry, _: c_int) {
    // SAFETY: iptables passes an entry of ours.
    let rule = unsafe { Rule::of(entry) };
    write(c" lua function ");
    write(rule.function());
    write_options(rule);
}

extern "C" fn help() {
    write(
        c"lua options, of the match and of the target LUA:
  --function NAME    ask this global function of the script of the namespace (lunatik run nflua)
  --tcp-payload      show it what TCP carries, and not the packet
  --mask M           ask only while the script has one of these bits set (nf.set_match_bit)
",
    );
}

/// Statics that C writes: libxtables, in the one thread of iptables.
#[repr(transparent)]
struct Shared<T>(UnsafeCell<T>);

// SAFETY: iptables has one thread.
unsafe impl<T> Sync for Shared<T> {}

const fn option(name: &'static CStr, has_arg: bool, val: c_int) -> libc::option {
    libc::option { name: name.as_ptr(), has_arg: has_arg as c_int, flag: ptr::null_mut(), val }
}

static OPTIONS: Shared<[libc::option; 4]> = Shared(UnsafeCell::new([
    option(c"function", true, SEEN_FUNCTION),
    option(c"tcp-payload", false, SEEN_TCP_PAYLOAD),
    option(c"mask", true, SEEN_MASK),
    libc::option { name: ptr::null(), has_arg: 0, flag: ptr::null_mut(), val: 0 },
]));

const fn extension(name: &'static CStr) -> Shared<Extension> {
    Shared(UnsafeCell::new(Extension {
        version: c"libxtables.so.12".as_ptr(),
        next: ptr::null_mut(),
        name: name.as_ptr(),
        real_name: ptr::null(),
        revision: 0,
        flags: 0,
        family: libc::AF_UNSPEC as u16,
        size: size_of::<Rule>(),
        user_size: size_of::<Rule>(),
        help,
        init: None,
        parse,
        final_check,
        print,
        save,
        alias: None,
        options: OPTIONS.0.get().cast(),
        others: [0; 16],
    }))
}

static MATCH: Shared<Extension> = extension(c"lua");
static TARGET: Shared<Extension> = extension(c"LUA");

extern "C" fn register() {
    // SAFETY: Both are as libxtables wants them, and stay.
    unsafe {
        sys::xtables_register_match(MATCH.0.get());
        sys::xtables_register_target(TARGET.0.get());
    }
}

/// Called when the library is loaded.
#[used]
#[link_section = ".init_array"]
static REGISTER: extern "C" fn() = register;
