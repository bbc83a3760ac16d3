// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Any text, as a script.

use kernel_lua::{bindings, Limits, Machine, Outcome};

/// Sanitizers make frames large, so the stack is; the rest is a packet's.
pub(crate) const LIMITS: Limits = Limits { fuel: 20_000, memory: 256 << 10, stack: 512 << 10 };

/// Compiles and runs it. It ends within its limits, gives back every byte, and the state works on.
pub(crate) fn run(bytes: &[u8]) {
    let Some(machine) = Machine::new(LIMITS) else { panic!("no room for the libraries") };
    if bindings::open(machine.lua()).is_err() {
        panic!("no room for the bindings");
    }
    // What it prints is its own affair.
    machine.run("quiet", b"print = function() end");
    machine.run("fuzz", bytes);
    assert!(machine.peak() <= LIMITS.memory, "it held {} bytes", machine.peak());
    // The script may have filled the memory, or changed everything that there is by name.
    let after = machine.run("after", b"local n = 0 for i = 1, 3 do n = n + i end return n == 6 or {} + 1");
    assert!(matches!(after, Outcome::Ran | Outcome::OutOfMemory), "the state is broken: {after:?}");
}
