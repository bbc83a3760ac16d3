// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The virtual machine as we ship it: its language, its limits, and mlua on top of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kernel_lua::{Held, Limits, Machine, Outcome};

/// A packet's worth: below the rest of the kernel's 16 KiB stack.
const KERNEL: Limits = Limits { fuel: 1_000_000, memory: 256 << 10, stack: 5 << 10 };

fn scripts(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Processor time of this thread, in milliseconds: what else runs does not count.
fn milliseconds() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<u64>().unwrap() / 1_000_000
}

const PAINT: u8 = 0xa5;
const PAINTED: usize = 128 << 10;

/// Paints the stack below the caller, and tells where that begins.
#[inline(never)]
fn paint() -> usize {
    let mut area = [PAINT; PAINTED];
    std::hint::black_box(&mut area).as_ptr() as usize
}

/// How many bytes of the painted stack are used.
#[inline(never)]
fn used(area: usize) -> usize {
    // SAFETY: The thread's stack is mapped down to the area's start, which `paint` has written.
    let intact = (0..PAINTED).take_while(|at| unsafe { ((area + at) as *const u8).read_volatile() } == PAINT);
    PAINTED - intact.count()
}

#[test]
fn every_attack_ends_within_its_limits() {
    let attacks = scripts("attack");
    assert!(attacks.len() > 80, "the attacks are missing");
    for path in attacks {
        let chunk = fs::read(&path).unwrap();
        let machine = Machine::new(KERNEL).expect("room for the libraries");
        let (area, begin) = (paint(), milliseconds());
        let outcome = machine.run("attack", &chunk);
        let (stack, spent, peak) = (used(area), milliseconds() - begin, machine.peak());
        let overdrawn = -machine.lua().fuel();
        let name = path.file_name().unwrap().to_string_lossy();
        println!("{name}: {peak} bytes, {stack} bytes of stack, {spent} ms: {outcome:?}");
        assert!(peak <= KERNEL.memory, "{name}: held {peak} bytes");
        assert!(stack <= 10 << 10, "{name}: used {stack} bytes of stack");
        // A unit is at most about 0.2 us of work; a leak is tenfold.
        assert!(spent < 1000, "{name}: worked {spent} ms for {} units", KERNEL.fuel);
        // What is done at once may cost more than is left: a whole collection, say.
        assert!(overdrawn < 50_000, "{name}: went on for {overdrawn} units after the fuel was spent");
    }
}

/// All rooms in one state, between what they are written with and what asks whether anything is left out.
/// In the kernel each has a state of its own.
#[test]
fn the_language_is_the_one_that_we_document() {
    let path = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/conformance/{name}.lua"));
    let (suite, coverage) = (path("suite"), path("coverage"));
    let rooms = scripts("tests/conformance").into_iter().filter(|room| *room != suite && *room != coverage);
    // The stack is the kernel's, and a KiB for our own frames, which nobody has optimized here.
    let limits = Limits { fuel: 20_000_000, memory: 4 << 20, stack: KERNEL.stack + (1 << 10) };
    let machine = Machine::new(limits).expect("room for the libraries");
    for path in [suite.clone()].into_iter().chain(rooms).chain([coverage.clone()]) {
        let name = path.file_name().unwrap().to_string_lossy();
        assert_eq!(machine.run(&name, &fs::read(&path).unwrap()), Outcome::Ran, "{name}");
    }
}

#[test]
fn an_error_is_told_with_where_it_happened() {
    let machine = Machine::new(KERNEL).unwrap();
    let script = b"local function inner()\n  local t\n  t.x = 1\nend\nfunction outer()\n  inner()\nend\nouter()\n";
    let expected = "script.lua:3: attempt to index a nil value (local 't')\nstack traceback:\n\
        \tscript.lua:3: in upvalue 'inner'\n\tscript.lua:6: in global 'outer'\n\tscript.lua:8: in main chunk";
    assert_eq!(machine.run("script.lua", script), Outcome::Failed(expected.into()));
    // With the stack at its end there is none left for the traceback, but for what is wrong.
    let deep =
        b"local meta = {} function meta.__index(t, key) return t[key .. 'x'] end return setmetatable({}, meta).x";
    let Outcome::Failed(text) = machine.run("deep.lua", deep) else { panic!("the C stack has no end") };
    assert!(text.contains("C stack overflow"), "{text}");
}

#[test]
fn benchmarks_run() {
    for path in scripts("bench") {
        let machine = Machine::new(Limits { fuel: 1 << 40, memory: 16 << 20, stack: 256 << 10 }).unwrap();
        assert_eq!(machine.run("N", b"N = 100"), Outcome::Ran);
        let outcome = machine.run(&path.display().to_string(), &fs::read(&path).unwrap());
        assert_eq!(outcome, Outcome::Ran, "{}", path.display());
    }
}

