// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What hosts behind the router, and those they talk to, see of its NAT: the requirements of RFC 4787 (UDP), RFC 5382
//! (TCP) and RFC 5508 (ICMP). docs/conformance.md says which of them are met.

use anyhow::{bail, ensure, Context, Result};
use smoltcp::wire::{checksum, IpProtocol, Ipv4Address, Ipv4Packet, TcpControl};
use std::process::ExitCode;
use vmtests::addresses::{ROUTER_LAN, ROUTER_WAN};
use vmtests::packets::{self, Packet, DONT_FRAGMENT};
use vmtests::{scenario, Lab, Setup, Side, Stations};

type End = (Ipv4Address, u16);

/// Hosts in the LAN.
const A: Ipv4Address = Ipv4Address::new(192, 168, 1, 10);
const B: Ipv4Address = Ipv4Address::new(192, 168, 1, 11);
const C: Ipv4Address = Ipv4Address::new(192, 168, 1, 12);
const D: Ipv4Address = Ipv4Address::new(192, 168, 1, 13);
/// Hosts on the Internet, and a router there.
const X: Ipv4Address = Ipv4Address::new(203, 0, 113, 1);
const Y: Ipv4Address = Ipv4Address::new(203, 0, 113, 2);
const HOP: Ipv4Address = Ipv4Address::new(203, 0, 113, 254);

/// What opens a flow.
const OPENINGS: [fn(End, End) -> Packet; 2] = [datagram, syn];

/// Seconds that conntrack keeps a flow at least, by the name of its timeout.
const TIMEOUTS: [(&str, u32); 11] = [
    ("udp_timeout", 120),
    ("udp_timeout_stream", 300),
    ("icmp_timeout", 60),
    ("generic_timeout", 120),
    ("tcp_timeout_established", 7440),
    ("tcp_timeout_syn_sent", 240),
    ("tcp_timeout_syn_recv", 240),
    ("tcp_timeout_fin_wait", 240),
    ("tcp_timeout_close_wait", 240),
    ("tcp_timeout_last_ack", 240),
    ("tcp_timeout_time_wait", 240),
];

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    let mut stations = Stations::new(lab, &[A, B, C, D].map(Into::into))?;
    mappings(&mut stations, proved)?;
    filters(&mut stations, proved)?;
    sequences(&mut stations, proved)?;
    errors(&mut stations, proved)?;
    pings(&mut stations, proved)?;
    sizes(&mut stations, proved)?;
    forwards(&mut stations, proved)?;

    let values = stations.lab.output("cd /proc/sys/net/netfilter && grep . nf_conntrack_*_timeout*")?;
    for (name, least) in TIMEOUTS {
        let value = values.lines().find_map(|line| line.strip_prefix(&format!("nf_conntrack_{name}:")));
        let seconds: u32 = value.with_context(|| format!("no {name} in {values}"))?.parse()?;
        ensure!(seconds >= least, "{name} is {seconds} s, not {least}");
    }
    proved("flows_are_kept_as_long_as_they_must_be");
    times(&mut stations, proved)?;
    // At last, for what it fills is emptied by time only.
    crowds(&mut stations, proved)
}

fn mappings(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    for open in OPENINGS {
        for peer in [(X, 1000), (Y, 2000)] {
            ensure!(mapped(stations, &open((A, 5000), peer))? == 5000, "a free port is not kept");
        }
        let port = mapped(stations, &open((B, 5000), (X, 1000)))?;
        ensure!(port != 5000 && port >= 1024, "the second host has port {port}");
        ensure!(mapped(stations, &open((B, 5000), (HOP, 3000)))? == port, "it has another port for another peer");
    }
    proved("a_host_has_one_port_for_all_peers");

    for open in OPENINGS {
        ensure!(mapped(stations, &open((A, 500), (X, 1000)))? == 500, "a free port is not kept");
        let port = mapped(stations, &open((B, 500), (X, 1000)))?;
        ensure!(port != 500 && port < 1024, "port 500 has become {port}");
    }
    proved("low_ports_stay_low");

    for open in OPENINGS {
        let [first, second] = [((C, 6000), (X, 1000)), ((D, 6000), (Y, 1000))];
        ensure!(
            [mapped(stations, &open(first.0, first.1))?, mapped(stations, &open(second.0, second.1))?] == [6000; 2]
        );
        ensure!(mapped(stations, &open(first.0, second.1))? != 6000, "two flows look the same");
    }
    proved("two_hosts_may_share_a_port_until_they_have_the_same_peer");
    Ok(())
}

