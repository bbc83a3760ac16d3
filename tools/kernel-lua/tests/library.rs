// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua libraries of modules/lib that need no kernel, in the kernel's virtual machine. The
//! kernel-side tests run the same scripts.

use std::fs;
use std::path::{Path, PathBuf};

use kernel_lua::{Limits, Machine, Outcome};

const LIMITS: Limits = Limits { fuel: 10_000_000, memory: 1 << 20, stack: 5 << 10 };

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `require` of files of modules/lib, whose text is in the table SOURCES.
const REQUIRE: &str = r#"
local loaded = {}
function require(name)
  loaded[name] = loaded[name] or assert(load(SOURCES[name], "@" .. name .. ".lua"))()
  return loaded[name]
end
"#;

fn run(machine: &Machine, name: &str, chunk: &str) {
    assert_eq!(machine.run(name, chunk.as_bytes()), Outcome::Ran, "{name}");
}

#[test]
fn libraries_keep_their_promises() {
    let mut ran = 0;
    for entry in fs::read_dir(repository().join("vmtests/kernel/scripts/lib")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let library = fs::read_to_string(repository().join(format!("modules/lib/{name}.lua"))).unwrap();
        assert!(!library.contains("]==]"));
        let machine = Machine::new(LIMITS).expect("room for the libraries");
        run(&machine, "sources", &format!("SOURCES = {{ {name} = [==[{library}]==] }}"));
        run(&machine, "require", REQUIRE);
        run(&machine, &name, &fs::read_to_string(&path).unwrap());
        ran += 1;
    }
    assert!(ran >= 4, "tests of libraries are missing: there are {ran}");
}
