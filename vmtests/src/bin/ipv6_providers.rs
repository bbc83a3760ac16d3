// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the router makes of what providers give who do it in other ways: RFC 7084's requirements for the WAN (WAA, WPD)
//! and for networks whose prefixes change. docs/conformance.md says which of them are met.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::{Ipv6Address, Ipv6Cidr};
use std::process::ExitCode;
use vmtests::addresses::{DELEGATED, SERVER6};
use vmtests::advertisement::{Advertisement, Prefix};
use vmtests::packets::{self, Packet};
use vmtests::{dhcp6, frames, scenario, Ipv6, Lab, Service, Setup, Side, Stations};

/// The prefix of the provider's cable, and an address of it that nobody has.
const CABLE: Ipv6Cidr = Ipv6Cidr::new(Ipv6Address::new(0x2001, 0xdb8, 0, 2, 0, 0, 0, 0), 64);
const NOBODY: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0, 2, 0, 0, 0, 0x99);
/// Prefixes of other lengths.
const LONG: Ipv6Cidr = Ipv6Cidr::new(Ipv6Address::new(0x2001, 0xdb8, 0x200, 0, 0, 0, 0, 0), 60);
const LONGEST: Ipv6Cidr = Ipv6Cidr::new(Ipv6Address::new(0x2001, 0xdb8, 0x300, 0, 0, 0, 0, 0), 64);
/// A host in the LAN.
const NEIGHBOUR: Ipv6Address = Ipv6Address::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x10);
const ROUTERS: Ipv6Address = Ipv6Address::new(0xff02, 0, 0, 0, 0, 0, 0, 2);
/// A network beside the LAN, on a VLAN of its port.
const GUEST: u16 = 20;

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    // As some do, with the server of many customers behind a relay.
    lab.wan.serve_ipv6_like(Service { address: false, answers: (SERVER6, 5470), ..Service::default() });
    lab.boot()?;
    let mut stations = Stations::new(lab, &[])?;
    asked(&mut stations, proved)?;
    addresses(&mut stations, proved)?;
    sizes(&mut stations, proved)?;
    changes(&mut stations, proved)
}

/// What the router asks DHCPv6 for.
fn asked(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let solicited = stations.lab.until("solicitation by DHCPv6", |lab| {
        let packets = lab.wan.host.wire.from_router().filter_map(|frame| Packet::read(&frame.bytes));
        let mut messages = packets.filter(|packet| packet.ports() == Some((546, 547))).map(|packet| packet.body);
        Ok(messages.find(|message| message.get(8) == Some(&dhcp6::SOLICIT)))
    })?;
    let options = dhcp6::options(&solicited[12..]).context("the solicitation has options")?;
    let find = |kind| options.iter().find(|option| option.0 == kind).map(|option| option.1);
    // Its identifier and its times, and nothing behind them.
    ensure!(find(dhcp6::IA_PD).is_some_and(|prefixes| prefixes.len() == 12), "{options:?}");
    proved("it_asks_for_a_prefix_of_whatever_size");
    let wanted = find(dhcp6::WANTED).context("it wants something")?;
    let wants = |kind: u16| wanted.chunks(2).any(|wanted| wanted == kind.to_be_bytes());
    ensure!(wants(dhcp6::NAME_SERVERS) && wants(dhcp6::SOL_MAX_RT), "it wants {wanted:?}");
    proved("it_asks_for_name_servers_and_how_long_to_wait");
    let others = [dhcp6::DOMAINS, dhcp6::NTP_SERVERS, dhcp6::PD_EXCLUDE];
    ensure!(!others.into_iter().any(wants) && find(dhcp6::RECONFIGURE_ACCEPT).is_none(), "it asks for {options:?}");
    proved("it_asks_for_no_domains_times_and_exclusions_and_not_to_be_told_when_to_ask");
    Ok(())
}

fn addresses(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    has(stations, "eth1", DELEGATED)?;
    ensure!(internet(stations.lab)?.leased.is_empty(), "the provider has given an address");
    proved("a_prefix_is_taken_without_an_address");
    proved("answers_come_from_whatever_address_and_port");
    reaches_the_internet(stations, DELEGATED)?;
    proved("without_an_address_on_the_wan_it_has_one_of_the_prefix");

    renew(stations, Service { address: false, advertised: Some(CABLE), ..Service::default() })?;
    has(stations, "eth0", CABLE)?;
    reaches_the_internet(stations, CABLE)?;
    proved("it_makes_an_address_of_the_prefix_that_is_advertised");
    // Nobody answers.
    stations.lab.run(&format!("ping -6 -c 1 -W 1 {NOBODY}"))?;
    let to = |kind| {
        let packets = stations.lab.wan.host.wire.from_router().filter_map(|frame| Packet::read(&frame.bytes));
        packets.filter(|packet| packet.icmp() == Some((kind, 0))).collect::<Vec<_>>()
    };
    let (pings, solicitations) = (to(128), to(135));
    ensure!(pings.iter().any(|ping| ping.destination == NOBODY.into()), "no ping left: {pings:?}");
    let neighbour = |packet: &Packet| packet.body.get(8..24) == Some(&NOBODY.octets());
    ensure!(!solicitations.iter().any(neighbour), "it looked for a neighbour: {solicitations:?}");
    proved("who_is_not_said_to_be_on_the_cable_is_reached_by_way_of_the_router");
    Ok(())
}