fn filters(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let (there, here) = ((X, 1000), (ROUTER_WAN, 5000));
    let others = [(X, 1001), (Y, 1000), (HOP, 1000)];
    let strangers: Vec<_> = others.into_iter().flat_map(|from| OPENINGS.map(|open| open(from, here))).collect();
    let heard = stations.turn(Side::Wan, &[&strangers[..], &[datagram(there, here)]].concat())?;
    let answer = heard.one(Side::Lan, |packet| packet.destination == A.into())?;
    ensure!(answer.ports() == Some((1000, 5000)) && answer.source == X.into(), "{answer:?}");
    proved("only_the_peer_that_was_asked_is_heard");
    ensure!(heard.wan.iter().all(|packet| packet.source != ROUTER_WAN.into()), "somebody was answered: {heard:?}");
    proved("who_was_not_asked_hears_nothing");

    for open in OPENINGS {
        let heard = stations.turn(Side::Lan, &[open((B, 7000), here)])?;
        ensure!(heard.none(Side::Lan, |packet| packet.destination == A.into()), "it turned round: {heard:?}");
        ensure!(
            heard.none(Side::Wan, |packet| packet.ports().is_some_and(|ports| ports.1 == here.1)),
            "it left: {heard:?}"
        );
    }
    proved("without_a_forward_nothing_turns_round");

    // What some protocols' helpers would rewrite.
    let said = b"INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 192.168.1.10:5060\r\n";
    let heard = stations.turn(Side::Lan, &[packets::udp((A, 5060), (X, 5060), said)])?;
    ensure!(heard.one(Side::Wan, is_to((X, 5060)))?.body.ends_with(said), "it says something else: {heard:?}");
    let (client, server, said) = ((A, 2121), (X, 21), b"PORT 192,168,1,10,19,136\r\n");
    stations.turn(Side::Lan, &[syn(client, server)])?;
    stations.turn(Side::Wan, &[packets::tcp(server, (ROUTER_WAN, 2121), TcpControl::Syn, (900, Some(2)), b"")])?;
    let command = packets::tcp(client, server, TcpControl::Psh, (2, Some(901)), said);
    let heard = stations.turn(Side::Lan, &[command])?;
    ensure!(heard.one(Side::Wan, is_to(server))?.body.ends_with(said), "it says something else: {heard:?}");
    proved("what_is_said_of_addresses_inside_stays");
    Ok(())
}

fn sequences(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let (here, mapped, there) = ((A, 7000), (ROUTER_WAN, 7000), (X, 80));
    let (syn, data) = (TcpControl::Syn, TcpControl::Psh);
    for (from, packet, to) in [
        (Side::Lan, packets::tcp(here, there, syn, (100, None), b""), there),
        (Side::Wan, packets::tcp(there, mapped, syn, (900, None), b""), here),
        (Side::Lan, packets::tcp(here, there, syn, (100, Some(901)), b""), there),
        (Side::Wan, packets::tcp(there, mapped, syn, (900, Some(101)), b""), here),
        (Side::Wan, packets::tcp(there, mapped, data, (901, Some(101)), b"in"), here),
        (Side::Lan, packets::tcp(here, there, data, (101, Some(903)), b"out"), there),
    ] {
        let heard = stations.turn(from, &[packet])?;
        ensure!(heard.one(from.other(), is_to(to))?.is_sound());
    }
    proved("both_ends_may_open_a_connection_at_once");

    let (here, mapped, there) = ((A, 7001), (ROUTER_WAN, 7001), (X, 81));
    let heard = stations.turn(Side::Wan, &[self::syn(there, mapped)])?;
    ensure!(heard.none(Side::Lan, is_to(here)) && heard.none(Side::Wan, is_to(there)), "{heard:?}");
    ensure!(self::mapped(stations, &self::syn(here, there))? == 7001, "the port is taken");
    stations.turn(Side::Wan, &[self::syn(there, mapped)])?.one(Side::Lan, is_to(here))?;
    proved("an_opening_that_nobody_awaits_is_met_with_silence_and_spoils_nothing");
    Ok(())
}

