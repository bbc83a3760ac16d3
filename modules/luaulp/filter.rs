// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a listener and its connections share: a script, and the Lua states that run it.

use core::ffi::{c_int, CStr};
use core::sync::atomic::{AtomicBool, Ordering};
use kernel::alloc::KVVec;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::str::CString;
use kernel::sync::Arc;
use lua::{ffi, State};
use lunatik_core::sync::SpinLock;
use lunatik_core::{Budget, Context, Fail, Failure, Service};

use crate::sys;

/// The options of the level SOL_LUA that can be set; sys.rs gets one more, 7: the text of the last failure.
mod option {
    pub(super) const LOADSCRIPT: i32 = 1;
    pub(super) const ENTRYPOINT: i32 = 2;
    pub(super) const FUEL: i32 = 3;
    pub(super) const MEMORY: i32 = 4;
    pub(super) const FAIL: i32 = 5;
    pub(super) const CAPABILITIES: i32 = 6;
}

/// The longest name of an entry point, and the longest list of capabilities, in bytes.
const NAME: usize = 63;
const LIST: usize = 1024;

/// The name of a global.
#[derive(Clone, Copy)]
pub(crate) struct Entry([u8; NAME + 1]);

impl Entry {
    fn new(name: &[u8]) -> Result<Entry> {
        let mut entry = Entry([0; NAME + 1]);
        if name.is_empty() || name.len() > NAME || name.contains(&0) {
            return Err(EINVAL);
        }
        entry.0.iter_mut().zip(name).for_each(|(to, from)| *to = *from);
        Ok(entry)
    }

    /// Pushes the value that it has.
    pub(crate) fn push(&self, state: State<'_>) -> lua::Result {
        state.get_field(ffi::LUA_REGISTRYINDEX, c"_LOADED")?;
        state.get_field(-1, c"_G")?;
        state.get_field(-1, CStr::from_bytes_until_nul(&self.0).unwrap_or(c"?"))
    }
}

/// What a state runs, and within which bounds.
struct Script {
    name: CString,
    text: KVVec<u8>,
    budget: Budget,
    capabilities: KVec<u8>,
}

impl Script {
    fn start(&self) -> core::result::Result<Arc<Service>, Failure> {
        let service = Service::start(&self.name, &self.text, &self.budget, &self.capabilities)?;
        Arc::new(service, GFP_KERNEL).map_err(|_| Failure::from(ENOMEM))
    }
}

/// A script with a Lua state, and how many connections it has.
struct Member {
    service: Arc<Service>,
    connections: usize,
}

/// How far it is. As long as there is no entry point, nothing is final.
enum Phase {
    /// No script is loaded: there are options yet.
    Open { budget: Budget, capabilities: KVec<u8> },
    /// It is being loaded.
    Loading,
    /// There are states, one at least, and room for as many as there may be.
    Loaded { script: Arc<Script>, members: KVec<Member>, entry: Option<Entry> },
}

struct Inner {
    phase: Phase,
    problem: KVec<u8>,
}

/// A script and its states.
pub(crate) struct Filter {
    /// There is an entry point, and connections are asked about.
    set: AtomicBool,
    inner: SpinLock<Inner>,
}

/// A state and what to ask there, as long as a connection lasts.
pub(crate) struct Place {
    filter: Arc<Filter>,
    index: usize,
    pub(crate) service: Arc<Service>,
    pub(crate) entry: Entry,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Phase::Loaded { members, .. } = &mut self.filter.inner.lock().phase {
            if let Some(member) = members.get_mut(self.index) {
                member.connections = member.connections.saturating_sub(1);
            }
        }
    }
}

impl Phase {
    /// As it begins.
    fn fresh() -> Phase {
        let mut budget = Budget::default_for(Context::Process);
        // Who asks for a filter does not want to do without.
        budget.fail = Fail::Drop;
        Phase::Open { budget, capabilities: KVec::new() }
    }
}

