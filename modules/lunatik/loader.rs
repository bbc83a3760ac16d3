// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Scripts and modules: where they come from, and `require`.

use core::ffi::{c_void, CStr};
use core::fmt::Write;
use kernel::alloc::{flags::GFP_KERNEL, KVec};
use kernel::error::{code::*, Result};
use kernel::str::CString;
use lua::{ffi, function, Entry, Kind, Pushed, State};

use crate::failure::{Failure, Writer};
use crate::slot::Slot;
use crate::{capabilities, file, global_io, sys, Context, Runtime};

/// Where scripts and Lua libraries are.
pub(crate) const ROOT: &str = "/lib/modules/lua";
/// No script is longer, in bytes.
const SCRIPT_LIMIT: usize = 1 << 20;
/// What it costs a script to have the kernel look for a module, which starts a program.
const REQUEST: usize = 10_000;
/// What it costs to open a file; so many of its bytes cost a unit more.
const OPEN: usize = 100;
const UNIT: usize = 64;

/// A Lua module made of Rust, in a kernel module of its own.
pub struct Module {
    /// The name that scripts `require`.
    pub name: &'static CStr,
    /// Who may require it.
    pub access: Access,
    /// Pushes what `require` returns: a library, usually.
    pub open: fn(State<'_>) -> lua::Result,
}

/// Who may require a module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Every script: it reaches what the script has or is shown anyway.
    Free,
    /// Scripts that it is granted, by its name.
    Granted,
}

struct Entrant {
    module: &'static Module,
    owner: *mut c_void,
}

// SAFETY: The owner is only counted, which works anywhere.
unsafe impl Send for Entrant {}

static MODULES: sys::Global<KVec<Entrant>> = sys::Global::new(KVec::new());

/// A [`Module`] that scripts can require, while this lives.
pub struct Registration(&'static Module);

/// Makes a module known to `require`.
///
/// # Errors
///
/// EEXIST if the name is taken, ENOMEM.
pub fn register(module: &'static Module, owner: &'static kernel::ThisModule) -> Result<Registration> {
    let mut modules = MODULES.lock();
    if modules.iter().any(|entrant| entrant.module.name == module.name) {
        return Err(EEXIST);
    }
    modules.push(Entrant { module, owner: owner.as_ptr().cast() }, GFP_KERNEL)?;
    Ok(Registration(module))
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut modules = MODULES.lock();
        if let Some(index) = modules.iter().position(|entrant| core::ptr::eq(entrant.module, self.0)) {
            let last = modules.len() - 1;
            modules.swap(index, last);
            // SAFETY: One element less; an Entrant has nothing to drop.
            unsafe { modules.set_len(last) };
            // Nobody drops a static when lunatik.ko goes: empty, it holds no memory.
            if last == 0 {
                *modules = KVec::new();
            }
        }
    }
}

/// A script's file name: `<root>/<name>.lua`; names stay below the root.
pub(crate) fn path(name: &[u8]) -> core::result::Result<CString, Failure> {
    if name.first().is_none_or(|first| *first == b'/') || !file::is_plain(name) {
        return Err(Failure::new(
            EINVAL,
            format_args!("{}: a script's name is a path below {ROOT}, of letters, digits, / _ - and .", Plain(name)),
        ));
    }
    Ok(CString::try_from_fmt(kernel::fmt!("{ROOT}/{}.lua", Plain(name)))?)
}

/// Reads a script.
pub(crate) fn read(path: &CString) -> core::result::Result<file::Contents, Failure> {
    file::Contents::read(core_str(path), SCRIPT_LIMIT).map_err(|errno| {
        let text = if errno == EFBIG { "longer than 1 MiB" } else { file::why(errno) };
        Failure::new(errno, format_args!("{}: {text}", Plain(path.as_bytes())))
    })
}

static REQUIRE: Entry = function(c"require", require);

/// Gives a fresh state what scripts find there beside the libraries.
pub(crate) fn prepare(state: State<'_>) -> lua::Result {
    state.push_globals();
    REQUIRE.push(state);
    state.set_field(-2, REQUIRE.name())?;
    // The release whose scripts run here.
    state.push(c"Lunatik 4.4")?;
    state.set_field(-2, c"_LUNATIK_VERSION")?;
    if Runtime::of(state)?.context() == Context::Process {
        global_io::push(state)?;
        state.set_field(-2, c"io")?;
    }
    state.pop(1);
    Ok(())
}

/// `require(name)`
fn require(state: State<'_>, name: &CStr) -> lua::Result<Pushed> {
    push_module(state, name)?;
    Ok(Pushed(1))
}

/// Pushes what `require` returns: what is loaded already, else a Rust module, else a Lua file.
///
/// # Errors
///
/// There is none; the script may not require it, or not now; what its file raises.
pub(crate) fn push_module(state: State<'_>, name: &CStr) -> lua::Result {
    state.get_field(ffi::LUA_REGISTRYINDEX, c"_LOADED")?;
    let loaded = state.top();
    state.get_field(loaded, name)?;
    if !state.is_none_or_nil(-1) {
        return Ok(());
    }
    state.pop(1);
    let runtime = Runtime::of(state)?;
    let may_sleep = Slot::of(state).loading.get() || runtime.context() == Context::Process;
    if !may_sleep {
        return Err(state.raise(format_args!(
            "require '{}': not once packets flow, only while the script loads",
            Plain(name.to_bytes())
        )));
    }
    let found = open(state, runtime, name)?
        || request(state, runtime, name, name.to_bytes())?
        || open_file(state, name)?
        || request(state, runtime, name, package(name))?;
    if !found {
        return Err(state.raise(format_args!(
            "module '{}' not found: neither a kernel module nor a file below {ROOT}",
            Plain(name.to_bytes())
        )));
    }
    state.push_value(-1);
    state.set_field(loaded, name)
}

