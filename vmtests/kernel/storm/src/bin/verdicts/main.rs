// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Has frames judged, at the hooks of netfilter or at XDP, or packets of flows, and holds the verdicts against those that are expected.
//!
//! ```text
//! verdicts hook|flows|xdp DESTINATION COUNT SEED FILE
//! ```
//!
//! DESTINATION is the hardware address of the LAN's port, in hexadecimal; that of the WAN's is the next. FILE has the lines
//! that are expected.
//! Where they are others, it says so, and then what became of each frame of that chapter.

mod hook;
mod xdp;

use std::fs;
use std::io::{Error, ErrorKind, Result};
use std::process::ExitCode;

use storm::{address, number, Frame, Frames, Judged, Mill, Talks, Verdicts};

use hook::Hook;
use xdp::Xdp;

/// Where frames are judged.
trait Place {
    /// Has a frame judged.
    fn ask(&mut self, frame: Frame<'_>, judged: &mut Judged) -> Result<()>;

    /// All flows end.
    fn forget(&mut self) -> Result<()>;
}

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
    let [place, destination, count, seed, expected] = *words else {
        return Err(Error::new(ErrorKind::InvalidInput, "see the comment in vmtests/kernel/storm"));
    };
    let (count, seed) = (number(count)?, number(seed)?);
    let expected = fs::read_to_string(expected)?;
    let mut expected = expected.lines();
    let destination = address(destination)?;
    let (mut place, mut frames): (Box<dyn Place>, Box<dyn Frames>) = match place {
        "hook" => (Box::new(Hook::open(seed, false)?), Box::new(Mill::new(destination, seed))),
        "flows" => (Box::new(Hook::open(seed, true)?), Box::new(Talks::new(destination, seed))),
        "xdp" => (Box::new(Xdp::open()?), Box::new(Mill::new(destination, seed))),
        _ => return Err(Error::new(ErrorKind::InvalidInput, format!("'{place}' is none of hook, flows, xdp"))),
    };
    let (mut verdicts, mut judged) = (Verdicts::default(), Judged::default());
    for _ in 0..count {
        if verdicts.is_at_chapter() {
            frames.chapter();
            place.forget()?;
        }
        place.ask(frames.next(), &mut judged)?;
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
