// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Objects that several states hold, and calls that stop halfway: what runtimes share rests on.

use std::cell::{Cell, OnceCell};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel_lua::{Limits, Machine, Module, Outcome};
use lua::{function, method, Class, Error, Function, Kind, Object, Share, Shared, State};

const LIMITS: Limits = Limits { fuel: 1_000_000, memory: 256 << 10, stack: 64 << 10 };

static MODULE: Module = Module::new();
static ALIVE: AtomicUsize = AtomicUsize::new(0);

/// For a test that counts, which must not see the objects of another.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What all holders of a counter share.
struct Inner(AtomicI64);

impl Drop for Inner {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Clone)]
struct Counter(Arc<Inner>);

impl Counter {
    fn new() -> Counter {
        ALIVE.fetch_add(1, Ordering::SeqCst);
        Counter(Arc::new(Inner(AtomicI64::new(0))))
    }

    fn add(&self, n: i64) -> i64 {
        self.0 .0.fetch_add(n, Ordering::SeqCst) + n
    }
}

static COUNTER: Class =
    Class::new::<Counter>(c"counter", &[method(c"add", Counter::add)]).shared::<Counter>(|| MODULE.owner());

impl Object for Counter {
    const CLASS: &'static Class = &COUNTER;
}

/// One that stays where it is.
struct Single;

static SINGLE: Class = Class::new::<Single>(c"single", &[]);

impl Object for Single {
    const CLASS: &'static Class = &SINGLE;
}

/// One that counts by itself, until others have it, too; unless it stays.
struct Tally {
    stays: bool,
    own: Cell<i64>,
    common: OnceCell<Counter>,
}

impl Tally {
    fn new(stays: bool) -> Tally {
        Tally { stays, own: Cell::new(0), common: OnceCell::new() }
    }

    fn add(&self, n: i64) -> i64 {
        if let Some(common) = self.common.get() {
            return common.add(n);
        }
        self.own.set(self.own.get() + n);
        self.own.get()
    }
}

impl Share for Tally {
    type Common = Counter;

    fn share(&self, _: State<'_>) -> lua::Result<Counter> {
        if self.stays {
            return Err(Kind::CannotShare.into());
        }
        let made = || {
            let counter = Counter::new();
            counter.add(self.own.get());
            counter
        };
        Ok(self.common.get_or_init(made).clone())
    }

    fn join(common: Counter) -> Tally {
        Tally { common: OnceCell::from(common), ..Tally::new(false) }
    }
}

static TALLY: Class =
    Class::new::<Tally>(c"tally", &[method(c"add", Tally::add)]).sharing_as::<Tally>(|| MODULE.owner());

impl Object for Tally {
    const CLASS: &'static Class = &TALLY;
}

fn machine() -> Machine {
    Machine::new(LIMITS).expect("room for the libraries")
}

/// Makes the value on top of the stack a global.
fn set_global(state: State<'_>, name: &std::ffi::CStr) {
    // SAFETY: The state is valid; this index of the registry is the table of globals.
    unsafe { lua::ffi::lua_rawgeti(state.as_ptr(), lua::ffi::LUA_REGISTRYINDEX, lua::ffi::LUA_RIDX_GLOBALS) };
    // SAFETY: Both values are on the stack.
    unsafe { lua::ffi::lua_rotate(state.as_ptr(), -2, 1) };
    state.set_field(-2, name).unwrap();
    state.set_top(0);
}

fn push_global(state: State<'_>, name: &std::ffi::CStr) {
    // SAFETY: As above.
    unsafe { lua::ffi::lua_rawgeti(state.as_ptr(), lua::ffi::LUA_REGISTRYINDEX, lua::ffi::LUA_RIDX_GLOBALS) };
    state.get_field(-1, name).unwrap();
}

#[track_caller]
fn ran(machine: &Machine, chunk: &str) {
    assert_eq!(machine.run("test", chunk.as_bytes()), Outcome::Ran, "{chunk}");
}