fn errors(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let (here, there) = ((A, 8000), (X, 1000));
    for open in OPENINGS {
        let heard = stations.turn(Side::Lan, &[open(here, there)])?;
        let out = heard.one(Side::Wan, is_to(there))?.bytes();
        for kind in [(3, 0), (3, 1), (3, 3), (3, 4), (3, 13), (11, 0), (12, 0)] {
            let error = packets::icmp(HOP, ROUTER_WAN, kind, [0, 0, 5, 120], &out);
            let heard = stations.turn(Side::Wan, &[error])?;
            let error = heard.one(Side::Lan, |packet| packet.icmp() == Some(kind))?;
            let about = error.quoted().context("an error is about something")?;
            ensure!((error.source, error.destination) == (HOP.into(), A.into()) && error.is_sound(), "{error:?}");
            ensure!((about.source, about.ports()) == (A.into(), Some((8000, 1000))), "it is about {about:?}");
        }
    }
    let answers = [
        datagram(there, (ROUTER_WAN, 8000)),
        packets::tcp(there, (ROUTER_WAN, 8000), TcpControl::Syn, (900, Some(2)), b""),
    ];
    let heard = stations.turn(Side::Wan, &answers)?;
    ensure!(heard.lan.iter().filter(|packet| is_to(here)(packet)).count() == 2, "flows have ended: {heard:?}");
    proved("an_error_reaches_the_host_it_is_about_and_ends_nothing");

    for answer in heard.lan.iter().filter(|packet| is_to(here)(packet)) {
        let heard = stations.turn(Side::Lan, &[packets::icmp(A, X, (3, 3), [0; 4], &answer.bytes())])?;
        let error = heard.one(Side::Wan, |packet| packet.icmp() == Some((3, 3)))?;
        let about = error.quoted().context("an error is about something")?;
        ensure!((error.source, error.destination) == (ROUTER_WAN.into(), X.into()) && error.is_sound(), "{error:?}");
        ensure!((about.destination, about.ports()) == (ROUTER_WAN.into(), Some((1000, 8000))), "{about:?}");
    }
    proved("a_hosts_error_leaves_under_the_routers_address");

    let known = datagram((ROUTER_WAN, 8000), there).bytes();
    let [unknown, never] =
        [datagram((ROUTER_WAN, 9999), there), datagram(there, (A, 9999))].map(|packet| packet.bytes());
    let mut unsound = packets::icmp(HOP, ROUTER_WAN, (3, 1), [0; 4], &known);
    unsound.body[2] ^= 1;
    let inward = stations.turn(Side::Wan, &[packets::icmp(HOP, ROUTER_WAN, (3, 1), [0; 4], &unknown), unsound])?;
    let outward = stations.turn(Side::Lan, &[packets::icmp(A, X, (3, 3), [0; 4], &never)])?;
    for heard in [&inward, &outward] {
        let errors = [Side::Wan, Side::Lan].map(|side| heard.none(side, |packet| packet.icmp().is_some()));
        ensure!(errors == [true; 2], "an error passed: {heard:?}");
    }
    proved("errors_about_no_flow_or_with_a_wrong_checksum_go_nowhere");

    let mut with_options = [&known[..20], &[1; 4], &known[20..]].concat();
    with_options[0] = 0x46;
    with_options[3] += 4;
    Ipv4Packet::new_unchecked(&mut with_options).fill_checksum();
    let mut changed = known.clone();
    changed[26] ^= 1;
    for quoted in [with_options, changed] {
        let heard = stations.turn(Side::Wan, &[packets::icmp(HOP, ROUTER_WAN, (3, 1), [0; 4], &quoted)])?;
        heard.one(Side::Lan, |packet| packet.icmp() == Some((3, 1)))?;
    }
    proved("an_error_may_quote_options_and_a_wrong_checksum_of_what_they_carry");

    // What is quoted has 128 bytes with its padding, as a field of the error says in words (RFC 4884), and an object of
    // eight is behind that.
    let padded = [&known[..], &[0; 128][known.len()..]].concat();
    let mut extension = [0x20, 0, 0, 0, 0, 8, 1, 1, 0xde, 0xad, 0xbe, 0xef];
    let sum = !checksum::data(&extension);
    extension[2..4].copy_from_slice(&sum.to_be_bytes());
    let error = packets::icmp(HOP, ROUTER_WAN, (3, 1), [0, 32, 0, 0], &[&padded[..], &extension].concat());
    let heard = stations.turn(Side::Wan, &[error])?;
    let error = heard.one(Side::Lan, |packet| packet.icmp() == Some((3, 1)))?;
    let about = error.quoted().context("an error is about something")?;
    ensure!(error.is_sound() && error.body.len() == 8 + 128 + 12 && error.body.ends_with(&extension), "{error:?}");
    ensure!(about.source == A.into() && about.is_sound(), "it is about {about:?}");
    proved("an_error_keeps_its_extensions");

    let mut damaged = known.clone();
    damaged[10] ^= 1;
    let heard = stations.turn(Side::Wan, &[packets::icmp(HOP, ROUTER_WAN, (3, 1), [0; 4], &damaged)])?;
    heard.one(Side::Lan, |packet| packet.icmp() == Some((3, 1)))?;
    proved("an_error_about_a_header_with_a_wrong_checksum_passes");

    let heard = stations.turn(Side::Lan, &[Packet { hops: 1, ..datagram(here, there) }])?;
    let error = heard.one(Side::Lan, |packet| packet.icmp() == Some((11, 0)))?;
    ensure!((error.source, error.destination) == (ROUTER_LAN.into(), A.into()), "{error:?}");
    proved("who_sends_what_may_pass_no_router_is_told");
    Ok(())
}

