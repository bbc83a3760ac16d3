// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Any bytes, as a sequence of calls of what scripts can call.

use kernel_lua::{bindings, Machine, Outcome};

use crate::script::LIMITS;

/// Reads bytes as calls, and makes them; the kernel-side tests have it, too.
const PLAYER: &str = concat!("PLAYER = (function()\n", include_str!("play.lua"), "end)()");
const CALLS: &str = include_str!("calls.lua");

/// Makes the calls. Each returns or raises, and the state works on.
pub(crate) fn run(bytes: &[u8]) {
    let Some(machine) = Machine::new(LIMITS) else { panic!("no room for the libraries") };
    if bindings::open(machine.lua()).is_err() {
        panic!("no room for the bindings");
    }
    let mut chunk = Vec::from(&b"INPUT = \""[..]);
    for byte in bytes.iter().take(1024) {
        chunk.extend(format!("\\{byte:03}").bytes());
    }
    chunk.extend(b"\"\n");
    assert_eq!(machine.run("input", &chunk), Outcome::Ran);
    assert_eq!(machine.run("play", PLAYER.as_bytes()), Outcome::Ran);
    machine.run("calls", CALLS.as_bytes());
    assert!(machine.peak() <= LIMITS.memory, "it held {} bytes", machine.peak());
    let after = machine.run("after", b"local n = 0 for i = 1, 3 do n = n + i end return n == 6 or {} + 1");
    assert!(matches!(after, Outcome::Ran | Outcome::OutOfMemory), "the state is broken: {after:?}");
}
