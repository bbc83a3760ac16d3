// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `fifo`: queues of bytes, first in, first out, between scripts.
//!
//! A queue is one object, whoever holds it: several runtimes push and pop, in every context,
//! and each call happens as a whole. Bytes that a call cannot hand over stay in the queue.
//!
//! # fifo
//!
//! Queues of bytes between scripts, usable in every context. A queue is one object, whoever holds it;
//! each call happens as a whole, and bytes that cannot be handed over stay. The queue that the body of a softirq
//! script makes is one for all CPUs; another script gets it by way of an rcu table, `lunatik._ENV` for one.
//!
//! | function | |
//! |---|---|
//! | `fifo.new(size)` | an empty queue with room for `size` bytes, rounded up to a power of two; at most 1048576. All queues together hold at most the bytes of luafifo's parameter `memory` (16777216), and what one script has made of queues and [sets](#set) at most as many as `--memory` gives each of its states |
//! | `q:push(s)` | appends all of `s`, or raises "no room" and appends nothing |
//! | `q:offer(s)` | the same, but true or false (new) |
//! | `q:pop(n)` | the first bytes, at most `n`, and how many they are |
//! | `q:message()` | the first message, which one `push(string.pack("s", text))` made, or nil; several may receive from one queue. Raises "malformed message" if other bytes come first, which stay (new) |
//! | `q:close()` | frees the bytes; for all who hold the queue, it is closed. A variable marked `<close>` calls it |
//!
//! ```lua process
//! local queue <close> = require("fifo").new(64)
//! queue:push(string.pack("s", "hello"))
//! assert(queue:message() == "hello" and queue:message() == nil)
//! ```

use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{function, meta, method, Class, Entry, Kind, Object, State};
use lunatik_core::sync::SpinLock;
use lunatik_core::{allocation, once, register, Access, Bound, Quota, Registration, Scratch};
use queue::Queue;

module! {
    type: Module,
    name: "luafifo",
    author: "The Lunagate authors",
    description: "Lua queues of bytes",
    license: "Dual MIT/GPL",
}

/// The largest queue, in bytes: what kmalloc still finds.
const LIMIT: usize = 1 << 20;
/// As many bytes cost a unit of fuel to copy.
const UNIT: usize = 32;
/// The bytes before a message that tell its length, as `string.pack("s", text)` writes them.
const HEADER: usize = size_of::<usize>();

extern "C" {
    fn luafifo_memory() -> usize;
}

/// The bytes of all queues together.
static QUEUES: Bound = Bound::new(|| {
    // SAFETY: No preconditions.
    unsafe { luafifo_memory() }
});

/// A queue that is open.
struct Open {
    queue: Queue,
    memory: KVec<u8>,
    /// Bytes that ever came out: who copied bytes sees whether they are still the first.
    popped: u64,
    _quota: Quota,
}

/// The class `fifo`; `None` once it is closed, for all who hold it.
#[derive(Clone)]
pub struct Fifo(Arc<SpinLock<Option<Open>>>);

static FIFO: Class = Class::new::<Fifo>(
    c"fifo",
    &[
        method(c"push", Fifo::push),
        method(c"offer", Fifo::offer),
        method(c"pop", Fifo::pop),
        method(c"message", Fifo::message),
        method(c"close", Fifo::close),
        meta(c"__close", Fifo::close),
    ],
)
.shared::<Fifo>(|| THIS_MODULE.as_ptr().cast());

impl Object for Fifo {
    const CLASS: &'static Class = &FIFO;
}

impl Fifo {
    /// `fifo.new(size)`: one for all CPUs if the script's body makes it.
    fn new(state: State<'_>, size: i64) -> lua::Result<Fifo> {
        once(state, || Fifo::make(state, size))
    }

    /// Room for `size` bytes at least: the next power of two.
    fn make(state: State<'_>, size: i64) -> lua::Result<Fifo> {
        let fits = usize::try_from(size).ok().filter(|size| (1..=LIMIT).contains(size));
        let Some(size) = fits else {
            return Err(state.raise(format_args!("fifo.new: out of bounds: {size} is not between 1 and {LIMIT}")));
        };
        let size = size.next_power_of_two().max(2);
        state.spend(size / UNIT)?;
        let quota = QUEUES.quota_of(state, size).map_err(|refusal| {
            let why = refusal.told("luafifo's parameter 'memory' bounds all queues");
            state.raise(format_args!("fifo.new: not enough memory: {why}"))
        })?;
        let flags = allocation(state);
        let mut memory = KVec::new();
        memory.extend_with(size, 0, flags).map_err(|_| Kind::NoMemory)?;
        let open = Open { queue: Queue::new(), memory, popped: 0, _quota: quota };
        Ok(Fifo(Arc::new(SpinLock::new(Some(open)), flags).map_err(|_| Kind::NoMemory)?))
    }