fn pings(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let mut numbers = Vec::new();
    for (host, peer) in [(A, X), (A, Y), (B, X)] {
        let heard = stations.turn(Side::Lan, &[packets::ping(host, peer, 7)])?;
        let ping = heard.one(Side::Wan, |packet| packet.destination == peer.into())?;
        ensure!(ping.source == ROUTER_WAN.into() && ping.is_sound(), "{ping:?}");
        let Some(number) = ping.number() else { bail!("{ping:?} is no ping") };
        numbers.push(number);
        let pong = Packet::new(peer, ROUTER_WAN, ping.protocol, ping.body.clone());
        let pong =
            packets::icmp(pong.source, pong.destination, (0, 0), [ping.body[4], ping.body[5], 0, 1], b"lunagate");
        let heard = stations.turn(Side::Wan, &[pong])?;
        let pong = heard.one(Side::Lan, |packet| packet.icmp() == Some((0, 0)))?;
        ensure!((pong.destination, pong.number()) == (host.into(), Some(7)) && pong.is_sound(), "{pong:?}");
    }
    ensure!(numbers[..2] == [7, 7] && numbers[2] != 7, "the numbers are {numbers:?}");
    proved("pings_of_two_hosts_with_one_number_are_kept_apart");

    for (side, host, router) in [(Side::Lan, A, ROUTER_LAN), (Side::Wan, X, ROUTER_WAN)] {
        let heard = stations.turn(side, &[packets::ping(host, router, 70)])?;
        let pong = heard.one(side, |packet| packet.icmp() == Some((0, 0)) && packet.number() == Some(70))?;
        ensure!((pong.source, pong.destination) == (router.into(), host.into()) && pong.is_sound(), "{pong:?}");
    }
    proved("the_router_answers_pings_itself");
    Ok(())
}

fn sizes(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let (here, there) = ((A, 8000), (X, 1000));
    let long: Vec<u8> = (0..1400).map(|number| number as u8).collect();
    for (from, packet, to) in [
        (Side::Wan, packets::udp(there, (ROUTER_WAN, 8000), &long), here),
        (Side::Lan, packets::udp(here, there, &long), there),
    ] {
        let [first, second] = packet.in_two(800);
        let heard = stations.turn(from, &[second, first])?;
        ensure!(assembled(heard.on(from.other()), to)?.ends_with(&long), "it is another: {heard:?}");
    }
    proved("fragments_in_any_order_arrive");

    stations.lab.output("ip link set eth0 mtu 1400")?;
    let packet = packets::udp(here, there, &long);
    let heard = stations.turn(Side::Lan, &[Packet { fragment: DONT_FRAGMENT, ..packet.clone() }])?;
    let error = heard.one(Side::Lan, |packet| packet.icmp() == Some((3, 4)))?;
    ensure!(error.destination == A.into() && error.body[6..8] == 1400_u16.to_be_bytes(), "{error:?}");
    ensure!(heard.none(Side::Wan, |packet| packet.destination == X.into()), "it passed");
    let heard = stations.turn(Side::Lan, &[packet])?;
    ensure!(heard.on(Side::Wan).len() == 2 && assembled(heard.on(Side::Wan), there)?.ends_with(&long), "{heard:?}");
    stations.lab.output("ip link set eth0 mtu 1500")?;
    proved("what_is_too_long_is_cut_or_its_sender_told");
    Ok(())
}

