// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The router at a provider's IPv6, before it has a prefix, with one, and after: the requirements of RFC 7084.
//! docs/conformance.md says which of them are met.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::{IpAddress, IpProtocol, Ipv6Address, Ipv6Cidr};
use std::process::ExitCode;
use vmtests::addresses::{DELEGATED, ROUTER_WAN6};
use vmtests::advertisement::{self, Advertisement};
use vmtests::packets::{self, Packet};
use vmtests::{dhcp6, scenario, Direction, Lab, Setup, Side, Stations};

/// Hosts in the LAN: one that has an address on the cable only, and one of the provider's prefix.
const NEIGHBOUR: Ipv6Address = Ipv6Address::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x10);
const A: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0x100, 0, 0, 0, 0, 0x10);
/// Nobody's, in the part of the prefix that no network of the router has.
const UNASSIGNED: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0x100, 0x77, 0, 0, 0, 1);
/// On the Internet.
const X: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 1);
/// All routers on the cable, and all of DHCPv6's servers.
const ROUTERS: Ipv6Address = Ipv6Address::new(0xff02, 0, 0, 0, 0, 0, 0, 2);
const SERVERS: Ipv6Address = Ipv6Address::new(0xff02, 0, 0, 0, 0, 0, 1, 2);
const LOCAL: Ipv6Cidr = Ipv6Cidr::new(Ipv6Address::new(0xfd00, 0, 0, 0, 0, 0, 0, 0), 8);

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    let mut stations = Stations::new(lab, &[NEIGHBOUR.into(), A.into()])?;
    let local = before(&mut stations, proved)?;

    stations.lab.wan.serve_ipv6();
    stations.lab.until("room for an advertisement", |lab| Ok(lab.wan.advertise_ipv6().then_some(())))?;
    stations.ipv6_is_up()?;
    wan(&mut stations, proved)?;
    lan(&mut stations, local, proved)?;
    ways(&mut stations, local, proved)?;
    messages(&mut stations, proved)
}