#[test]
fn an_object_is_the_same_in_every_state_and_ends_with_the_last() {
    let _alone = alone();
    let before = (MODULE.holders(), ALIVE.load(Ordering::SeqCst));
    let (first, second) = (machine(), machine());
    first.lua().push(Counter::new()).unwrap();
    let outside = Shared::of(first.lua(), -1).unwrap();
    set_global(first.lua(), c"counter");
    outside.push(second.lua()).unwrap();
    set_global(second.lua(), c"counter");
    assert_eq!(MODULE.holders(), before.0 + 3, "each clone holds the module");
    ran(&first, "assert(counter:add(5) == 5)");
    ran(&second, "assert(counter:add(2) == 7)");
    drop(first);
    ran(&second, "assert(counter:add(1) == 8)");
    drop(second);
    assert_eq!(outside.get::<Counter>().unwrap().add(0), 8);
    assert!(outside.get::<Single>().is_none());
    let third = machine();
    outside.again().unwrap().give(third.lua()).unwrap();
    set_global(third.lua(), c"counter");
    drop(outside);
    ran(&third, "assert(counter:add(1) == 9) counter = nil collectgarbage()");
    assert_eq!((MODULE.holders(), ALIVE.load(Ordering::SeqCst)), before, "nothing is left");
    Shared::new(Counter::new()).unwrap().give(third.lua()).unwrap();
    set_global(third.lua(), c"counter");
    ran(&third, "assert(counter:add(3) == 3)");
    drop(third);
    assert_eq!((MODULE.holders(), ALIVE.load(Ordering::SeqCst)), before, "nothing is left");
}

#[test]
fn an_object_comes_to_hold_what_others_hold() {
    let _alone = alone();
    let before = (MODULE.holders(), ALIVE.load(Ordering::SeqCst));
    let (first, second) = (machine(), machine());
    first.lua().push(Tally::new(false)).unwrap();
    set_global(first.lua(), c"tally");
    ran(&first, "assert(tally:add(5) == 5)");
    assert_eq!(ALIVE.load(Ordering::SeqCst), before.1, "it is nobody else's yet");
    first.lua().push(Tally::new(true)).unwrap();
    assert!(Shared::of(first.lua(), -1).is_err(), "one that stays");
    set_global(first.lua(), c"other");
    ran(&first, "other = nil collectgarbage()");
    assert_eq!(MODULE.holders(), before.0 + 1, "what was refused holds nothing");
    push_global(first.lua(), c"tally");
    let outside = Shared::of(first.lua(), -1).unwrap();
    first.lua().set_top(0);
    assert!(outside.get::<Tally>().is_none(), "outside of Lua it is no object");
    outside.push(second.lua()).unwrap();
    set_global(second.lua(), c"tally");
    ran(&second, "assert(tally:add(2) == 7)");
    ran(&first, "assert(tally:add(1) == 8)");
    push_global(second.lua(), c"tally");
    let again = Shared::of(second.lua(), -1).unwrap();
    second.lua().set_top(0);
    drop((first, outside));
    assert_eq!(ALIVE.load(Ordering::SeqCst), before.1 + 1, "they hold one");
    drop((second, again));
    assert_eq!((MODULE.holders(), ALIVE.load(Ordering::SeqCst)), before, "nothing is left");
}

#[test]
fn what_does_not_share_says_so() {
    let machine = machine();
    machine.lua().push(Single).unwrap();
    let refused = |result: lua::Result<Shared>| result.err().and_then(Error::message).unwrap().to_str().unwrap();
    assert_eq!(refused(Shared::of(machine.lua(), -1)), "cannot share SINGLE object");
    assert_eq!(refused(Shared::new(Single)), "cannot share SINGLE object");
    machine.lua().push(5i64).unwrap();
    assert_eq!(refused(Shared::of(machine.lua(), -1)), "invalid or closed object");
    machine.lua().set_top(0);
}

#[test]
fn without_memory_a_clone_is_gone_and_nothing_else() {
    let _alone = alone();
    let before = (MODULE.holders(), ALIVE.load(Ordering::SeqCst));
    let outside = Shared::new(Counter::new()).unwrap();
    let machine = Machine::new(Limits { memory: 16 << 10, ..LIMITS }).expect("room for the libraries");
    let mut pushed = 0;
    // The registry keeps them, so that their memory does not come back.
    while outside.push(machine.lua()).and_then(|_| machine.lua().reference()).is_ok() {
        pushed += 1;
    }
    assert!(pushed > 0);
    machine.lua().set_top(0);
    // The last one may have come as far as Lua, and is garbage then.
    let held = MODULE.holders() - before.0 - 1;
    assert!(held == pushed || held == pushed + 1, "{held} of {pushed}");
    drop(machine);
    drop(outside);
    assert_eq!((MODULE.holders(), ALIVE.load(Ordering::SeqCst)), before);
}

