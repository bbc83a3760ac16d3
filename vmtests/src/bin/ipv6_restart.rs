// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Who the router is by IPv6, to its provider and to its LAN, outlives a restart: RFC 7084, W-5 and ULA-2.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::Ipv6Cidr;
use std::process::ExitCode;
use vmtests::addresses::DELEGATED;
use vmtests::advertisement::Advertisement;
use vmtests::packets::Packet;
use vmtests::{dhcp6, scenario, Lab, Setup};

fn main() -> ExitCode {
    scenario(Setup::Disk, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.wan.serve_ipv6();
    lab.boot()?;
    let (identifier, prefix) = (identifier(lab, 0)?, local_prefix(lab, 0)?);
    let [wan, lan] = [&lab.wan.host, &lab.lan.host].map(|host| host.wire.frames().len());
    lab.restart("reboot")?;
    let (later, again) = (self::identifier(lab, wan)?, local_prefix(lab, lan)?);
    ensure!(later == identifier, "to DHCPv6 the router was {identifier:?}, and is {later:?}");
    proved("dhcpv6_knows_the_router_again_after_a_restart");
    ensure!(again == prefix, "the LAN's local prefix was {prefix}, and is {again}");
    proved("the_local_prefix_is_there_after_a_restart");
    Ok(())
}

/// The identifier by which the router asks DHCPv6, since there were so many frames.
fn identifier(lab: &mut Lab, since: usize) -> Result<Vec<u8>> {
    let message = lab.until("message to DHCPv6", |lab| {
        let mut packets = lab.wan.host.wire.frames()[since..].iter().filter_map(|frame| Packet::read(&frame.bytes));
        Ok(packets.find(|packet| packet.ports() == Some((546, 547))).map(|packet| packet.body))
    })?;
    let options = message.get(12..).and_then(dhcp6::options).context("the message has options")?;
    let client = options.iter().find(|option| option.0 == dhcp6::CLIENT).context("somebody asks")?;
    Ok(client.1.to_vec())
}

/// The prefix that the LAN is told of and the provider has not given, since there were so many frames.
fn local_prefix(lab: &mut Lab, since: usize) -> Result<Ipv6Cidr> {
    lab.until("advertisement of a local prefix", |lab| {
        let mut told = lab.lan.host.wire.frames()[since..].iter().filter_map(|frame| Advertisement::read(&frame.bytes));
        Ok(told.find_map(|told| {
            told.prefixes.iter().map(|prefix| prefix.prefix).find(|prefix| !DELEGATED.contains_subnet(prefix))
        }))
    })
}
