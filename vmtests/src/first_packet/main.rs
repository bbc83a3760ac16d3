// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `first-packet`: how long after its kernel's start a router with one processor forwards a packet, and which stages of its
//! boot that time went to. A figure, and no test: by a clock that counts instructions.

use anyhow::{Context, Result};
use qemu::Boot;
use smoltcp::wire::{EthernetAddress, Ipv4Address};
use std::path::PathBuf;
use std::process::ExitCode;
use vmtests::addresses::{LAN_HOST, SERVER, WAN_HOST};
use vmtests::{frames, observed, Lab, Seen};

/// A client that does not ask for an address, and what it sends.
const CLIENT: Ipv4Address = Ipv4Address::new(192, 168, 1, 20);
const WORDS: &[u8] = b"is anybody there?";
/// The router's port in the LAN, and one that nobody has.
const ROUTER: EthernetAddress = EthernetAddress([0x52, 0x54, 0, 0, 0, 1]);
const NOBODY: EthernetAddress = EthernetAddress([2, 0, 0, 0, 0, 9]);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("first-packet: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let directory = std::env::args_os().nth(1).map(PathBuf::from);
    let directory = directory.context("give the directory of an image (nix build .#router-image leaves ./result)")?;
    let mut lab = Lab::new(Boot::disk(&directory)?, |machine| machine.cpus(1).counted())?;
    observed(&mut lab, |lab| {
        let ends = |from, to| frames::Ends { from, to, source: (CLIENT, 4000), destination: (SERVER, 9) };
        let datagram = frames::udp(ends(LAN_HOST, ROUTER), WORDS);
        // The loop turns each time that it floods somebody.
        lab.flood = vec![frames::udp(ends(WAN_HOST, NOBODY), b"nothing")];
        lab.machine.control.resume()?;
        // Before that there is no way, and what the router makes of packets is work, too.
        lab.until("lease on the WAN", |lab| Ok((lab.wan.count(&Seen::Lease) > 0).then_some(())))?;
        lab.until("packet that is forwarded", |lab| {
            lab.lan.host.wire.send(&datagram);
            let frame = lab.wan.host.wire.from_router().find(|frame| frames::contains(&frame.bytes, WORDS));
            Ok(frame.map(drop))
        })?;
        // The answer comes a moment later than that packet.
        let uptime = lab.output("cat /proc/uptime")?;
        let uptime = uptime.split_whitespace().next().unwrap_or_default();
        println!(
            "{uptime} s from the kernel's start to the first forwarded packet, at two nanoseconds per instruction"
        );
        println!("stages of the boot, by when they begin:\n{}", lab.output("cat /run/lunagate/stages")?.trim_end());
        Ok(())
    })
}