#[test]
fn a_module_that_leaves_gives_no_objects() {
    static LEAVING: Module = Module::new();
    #[derive(Clone)]
    struct Late;
    static LATE: Class = Class::new::<Late>(c"late", &[]).shared::<Late>(|| LEAVING.owner());
    impl Object for Late {
        const CLASS: &'static Class = &LATE;
    }
    let machine = machine();
    let outside = Shared::new(Late).unwrap();
    LEAVING.leave(true);
    assert_eq!(machine.lua().push(Late), Err(Kind::Busy.into()));
    assert_eq!(outside.push(machine.lua()).err(), Some(Kind::Busy.into()));
    assert!(outside.again().is_err() && Shared::new(Late).is_err());
    machine.lua().set_top(0);
    LEAVING.leave(false);
    outside.push(machine.lua()).unwrap();
    assert_eq!(LEAVING.holders(), 2);
    drop((machine, outside));
    assert_eq!(LEAVING.holders(), 0);
}

/// The collector runs where there is no room for one more call, and in the last bytes of memory.
#[test]
fn an_object_ends_wherever_the_collector_runs() {
    let _alone = alone();
    let before = (MODULE.holders(), ALIVE.load(Ordering::SeqCst));
    for stack in (2 << 10..12 << 10).step_by(64) {
        let machine = Machine::new(Limits { stack, ..LIMITS }).expect("room for the libraries");
        machine.lua().push(Counter::new()).unwrap();
        set_global(machine.lua(), c"counter");
        let chunk = "local function down()
            local ok = pcall(function() return (('x'):gsub('.', down)) end)
            if not ok then counter = nil collectgarbage() end
          end
          down()";
        let _ = machine.run("test", chunk.as_bytes());
        machine.lua().set_fuel(LIMITS.fuel);
        machine.lua().collect();
        drop(machine);
        assert_eq!((MODULE.holders(), ALIVE.load(Ordering::SeqCst)), before, "with {stack} bytes of stack");
    }
}

/// A handler uses the object of its call for as long as it runs.
#[test]
fn scripts_cannot_end_an_object() {
    let _alone = alone();
    let machine = machine();
    machine.lua().push(Counter::new()).unwrap();
    set_global(machine.lua(), c"counter");
    ran(&machine, "assert(counter.__gc == nil and getmetatable(counter) == false)");
    ran(&machine, "assert(counter:add(1) == 1 and tostring(counter):find('^counter'))");
}

/// Resumes the coroutine at index 1 with integers; what it returns or raises.
fn resume(machine: &Machine, arguments: &[i64]) -> Result<Vec<i64>, String> {
    let state = machine.lua();
    for argument in arguments {
        state.push(*argument).unwrap();
    }
    let resumed = state.resume(1, arguments.len() as i32);
    let result = match resumed {
        Ok(count) => {
            assert_eq!(state.top(), 1 + count);
            Ok((2..=state.top()).map(|index| lua::FromLua::from_lua(state, index).unwrap()).collect())
        }
        Err(error) => {
            assert_eq!(error, Error::RAISED);
            Err(String::from_utf8_lossy(state.bytes(-1)).into_owned())
        }
    };
    state.set_top(1);
    result
}

/// A machine whose index 1 is a coroutine that calls what the chunk returns.
fn coroutine(chunk: &str) -> Machine {
    let machine = machine();
    let state = machine.lua();
    state.set_fuel(LIMITS.fuel);
    state.load(chunk.as_bytes(), c"=test").unwrap();
    state.call(0, 1).unwrap();
    state.new_coroutine().unwrap();
    machine
}

#[test]
fn a_coroutine_goes_on_where_it_yielded() {
    let machine = coroutine("return function(a, b) local c = coroutine.yield(a + b, 3) return c end");
    assert_eq!(resume(&machine, &[1, 2]), Ok(vec![3, 3]));
    assert_eq!(resume(&machine, &[7]), Ok(vec![7]));
    assert_eq!(resume(&machine, &[7]), Err("cannot resume dead coroutine".into()));
}

#[test]
fn many_values_go_both_ways() {
    let machine = coroutine("return function(...) while true do coroutine.yield(...) end end");
    let many: Vec<i64> = (0..150).collect();
    machine.lua().reserve(200).unwrap();
    assert_eq!(resume(&machine, &many), Ok(many.clone()));
    let machine = coroutine("return function() return table.unpack({}, 1, 5000) end");
    let nils = machine.lua().resume(1, 0);
    assert_eq!(nils, Ok(5000));
    machine.lua().set_top(1);
}

#[test]
fn an_error_ends_a_coroutine_and_closes_what_it_has_open() {
    let machine = coroutine(
        "closed = 0
         return function()
           local x <close> = setmetatable({}, { __close = function() closed = closed + 1 end })
           coroutine.yield(1)
           error('on purpose')
         end",
    );
    assert_eq!(resume(&machine, &[]), Ok(vec![1]));
    assert_eq!(resume(&machine, &[]), Err("test:5: on purpose".into()));
    assert_eq!(resume(&machine, &[]), Err("cannot resume dead coroutine".into()));
    ran(&machine, "assert(closed == 1)");
}

