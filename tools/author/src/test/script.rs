// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Tests in Lua, with the module `test`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use lua::{ffi, function, Entry, Function, Pushed, State, Table, Value};
use serde::Deserialize;
use simulator::{load_modules, Budget, Context, Fail, Packet, Runtime};

use super::session::{Interface, Session};
use super::Case;
use crate::packet::Build;
use crate::tree::Tree;

/// What the test itself may spend: enough.
const PLENTY: i64 = 1 << 40;
const MEMORY: usize = 1 << 30;
const STACK: usize = 256 << 10;

/// A file that runs.
struct Running {
    session: Session,
    wanted: String,
    cases: Vec<Case>,
}

thread_local! {
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

static LIBRARY: [Entry; 8] = [
    function(c"case", case),
    function(c"packet", packet),
    function(c"send", send),
    function(c"load", load),
    function(c"file", file),
    function(c"list", list),
    function(c"parameters", parameters),
    function(c"time", time),
];

/// Runs a file; the session comes back.
pub(super) fn run(path: &Path, session: Session, wanted: &str) -> Result<(Vec<Case>, Session), files::Error> {
    let text = files::read(path)?;
    let subject = session.subject.clone();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let name = subject.chunk(&format!("tests/{stem}"));
    let mut session = session;
    session.begin();
    let test_files = subject.files();
    test_files.put(&format!("{name}.lua"), &text);
    let watch = session.is_watched();
    let running = Running { session, wanted: wanted.to_owned(), cases: Vec::new() };
    RUNNING.with_borrow_mut(|place| *place = Some(running));
    load_modules();
    let budget = Budget {
        fuel: PLENTY,
        load_fuel: PLENTY,
        memory: MEMORY,
        stack: STACK,
        context: Context::Softirq,
        fail: Fail::Accept,
        capabilities: subject.policy.as_ref().map_or(Vec::new(), |policy| policy.manifest.capabilities.clone()),
    };
    let begin = Instant::now();
    let runtime = Runtime::new(budget, test_files);
    let loaded = match &runtime {
        Some(runtime) => {
            if watch {
                runtime.machine().watch_lines();
            }
            open(runtime.machine().lua())
                .map_err(|_| "no room for the module test".to_owned())
                .and_then(|()| runtime.load(&name))
        }
        None => Err("no room for the test".to_owned()),
    };
    let Some(Running { mut session, mut cases, .. }) = RUNNING.take() else { unreachable!("it was put there above") };
    if let Some(runtime) = &runtime {
        session.add_lines(runtime.machine().lines());
    }
    if let Err(text) = loaded {
        let failure = Some(located(&subject.localized(&text), &path.display().to_string()));
        let name = format!("{stem}.lua, outside of its cases");
        cases.push(Case { name, time: begin.elapsed(), tally: session.tally(), failure });
    }
    Ok((cases, session))
}

/// Makes `require("test")` work.
fn open(state: State<'_>) -> lua::Result {
    state.set_fuel(PLENTY);
    state.get_field(ffi::LUA_REGISTRYINDEX, c"_LOADED")?;
    state.load(include_bytes!("test.lua"), c"@test.lua")?;
    state.push_library(&LIBRARY)?;
    state.call(1, 1)?;
    state.set_field(-2, c"test")?;
    state.pop(1);
    Ok(())
}

/// An error with the line of the test that is behind it, whoever says it.
fn located(text: &str, path: &str) -> String {
    let message = text.split("\nstack traceback:").next().unwrap_or(text);
    if message.starts_with(path) {
        return message.to_owned();
    }
    let place = text.lines().skip_while(|line| *line != "stack traceback:").find_map(|line| {
        let line = line.trim_start().strip_prefix(path)?.strip_prefix(':')?;
        line.split(':').next()?.parse::<u32>().ok()
    });
    match place {
        Some(line) => format!("{path}:{line}: {message}"),
        None => format!("{path}: {message}"),
    }
}

fn with<R>(f: impl FnOnce(&mut Running) -> R) -> R {
    RUNNING.with_borrow_mut(|running| f(running.as_mut().expect("the module is there while a file runs")))
}

/// An error with a text of any length.
fn fail(state: State<'_>, text: &str) -> lua::Error {
    match state.push_bytes(text.as_bytes()) {
        Ok(()) => lua::Error::RAISED,
        Err(error) => error,
    }
}

/// `test.case(name, f)`: a test of its own, with a router of its own.
fn case(name: &[u8], f: Function, state: State<'_>) -> lua::Result {
    let name = String::from_utf8_lossy(name).into_owned();
    if !with(|running| name.contains(&running.wanted)) {
        return Ok(());
    }
    with(|running| running.session.begin());
    let begin = Instant::now();
    state.push_value(f.0);
    let failure = match state.call_traced(0, 0) {
        Ok(()) => None,
        Err(_) => {
            let text = String::from_utf8_lossy(state.bytes(-1)).into_owned();
            state.pop(1);
            Some(if text.is_empty() { "an error object without text".to_owned() } else { text })
        }
    };
    with(|running| {
        let subject = &running.session.subject;
        let path = subject.localized(&subject.chunk("tests/"));
        let failure = failure.map(|text| subject.localized(&text)).map(|text| {
            // The file's own name is in the traceback.
            let file = text.lines().find_map(|line| {
                let rest = line.trim_start().strip_prefix(&path)?;
                rest.split(':').next().map(|file| format!("{path}{file}"))
            });
            located(&text, file.as_deref().unwrap_or(&path))
        });
        running.cases.push(Case { name, time: begin.elapsed(), tally: running.session.tally(), failure });
    });
    Ok(())
}

fn build(state: State<'_>, index: i32, caller: &str) -> lua::Result<Build> {
    let tree = Tree::read(state, index)?;
    tree.into().map_err(|text| fail(state, &format!("{caller}: {text}")))
}

/// `test.packet{ ipv4 = {...}, ... }`: the bytes of a packet from its IP header on.
fn packet(Table(table): Table, state: State<'_>) -> lua::Result<Pushed> {
    let built = build(state, table, "test.packet")?.build();
    let built = built.map_err(|text| fail(state, &format!("test.packet: {text}")))?;
    state.push(&built.frame[built.network..]).map(Pushed)
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    path: Option<String>,
    mark: u32,
    interface: Option<Interface>,
    fails: bool,
}

/// `test.send(packet[, options])`: the verdict, and a table that says more.
fn send(given: Value, options: Value, state: State<'_>) -> lua::Result<Pushed> {
    let wrong = |text: &str| fail(state, &format!("test.send: {text}"));
    let mut packet = match state.type_of(given.0) {
        ffi::LUA_TSTRING => Packet::ip(state.bytes(given.0)),
        _ => {
            let built = build(state, given.0, "test.send")?.build().map_err(|text| wrong(&text))?;
            Packet::ethernet(&built.frame).ok_or_else(|| wrong("the frame is too short"))?
        }
    };
    let options: Option<Options> = Tree::read(state, options.0)?.into().map_err(|text| wrong(&text))?;
    let options = options.unwrap_or_default();
    let path = match &options.path {
        None => None,
        Some(name) => Some(
            simulator::Path::named(name)
                .ok_or_else(|| wrong(&format!("path '{name}' is none of forward, input, output, bridge, xdp")))?,
        ),
    };
    packet.mark = options.mark;
    packet.ifindex = match &options.interface {
        Some(interface) => interface.index(),
        None => with(|running| running.session.router().map(|router| router.port())),
    }
    .map_err(|text| wrong(&text))?;
    let report = with(|running| running.session.send(&mut packet, path)).map_err(|text| wrong(&text))?;
    if let Some(failure) = report.failures.first().filter(|_| !options.fails) {
        return Err(wrong(&format!("the policy failed ({}): {}", failure.fault, failure.text)));
    }
    state.push(report.verdict.to_string().as_bytes())?;
    state.push_table(0, 14)?;
    field(state, c"decided", report.decided.map(|verdict| verdict.to_string()).as_deref().map(str::as_bytes))?;
    field(state, c"calls", report.calls.len())?;
    field(state, c"fuel", report.calls.iter().map(|call| call.fuel).max().unwrap_or(0))?;
    field(state, c"memory", report.calls.iter().map(|call| call.memory).max().unwrap_or(0))?;
    field(state, c"bytes", packet.network())?;
    field(state, c"frame", packet.frame())?;
    field(state, c"redirected", packet.redirected())?;
    field(state, c"mark", packet.mark)?;
    field(state, c"connmark", packet.flow().map(simulator::Flow::mark))?;
    strings(state, c"log", report.log.iter().map(String::as_bytes))?;
    strings(state, c"failures", report.failures.iter().map(|failure| failure.text.as_bytes()))?;
    strings(state, c"forwarded", packet.forwarded().iter().map(Vec::as_slice))?;
    Ok(Pushed(2))
}

fn field<T: lua::IntoLua>(state: State<'_>, name: &std::ffi::CStr, value: T) -> lua::Result {
    state.push(value)?;
    state.set_field(-2, name)
}

fn strings<'a>(state: State<'_>, name: &std::ffi::CStr, strings: impl Iterator<Item = &'a [u8]>) -> lua::Result {
    state.push_table(0, 0)?;
    for (index, string) in strings.enumerate() {
        state.push(string)?;
        state.raw_set_index(-2, index as i64 + 1)?;
    }
    state.set_field(-2, name)
}