#[test]
fn a_loop_at_the_end_of_its_fuel_cannot_be_caught() {
    let machine = Machine::new(KERNEL).unwrap();
    let script = b"while true do pcall(function() while true do end end) end";
    assert_eq!(machine.run("loop", script), Outcome::OutOfFuel);
    assert_eq!(machine.run("after", b"assert(1 + 1 == 2)"), Outcome::Ran, "the next chunk starts with new fuel");
}

/// Strings of which nothing is left make room for others, also where memory is tight.
#[test]
fn memory_of_strings_comes_back() {
    let machine =
        Machine::new(Limits { fuel: 100_000_000, memory: 1 << 20, ..KERNEL }).expect("room for the libraries");
    let chunk = r#"
        local hoard, size = {}, 1 << 15
        local function more() hoard[#hoard + 1] = ("z" .. #hoard):rep(size) end
        while size >= 4096 do
          if not pcall(more) then size = size // 2 end
        end
        assert(#hoard > 5)
        hoard = nil
        assert(#("y"):rep(1 << 16) == 1 << 16)
        for i = 1, 100 do assert(#table.concat { ("x"):rep(20000), i } > 20000) end
    "#;
    assert_eq!(machine.run("strings", chunk.as_bytes()), Outcome::Ran);
}

#[test]
fn memory_outside_counts_and_what_is_refused_does_not() {
    let machine = Machine::new(KERNEL).unwrap();
    let before = machine.used();
    let held = Held::new(machine.lua(), 1000).unwrap();
    assert!(Held::new(machine.lua(), KERNEL.memory).is_none());
    assert_eq!(machine.used(), before + 1000);
    drop(held);
    assert_eq!(machine.used(), before);
}

#[test]
fn a_fresh_state_is_small_enough_for_one_per_cpu() {
    let machine = Machine::new(KERNEL).unwrap();
    assert!(machine.peak() < 16 << 10, "a fresh state holds {} bytes", machine.peak());
}

fn klua(arguments: &[&str], script: &str) -> (Option<i32>, String) {
    let path = std::env::temp_dir().join(format!("klua-{}-{}.lua", std::process::id(), arguments.len() + script.len()));
    fs::write(&path, script).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_klua")).args(arguments).arg(&path).output().unwrap();
    fs::remove_file(&path).unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code(), text)
}

#[test]
fn klua_tells_the_ends_apart() {
    assert_eq!(klua(&[], "print(6 * 7)"), (Some(0), "42\n".into()));
    let (status, text) = klua(&[], "local x = 1.5");
    assert_eq!(status, Some(1));
    assert!(text.contains(":1: malformed number near '1.5'"), "{text}");
    let (status, text) = klua(&["--fuel", "1000"], "while true do end");
    assert_eq!(status, Some(3));
    assert!(text.contains("out of fuel"), "{text}");
    let (status, text) =
        klua(&["--memory", "100000"], "local t = {} while true do t[#t + 1] = ('x'):rep(100) .. #t end");
    assert_eq!(status, Some(4));
    assert!(text.contains("out of memory"), "{text}");
    let missing = Command::new(env!("CARGO_BIN_EXE_klua")).arg("no-such-file.lua").output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("cannot read no-such-file.lua"));
}

#[test]
fn mlua_runs_on_it() {
    use kernel_lua::mlua::{prelude::*, StdLib};
    // SAFETY: The standard libraries of our virtual machine reach nothing outside of it.
    let lua = unsafe { Lua::unsafe_new_with(StdLib::NONE, LuaOptions::default()) };
    let product = lua.create_function(|_, (a, b): (i64, i64)| Ok(a * b)).unwrap();
    lua.globals().set("product", product).unwrap();
    assert_eq!(lua.load("return product(6, 7) + 7 / 2").eval::<i64>().unwrap(), 45);
    let refused = lua.load("return 1.5").eval::<i64>().unwrap_err().to_string();
    assert!(refused.contains("malformed number"), "{refused}");
    // SAFETY: It only sets a number in the state.
    unsafe { lua.exec_raw::<()>((), |state| lua_setfuel(state.cast(), 1000)) }.unwrap();
    let spent = lua.load("while true do end").exec().unwrap_err().to_string();
    assert!(spent.contains("out of fuel"), "{spent}");
}

extern "C" {
    fn lua_setfuel(state: *mut std::ffi::c_void, units: i64);
}