impl Filter {
    pub(crate) fn new() -> Result<Arc<Filter>> {
        let inner = Inner { phase: Phase::fresh(), problem: KVec::new() };
        Ok(Arc::new(Filter { set: AtomicBool::new(false), inner: SpinLock::new(inner) }, GFP_KERNEL)?)
    }

    /// Whether bytes go through the script.
    pub(crate) fn is_set(&self) -> bool {
        self.set.load(Ordering::Acquire)
    }

    /// Sets an option. Sleeps.
    pub(crate) fn set(&self, option: c_int, value: &[u8]) -> Result {
        match option {
            option::LOADSCRIPT => self.load(text(value)),
            option::ENTRYPOINT => self.enter(Entry::new(text(value))?),
            option::FUEL => self.bound(|budget| budget.set_fuel(number(value)?)),
            option::MEMORY => self.bound(|budget| budget.set_memory(number(value)?, Context::Process)),
            option::FAIL => self.bound(|budget| {
                budget.fail = match text(value) {
                    b"accept" => Fail::Accept,
                    b"drop" => Fail::Drop,
                    _ => return None,
                };
                Some(())
            }),
            option::CAPABILITIES => self.grant(text(value)),
            _ => Err(unknown()),
        }
    }

    fn bound(&self, set: impl FnOnce(&mut Budget) -> Option<()>) -> Result {
        match &mut self.inner.lock().phase {
            Phase::Open { budget, .. } => set(budget).ok_or(EINVAL),
            _ => Err(EBUSY),
        }
    }

    fn grant(&self, list: &[u8]) -> Result {
        if !sys::may_grant() {
            return Err(EPERM);
        }
        if list.len() > LIST {
            return Err(EINVAL);
        }
        let mut given = copy(list)?;
        match &mut self.inner.lock().phase {
            // What was there before is freed when the lock is not held any more.
            Phase::Open { capabilities, .. } => core::mem::swap(capabilities, &mut given),
            _ => return Err(EBUSY),
        }
        Ok(())
    }

    /// LOADSCRIPT: the first state.
    fn load(&self, text: &[u8]) -> Result {
        if !Service::is_name(text) && !sys::may_grant() {
            return Err(EPERM);
        }
        let mut kept = KVVec::new();
        kept.extend_from_slice(text, GFP_KERNEL)?;
        let name = Service::name(text)?;
        let members = KVec::with_capacity(sys::states(), GFP_KERNEL)?;
        let open = {
            let mut inner = self.inner.lock();
            match inner.phase {
                Phase::Open { .. } => core::mem::replace(&mut inner.phase, Phase::Loading),
                _ => return Err(EBUSY),
            }
        };
        let Phase::Open { budget, capabilities } = open else { return Err(EBUSY) };
        match Filter::begin(Script { name, text: kept, budget, capabilities }, members) {
            Ok(phase) => drop(self.replace(phase, KVec::new())),
            Err(Failure { errno, text }) => {
                drop(self.replace(Phase::fresh(), text));
                return Err(errno);
            }
        }
        Ok(())
    }

    /// Loads a script in its first state.
    fn begin(script: Script, mut members: KVec<Member>) -> core::result::Result<Phase, Failure> {
        let service = script.start()?;
        members.push(Member { service, connections: 0 }, GFP_KERNEL).map_err(|_| ENOMEM)?;
        Ok(Phase::Loaded { script: Arc::new(script, GFP_KERNEL).map_err(|_| ENOMEM)?, members, entry: None })
    }

    /// What there was before, for who drops it without the lock.
    fn replace(&self, phase: Phase, problem: KVec<u8>) -> Inner {
        core::mem::replace(&mut *self.inner.lock(), Inner { phase, problem })
    }

