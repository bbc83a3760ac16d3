// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A script that runs.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::Arc;

use kernel::alloc::KBox;
use kernel_lua::{Limits, Machine, Outcome};
use lua::{Kind, State};

use crate::attachment::OTHERS;
use crate::file::ROOT;
use crate::ledger::{Failure, Fault, Ledger};
use crate::rcu::RcuTable;
use crate::{loader, Attachment, Files};

/// Fuel for a script's body: the default of lunatik's parameter `load_fuel`.
pub const LOAD_FUEL: i64 = 10_000_000;
/// Bytes of stack: the default of its parameter `stack`, and what our own frames take more where nobody has
/// optimized them.
pub const STACK: usize = 5120 + if cfg!(debug_assertions) { 4096 } else { 0 };

/// The seeds of the states that a script is loaded in once more: a table of two entries that has them in the same
/// order in all of them is one in a thousand.
const SEEDS: std::ops::RangeInclusive<u32> = 2..=11;

/// While a script loads, it has what is left of a task's stack.
const LOAD_STACK: usize = 2 * STACK + if cfg!(debug_assertions) { 8192 } else { 0 };

/// Where a runtime's functions are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// In a task.
    Process,
    /// In a packet hook.
    Softirq,
    /// In an interrupt.
    Hardirq,
}

/// What a hook says when the script failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fail {
    /// The packet goes on.
    Accept,
    /// The packet is dropped.
    Drop,
}

/// What a runtime may spend and do.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Units of fuel for each call.
    pub fuel: i64,
    /// Units of fuel for the script's body.
    pub load_fuel: i64,
    /// Bytes of its state.
    pub memory: usize,
    /// Bytes of stack below a call.
    pub stack: usize,
    /// Where its functions are called.
    pub context: Context,
    /// What becomes of a packet that it fails on.
    pub fail: Fail,
    /// What it is granted.
    pub capabilities: Vec<String>,
}

/// A script, its state, and what it attached. It does not move, since its state refers to it.
pub struct Runtime {
    // In this order they go: attachments before the state.
    attachments: RefCell<Vec<KBox<dyn Attachment>>>,
    machine: Machine,
    budget: Budget,
    files: Rc<dyn Files>,
    ledger: Ledger,
    name: OnceCell<CString>,
    loading: Cell<bool>,
    /// How many objects for all CPUs its body has made.
    made: Cell<usize>,
    spent: Cell<i64>,
    failures: RefCell<Vec<Failure>>,
    lasting: RefCell<BTreeMap<Vec<u8>, RcuTable>>,
    /// Bytes of what it has made that outlives states.
    share: Arc<AtomicUsize>,
    /// The script's first state, in another one.
    first: Option<NonNull<Runtime>>,
}

impl Runtime {
    /// A state of its own; `None` if its memory does not even hold the libraries.
    #[must_use]
    pub fn new(budget: Budget, files: Rc<dyn Files>) -> Option<Box<Runtime>> {
        Runtime::seeded(budget, files, 1, None)
    }

    fn seeded(
        budget: Budget,
        files: Rc<dyn Files>,
        seed: u32,
        first: Option<NonNull<Runtime>>,
    ) -> Option<Box<Runtime>> {
        let limits = Limits { fuel: budget.fuel, memory: budget.memory, stack: budget.stack };
        let machine = Machine::seeded(limits, seed)?;
        machine.keep_printed();
        let runtime = Box::new(Runtime {
            attachments: RefCell::default(),
            machine,
            budget,
            files,
            ledger: Ledger::new(),
            name: OnceCell::new(),
            loading: Cell::new(false),
            made: Cell::new(0),
            spent: Cell::new(0),
            failures: RefCell::default(),
            lasting: RefCell::default(),
            share: Arc::default(),
            first,
        });
        runtime.machine.set_host(std::ptr::from_ref::<Runtime>(&runtime).cast());
        loader::prepare(runtime.machine.lua()).ok()?;
        Some(runtime)
    }