/// Pushes the Rust module with this name, if there is one.
fn open(state: State<'_>, runtime: &Runtime, name: &CStr) -> lua::Result<bool> {
    let found = {
        let modules = MODULES.lock();
        let Some(entrant) = modules.iter().find(|entrant| entrant.module.name == name) else { return Ok(false) };
        let granted = entrant.module.access == Access::Free || runtime.capabilities().has(name.to_bytes());
        // SAFETY: The registration is in place, so the owner is still there.
        granted.then(|| unsafe { runtime.pin(entrant.owner) }.map(|()| entrant.module))
    };
    let Some(found) = found else { return Err(capabilities::refused(state, name.to_bytes())) };
    let found = found.map_err(|_| Kind::Busy)?;
    (found.open)(state)?;
    Ok(true)
}

/// What is before the first dot of a name that has one, else nothing.
fn package(name: &CStr) -> &[u8] {
    let name = name.to_bytes();
    name.split(|byte| *byte == b'.').next().filter(|package| package.len() < name.len()).unwrap_or(b"")
}

/// Has the kernel look for `lua<module>.ko`, and tries again. Names with dots are of Lua files or, if there is no such
/// file, of a kernel module that has the name of their package.
fn request(state: State<'_>, runtime: &Runtime, name: &CStr, module: &[u8]) -> lua::Result<bool> {
    if module.is_empty() || module.contains(&b'.') {
        return Ok(false);
    }
    state.spend(REQUEST)?;
    let module = CString::try_from_fmt(kernel::fmt!("{}", Plain(module))).map_err(|_| Kind::NoMemory)?;
    sys::request_module(core_str(&module));
    open(state, runtime, name)
}

/// Runs `<root>/<name>.lua` or `<root>/<name>/init.lua`, dots as slashes, and pushes its result, if there is one.
fn open_file(state: State<'_>, name: &CStr) -> lua::Result<bool> {
    if !compile(state, name)? {
        return Ok(false);
    }
    state.call(0, 1)?;
    if state.is_none_or_nil(-1) {
        state.pop(1);
        state.push(true)?;
    }
    Ok(true)
}

/// Pushes that file's chunk, if there is one. Files require others: what this needs of the stack is not there while
/// they run.
#[inline(never)]
fn compile(state: State<'_>, name: &CStr) -> lua::Result<bool> {
    for suffix in ["", "/init"] {
        let mut file = Writer(KVec::new());
        for byte in name.to_bytes() {
            let byte = if *byte == b'.' { b'/' } else { *byte };
            file.write_char(char::from(byte)).map_err(|_| Kind::NoMemory)?;
        }
        file.write_str(suffix).map_err(|_| Kind::NoMemory)?;
        let name = file.0;
        let path = match path(&name) {
            Ok(path) => path,
            Err(failure) => return Err(raise(state, &failure)),
        };
        state.spend(OPEN)?;
        let file = match read(&path) {
            Ok(file) => file,
            Err(failure) if failure.errno == ENOENT => continue,
            Err(failure) => return Err(raise(state, &failure)),
        };
        state.spend(file.bytes().len() / UNIT)?;
        load(state, &path, file.bytes())?;
        return Ok(true);
    }
    Ok(false)
}

/// Compiles a file's contents; messages and tracebacks then name the file. The compiler calls itself for what is in
/// something else: it has a stack of its own, so that what compiles does so wherever it is required.
pub(crate) fn load(state: State<'_>, path: &CString, contents: &[u8]) -> lua::Result {
    let name = CString::try_from_fmt(kernel::fmt!("@{}", Plain(path.as_bytes()))).map_err(|_| Kind::NoMemory)?;
    // Finalizers are for the task that runs the script.
    let loaded = state.without_finalizers(|| {
        sys::on_a_stack(|| {
            sys::limit_stack_left(state);
            state.load(contents, core_str(&name))
        })
    });
    sys::limit_stack_left(state);
    loaded.unwrap_or(Err(Kind::Failed.into()))
}

/// The standard library's view of a string.
pub(crate) fn core_str(string: &kernel::str::CStr) -> &CStr {
    CStr::from_bytes_with_nul(string.as_bytes_with_nul()).unwrap_or(c"?")
}

/// Raises a failure in Lua.
pub(crate) fn raise(state: State<'_>, failure: &Failure) -> lua::Error {
    match state.push_bytes(&failure.text) {
        Ok(()) => lua::Error::RAISED,
        Err(error) => error,
    }
}

/// Bytes as text, strange bytes as they come.
pub(crate) struct Plain<'a>(pub(crate) &'a [u8]);

impl core::fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.iter().try_for_each(|byte| f.write_char(char::from(*byte)))
    }
}
