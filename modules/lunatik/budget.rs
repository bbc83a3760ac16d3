// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a runtime may spend, and what happens to a packet when it spent it.

use crate::sys;

/// Where a runtime's functions are called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// In a task, under a mutex; may sleep. One state.
    Process,
    /// In a packet hook, with bottom halves off. One state per CPU.
    Softirq,
    /// In an interrupt, with interrupts off. One state per CPU.
    Hardirq,
}

impl Context {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Context::Process => "process",
            Context::Softirq => "softirq",
            Context::Hardirq => "hardirq",
        }
    }

    /// No state holds more bytes there.
    fn memory_limit(self) -> usize {
        match self {
            Context::Process => MEMORY_LIMIT,
            Context::Softirq | Context::Hardirq => ATOMIC_MEMORY_LIMIT,
        }
    }

    /// The context with this name.
    pub fn from_name(name: &[u8]) -> Option<Context> {
        match name {
            b"process" => Some(Context::Process),
            b"softirq" => Some(Context::Softirq),
            b"hardirq" => Some(Context::Hardirq),
            _ => None,
        }
    }
}

/// What a hook says when the script failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fail {
    /// The packet goes on.
    Accept,
    /// The packet is dropped.
    Drop,
}

impl Fail {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Fail::Accept => "accept",
            Fail::Drop => "drop",
        }
    }
}

/// The limits of a runtime.
#[derive(Clone, Copy)]
pub struct Budget {
    /// Units of fuel per call.
    pub fuel: i64,
    /// Units of fuel for the script's body.
    pub load_fuel: i64,
    /// Bytes that each state may hold.
    pub memory: usize,
    /// Bytes of kernel stack below a hook's entry into Lua.
    pub stack: usize,
    /// The verdict of a failed call.
    pub fail: Fail,
    /// So many failed calls in a window end the calls; 0: none do.
    pub faults: u64,
    /// Milliseconds of the window.
    pub window: u64,
}

/// More would leave too little of a 16 KiB stack to who called us and to error handling.
pub(crate) const STACK_LIMIT: usize = 6144;
/// The bound of both kinds of fuel: some ten seconds.
pub(crate) const FUEL_LIMIT: i64 = 1_000_000_000;
/// No state holds more bytes: in a task, and where nothing else runs on the CPU while its garbage is collected, which
/// is all at once if memory ends.
const MEMORY_LIMIT: usize = 1 << 30;
const ATOMIC_MEMORY_LIMIT: usize = 16 << 20;

impl Budget {
    /// The module parameters' budget for a context.
    pub fn default_for(context: Context) -> Budget {
        let defaults = sys::defaults();
        let fuel = if context == Context::Process { defaults.process_fuel } else { defaults.fuel };
        let bounded = |fuel: u64| i64::try_from(fuel).unwrap_or(FUEL_LIMIT).clamp(1, FUEL_LIMIT);
        Budget {
            fuel: bounded(fuel),
            load_fuel: bounded(defaults.load_fuel),
            memory: usize::try_from(defaults.memory).unwrap_or(usize::MAX).min(context.memory_limit()),
            stack: usize::try_from(defaults.stack).unwrap_or(STACK_LIMIT).min(STACK_LIMIT),
            fail: Fail::Accept,
            faults: defaults.faults,
            window: defaults.window,
        }
    }

    /// Sets the fuel of a call; `None` if nobody gets so much.
    pub fn set_fuel(&mut self, fuel: i64) -> Option<()> {
        self.fuel = Some(fuel).filter(|fuel| (1..=FUEL_LIMIT).contains(fuel))?;
        Some(())
    }

    /// Sets what each state may hold; `None` if that is too little, or too much for any in this context.
    pub fn set_memory(&mut self, bytes: i64, context: Context) -> Option<()> {
        let fits = 1024..=context.memory_limit();
        self.memory = usize::try_from(bytes).ok().filter(|bytes| fits.contains(bytes))?;
        Some(())
    }
}
