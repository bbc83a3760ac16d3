// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is asked before Lua is: whether a packet is for a hook, and whether a verdict holds for
//! its flow.
//!
//! The verdict is in the flow's connection labels, 128 bits that connection tracking keeps for
//! whoever names them. The lower half is the administrator's (`ct label` of nftables); each hook
//! that decides takes two bits of the upper half at its first decision: "dropped" and, below it,
//! "accepted". If two CPUs decide at once and differ, dropping wins.

use core::ffi::{c_uint, c_void};
use core::sync::atomic::{AtomicU32, AtomicU8, Ordering};
use luaskb_main::Decision;

extern "C" {
    fn luanetfilter_decide(skb: *mut c_void, bit: c_uint);
}

/// The lowest bit that is ours.
const FIRST: u8 = 64;
/// The bit of a hook that has not decided anything.
const NONE: u8 = 0;

/// The pairs of bits that hooks have; pair 0 is bits 64 and 65.
static TAKEN: AtomicU32 = AtomicU32::new(0);

/// The lower bit of a free pair.
fn take() -> Option<u8> {
    let mut taken = TAKEN.load(Ordering::Relaxed);
    loop {
        let pair = taken.trailing_ones();
        let next = taken | 1_u32.checked_shl(pair)?;
        match TAKEN.compare_exchange_weak(taken, next, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => return Some(FIRST + pair as u8 * 2),
            Err(now) => taken = now,
        }
    }
}

fn give_back(bit: u8) {
    TAKEN.fetch_and(!(1 << ((bit - FIRST) / 2)), Ordering::Release);
}

/// What shim.h calls `struct luanetfilter_gate`: shim.c reads it for every packet.
#[repr(C)]
pub(crate) struct Gate {
    /// Only packets with this mark, unless 0.
    mark: u32,
    /// The lower of the hook's two bits, or [`NONE`].
    bit: AtomicU8,
}

impl Gate {
    pub(crate) const fn new(mark: u32) -> Gate {
        Gate { mark, bit: AtomicU8::new(NONE) }
    }

    pub(crate) const fn mark(&self) -> u32 {
        self.mark
    }

    /// Lets a verdict hold for the packet's flow. Without a flow that has labels, or when other
    /// hooks have all the bits, nothing happens, and the next packet is asked about.
    ///
    /// # Safety
    ///
    /// `skb` is a valid `sk_buff` at this hook.
    pub(crate) unsafe fn decide(&self, skb: *mut c_void, decision: Decision) {
        let Some(bit) = self.bit() else { return };
        // SAFETY: By the caller's promise; the bits are ours.
        unsafe { luanetfilter_decide(skb, c_uint::from(bit) + c_uint::from(decision == Decision::Drop)) }
    }

    fn bit(&self) -> Option<u8> {
        match self.bit.load(Ordering::Relaxed) {
            NONE => {}
            bit => return Some(bit),
        }
        let bit = take()?;
        // Another CPU may have been faster.
        match self.bit.compare_exchange(NONE, bit, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => Some(bit),
            Err(theirs) => {
                give_back(bit);
                Some(theirs)
            }
        }
    }

    /// Gives the bits back. The hook has no packets any more, and no flow has its labels.
    pub(crate) fn forget(&self) {
        let bit = self.bit.swap(NONE, Ordering::Relaxed);
        if bit != NONE {
            give_back(bit);
        }
    }
}
