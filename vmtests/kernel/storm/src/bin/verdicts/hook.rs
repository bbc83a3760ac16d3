// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! /dev/judge (vmtests/kernel/judge), which shows frames to the hooks of netfilter.

use std::fs::{File, OpenOptions};
use std::io::{Read, Result, Write};

use storm::{Judged, Random};

use crate::Place;

/// More than the answer about a frame is long.
const ROOM: usize = 65_536;

pub struct Hook {
    judge: File,
    /// Where buffers are cut, so that frames are the same wherever that is.
    cuts: Random,
    answer: Vec<u8>,
}

impl Hook {
    pub fn open(seed: u64) -> Result<Hook> {
        let judge = OpenOptions::new().read(true).write(true).open("/dev/judge")?;
        Ok(Hook { judge, cuts: Random::new(seed ^ 0xff), answer: vec![0; ROOM] })
    }
}

impl Place for Hook {
    /// As many of its bytes as it happens, or all, are in the linear part of its buffer.
    fn ask(&mut self, frame: &[u8], judged: &mut Judged) -> Result<()> {
        let linear = self.cuts.below(2 * frame.len()).min(frame.len()) as u32;
        let track = 0_u32;
        self.judge.write_all(&[&linear.to_ne_bytes()[..], &track.to_ne_bytes(), frame].concat())?;
        let length = self.judge.read(&mut self.answer)?;
        judged.of(&self.answer[..length]);
        Ok(())
    }
}
