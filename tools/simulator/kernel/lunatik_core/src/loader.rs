// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Modules and files that scripts require.

use std::ffi::CStr;

use kernel::error::{code::EEXIST, Result};
use kernel::ThisModule;
use lua::{ffi, function, Entry, Pushed, State};

use crate::file::ROOT;
use crate::sync::Global;
use crate::{granted, Context, Runtime};

/// What it costs to open a file; so many of its bytes cost a unit more.
const OPEN: usize = 100;
const UNIT: usize = 64;

/// A Lua module made of Rust.
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
    /// Every script.
    Free,
    /// Scripts that it is granted, by its name.
    Granted,
}

static MODULES: Global<Vec<&'static Module>> = Global::new(Vec::new());

/// A [`Module`] that scripts can require.
pub struct Registration(());

/// Makes a module known to `require`.
///
/// # Errors
///
/// EEXIST if the name is taken.
pub fn register(module: &'static Module, _: &'static ThisModule) -> Result<Registration> {
    let mut modules = MODULES.lock();
    if modules.iter().any(|known| known.name == module.name) {
        return Err(EEXIST);
    }
    modules.push(module);
    Ok(Registration(()))
}

static REQUIRE: Entry = function(c"require", require);

/// Gives a fresh state what scripts find there beside the libraries.
pub(crate) fn prepare(state: State<'_>) -> lua::Result {
    state.push_globals();
    REQUIRE.push(state);
    state.set_field(-2, REQUIRE.name())?;
    state.push(c"Lunatik 4.4")?;
    state.set_field(-2, c"_LUNATIK_VERSION")?;
    state.pop(1);
    Ok(())
}

/// `require(name)`: what is loaded already, else a Rust module, else a Lua file.
fn require(state: State<'_>, name: &CStr) -> lua::Result<Pushed> {
    state.get_field(ffi::LUA_REGISTRYINDEX, c"_LOADED")?;
    let loaded = state.top();
    state.get_field(loaded, name)?;
    if !state.is_none_or_nil(-1) {
        return Ok(Pushed(1));
    }
    state.pop(1);
    let runtime = Runtime::of(state)?;
    let shown = name.to_string_lossy();
    if !runtime.is_loading() && runtime.context() != Context::Process {
        return Err(state.raise(format_args!("require '{shown}': not once packets flow, only while the script loads")));
    }
    let module = MODULES.lock().iter().copied().find(|module| module.name == name);
    if let Some(module) = module {
        if module.access == Access::Granted {
            granted(state, &shown)?;
        }
        (module.open)(state)?;
    } else if !open_file(state, runtime, &shown)? {
        return Err(state.raise(format_args!(
            "module '{shown}' not found: neither a module that the simulator has nor a file of the policy"
        )));
    }
    state.push_value(-1);
    state.set_field(loaded, name)?;
    Ok(Pushed(1))
}

/// Runs `<root>/<name>.lua` or `<root>/<name>/init.lua`, dots as slashes, and pushes its result.
fn open_file(state: State<'_>, runtime: &Runtime, name: &str) -> lua::Result<bool> {
    let stem = name.replace('.', "/");
    for file in [format!("{stem}.lua"), format!("{stem}/init.lua")] {
        state.spend(OPEN)?;
        let Some(text) = runtime.files().read(&format!("{ROOT}/{file}")) else { continue };
        state.spend(text.len() / UNIT)?;
        let Ok(chunk) = std::ffi::CString::new(format!("@{file}")) else { continue };
        state.load(&text, &chunk)?;
        state.call(0, 1)?;
        if state.is_none_or_nil(-1) {
            state.pop(1);
            state.push(true)?;
        }
        return Ok(true);
    }
    Ok(false)
}