/// What a host of the LAN says to the WAN's address where the owner forwards it to another one.
fn forwards(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let forward = |protocol| format!("{{ protocol: {protocol}, port: 7100, to: {B} }}");
    let file = format!("firewall: {{ forwards: [{}, {}] }}", forward("udp"), forward("tcp"));
    stations.lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{file}\nEND"))?;
    let (client, there, server) = ((A, 7200), (ROUTER_WAN, 7100), (B, 7100));
    let mut arrived = Vec::new();
    for open in OPENINGS {
        let heard = stations.turn(Side::Lan, &[open(client, there)])?;
        let asked = heard.one(Side::Lan, is_to(server))?;
        ensure!(asked.source == ROUTER_LAN.into() && asked.is_sound(), "{asked:?}");
        let from = (ROUTER_LAN, asked.ports().context("it has ports")?.0);
        let answer = match asked.protocol {
            IpProtocol::Tcp => packets::tcp(server, from, TcpControl::Syn, (900, Some(2)), b""),
            _ => datagram(server, from),
        };
        let heard_back = stations.turn(Side::Lan, &[answer])?;
        let answer = heard_back.one(Side::Lan, is_to(client))?;
        ensure!(answer.source == ROUTER_WAN.into() && answer.is_sound(), "{answer:?}");
        arrived.push(asked.clone());
    }
    proved("a_forward_turns_round_what_is_for_its_port");
    for asked in arrived {
        let heard = stations.turn(Side::Lan, &[packets::icmp(B, ROUTER_LAN, (3, 3), [0; 4], &asked.bytes())])?;
        let error = heard.one(Side::Lan, |packet| packet.icmp() == Some((3, 3)))?;
        let about = error.quoted().context("an error is about something")?;
        ensure!((error.source, error.destination) == (ROUTER_WAN.into(), A.into()) && error.is_sound(), "{error:?}");
        ensure!(is_to(there)(&about) && (about.source, about.ports()) == (A.into(), Some((7200, 7100))), "{about:?}");
    }
    proved("errors_about_what_has_turned_round_turn_round");
    Ok(())
}

/// What a packet makes of the time that its flow is kept yet. Times are made much longer once the flow is there: it has one
/// of those only after a packet that has refreshed it.
fn times(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let lengthen = |stations: &mut Stations| {
        let names = "nf_conntrack_udp_timeout nf_conntrack_udp_timeout_stream nf_conntrack_icmp_timeout";
        stations.lab.output(&format!("cd /proc/sys/net/netfilter && for name in {names}; do echo 60000 > $name; done"))
    };
    let (here, there, flow) = ((A, 8100), (X, 1000), "-p udp --sport 8100");
    stations.turn(Side::Lan, &[datagram(here, there)])?;
    stations.turn(Side::Lan, &[packets::ping(A, X, 71)])?;
    lengthen(stations)?;
    ensure!(stations.kept(flow)? <= 300, "the flow is not kept as long as it was said");
    stations.turn(Side::Lan, &[datagram(here, there)])?;
    ensure!(stations.kept(flow)? > 300, "what went out did not refresh the flow");
    proved("what_goes_out_refreshes_a_flow");

    let (ping, flow) = (packets::ping(ROUTER_WAN, X, 71), "-p icmp --icmp-id 71");
    let heard = stations.turn(Side::Wan, &[packets::icmp(HOP, ROUTER_WAN, (11, 0), [0; 4], &ping.bytes())])?;
    let error = heard.one(Side::Lan, |packet| packet.icmp() == Some((11, 0)))?;
    ensure!(error.destination == A.into(), "{error:?}");
    ensure!(stations.kept(flow)? <= 60, "the error refreshed the session");
    let pong = packets::icmp(X, ROUTER_WAN, (0, 0), [0, 71, 0, 1], b"lunagate");
    let heard = stations.turn(Side::Wan, &[pong])?;
    heard.one(Side::Lan, |packet| packet.icmp() == Some((0, 0)) && packet.destination == A.into())?;
    stations.turn(Side::Lan, &[packets::ping(A, X, 71)])?;
    ensure!(stations.kept(flow)? > 60, "a ping does not refresh its session either");
    proved("an_error_about_a_ping_neither_refreshes_nor_ends_its_session");
    Ok(())
}

