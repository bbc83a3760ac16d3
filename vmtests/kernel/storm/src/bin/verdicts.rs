// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Has frames judged by /dev/judge (vmtests/kernel/judge), and holds the verdicts against those that are expected.
//!
//! ```text
//! verdicts DESTINATION COUNT SEED FILE     a hardware address in hexadecimal, numbers; the lines that are expected
//! ```
//!
//! Where they are others, it says so, and then what became of each frame of that chapter.

use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::process::ExitCode;

use storm::{address, number, Judged, Mill, Random, Verdicts};

/// More than the answer about a frame is long.
const ROOM: usize = 65_536;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("verdicts {}: {error}", words.join(" "));
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<bool> {
    let [destination, count, seed, expected] = *words else {
        return Err(Error::new(ErrorKind::InvalidInput, "see the comment in vmtests/kernel/storm"));
    };
    let (count, seed) = (number(count)?, number(seed)?);
    let expected = fs::read_to_string(expected)?;
    let mut expected = expected.lines();
    let mut judge = OpenOptions::new().read(true).write(true).open("/dev/judge")?;
    let mut mill = Mill::new(address(destination)?, seed);
    // Of its own, so that frames are the same wherever buffers are cut.
    let mut cuts = Random::new(seed ^ 0xff);
    let (mut verdicts, mut judged, mut answer) = (Verdicts::default(), Judged::default(), vec![0; ROOM]);
    for _ in 0..count {
        let frame = mill.frame();
        let length = ask(&mut judge, frame, cuts.below(2 * frame.len()), &mut answer)?;
        judged.of(&answer[..length]);
        let Some(line) = verdicts.add(&judged) else { continue };
        let wanted = expected.next().unwrap_or("(the end)");
        if line != wanted {
            println!("chapter {line}, expected {wanted}");
            verdicts.chapter().iter().for_each(|frame| println!("frame {frame}"));
            return Ok(false);
        }
    }
    Ok(true)
}

/// The length of the answer about a frame of which so many bytes, or all, are in the linear part of its buffer.
fn ask(judge: &mut File, frame: &[u8], linear: usize, answer: &mut [u8]) -> Result<usize> {
    let linear = linear.min(frame.len()) as u32;
    let track = 0_u32;
    judge.write_all(&[&linear.to_ne_bytes()[..], &track.to_ne_bytes(), frame].concat())?;
    judge.read(answer)
}