    /// Calls `f` on the open queue, alone.
    fn with<R>(&self, f: impl FnOnce(&mut Open) -> R) -> lua::Result<R> {
        self.0.lock().as_mut().map(f).ok_or_else(|| Kind::ExpectedObject.into())
    }

    /// Appends all of the bytes, or says that there is no room.
    fn offer(&self, bytes: &[u8], state: State<'_>) -> lua::Result<bool> {
        state.spend(bytes.len() / UNIT)?;
        self.with(|open| open.queue.push(&mut open.memory, bytes).is_some())
    }

    /// The same, where no room is an error.
    fn push(&self, bytes: &[u8], state: State<'_>) -> lua::Result {
        if self.offer(bytes, state)? {
            return Ok(());
        }
        Err(state.raise(format_args!("fifo:push: no room for {} bytes", bytes.len())))
    }

    /// The first bytes, at most `size`, and how many they are.
    fn pop(&self, size: usize, state: State<'_>) -> lua::Result<(lua::Pushed, usize)> {
        let count = self.take(state, |open| Ok(Some((0, size.min(open.queue.len())))))?.unwrap_or(0);
        Ok((lua::Pushed(1), count))
    }

    /// The first message, as one call of `push` with `string.pack("s", text)` made it, or nil.
    fn message(&self, state: State<'_>) -> lua::Result<lua::Pushed> {
        let measure = |open: &Open| {
            if open.queue.is_empty() {
                return Ok(None);
            }
            let mut header = [0; HEADER];
            let read = open.queue.read(&open.memory, 0, &mut header);
            let length = usize::from_ne_bytes(header);
            let whole = read == HEADER && length <= open.queue.len() - HEADER;
            if whole {
                Ok(Some((HEADER, length)))
            } else {
                Err(())
            }
        };
        if self.take(state, measure)?.is_none() {
            state.push(None::<bool>)?;
        }
        Ok(lua::Pushed(1))
    }

    /// Pushes bytes as a string and takes them off, with those before them: `measure` says how
    /// many those are, and how many bytes follow, or nothing. What cannot become a string stays.
    fn take(
        &self,
        state: State<'_>,
        measure: impl Fn(&Open) -> core::result::Result<Option<(usize, usize)>, ()>,
    ) -> lua::Result<Option<usize>> {
        loop {
            let measured = self.with(|open| measure(open).map(|plan| plan.map(|plan| (plan, open.popped))))?;
            let Ok(measured) = measured else {
                return Err(state.raise(format_args!("malformed message: the queue's bytes are not from mailbox:send")));
            };
            let Some(((before, count), seen)) = measured else { return Ok(None) };
            state.spend(1 + count / UNIT)?;
            let mut scratch = Scratch::new(state, count)?;
            let read = |open: &mut Open| {
                open.queue.read(&open.memory, before, scratch.get_mut());
                open.popped == seen
            };
            // Who popped meanwhile got what was measured: that happens as often as others succeed.
            if !self.with(read)? {
                continue;
            }
            state.push_bytes(scratch.get())?;
            let take = |open: &mut Open| {
                let first = open.popped == seen;
                if first {
                    open.queue.skip(&open.memory, before + count);
                    open.popped = open.popped.wrapping_add((before + count) as u64);
                }
                first
            };
            if self.with(take)? {
                return Ok(Some(count));
            }
            state.pop(1);
        }
    }

    /// Frees the bytes; nobody can use the queue from here on.
    fn close(&self) {
        let open = self.0.lock().take();
        drop(open);
    }
}

static LIBRARY: [Entry; 1] = [function(c"new", Fifo::new)];

static MODULE: lunatik_core::Module =
    lunatik_core::Module { name: c"fifo", access: Access::Free, open: |state| state.push_library(&LIBRARY) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