    /// ENTRYPOINT: from here on bytes go through it.
    fn enter(&self, name: Entry) -> Result {
        let first = match &self.inner.lock().phase {
            Phase::Loaded { members, .. } => members.first().map(|member| member.service.clone()),
            _ => None,
        };
        let first = first.ok_or(EINVAL)?;
        let there = first.serve(|state| {
            name.push(state)?;
            Ok(matches!(state.type_of(-1), ffi::LUA_TFUNCTION | ffi::LUA_TTABLE))
        });
        if !matches!(there, Ok(true)) {
            self.reopen(&first);
            return Err(there.err().unwrap_or(ENOENT));
        }
        match &mut self.inner.lock().phase {
            Phase::Loaded { entry, .. } => *entry = Some(name),
            _ => return Err(EBUSY),
        }
        self.set.store(true, Ordering::Release);
        Ok(())
    }

    /// Takes back a script that has no entry point: who mends it loads it again.
    fn reopen(&self, first: &Arc<Service>) {
        let mut inner = self.inner.lock();
        let unused = match &inner.phase {
            Phase::Loaded { members, entry: None, .. } => {
                members.first().is_some_and(|member| Arc::ptr_eq(&member.service, first))
            }
            _ => false,
        };
        let before = unused.then(|| core::mem::replace(&mut inner.phase, Phase::fresh()));
        drop(inner);
        // Its states end when the lock is not held any more.
        drop(before);
    }

    /// Makes a state for each of so many connections, as far as there may be so many. Sleeps.
    pub(crate) fn fill(&self, connections: usize) {
        loop {
            let script = match &self.inner.lock().phase {
                Phase::Loaded { script, members, .. } if members.len() < connections.min(members.capacity()) => {
                    script.clone()
                }
                _ => return,
            };
            // There is one at least, so connections can do without this one.
            let Ok(service) = script.start() else { return };
            let mut extra = Some(Member { service, connections: 0 });
            if let Phase::Loaded { script: now, members, .. } = &mut self.inner.lock().phase {
                if members.len() < members.capacity() && Arc::ptr_eq(now, &script) {
                    if let Some(member) = extra.take() {
                        // There is room, so no memory is asked for.
                        let _ = members.push(member, GFP_ATOMIC);
                    }
                }
            }
            if extra.is_some() {
                return;
            }
        }
    }

    /// The state with the fewest connections, for one more.
    pub(crate) fn place(filter: &Arc<Filter>) -> Option<Place> {
        let mut inner = filter.inner.lock();
        let Phase::Loaded { members, entry: Some(entry), .. } = &mut inner.phase else { return None };
        let entry = *entry;
        let (index, member) = members.iter_mut().enumerate().min_by_key(|(_, member)| member.connections)?;
        member.connections += 1;
        Some(Place { filter: filter.clone(), index, service: member.service.clone(), entry })
    }

    /// What went wrong when the script was loaded.
    pub(crate) fn problem(&self) -> Result<KVec<u8>> {
        /// More is cut.
        const ROOM: usize = 1024;
        let mut text = KVec::with_capacity(ROOM, GFP_KERNEL)?;
        let inner = self.inner.lock();
        let told = inner.problem.get(..ROOM).unwrap_or(&inner.problem);
        // There is room, so no memory is asked for.
        text.extend_from_slice(told, GFP_ATOMIC)?;
        Ok(text)
    }
}

fn copy(bytes: &[u8]) -> Result<KVec<u8>> {
    let mut copy = KVec::new();
    copy.extend_from_slice(bytes, GFP_KERNEL)?;
    Ok(copy)
}

/// A text that a program gives, with or without the zero that ends it in C.
fn text(value: &[u8]) -> &[u8] {
    value.strip_suffix(b"\0").unwrap_or(value)
}

/// An `int` or a `long` that a program gives.
fn number(value: &[u8]) -> Option<i64> {
    let int = <[u8; 4]>::try_from(value).map(|bytes| i64::from(i32::from_ne_bytes(bytes)));
    int.or_else(|_| <[u8; 8]>::try_from(value).map(i64::from_ne_bytes)).ok()
}

/// ENOPROTOOPT, which the kernel crate does not name.
fn unknown() -> Error {
    const ENOPROTOOPT: c_int = 92;
    to_result(-ENOPROTOOPT).err().unwrap_or(EINVAL)
}