#[test]
fn a_suspended_coroutine_can_be_closed() {
    let machine = coroutine(
        "return function()
           local x <close> = setmetatable({}, { __close = function() closed = true end })
           coroutine.yield(1)
         end",
    );
    assert_eq!(resume(&machine, &[]), Ok(vec![1]));
    machine.lua().close_coroutine(1).unwrap();
    assert_eq!(resume(&machine, &[]), Err("cannot resume dead coroutine".into()));
    ran(&machine, "assert(closed == true)");
}

#[test]
fn a_coroutine_spends_the_fuel_of_who_resumes_it() {
    let machine = coroutine("return function() while true do coroutine.yield(1) end end");
    machine.lua().set_fuel(1000);
    let mut rounds = 0;
    while resume(&machine, &[]).is_ok() {
        rounds += 1;
    }
    assert!(machine.lua().fuel() < 0 && rounds > 1 && rounds < 1000, "{rounds} rounds");
    machine.lua().set_fuel(1000);
    machine.lua().charge(400);
    assert_eq!(machine.lua().fuel(), 600);
    machine.lua().charge(usize::MAX);
    assert!(machine.lua().fuel() < 0);
    machine.lua().set_fuel(1 << 30);
}

/// What is no function can become a coroutine, which then fails in words.
#[test]
fn a_coroutine_of_a_number_fails() {
    let machine = machine();
    machine.lua().set_fuel(LIMITS.fuel);
    machine.lua().push(5i64).unwrap();
    machine.lua().new_coroutine().unwrap();
    assert_eq!(resume(&machine, &[]), Err("attempt to call a number value".into()));
}

/// Without memory for it, a coroutine is an error like others, not the end of the host.
#[test]
fn memory_ends_while_a_coroutine_is_resumed() {
    for room in (0..3000).step_by(16) {
        let machine = coroutine("return function(...) while true do coroutine.yield(('x'):rep(100), ...) end end");
        let machine = machine.with_room(room);
        let state = machine.lua();
        for argument in 0..40 {
            if state.reserve(1).is_err() {
                state.pop(1);
                break;
            }
            state.push(argument).unwrap();
        }
        let count = state.top() - 1;
        let _ = state.resume(1, count);
        state.set_top(1);
        let _ = state.resume(1, 0);
        state.set_top(0);
    }
}

fn call_site(state: State<'_>) -> i64 {
    state.call_site() as i64
}

fn apply(state: State<'_>, function: Function) -> lua::Result<lua::Pushed> {
    state.push_value(function.0);
    state.call(0, 1)?;
    Ok(lua::Pushed(1))
}

/// The sites that a chunk leaves in the global `sites`.
fn sites(chunk: &str) -> Vec<i64> {
    static LIBRARY: [lua::Entry; 2] = [function(c"site", call_site), function(c"apply", apply)];
    let machine = machine();
    for entry in &LIBRARY {
        entry.push(machine.lua());
        set_global(machine.lua(), entry.name());
    }
    let chunk = format!("{chunk}\nfor _, s in ipairs(sites) do report(s) end");
    thread_local!(static REPORTED: std::cell::RefCell<Vec<i64>> = const { std::cell::RefCell::new(Vec::new()) });
    static REPORT: lua::Entry = function(c"report", |n: i64| REPORTED.with_borrow_mut(|all| all.push(n)));
    REPORT.push(machine.lua());
    set_global(machine.lua(), c"report");
    ran(&machine, &chunk);
    REPORTED.take()
}

#[test]
fn a_call_site_is_the_same_in_every_state_and_another_for_every_call() {
    let chunk = "sites = { site(), site(), apply(site), pcall(site) and site() }
        for i = 1, 2 do sites[#sites + 1] = site() end
        local function f() return site() end
        sites[#sites + 1] = (f()) sites[#sites + 1] = (f())";
    let all = sites(chunk);
    assert_eq!(all, sites(chunk), "states agree");
    assert_eq!(all.len(), 8);
    let distinct: std::collections::HashSet<_> = all[..5].iter().collect();
    assert_eq!(distinct.len(), 5, "each call of the text is a site of its own");
    assert_eq!(all[4], all[5], "a loop comes to the same call");
    assert_eq!(all[6], all[7], "and so does a function");
    assert!(all.iter().all(|site| *site != 0));
    assert_ne!(all[0], sites("local x\nsites = { site() }")[0], "another chunk is another site");
}

#[test]
fn without_a_lua_function_there_is_no_site() {
    let machine = machine();
    assert_eq!(machine.lua().call_site(), 0);
}
