// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the loader and the kernel make of a disk.

use std::cell::RefCell;
use std::ops::Range;

use bundle::Manifest;
use layout::{decide, newest, Whole, COPY_STRIDE, HEADER_LEN};

/// Knows where things are on a disk, and whom its loader trusts.
pub struct Judge {
    /// Who signs slots.
    pub key: [u8; 32],
    /// Where the boot records are.
    pub bootctl: usize,
    /// Where the slots are.
    pub slots: [Range<usize>; 2],
    /// Manifests and bodies that were taken apart already, and what came of it.
    known: RefCell<Vec<Known>>,
}

/// The block of a manifest, a body, and what came of it.
type Known = (Vec<u8>, Vec<u8>, Body);

/// How many of them are remembered: most states share two.
const KNOWN: usize = 8;

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
        Judge { key, bootctl, slots, known: RefCell::default() }
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
            let rollback = manifest.product.rollback;
            (body != Body::None).then_some(Whole { rollback, contents: (manifest.product.version, body) })
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
        let mut known = self.known.borrow_mut();
        if let Some((_, _, verdict)) = known.iter().find(|(block, other, _)| block == manifest.block() && other == body)
        {
            return *verdict;
        }
        let verdict = match manifest.body(&mut &*body, |_| Ok(())) {
            Ok(()) => Body::Whole,
            Err(_) if manifest.kernel_is(body) => Body::Kernel,
            Err(_) => Body::None,
        };
        if known.len() < KNOWN {
            known.push((manifest.block().to_vec(), body.to_vec(), verdict));
        }
        verdict
    }
}