    /// Runs a script's body, and starts what it attached. `name` is its path below the root, without `.lua`.
    ///
    /// # Errors
    ///
    /// There is none; it fails: the message, with its traceback.
    pub fn load(&self, name: &str) -> Result<(), String> {
        self.run_body(name)?;
        self.start()
    }

    /// The same for a script that has a state for each CPU: its body runs in other states, too, of which nothing is left.
    ///
    /// # Errors
    ///
    /// As above; or it attaches something else in another state.
    pub fn load_for_cpus(&self, name: &str) -> Result<(), String> {
        self.run_body(name)?;
        SEEDS.into_iter().try_for_each(|seed| self.load_anew(name, seed))?;
        self.start()
    }

    fn start(&self) -> Result<(), String> {
        self.attachments.borrow().iter().try_for_each(|attachment| {
            attachment.start().map_err(|errno| format!("cannot register: error {}", -errno.to_errno()))
        })
    }

    /// Runs the body in another state, which must attach what this one has attached.
    fn load_anew(&self, name: &str, seed: u32) -> Result<(), String> {
        let other = Runtime::seeded(self.budget.clone(), self.files.clone(), seed, Some(NonNull::from(self)));
        let other =
            other.ok_or_else(|| format!("{} bytes of memory do not hold Lua's libraries", self.budget.memory))?;
        other.run_body(name)?;
        if other.attached() == self.attached() {
            return Ok(());
        }
        Err(format!("{name}.lua: {OTHERS}"))
    }

    fn run_body(&self, name: &str) -> Result<(), String> {
        let text = self.files.read(&format!("{ROOT}/{name}.lua"));
        let text = text.ok_or_else(|| format!("{name}.lua: there is no such file"))?;
        static RUN: AtomicU64 = AtomicU64::new(0);
        let run = RUN.fetch_add(1, Ordering::Relaxed);
        let _ = self.name.set(CString::new(format!("{name}:{run}")).unwrap_or_default());
        self.machine.allow(self.budget.load_fuel, self.budget.stack.max(LOAD_STACK));
        self.loading.set(true);
        let outcome = self.machine.run_on(&format!("{name}.lua"), &text);
        self.loading.set(false);
        match outcome {
            Outcome::Ran => Ok(()),
            Outcome::Failed(text) => Err(text),
            Outcome::OutOfFuel => {
                Err(format!("{name}.lua: out of fuel: its body may spend {} units", self.budget.load_fuel))
            }
            Outcome::OutOfMemory => {
                Err(format!("{name}.lua: not enough memory: it may hold {} bytes", self.budget.memory))
            }
        }
    }

    /// That of a state.
    ///
    /// # Errors
    ///
    /// The state has none.
    pub fn of(state: State<'_>) -> lua::Result<&Runtime> {
        // SAFETY: Who has a machine with a host that is looked for has a runtime as that, which owns the machine.
        unsafe { kernel_lua::host(state).cast::<Runtime>().as_ref() }.ok_or_else(|| Kind::Failed.into())
    }

    /// Whether this call may sleep: the script is loading, or its context is process.
    ///
    /// # Errors
    ///
    /// It may not.
    pub fn may_sleep(state: State<'_>) -> lua::Result {
        let runtime = Runtime::of(state)?;
        if runtime.is_loading() || runtime.budget.context == Context::Process {
            return Ok(());
        }
        Err(Kind::MaySleep.into())
    }

    /// The script's name, once it is loaded, and the number of this run of it: a process has many routers.
    #[must_use]
    pub fn name(&self) -> &CStr {
        self.name.get().map_or(c"", CString::as_c_str)
    }

    /// Where its functions are called.
    #[must_use]
    pub fn context(&self) -> Context {
        self.budget.context
    }

