// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the loader and the kernel make of a disk.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use bundle::Manifest;
use layout::{decide, newest, COPY_STRIDE, HEADER_LEN};
use sha2::{Digest, Sha256};

/// Knows where things are on a disk, and whom its loader trusts.
pub struct Judge {
    /// Who signs slots.
    pub key: [u8; 32],
    /// Where the boot records are.
    pub bootctl: usize,
    /// Where the slots are.
    pub slots: [Range<usize>; 2],
    bodies: RefCell<HashMap<[u8; 32], Body>>,
}

/// What becomes of a disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This version boots, and every byte of it is there.
    Boots(String),
    /// The loader starts this version, which is not whole: its kernel panics sooner or later.
    Broken(String),
    /// The loader finds nothing to start.
    Nothing,
}

/// How much of a slot's body is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Whole,
    /// The kernel is, root or tree are not: the loader cannot know.
    Kernel,
    None,
}

impl Judge {
    /// A judge of disks that look like this.
    pub fn new(key: [u8; 32], bootctl: usize, slots: [Range<usize>; 2]) -> Judge {
        Judge { key, bootctl, slots, bodies: RefCell::default() }
    }

    /// Decides as the loader does, then looks at every byte of what it would start.
    pub fn judge(&self, disk: &[u8]) -> Verdict {
        let copies = [0, COPY_STRIDE as usize].map(|at| &disk[self.bootctl + at..]);
        let stored = newest(copies).map(|(_, record)| record);
        let read = |slot: usize| {
            let slot = &disk[self.slots[slot].clone()];
            let header = slot[slot.len() - HEADER_LEN..].try_into().ok()?;
            let manifest = Manifest::read(header, &self.key).ok()?;
            let body = self.body(slot, &manifest);
            (body != Body::None).then_some((manifest.product.version, body))
        };
        match decide(stored, false, read).map(|decision| decision.contents) {
            None => Verdict::Nothing,
            Some((version, Body::Whole)) => Verdict::Boots(version),
            Some((version, _)) => Verdict::Broken(version),
        }
    }

    /// Looks at a slot's body; one that it knows it need not take apart again.
    fn body(&self, slot: &[u8], manifest: &Manifest) -> Body {
        let Some(body) = slot.get(..manifest.body_len()) else { return Body::None };
        let hash = Sha256::new().chain_update(body).chain_update(manifest.block()).finalize().into();
        *self.bodies.borrow_mut().entry(hash).or_insert_with(|| match manifest.body(&mut &*body, |_| Ok(())) {
            Ok(()) => Body::Whole,
            Err(_) if manifest.kernel_is(body) => Body::Kernel,
            Err(_) => Body::None,
        })
    }
}
