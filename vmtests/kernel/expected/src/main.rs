// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the simulator says of the frames that the kernel-side tests have judged.
//!
//! ```text
//! expected OUTPUT COUNT SEED DESTINATION LIBRARY POLICY...
//! ```
//!
//! OUTPUT gets the policies as a router has them, and `hook/NAME` and `flows/NAME` for each, or `xdp/NAME` for one at XDP,
//! lines as [`Verdicts`] makes them: of frames that no host sends, and of packets of flows. With
//! `CHAPTER=n` in the environment, each frame of that chapter is printed, as the program `verdicts` does for one that is
//! not as expected.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::rc::Rc;

use anyhow::{bail, Context, Result};
use policy::{Library, Manifest, Policy};
use simulator::{FileSystem, Packet, Router, Verdict, WAN};
use storm::{address, number, Frame, Frames, Judged, Mill, Talks, Verdicts, UNSEEN};

/// Where a frame's type is.
const TYPE: usize = 12;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [output, count, seed, destination, library, folders @ ..] = &words[..] else {
        bail!("see the comment in vmtests/kernel/expected");
    };
    let (count, seed, destination) = (number(count)?, number(seed)?, address(destination)?);
    let chapter = std::env::var("CHAPTER").ok().map(|text| number(&text)).transpose()?;
    let output = Path::new(output);
    let library = Library::open(Path::new(library))?;
    let policies = folders.iter().map(|folder| Policy::open(Path::new(folder))).collect::<Result<Vec<_>, _>>()?;
    policy::render(output, Some(&library), &policies)?;
    for policy in &policies {
        let Manifest { name, xdp, .. } = &policy.manifest;
        for place in if xdp.is_empty() { &["hook", "flows"][..] } else { &["xdp"] } {
            let mut frames: Box<dyn Frames> = match *place {
                "flows" => Box::new(Talks::new(destination, seed)),
                _ => Box::new(Mill::new(destination, seed)),
            };
            let folder = output.join(place);
            fs::create_dir_all(&folder)?;
            let mut file = BufWriter::new(File::create(folder.join(name))?);
            tell(policy, &library, count, &mut *frames, place, chapter, &mut file).with_context(|| name.clone())?;
            file.flush()?;
        }
    }
    Ok(())
}

fn tell(
    policy: &Policy,
    library: &Library,
    count: u64,
    frames: &mut dyn Frames,
    place: &str,
    chapter: Option<u64>,
    to: &mut dyn Write,
) -> Result<()> {
    let files = FileSystem::new();
    files.share(library);
    files.install(policy);
    let mut router = Router::new(&policy.manifest, Rc::new(files)).map_err(anyhow::Error::msg)?;
    let (mut verdicts, mut judged) = (Verdicts::default(), Judged::default());
    let (mut accepted, mut dropped) = (0_u64, 0_u64);
    for _ in 0..count {
        if verdicts.is_at_chapter() {
            frames.chapter();
            router.forget_flows();
        }
        match judge(&mut router, frames.next(), place == "flows", &mut judged) {
            Some(Verdict::Accept) => accepted += 1,
            Some(_) => dropped += 1,
            None => {}
        }
        let Some(line) = verdicts.add(&judged) else { continue };
        if Some(line.split(' ').next().map_or(Ok(0), str::parse)?) == chapter {
            verdicts.chapter().iter().for_each(|frame| println!("frame {frame}"));
        }
        writeln!(to, "{line}")?;
    }
    println!("{} ({place}): of {count} frames, {accepted} accepted and {dropped} dropped", policy.manifest.name);
    if accepted + dropped < count / 4 {
        bail!("the frames do not try it: {} of {count} reach a hook", accepted + dropped);
    }
    Ok(())
}

/// The verdict, if the frame is a packet that hooks see; XDP sees all.
fn judge(
    router: &mut Router,
    Frame { bytes: frame, back }: Frame<'_>,
    flows: bool,
    judged: &mut Judged,
) -> Option<Verdict> {
    let mut changed = frame.to_vec();
    if let Some(verdict) = router.receive(&mut changed) {
        judged.begin(verdict.action().unwrap_or(UNSEEN));
        judged.frame(&changed);
        return Some(verdict);
    }
    judged.begin(UNSEEN);
    let packet = Packet::ethernet(frame).filter(|packet| packet.is_ip() && !is_of_vlan(&frame[TYPE..]));
    let Some(mut packet) = packet.and_then(|packet| packet.receive().ok()) else {
        judged.frame(&[]);
        return None;
    };
    packet.notrack = !flows;
    if back {
        packet.ifindex = WAN;
    }
    let path = router.path();
    let verdict = router.send(&mut packet, path).verdict;
    judged.begin(verdict.number().unwrap_or(UNSEEN));
    judged.frame(if verdict == Verdict::Accept { packet.frame() } else { &[] });
    packet.forwarded().iter().for_each(|copy| judged.frame(copy));
    Some(verdict)
}

/// Whether it is for a VLAN, for which there is no device; a tag without a VLAN is a priority only (802.1Q, 9.6).
fn is_of_vlan(frame: &[u8]) -> bool {
    matches!(frame, [0x81, 0x00, high, low, ..] if (high & 0x0f, *low) != (0, 0))
}
