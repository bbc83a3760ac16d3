// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `hid.driver`, of which the library `hid` makes drivers of input devices: what is called is one function,
//! for all that happens, on the state of the CPU where it does.

mod hook;

use core::ffi::{c_int, CStr};
use kernel::prelude::*;
use lua::{ffi, function, Class, Entry, Function, Kind, Object, State, Table};
use lunatik_core::{attach, granted, register, Access, Context, Registration, Runtime};

use hook::{Hook, Id};

module! {
    type: Module,
    name: "luahid",
    author: "The Lunagate authors",
    description: "Lua drivers of input devices",
    license: "Dual MIT/GPL",
}

/// What a driver costs, and an entry of its table.
const NEW: usize = 1000;
const ENTRY: usize = 10;
/// The longest table.
const ENTRIES: usize = 256;
/// The longest name, in bytes.
const NAME: usize = 63;

/// The class `hid_driver`. It has no methods, and the driver does not end with it.
struct Driver;

static DRIVER: Class = Class::new::<Driver>(c"hid_driver", &[]);

impl Object for Driver {
    const CLASS: &'static Class = &DRIVER;
}

/// An integer field of an entry; -1 for none.
fn field(state: State<'_>, entry: c_int, name: &CStr, lowest: i64, highest: i64) -> lua::Result<i64> {
    match state.field::<Option<i64>>(entry, name) {
        Ok(None) => Ok(-1),
        Ok(Some(n)) if (lowest..=highest).contains(&n) => Ok(n),
        _ => {
            let name = name.to_str().unwrap_or("?");
            Err(state.raise(format_args!("hid.register: id_table: '{name}' is an integer from {lowest} to {highest}")))
        }
    }
}

fn ids(state: State<'_>, table: c_int) -> lua::Result<KVec<Id>> {
    let mut ids = KVec::new();
    loop {
        // SAFETY: The state is valid, and the index is a table's.
        unsafe { ffi::lua_rawgeti(state.as_ptr(), table, ids.len() as i64 + 1) };
        if state.is_none_or_nil(-1) {
            state.pop(1);
            return Ok(ids);
        }
        if state.type_of(-1) != ffi::LUA_TTABLE || ids.len() == ENTRIES {
            return Err(state.raise(format_args!("hid.register: id_table: at most {ENTRIES} tables")));
        }
        state.spend(ENTRY)?;
        let entry = state.top();
        let id = Id {
            // A bus of zero ends the kernel's tables.
            bus: field(state, entry, c"bus", 1, 0xffff)?,
            group: field(state, entry, c"group", 0, 0xffff)?,
            vendor: field(state, entry, c"vendor", 0, 0xffff_ffff)?,
            product: field(state, entry, c"product", 0, 0xffff_ffff)?,
            data: field(state, entry, c"driver_data", 0, i64::MAX)?,
        };
        ids.push(id, GFP_KERNEL).map_err(|_| Kind::NoMemory)?;
        state.pop(1);
    }
}

fn is_name(name: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' ');
    (1..=NAME).contains(&name.len()) && name.iter().all(plain) && !name.starts_with(b".")
}

/// `driver.register(name, id_table, function)`
fn driver_register(state: State<'_>, name: &CStr, Table(table): Table, function: Function) -> lua::Result<Driver> {
    Runtime::making_in(state, Context::Softirq)?;
    if !is_name(name.to_bytes()) {
        return Err(state.raise(format_args!("hid.register: 'name' is 1 to {NAME} letters, digits, spaces, _ - and .")));
    }
    state.spend(NEW)?;
    let ids = ids(state, table)?;
    let (hook, cpu) =
        attach(state, function, |hook: &Hook| hook.is_called(name), |callback| Hook::attach(callback, name, &ids))?;
    hook.prepare(state, cpu)?;
    Ok(Driver)
}

static LIBRARY: [Entry; 1] = [function(c"register", driver_register)];

static MODULE: lunatik_core::Module = lunatik_core::Module {
    name: c"hid.driver",
    access: Access::Free,
    open: |state| {
        granted(state, "hid")?;
        state.push_library(&LIBRARY)
    },
};

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