/// `test.load()`: boots the router, if it is not up; an error says why the policy does not load.
fn load(state: State<'_>) -> lua::Result {
    with(|running| running.session.router().map(|_| ())).map_err(|text| fail(state, &text))
}

/// `test.parameters{ name = value, ... }`: a new router, with these.
fn parameters(Table(table): Table, state: State<'_>) -> lua::Result {
    let wrong = |text: &str| fail(state, &format!("test.parameters: {text}"));
    let parameters: BTreeMap<String, policy::Value> = Tree::read(state, table)?.into().map_err(|text| wrong(&text))?;
    with(|running| running.session.set_parameters(parameters)).map_err(|text| wrong(&text))
}

/// `test.time("2026-03-29T00:59:59Z")`: what the router's clock says from now on, in UTC.
fn time(text: &[u8], state: State<'_>) -> lua::Result {
    let time = super::time::since_1970(&String::from_utf8_lossy(text));
    simulator::set_clock(time.map_err(|text| fail(state, &format!("test.time: {text}")))?);
    Ok(())
}

/// `test.file(path, bytes)`: a new router, which has this file; the test has it, too.
fn file(path: &[u8], bytes: &[u8], state: State<'_>) -> lua::Result {
    let path = String::from_utf8_lossy(path);
    with(|running| running.session.put_file(&path, bytes));
    Runtime::of(state)?.put_file(&path, bytes);
    Ok(())
}

/// `test.list{ entry, ... }`: the bytes of a list file of these domains or address prefixes.
fn list(Table(table): Table, state: State<'_>) -> lua::Result<Pushed> {
    let wrong = |text: &str| fail(state, &format!("test.list: {text}"));
    let entries: Vec<String> = Tree::read(state, table)?.into().map_err(|text| wrong(&text))?;
    let bytes = super::compiled(&entries).map_err(|text| wrong(&text))?;
    state.push(&bytes[..]).map(Pushed)
}
