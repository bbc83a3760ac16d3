// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Nothing that the LAN did not ask for comes in, at no moment since power-on.
//!
//! The WAN floods the router before its first instruction, through the whole boot and while
//! a client fetches a page: that page passes, and nothing else.

use anyhow::{ensure, Result};
use smoltcp::wire::{EthernetAddress, Ipv4Address};
use std::process::ExitCode;
use vmtests::{addresses, frames, page, scenario, Direction, Lab, Setup};

/// Who floods: nobody that the LAN ever talks to.
const STRANGER: Ipv4Address = Ipv4Address::new(198, 18, 0, 66);
/// What the flood's datagrams carry.
const MARK: &[u8] = b"unsolicited";

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.flood = flood(&[Ipv4Address::new(192, 168, 1, 100), addresses::ROUTER_LAN, addresses::ROUTER_WAN]);
    lab.until("frame on the wire before power-on", |lab| Ok((lab.wan.host.wire.sent(MARK) > 0).then_some(())))?;
    lab.boot()?;
    nothing_came_in(lab)?;
    let sent = lab.wan.host.wire.frames().iter().filter(|frame| frame.direction == Direction::ToRouter).count();
    ensure!(sent > 100, "the flood was a trickle of {sent} frames");
    proved("nothing_comes_in_while_the_router_boots");

    // From here on the flood knows the client's address.
    let client = lab.lease()?.address.address();
    lab.flood.extend(flood(&[client]));
    let before = received(lab)?;
    let server = lab.resolve("www.example")?;
    ensure!(lab.get(server)? == page(), "the page is another one");
    proved("what_the_client_asks_for_comes_in");

    let turns = lab.flood.len();
    let now = lab.wan.host.wire.frames().len();
    lab.until("flood of the client's address", |lab| {
        let frames = &lab.wan.host.wire.frames()[now..];
        Ok((frames.iter().filter(|frame| frame.direction == Direction::ToRouter).count() > 3 * turns).then_some(()))
    })?;
    // The router answers this after what is on the wire already.
    let after = received(lab)?;
    ensure!(after > before + 3 * turns, "the flood did not reach the router: {before} frames, then {after}");
    ensure!(lab.get(server)? == page(), "the page is another one");
    nothing_came_in(lab)?;
    proved("nothing_else_comes_in_afterwards");
    Ok(())
}

/// Datagrams and openings of connections to these addresses, by name and by broadcast.
fn flood(targets: &[Ipv4Address]) -> Vec<Vec<u8>> {
    let mut flood = Vec::new();
    for &target in targets {
        for to in [addresses::ROUTER_WAN_PORT, EthernetAddress::BROADCAST] {
            for port in [22, 53, 80, 5353, 49_152] {
                let from = addresses::WAN_HOST;
                let ends = frames::Ends { from, to, source: (STRANGER, 4000), destination: (target, port) };
                flood.push(frames::udp(ends, MARK));
                flood.push(frames::tcp_syn(ends));
            }
        }
    }
    flood
}

fn nothing_came_in(lab: &Lab) -> Result<()> {
    let stranger = lab.lan.host.wire.from_router().find(|frame| {
        frames::contains(&frame.bytes, MARK)
            || frames::read_ipv4(&frame.bytes).is_some_and(|packet| packet.src_addr() == STRANGER)
    });
    ensure!(stranger.is_none(), "this came in: {stranger:?}");
    Ok(())
}

/// How many frames the router's WAN port has received.
fn received(lab: &mut Lab) -> Result<usize> {
    let count = lab.output("cat /sys/class/net/eth0/statistics/rx_packets")?;
    Ok(count.trim().parse()?)
}