fn sizes(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let file = format!("networks: {{ guest: {{ ports: [eth1.{GUEST}], address: 192.168.20.1/24 }} }}");
    stations.lab.wan.serve_ipv6_like(Service { prefix: LONG, former: Some(DELEGATED), ..Service::default() });
    stations.lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{file}\nEND"))?;
    let networks = subnets(LONG);
    has(stations, "eth1", networks[0])?;
    has(stations, &format!("eth1.{GUEST}"), networks[1])?;
    for (vlan, network) in [None, Some(GUEST)].into_iter().zip(networks) {
        advertised(stations, vlan, "its own subnet", |prefixes| {
            let alive = prefixes.iter().filter(|prefix| LONG.contains_subnet(&prefix.prefix));
            alive.map(|prefix| prefix.prefix).collect::<Vec<_>>() == [network]
        })?;
    }
    proved("each_network_has_64_bits_of_a_prefix_of_any_length");

    renew(stations, Service { prefix: LONGEST, former: Some(LONG), ..Service::default() })?;
    has(stations, "eth1", LONGEST)?;
    stations
        .lab
        .output("until logread | grep -q 'eth1.20: invalid prefix 2001:db8:300::/64'; do usleep 200000; done")?;
    proved("a_prefix_for_one_network_is_the_lans");
    Ok(())
}

/// The prefix becomes another one.
fn changes(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    renew(stations, Service { former: Some(LONGEST), ..Service::default() })?;
    has(stations, "eth1", DELEGATED)?;
    let find = |prefixes: &[Prefix], prefix| prefixes.iter().find(|found| found.prefix == prefix).copied();
    let [old, new] = [LONGEST, subnets(DELEGATED)[0]];
    let told = advertised(stations, None, "both prefixes", |prefixes| {
        find(prefixes, old).is_some_and(|old| old.lifetimes.1 == 0) && find(prefixes, new).is_some()
    })?;
    let [old, new] = [old, new].map(|prefix| find(&told, prefix).context("it is advertised"));
    let (old, new) = (old?, new?);
    ensure!(old.lifetimes.0 <= 7200 && new.lifetimes.1 > 0, "{told:?}");
    proved("a_prefix_that_is_gone_is_withdrawn");
    Ok(())
}

fn internet(lab: &Lab) -> Result<&Ipv6> {
    lab.wan.ipv6().context("the provider gives no IPv6")
}

/// The first two networks of a prefix.
fn subnets(prefix: Ipv6Cidr) -> [Ipv6Cidr; 2] {
    [0, 1].map(|number: u128| Ipv6Cidr::new(Ipv6Address::from_bits(prefix.address().to_bits() | number << 64), 64))
}

/// The provider gives something else, and the router hears and asks.
fn renew(stations: &mut Stations, service: Service) -> Result<()> {
    stations.lab.wan.serve_ipv6_like(service);
    stations.lab.until("room for an advertisement", |lab| Ok(lab.wan.advertise_ipv6().then_some(())))?;
    stations.lab.output("dhcpcd --renew eth0").map(drop)
}

/// Waits until this interface has an address of this prefix, which may be used.
fn has(stations: &mut Stations, interface: &str, prefix: Ipv6Cidr) -> Result<()> {
    let text = prefix.address().to_string();
    let text = text.trim_end_matches(':');
    let wait = format!(
        "until ip -6 address show dev {interface} scope global -tentative | grep -q ' {text}:'; do usleep 200000; done"
    );
    stations.lab.output(&wait).map(drop)
}

/// The router itself reaches the Internet, under an address of this prefix.
fn reaches_the_internet(stations: &mut Stations, prefix: Ipv6Cidr) -> Result<()> {
    stations.lab.output(&format!("until ping -6 -c 1 -W 1 {SERVER6}; do :; done"))?;
    let from = internet(stations.lab)?.pinged_from.last().context("the Internet was not reached")?;
    ensure!(prefix.contains_addr(from), "the router is {from} to the Internet");
    Ok(())
}

/// The prefixes that the router advertises to this VLAN, once they are as `wanted`.
fn advertised(
    stations: &mut Stations,
    vlan: Option<u16>,
    what: &str,
    wanted: impl Fn(&[Prefix]) -> bool,
) -> Result<Vec<Prefix>> {
    stations.lab.lan.plug_into(vlan);
    let mut ask = packets::icmp(NEIGHBOUR, ROUTERS, (133, 0), [0; 4], &[1, 1, 2, 0, 0, 0, 0, 2]);
    ask.hops = 255;
    let mut next = stations.wire(Side::Lan).frames().len();
    loop {
        stations.send(Side::Lan, &ask)?;
        let answer = stations.lab.until(what, |lab| {
            let mut new = lab.lan.host.wire.frames()[next..].iter().map(|frame| frames::untagged(&frame.bytes));
            let found = new.find_map(|(on, frame)| Advertisement::read(&frame).filter(|_| on == vlan));
            next = lab.lan.host.wire.frames().len();
            Ok(found)
        })?;
        if wanted(&answer.prefixes) {
            return Ok(answer.prefixes);
        }
    }
}
