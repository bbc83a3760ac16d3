// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The repository's policies, rendered, and the kernel's virtual machine to run them in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kernel_lua::{bindings, Limits, Machine, Outcome};
use lua::{function, Entry, Pushed, State, Table};
use policy::{quoted, render, Library, Policy};

/// The stack is what a packet hook has; fuel and memory hold the test beside the policy.
pub const LIMITS: Limits = Limits { fuel: 1 << 40, memory: 64 << 20, stack: 5 << 10 };

/// The folder of policies.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

/// All policies.
pub fn policies() -> Vec<Policy> {
    let mut folders: Vec<_> = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("policy.yaml").exists());
    folders.sort();
    folders.iter().map(|folder| Policy::open(folder).unwrap()).collect()
}

/// A chunk that sets SOURCES to all that scripts can require, as rendered.
pub fn sources() -> String {
    let output = tempfile::tempdir().unwrap();
    let library = Library::open(&root().join("library")).unwrap();
    render(output.path(), Some(&library), &policies()).unwrap();
    let mut chunk = String::from("SOURCES = {}\n");
    let folders = output.path().join("lib/modules/lua/policies");
    for folder in fs::read_dir(folders).unwrap().map(|entry| entry.unwrap().path()) {
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let stem = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
            let name = format!("policies.{}.{}", stem(&folder), stem(&file));
            let text = fs::read_to_string(&file).unwrap();
            chunk.push_str(&format!("SOURCES[{}] = {}\n", quoted(&name), quoted(&text)));
        }
    }
    chunk
}

static COMPILE: Entry = function(c"compile", compile);

/// `compile { name, ... }`: the bytes of a list file of these names.
fn compile(Table(table): Table, state: State<'_>) -> lua::Result<Pushed> {
    let mut names = BTreeMap::new();
    state.push(None::<bool>)?;
    while state.next(table)? {
        names.insert(String::from_utf8_lossy(state.bytes(-1)).into_owned(), 1);
        state.pop(1);
    }
    let file = list::domains(&names, b"").map_err(|error| state.raise(format_args!("compile: {error}")))?;
    Ok(Pushed(state.push(&file[..])?))
}

fn set_global(state: State<'_>, entry: &'static Entry) {
    // SAFETY: The state is valid; this index of the registry is the table of globals.
    unsafe { lua::ffi::lua_rawgeti(state.as_ptr(), lua::ffi::LUA_REGISTRYINDEX, lua::ffi::LUA_RIDX_GLOBALS) };
    entry.push(state);
    state.set_field(-2, entry.name()).expect("room for a global");
    state.pop(1);
}

/// A machine in which the prelude has run.
pub fn machine() -> Machine {
    let machine = Machine::new(LIMITS).expect("room for the libraries");
    bindings::open(machine.lua()).expect("room for the bindings");
    set_global(machine.lua(), &COMPILE);
    run(&machine, "sources", &sources());
    run(&machine, "prelude.lua", include_str!("prelude.lua"));
    machine
}

/// The same for a policy, which may use what its manifest lists.
pub fn machine_for(policy: &Policy) -> Machine {
    let machine = machine();
    for name in &policy.manifest.capabilities {
        run(&machine, "capabilities", &format!("CAPABILITIES[{}] = true", quoted(name)));
    }
    machine
}

/// Runs a chunk that must not fail.
pub fn run(machine: &Machine, name: &str, chunk: &str) {
    assert_eq!(machine.run(name, chunk.as_bytes()), Outcome::Ran, "{name}");
}