/// The router has no provider that speaks IPv6.
fn before(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<Ipv6Cidr> {
    let advertisement = solicit(stations, |_| true)?;
    let [prefix] = advertisement.prefixes[..] else {
        anyhow::bail!("one prefix is advertised before there is a provider's: {advertisement:?}")
    };
    ensure!(LOCAL.contains_subnet(&prefix.prefix) && prefix.prefix.prefix_len() == 64, "{prefix:?}");
    proved("the_lan_has_a_local_prefix_without_a_provider");
    let mut octets = prefix.prefix.address().octets();
    octets[15] = 0x10;
    let client = Ipv6Address::from(octets);
    stations.place(&[client.into()])?;
    for source in [client, NEIGHBOUR, A] {
        ensure!(!stations.passes(Side::Lan, &datagram(source, X))?, "a packet of {source} left");
    }
    proved("nothing_leaves_before_the_provider_delegates_a_prefix");
    Ok(prefix.prefix)
}

fn wan(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let sent = |kind| {
        let packets = stations.lab.wan.host.wire.from_router().filter_map(|frame| Packet::read(&frame.bytes));
        packets.filter(move |packet| packet.icmp() == Some((kind, 0))).collect::<Vec<_>>()
    };
    let solicitations = sent(133);
    let local = |address| matches!(address, IpAddress::Ipv6(address) if address.is_unicast_link_local());
    ensure!(!solicitations.is_empty() && solicitations.iter().all(|packet| local(packet.source)), "{solicitations:?}");
    // Who asks for its own address has none yet (RFC 4862).
    let probes = sent(135);
    ensure!(probes.iter().any(|packet| packet.source == Ipv6Address::UNSPECIFIED.into()), "{probes:?}");
    ensure!(sent(134).is_empty(), "the router advertises itself to the provider");
    proved("towards_the_provider_the_router_is_a_host");
    let addresses = stations.lab.output("ip -6 address show dev eth0 scope global")?;
    ensure!(addresses.contains(&ROUTER_WAN6.to_string()), "{addresses}");
    ensure!(stations.lab.output("ip -6 route show default")?.starts_with("default via fe80::1 dev eth0"));
    proved("it_has_the_address_and_the_way_out_that_the_provider_says");
    Ok(())
}

fn lan(stations: &mut Stations, local: Ipv6Cidr, proved: &dyn Fn(&str)) -> Result<()> {
    let advertisement = solicit(stations, |advertisement| advertisement.prefixes.len() == 2)?;
    ensure!(advertisement.lifetime > 0, "{advertisement:?}");
    for expected in [local, Ipv6Cidr::new(DELEGATED.address(), 64)] {
        let prefix = advertisement.prefixes.iter().find(|prefix| prefix.prefix == expected);
        let prefix = prefix.with_context(|| format!("no {expected} in {advertisement:?}"))?;
        ensure!(prefix.on_link && prefix.autonomous, "{prefix:?}");
        if DELEGATED.contains_subnet(&expected) {
            // No longer than the provider lets the router have it.
            let (valid, preferred) = prefix.lifetimes;
            ensure!((1..=7200).contains(&valid) && (1..=3600).contains(&preferred), "{prefix:?}");
        }
    }
    proved("hosts_make_addresses_of_both_prefixes_and_no_longer_than_the_provider_says");
    ensure!(advertisement.other && !advertisement.managed, "{advertisement:?}");
    ensure!(advertisement.has(advertisement::NAME_SERVERS) && advertisement.has(advertisement::DOMAINS));
    proved("an_advertisement_has_name_servers_and_domains");

    let before = stations.wire(Side::Lan).frames().len();
    let wanted = [dhcp6::NAME_SERVERS, dhcp6::DOMAINS].map(u16::to_be_bytes).concat();
    let asked = [dhcp6::option(dhcp6::CLIENT, &[0, 3, 0, 1, 2, 0, 0, 0, 0, 2]), dhcp6::option(dhcp6::WANTED, &wanted)];
    let asked = [&[dhcp6::INFORMATION_REQUEST, 0, 0, 7], &asked.concat()[..]].concat();
    stations.send(Side::Lan, &packets::udp((NEIGHBOUR, 546), (SERVERS, 547), &asked))?;
    let told = stations.lab.until("answer by DHCPv6", |lab| {
        let frames = lab.lan.host.wire.frames()[before..].iter();
        let mut packets = frames.filter_map(|frame| Packet::read(&frame.bytes));
        Ok(packets.find(|packet| packet.ports() == Some((547, 546))).map(|packet| packet.body[8..].to_vec()))
    })?;
    let options = dhcp6::options(&told[4..]).context("the answer has options")?;
    let has = |kind| options.iter().any(|option| option.0 == kind && !option.1.is_empty());
    ensure!(told[..4] == [dhcp6::REPLY, 0, 0, 7] && has(dhcp6::NAME_SERVERS) && has(dhcp6::DOMAINS), "{options:?}");
    proved("dhcpv6_has_name_servers_and_domains");
    Ok(())
}

fn ways(stations: &mut Stations, local: Ipv6Cidr, proved: &dyn Fn(&str)) -> Result<()> {
    ensure!(stations.passes(Side::Lan, &datagram(A, X))?, "what is right does not pass");
    for from in [Side::Wan, Side::Lan] {
        let source = if from == Side::Wan { X } else { A };
        let packet = datagram(source, UNASSIGNED);
        let heard = stations.turn(from, std::slice::from_ref(&packet))?;
        let back = |out: &Packet| out.destination == packet.destination;
        ensure!(heard.none(Side::Wan, back) && heard.none(Side::Lan, back), "it went on: {heard:?}");
        let error = heard.one(from, |out| matches!(out.icmp(), Some((1, _))))?;
        ensure!(error.destination == source.into(), "{error:?}");
    }
    proved("what_is_for_no_network_of_the_prefix_goes_nowhere_and_its_sender_is_told");

    let mut octets = local.address().octets();
    octets[15] = 0x10;
    let foreign = Ipv6Address::new(0x2001, 0xdb8, 0xeeee, 0, 0, 0, 0, 1);
    for source in [octets.into(), NEIGHBOUR, foreign, UNASSIGNED] {
        ensure!(!stations.passes(Side::Lan, &datagram(source, X))?, "a packet of {source} left");
    }
    let elsewhere = Ipv6Address::new(0xfd99, 0, 0, 0, 0, 0, 0, 1);
    ensure!(!stations.passes(Side::Lan, &datagram(A, elsewhere))?, "a packet for {elsewhere} left");
    proved("only_what_has_an_address_of_the_delegated_prefix_leaves");
    Ok(())
}

/// What ICMPv6 has to say to a host.
fn messages(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let router = Ipv6Address::new(0x2001, 0xdb8, 0x100, 0, 0, 0, 0, 1);
    for (packet, kind) in [
        (packets::ping(A, router, 7), (129, 0)),
        (datagram(A, router), (1, 4)),
        (Packet { hops: 1, ..datagram(A, X) }, (3, 0)),
        (Packet::new(A, router, IpProtocol::from(254), vec![0; 8]), (4, 1)),
    ] {
        let heard = stations.turn(Side::Lan, std::slice::from_ref(&packet))?;
        let message = heard.one(Side::Lan, |message| message.icmp() == Some(kind))?;
        ensure!(message.destination == A.into() && message.is_sound(), "{message:?} about {packet:?}");
    }
    stations.lab.output("ip link set eth0 mtu 1400")?;
    let heard = stations.turn(Side::Lan, &[packets::udp((A, 5000), (X, 1000), &[7; 1400])])?;
    let error = heard.one(Side::Lan, |packet| packet.icmp() == Some((2, 0)))?;
    ensure!(error.destination == A.into() && error.body[4..8] == 1400_u32.to_be_bytes(), "{error:?}");
    ensure!(heard.none(Side::Wan, |packet| packet.destination == X.into()), "it passed: {heard:?}");
    proved("who_sends_what_is_wrong_or_too_long_is_told_and_pings_are_answered");
    Ok(())
}

/// The answer to a host that asks for routers, once it is as `wanted`.
fn solicit(stations: &mut Stations, wanted: impl Fn(&Advertisement) -> bool) -> Result<Advertisement> {
    let mut before = stations.wire(Side::Lan).frames().len();
    let mut ask = packets::icmp(NEIGHBOUR, ROUTERS, (133, 0), [0; 4], &[1, 1, 2, 0, 0, 0, 0, 2]);
    ask.hops = 255;
    loop {
        stations.send(Side::Lan, &ask)?;
        let answer = stations.lab.until("advertisement", |lab| {
            let frames = lab.lan.host.wire.frames();
            let mut new = frames[before..].iter().filter(|frame| frame.direction == Direction::FromRouter);
            let found = new.find_map(|frame| Advertisement::read(&frame.bytes));
            before = frames.len();
            Ok(found)
        })?;
        if wanted(&answer) {
            return Ok(answer);
        }
    }
}

fn datagram(from: Ipv6Address, to: Ipv6Address) -> Packet {
    packets::udp((from, 5000), (to, 1000), b"a datagram")
}