    /// Whether it has one state for all CPUs, which take turns: no script of a policy has.
    #[must_use]
    pub fn is_single(&self) -> bool {
        false
    }

    /// What becomes of a packet that it fails on.
    #[must_use]
    pub fn fail(&self) -> Fail {
        self.budget.fail
    }

    /// The machine that runs it.
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Units of fuel that the last call spent.
    #[must_use]
    pub fn spent(&self) -> i64 {
        self.spent.get()
    }

    /// The calls that failed since.
    pub fn take_failures(&self) -> Vec<Failure> {
        self.failures.take()
    }

    /// Puts a file where it finds them.
    pub fn put_file(&self, path: &str, bytes: &[u8]) {
        self.files.put(path, bytes);
    }

    /// The names of the tables that outlast the script.
    #[must_use]
    pub fn lasting_names(&self) -> Vec<String> {
        self.lasting.borrow().keys().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    pub(crate) fn share(&self) -> &Arc<AtomicUsize> {
        &self.share
    }

    pub(crate) fn lasting(&self) -> &RefCell<BTreeMap<Vec<u8>, RcuTable>> {
        &self.lasting
    }

    pub(crate) fn is_loading(&self) -> bool {
        self.loading.get()
    }

    pub(crate) fn files(&self) -> &dyn Files {
        &*self.files
    }

    /// One more object is made; how many for all CPUs the body has made, if it is the body of a script that has a state for each.
    pub(crate) fn count_made(&self) -> usize {
        if !self.is_loading() || self.budget.context == Context::Process {
            return 0;
        }
        self.made.set(self.made.get() + 1);
        self.made.get()
    }

    pub(crate) fn attached(&self) -> usize {
        self.attachments.borrow().len()
    }

    /// What the script's first state attached at this place; `None` in that state itself.
    pub(crate) fn of_first(&self, index: usize) -> Option<Option<NonNull<dyn Attachment>>> {
        // SAFETY: It is in `load_anew`, and this state goes before that returns.
        let first = unsafe { self.first?.as_ref() };
        Some(first.attachments.borrow().get(index).map(|attachment| NonNull::from(&**attachment)))
    }

    /// Keeps it, where it is.
    pub(crate) fn attach(&self, attachment: KBox<dyn Attachment>) -> NonNull<dyn Attachment> {
        let place = NonNull::from(&*attachment);
        self.attachments.borrow_mut().push(attachment);
        place
    }

    /// Runs `f` with the fuel of a call. `None`: the script failed.
    pub(crate) fn enter<R>(&self, f: impl FnOnce(State<'_>, &Ledger) -> Result<R, (Fault, lua::Error)>) -> Option<R> {
        let state = self.machine.lua();
        self.machine.allow(self.budget.fuel, self.budget.stack);
        let result = f(state, &self.ledger);
        // Spent fuel is a failure whatever the call says.
        let left = state.fuel();
        self.spent.set(self.budget.fuel - left);
        let failure = match result {
            Ok(value) if left >= 0 => {
                state.set_top(0);
                return Some(value);
            }
            Err((fault, error)) if left >= 0 => {
                let _ = state.raised(error);
                match self.machine.failure() {
                    Outcome::Failed(text) => Failure { fault, text },
                    _ => Failure { fault: Fault::Memory, text: "not enough memory".to_owned() },
                }
            }
            _ => Failure { fault: Fault::Fuel, text: "out of fuel".to_owned() },
        };
        self.failures.borrow_mut().push(failure);
        state.set_top(0);
        None
    }
}

/// Whether a script is granted a function or a module.
///
/// # Errors
///
/// It is not.
pub fn granted(state: State<'_>, name: &str) -> lua::Result {
    if Runtime::of(state)?.budget.capabilities.iter().any(|granted| granted == name) {
        return Ok(());
    }
    Err(state.raise(format_args!("{name}: not granted: list it in the policy's capabilities, or with --capabilities")))
}