/// Somebody sends fragments whose rest never comes, as many as the router takes.
fn crowds(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let (here, there) = ((A, 8000), (X, 1000));
    let long: Vec<u8> = (0..1400).map(|number| number as u8).collect();
    // They are there for half a minute only: longer, so that this may be slow.
    let limit = "cd /proc/sys/net/ipv4 && echo 6000 > ipfrag_time && cat ipfrag_high_thresh";
    let limit: usize = stations.lab.output(limit)?.trim().parse()?;
    let [first, _] = packets::udp((Y, 1), (ROUTER_WAN, 1), &long).in_two(1400);
    let (mut id, mut used) = (0, 0);
    loop {
        let many: Vec<_> = (id..id + 500).map(|id| Packet { id, ..first.clone() }).collect();
        id += 500;
        stations.turn(Side::Wan, &many)?;
        let before = std::mem::replace(&mut used, memory_of_fragments(stations)?);
        if used == before {
            break;
        }
        ensure!(id < 20_000, "{id} fragments have {used} bytes");
    }
    ensure!(used < limit + 100_000, "fragments have {used} bytes, not {limit}");
    let heard = stations.turn(Side::Lan, &[datagram(here, there)])?;
    heard.one(Side::Wan, is_to(there))?;
    let heard = stations.turn(Side::Wan, &[datagram(there, (ROUTER_WAN, 8000))])?;
    heard.one(Side::Lan, is_to(here))?;
    let heard = stations.turn(Side::Wan, &packets::udp(there, (ROUTER_WAN, 8000), &long).in_two(800))?;
    ensure!(heard.none(Side::Lan, is_to(here)), "fragments pass: {heard:?}");
    proved("fragments_without_end_keep_out_other_fragments_and_nothing_else");
    Ok(())
}

fn memory_of_fragments(stations: &mut Stations) -> Result<usize> {
    let used = stations.lab.output("cat /proc/net/sockstat")?;
    let used = used.lines().find_map(|line| line.strip_prefix("FRAG: ")?.split_whitespace().last()?.parse().ok());
    used.context("sockstat does not say what fragments use")
}

/// The port under which this packet of a host leaves.
fn mapped(stations: &mut Stations, packet: &Packet) -> Result<u16> {
    let heard = stations.turn(Side::Lan, std::slice::from_ref(packet))?;
    let out = heard.one(Side::Wan, |out| out.destination == packet.destination)?;
    ensure!(out.source == ROUTER_WAN.into() && out.is_sound(), "{out:?}");
    Ok(out.ports().context("it has ports")?.0)
}

/// What the fragments of the packet to this end carried.
fn assembled(packets: &[Packet], to: End) -> Result<Vec<u8>> {
    let mut parts: Vec<_> = packets.iter().filter(|packet| packet.destination == to.0.into()).collect();
    parts.sort_by_key(|part| part.offset());
    let ports = parts.first().and_then(|part| part.ports());
    ensure!(ports.is_some_and(|ports| ports.1 == to.1), "it is for another port: {ports:?}");
    let mut whole = Vec::new();
    for part in parts {
        ensure!(part.offset() == whole.len(), "a part is missing before {part:?}");
        whole.extend(&part.body);
    }
    Ok(whole)
}

fn datagram(from: End, to: End) -> Packet {
    packets::udp(from, to, b"a datagram")
}

fn syn(from: End, to: End) -> Packet {
    packets::tcp(from, to, TcpControl::Syn, (1, None), b"")
}

fn is_to(end: End) -> impl Fn(&Packet) -> bool {
    move |packet| packet.destination == end.0.into() && packet.ports().is_some_and(|ports| ports.1 == end.1)
}
