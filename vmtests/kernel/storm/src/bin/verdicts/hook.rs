// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! /dev/judge (vmtests/kernel/judge), which shows frames to the hooks of netfilter.

use std::fs::{File, OpenOptions};
use std::io::{Read, Result, Write};

use storm::{Frame, Judged, Random};

use crate::Place;

/// More than the answer about a frame is long.
const ROOM: usize = 65_536;

pub struct Hook {
    judge: File,
    /// Where buffers are cut, so that frames are the same wherever that is.
    cuts: Random,
    /// Whether connection tracking follows them.
    track: bool,
    answer: Vec<u8>,
}

impl Hook {
    pub fn open(seed: u64, track: bool) -> Result<Hook> {
        let judge = OpenOptions::new().read(true).write(true).open("/dev/judge")?;
        Ok(Hook { judge, cuts: Random::new(seed ^ 0xff), track, answer: vec![0; ROOM] })
    }
}

impl Place for Hook {
    /// As many of its bytes as it happens, or all, are in the linear part of its buffer.
    fn ask(&mut self, Frame { bytes, back }: Frame<'_>, judged: &mut Judged) -> Result<()> {
        let linear = self.cuts.below(2 * bytes.len()).min(bytes.len()) as u32;
        let head = [linear, self.track.into(), back.into()].map(u32::to_ne_bytes).concat();
        self.judge.write_all(&[&head, bytes].concat())?;
        let length = self.judge.read(&mut self.answer)?;
        judged.of(&self.answer[..length]);
        Ok(())
    }

    fn forget(&mut self) -> Result<()> {
        if self.track {
            self.judge.write_all(b"forget")
        } else {
            Ok(())
        }
    }
}
