// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What happens to runtimes, as lines of JSON for who listens at /dev/lunatik_events (events.c).
//!
//! The last ones are kept; a listener that is too slow hears that it missed some.

use core::ffi::c_char;
use core::fmt::{self, Write};
use kernel::alloc::{flags::GFP_KERNEL, KVec};
use kernel::error::{code::ENOMEM, to_result, Result};

use crate::json::{Quoted, Short};
use crate::ledger::Fault;
use crate::{sys, Runtime};

extern "C" {
    fn lunatik_events_register() -> core::ffi::c_int;
    fn lunatik_events_unregister();
    fn lunatik_events_wake();
}

/// Bytes that all together take; a power of two.
const SIZE: u64 = 32 << 10;
/// Bytes of an event, its end of line and its length among them: LUNATIK_EVENT of shim.h.
const LONGEST: u64 = 4096;
/// Bytes before each that say how many it has.
const HEADER: u64 = 2;

/// A ring of events.
///
/// # Invariants
///
/// Positions count the bytes ever written. From `first` to `end`, at most [`SIZE`] bytes, whole
/// events stand one after the other. There are no bytes at all before `start`.
struct Ring {
    bytes: KVec<u8>,
    first: u64,
    end: u64,
}

static RING: sys::Brief<Ring> = sys::Brief::new(Ring { bytes: KVec::new(), first: 0, end: 0 });

impl Ring {
    fn place(&mut self, position: u64) -> Option<&mut u8> {
        self.bytes.get_mut((position % SIZE) as usize)
    }

    fn byte(&self, position: u64) -> u8 {
        self.bytes.get((position % SIZE) as usize).copied().unwrap_or(0)
    }

    /// How many bytes the event at a position has.
    fn length(&self, position: u64) -> u64 {
        u64::from(u16::from_le_bytes([self.byte(position), self.byte(position + 1)]))
    }

    /// The oldest ones go until there is room for another event.
    fn make_room(&mut self) {
        while self.end - self.first > SIZE - LONGEST {
            self.first += HEADER + self.length(self.first);
        }
    }

    fn write(&mut self, text: fmt::Arguments<'_>) {
        if self.bytes.is_empty() {
            return;
        }
        self.make_room();
        let start = self.end;
        let mut event = Event { at: start + HEADER, limit: start + LONGEST - 1, ring: self };
        // Cutting is all that can go wrong: a name is of 255 bytes at most, and `Short` keeps two texts to what is left.
        let _ = event.write_fmt(text);
        let mut end = event.at;
        if let Some(place) = self.place(end) {
            *place = b'\n';
            end += 1;
        }
        let length = (end - start - HEADER) as u16;
        for (position, byte) in (start..).zip(length.to_le_bytes()) {
            if let Some(place) = self.place(position) {
                *place = byte;
            }
        }
        self.end = end;
    }
}

/// An event that is being written.
struct Event<'a> {
    ring: &'a mut Ring,
    at: u64,
    limit: u64,
}

impl Write for Event<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if self.at == self.limit {
                return Err(fmt::Error);
            }
            *self.ring.place(self.at).ok_or(fmt::Error)? = byte;
            self.at += 1;
        }
        Ok(())
    }
}

/// The events are kept and heard while this lives.
pub(crate) struct Device(());

impl Device {
    pub(crate) fn new() -> Result<Device> {
        let mut bytes = KVec::with_capacity(SIZE as usize, GFP_KERNEL)?;
        for _ in 0..SIZE {
            bytes.push(0, GFP_KERNEL).map_err(|_| ENOMEM)?;
        }
        give(bytes);
        // SAFETY: Called once, by the module's init.
        match to_result(unsafe { lunatik_events_register() }) {
            Ok(()) => Ok(Device(())),
            Err(errno) => {
                give(KVec::new());
                Err(errno)
            }
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // SAFETY: Registered in `new`.
        unsafe { lunatik_events_unregister() };
        give(KVec::new());
    }
}

/// Events are in these bytes from now on, or, without any, nowhere.
fn give(bytes: KVec<u8>) {
    let before = core::mem::replace(&mut RING.lock().bytes, bytes);
    // Not under the lock.
    drop(before);
}

/// Writes `{"time":...,"event":...,"script":...` and what `more` says.
fn tell(event: &str, runtime: &Runtime, more: fmt::Arguments<'_>) {
    let (time, script) = (sys::date(), Quoted(runtime.name().to_bytes()));
    RING.lock().write(format_args!("{{\"time\":{time},\"event\":\"{event}\",\"script\":{script}{more}}}"));
    // SAFETY: No preconditions.
    unsafe { lunatik_events_wake() };
}

/// It runs.
pub(crate) fn started(runtime: &Runtime) {
    tell("started", runtime, format_args!(",\"context\":\"{}\"", runtime.context().name()));
}

/// Nothing of it runs any more.
pub(crate) fn stopped(runtime: &Runtime) {
    tell("stopped", runtime, format_args!(""));
}

/// A call failed in a way that none had failed before.
pub(crate) fn failed(runtime: &Runtime, fault: Fault, text: &[u8], trace: &[u8]) {
    let (kind, text, trace) = (fault.name(), Short(text), Short(trace));
    tell("failed", runtime, format_args!(",\"kind\":\"{kind}\",\"message\":{text},\"traceback\":{trace}"));
}

/// It failed too often.
pub(crate) fn quarantined(runtime: &Runtime, text: &[u8]) {
    let (budget, text) = (runtime.budget(), Short(text));
    tell(
        "quarantined",
        runtime,
        format_args!(",\"faults\":{},\"window_ms\":{},\"message\":{text}", budget.faults, budget.window),
    );
}

/// Its quarantine ended.
pub(crate) fn resumed(runtime: &Runtime) {
    tell("resumed", runtime, format_args!(""));
}

/// See shim.h.
#[no_mangle]
extern "C" fn lunatik_events_first() -> u64 {
    RING.lock().first
}

/// See shim.h.
#[no_mangle]
extern "C" fn lunatik_events_after(position: u64) -> bool {
    RING.lock().end > position
}

/// See shim.h.
#[no_mangle]
unsafe extern "C" fn lunatik_events_next(position: *mut u64, to: *mut c_char) -> usize {
    const LOST: &[u8] = b"{\"event\":\"lost\"}\n";
    // SAFETY: events.c passes its listener's position, and room for the longest event.
    let (position, to) =
        unsafe { (&mut *position, core::slice::from_raw_parts_mut(to.cast::<u8>(), LONGEST as usize)) };
    let ring = RING.lock();
    if *position < ring.first {
        *position = ring.first;
        to[..LOST.len()].copy_from_slice(LOST);
        return LOST.len();
    }
    if *position >= ring.end {
        return 0;
    }
    let (start, length) = (*position + HEADER, ring.length(*position));
    for (position, byte) in (start..start + length).zip(to.iter_mut()) {
        *byte = ring.byte(position);
    }
    *position = start + length;
    length as usize
}
