// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The functions of governor.c and seat.c, safe, and those that they call.

use core::ffi::{c_char, c_int, c_uint, c_void, CStr};
use core::mem::ManuallyDrop;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicPtr, Ordering};
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::sync::Arc;

use crate::Body;

extern "C" {
    fn luacpufreq_begin() -> c_int;
    fn luacpufreq_end();
    fn luacpufreq_register(name: *const c_char, interval: c_uint, body: *mut c_void, made: *mut *mut c_void) -> c_int;
    fn luacpufreq_unregister(governor: *mut c_void);
    fn luacpufreq_get(seat: *mut c_void);
    fn luacpufreq_put(seat: *mut c_void);
    fn luacpufreq_cpu(seat: *mut c_void) -> c_uint;
    fn luacpufreq_has(seat: *mut c_void, cpu: c_uint) -> bool;
    fn luacpufreq_facts(seat: *mut c_void, facts: *mut Facts) -> bool;
    fn luacpufreq_load(seat: *mut c_void, cpu: c_uint) -> c_int;
    fn luacpufreq_target(seat: *mut c_void, khz: u32, relation: c_uint, chosen: *mut u32) -> c_int;
    fn luacpufreq_frequencies(seat: *mut c_void, khz: *mut u32, room: c_uint) -> c_uint;
    fn luacpufreq_cpus() -> c_uint;
    fn luacpufreq_temperature(zone: *const c_char, millidegrees: *mut c_int) -> c_int;
}

/// Scripts have turns while this lives.
pub(crate) struct Workers(());

impl Workers {
    pub(crate) fn new() -> Result<Workers> {
        // SAFETY: Called once, by the module's init.
        to_result(unsafe { luacpufreq_begin() })?;
        Ok(Workers(()))
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        // SAFETY: Made in `new`; scripts and policies keep the module, so no turn is to come.
        unsafe { luacpufreq_end() }
    }
}

/// A governor's place among the kernel's, while there is one.
///
/// # Invariants
///
/// Null, or what `luacpufreq_register` made and nobody has taken away.
pub(crate) struct Place(AtomicPtr<c_void>);

impl Place {
    /// None yet.
    pub(crate) const fn none() -> Place {
        Place(AtomicPtr::new(ptr::null_mut()))
    }

    /// Gives the body of this place a name and turns, in milliseconds. Sleeps.
    pub(crate) fn take(body: &Arc<Body>, name: &CStr, interval: u32) -> Result {
        let (share, mut made) = (Arc::into_raw(body.clone()), ptr::null_mut());
        // SAFETY: The name ends in zero; the share is the governor's until `luacpufreq_drop`.
        let taken = unsafe { luacpufreq_register(name.as_ptr(), interval, share.cast_mut().cast(), &mut made) };
        if let Err(errno) = to_result(taken) {
            // SAFETY: There is no governor, so the share is ours.
            drop(unsafe { Arc::from_raw(share) });
            return Err(errno);
        }
        body.place.0.store(made, Ordering::Release);
        Ok(())
    }

    /// Takes it away: no policy is under it from here on. Sleeps.
    pub(crate) fn leave(&self) {
        let made = self.0.swap(ptr::null_mut(), Ordering::AcqRel);
        if !made.is_null() {
            // SAFETY: By the invariants.
            unsafe { luacpufreq_unregister(made) };
        }
    }
}

/// What a policy says of itself, in kHz: shim.h's struct luacpufreq_facts.
#[repr(C)]
#[derive(Default)]
pub(crate) struct Facts {
    pub(crate) current: u32,
    pub(crate) min: u32,
    pub(crate) max: u32,
    pub(crate) hardware_min: u32,
    pub(crate) hardware_max: u32,
}

/// A policy's place under a governor. The policy may have left it: then it has nothing to say.
///
/// # Invariants
///
/// It is held once for this.
pub(crate) struct Seat(NonNull<c_void>);

