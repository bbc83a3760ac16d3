// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `first-packet`: how long after its kernel's start a router with one processor forwards a packet, when it boots for the
//! first time and later, and which stages of its boot that time went to. Figures, and no test: by a clock that counts
//! instructions.

use anyhow::{Context, Result};
use qemu::Boot;
use smoltcp::wire::{EthernetAddress, Ipv4Address};
use std::path::PathBuf;
use std::process::ExitCode;
use vmtests::addresses::{LAN_HOST, SERVER, WAN_HOST};
use vmtests::{frames, observed, Lab, READY};

/// A client that does not ask for an address.
const CLIENT: Ipv4Address = Ipv4Address::new(192, 168, 1, 20);
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
    let mut lab = Lab::new(Boot::disk(&directory)?, |machine| machine.cpus(1).reboots(true).counted())?;
    observed(&mut lab, |lab| {
        // The loop turns each time that it floods somebody.
        lab.flood = vec![frames::udp(ends(WAN_HOST, NOBODY), b"nothing")];
        lab.machine.control.resume()?;
        forwards(lab, "the first boot")?;
        let seen = lab.machine.console.len();
        lab.output("reboot")?;
        lab.said(seen, READY)?;
        forwards(lab, "a later boot")
    })
}

/// Sends packets from the LAN until one gets through, and says when that was.
fn forwards(lab: &mut Lab, boot: &str) -> Result<()> {
    let datagram = frames::udp(ends(LAN_HOST, ROUTER), boot.as_bytes());
    lab.until("packet that is forwarded", |lab| {
        lab.lan.host.wire.send(&datagram);
        let frame = lab.wan.host.wire.from_router().find(|frame| frames::contains(&frame.bytes, boot.as_bytes()));
        Ok(frame.map(drop))
    })?;
    // The answer comes a moment later than that packet.
    let uptime = lab.output("cat /proc/uptime")?;
    let uptime = uptime.split_whitespace().next().unwrap_or_default();
    println!(
        "{boot}: {uptime} s from the kernel's start to the first forwarded packet, at two nanoseconds per instruction"
    );
    println!("stages, by when they begin:\n{}", lab.output("cat /run/lunagate/stages")?.trim_end());
    Ok(())
}

/// A datagram of the client's to the Internet, from one port to another.
fn ends(from: EthernetAddress, to: EthernetAddress) -> frames::Ends {
    frames::Ends { from, to, source: (CLIENT, 4000), destination: (SERVER, 9) }
}
