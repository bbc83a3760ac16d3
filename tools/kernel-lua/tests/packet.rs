// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The library `packet` and lookups of names in packets, in userland. The kernel-side tests run
//! the same scripts.

use std::fs;
use std::path::Path;

use kernel_lua::{bindings, Limits, Machine, Outcome};

const LIMITS: Limits = Limits { fuel: 1_000_000_000, memory: 1 << 20, stack: 5 << 10 };

#[test]
fn packets_are_read_as_in_the_kernel() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vmtests/kernel/scripts/packet");
    let mut ran = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let machine = Machine::new(LIMITS).expect("room for the libraries");
        bindings::open(machine.lua()).expect("room for the bindings");
        let name = path.display().to_string();
        assert_eq!(machine.run("require", b"function require(name) return BINDINGS[name] end"), Outcome::Ran);
        assert_eq!(machine.run(&name, &fs::read(&path).unwrap()), Outcome::Ran, "{name}");
        ran += 1;
    }
    assert!(ran >= 2, "tests of the library are missing: there are {ran}");
}