impl Seat {
    /// # Safety
    ///
    /// It is a seat, which the caller holds.
    unsafe fn new(seat: NonNull<c_void>) -> Seat {
        // SAFETY: By the function's contract.
        unsafe { luacpufreq_get(seat.as_ptr()) };
        Seat(seat)
    }

    /// The CPU that the policy is named after.
    pub(crate) fn cpu(&self) -> u32 {
        // SAFETY: By the invariants; so it is for all of these.
        unsafe { luacpufreq_cpu(self.0.as_ptr()) }
    }

    /// The CPUs of the policy, that are online.
    pub(crate) fn cpus(&self) -> impl Iterator<Item = u32> + '_ {
        // SAFETY: As above.
        (0..cpus()).filter(|cpu| unsafe { luacpufreq_has(self.0.as_ptr(), *cpu) })
    }

    pub(crate) fn facts(&self) -> Option<Facts> {
        let mut facts = Facts::default();
        // SAFETY: As above; the facts are as shim.h declares them.
        unsafe { luacpufreq_facts(self.0.as_ptr(), &mut facts) }.then_some(facts)
    }

    /// Percent that a CPU of the policy was busy since this was asked last.
    pub(crate) fn load(&self, cpu: u32) -> Option<u32> {
        // SAFETY: As above.
        u32::try_from(unsafe { luacpufreq_load(self.0.as_ptr(), cpu) }).ok()
    }

    /// Changes the frequency, and returns what it is then.
    pub(crate) fn target(&self, khz: u32, relation: u32) -> Result<u32, c_int> {
        let mut chosen = 0;
        // SAFETY: As above.
        match unsafe { luacpufreq_target(self.0.as_ptr(), khz, relation, &mut chosen) } {
            0 => Ok(chosen),
            status => Err(status),
        }
    }

    /// The frequencies that there are, ascending.
    pub(crate) fn frequencies<'a>(&self, room: &'a mut [u32]) -> &'a [u32] {
        // SAFETY: As above; there is so much room.
        let count = unsafe { luacpufreq_frequencies(self.0.as_ptr(), room.as_mut_ptr(), room.len() as c_uint) };
        room.get(..count as usize).unwrap_or(&[])
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        // SAFETY: By the invariants.
        unsafe { luacpufreq_put(self.0.as_ptr()) }
    }
}

/// One more than the highest number of a CPU.
pub(crate) fn cpus() -> u32 {
    // SAFETY: No preconditions.
    unsafe { luacpufreq_cpus() }
}

/// Thousandths of a degree Celsius, of a thermal zone, if there is one of that name.
pub(crate) fn temperature(zone: &CStr) -> Option<i32> {
    let mut millidegrees = 0;
    // SAFETY: The name ends in zero.
    (unsafe { luacpufreq_temperature(zone.as_ptr(), &mut millidegrees) } == 0).then_some(millidegrees)
}

/// See shim.h; so it is for all of these.
#[no_mangle]
unsafe extern "C" fn luacpufreq_turn(body: *mut c_void, seat: *mut c_void, turn: c_uint) -> bool {
    let Some(seat) = NonNull::new(seat) else { return false };
    // SAFETY: seat.c has a share of the body, and holds the seat, for the call.
    unsafe { (*body.cast::<Body>()).turn(Seat::new(seat), turn) }
}

#[no_mangle]
unsafe extern "C" fn luacpufreq_hold(body: *mut c_void) {
    // SAFETY: The caller has a share, which stays its own.
    let share = ManuallyDrop::new(unsafe { Arc::from_raw(body.cast_const().cast::<Body>()) });
    let _ = ManuallyDrop::new(Arc::clone(&share));
}

#[no_mangle]
unsafe extern "C" fn luacpufreq_drop(body: *mut c_void) {
    // SAFETY: A share that `take` gave away, or that `luacpufreq_hold` made.
    drop(unsafe { Arc::from_raw(body.cast_const().cast::<Body>()) });
}
