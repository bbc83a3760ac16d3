// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A client behind the router reaches the Internet, under the router's address.

use anyhow::{ensure, Result};
use smoltcp::wire::IpAddress;
use std::process::ExitCode;
use vmtests::{addresses, page, scenario, Lab, Seen, Setup};

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    let server = lab.resolve("www.example")?;
    ensure!(server == addresses::SERVER, "www.example is at {server}");
    let got = lab.get(server)?;
    ensure!(got == page(), "the page is another one, of {} bytes", got.len());
    proved("a_page_comes_through_whole");

    let senders: Vec<_> = lab
        .wan
        .seen
        .iter()
        .filter_map(|seen| match seen {
            Seen::Request(from) => Some(from.addr),
            _ => None,
        })
        .collect();
    ensure!(senders == [IpAddress::Ipv4(addresses::ROUTER_WAN)], "the server saw requests from {senders:?}");
    proved("the_server_sees_the_routers_address_only");

    let inner = lab.wan.host.wire.from_router().find(|frame| {
        vmtests::frames::read_ipv4(&frame.bytes).is_some_and(|packet| packet.src_addr().octets()[0] == 192)
    });
    ensure!(inner.is_none(), "an inner address left by the WAN: {inner:?}");
    proved("no_inner_address_leaves_by_the_wan");
    Ok(())
}
