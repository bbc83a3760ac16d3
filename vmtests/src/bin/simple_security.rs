// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the router's wall lets pass by IPv6: the recommendations of RFC 6092. docs/conformance.md says which of them are
//! met.

use anyhow::{ensure, Result};
use smoltcp::wire::{IpProtocol, Ipv6Address, TcpControl};
use std::process::ExitCode;
use vmtests::addresses::ROUTER_WAN6;
use vmtests::packets::{self, Packet};
use vmtests::{dns, scenario, Lab, Setup, Side, Stations};

type End = (Ipv6Address, u16);

/// Hosts in the LAN, and the router.
const A: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0x100, 0, 0, 0, 0, 0x10);
const B: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0x100, 0, 0, 0, 0, 0x11);
/// Hosts on the Internet, and a router there.
const X: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 1);
const Y: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 2);
const HOP: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 0xfe);
/// Nobody's addresses on the Internet: local, of sites, of IPv4's, of cryptographic identifiers, and to be discarded.
const NOWHERE: [Ipv6Address; 6] = [
    Ipv6Address::new(0xfd99, 0, 0, 0, 0, 0, 0, 1),
    Ipv6Address::new(0xfec0, 0, 0, 0, 0, 0, 0, 1),
    Ipv6Address::new(0, 0, 0, 0, 0, 0, 0x0102, 0x0304),
    Ipv6Address::new(0, 0, 0, 0, 0, 0xffff, 0x0102, 0x0304),
    Ipv6Address::new(0x2001, 0x10, 0, 0, 0, 0, 0, 1),
    Ipv6Address::new(0x100, 0, 0, 0, 0, 0, 0, 1),
];
/// Of somebody else's prefix.
const FOREIGN: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0xeeee, 0, 0, 0, 0, 1);
/// Groups: of an organization, of a site, and who is on the cable.
const ORGANIZATION: Ipv6Address = Ipv6Address::new(0xff08, 0, 0, 0, 0, 0, 0, 0x99);
const SITE: Ipv6Address = Ipv6Address::new(0xff05, 0, 0, 0, 0, 0, 0, 0x99);
const SERVERS: Ipv6Address = Ipv6Address::new(0xff02, 0, 0, 0, 0, 0, 1, 2);
const NEIGHBOUR: Ipv6Address = Ipv6Address::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x77);

/// What opens a flow.
const OPENINGS: [fn(End, End) -> Packet; 2] = [datagram, syn];
/// A port that the owner has opened.
const OPEN: End = (A, 7000);

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.wan.serve_ipv6();
    lab.boot()?;
    let mut stations = Stations::new(lab, &[A.into(), B.into()])?;
    stations.ipv6_is_up()?;
    let file = format!("firewall: {{ pinholes: [{{ protocol: udp, port: {}, to: '{A}' }}] }}", OPEN.1);
    stations.lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{file}\nEND"))?;
    headers(&mut stations, proved)?;
    services(&mut stations, proved)?;
    flows(&mut stations, proved)?;
    connections(&mut stations, proved)?;
    errors(&mut stations, proved)?;
    protocols(&mut stations, proved)?;
    headers_of_flows(&mut stations, proved)
}

fn headers(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let pass = |stations: &mut Stations, from, packet: Packet, wanted: bool| {
        let passes = stations.passes(from, &packet)?;
        ensure!(passes == wanted, "from the {from:?} it passes: {passes}: {packet:?}");
        Ok(())
    };
    let (out, inward) = (Side::Lan, Side::Wan);
    // What is right, first: the wall is not what stops the others.
    pass(stations, out, datagram(OPEN, (X, 1000)), true)?;
    pass(stations, inward, datagram((Y, 1000), OPEN), true)?;

    pass(stations, out, datagram((ORGANIZATION, 1), (X, 1000)), false)?;
    pass(stations, inward, datagram((ORGANIZATION, 1), OPEN), false)?;
    for group in [ORGANIZATION, SITE] {
        pass(stations, out, datagram((A, 1), (group, 1000)), false)?;
        pass(stations, inward, datagram((X, 1), (group, 1000)), false)?;
    }
    proved("nothing_from_or_to_a_group_passes");

    for address in NOWHERE {
        pass(stations, out, datagram((address, 1), (X, 1000)), false)?;
        pass(stations, out, datagram((A, 1), (address, 1000)), false)?;
        pass(stations, inward, datagram((address, 1), OPEN), false)?;
    }
    proved("addresses_that_the_internet_has_not_do_not_pass");
    for address in [FOREIGN, ROUTER_WAN6, NEIGHBOUR] {
        pass(stations, out, datagram((address, 1), (X, 1000)), false)?;
    }
    proved("nobody_sends_under_an_address_of_others");
    pass(stations, inward, datagram((B, 1), OPEN), false)?;
    proved("nobody_outside_sends_under_an_address_of_the_lan");

    for (from, packet) in [(out, datagram(OPEN, (X, 1000))), (inward, datagram((Y, 1000), OPEN))] {
        // A header of routes or of options: what is next, how long it is beyond eight bytes, and what it says.
        let behind = |kind, header: &[u8]| {
            let body = [&[u8::from(packet.protocol)], header, &packet.body].concat();
            Packet { protocol: IpProtocol::from(kind), body, ..packet.clone() }
        };
        pass(stations, from, behind(60, &[0, 1, 4, 0, 0, 0, 0]), true)?;
        let route = [&[2, 0, 0, 0, 0, 0, 0][..], &B.octets()].concat();
        pass(stations, from, behind(43, &route), false)?;
    }
    proved("a_route_of_the_senders_choice_does_not_pass_and_options_do");
    Ok(())
}

fn services(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let router = Ipv6Address::new(0x2001, 0xdb8, 0x100, 0, 0, 0, 0, 1);
    let mut asked = Vec::new();
    for address in [ROUTER_WAN6, router] {
        asked.push(packets::udp((X, 1000), (address, 53), &dns::query(7, "router.lan")));
        asked.extend([22, 53, 80].map(|port| syn((X, 1000), (address, port))));
    }
    // DHCPv6: a solicitation of somebody who has an identifier.
    let solicit = [1, 0, 0, 7, 0, 1, 0, 4, 0, 3, 0, 1, 0, 14, 0, 0];
    asked.push(packets::udp((NEIGHBOUR, 546), (SERVERS, 547), &solicit));
    let heard = stations.turn(Side::Wan, &asked)?;
    let answered = |packet: &Packet| packet.destination == X.into() || packet.destination == NEIGHBOUR.into();
    ensure!(heard.none(Side::Wan, answered), "the Internet was answered: {heard:?}");
    proved("the_internet_has_no_service_of_the_router");
    Ok(())
}

fn flows(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let (here, there) = ((A, 5000), (X, 1000));
    for open in OPENINGS {
        ensure!(stations.passes(Side::Lan, &open(here, there))?, "a flow is not opened");
    }
    let strangers = [(X, 1001), (Y, 1000)].into_iter().flat_map(|from| OPENINGS.map(|open| open(from, here)));
    let packets: Vec<_> = strangers.chain([datagram(there, here)]).collect();
    let heard = stations.turn(Side::Wan, &packets)?;
    let answer = heard.one(Side::Lan, |packet| packet.destination == A.into())?;
    ensure!(answer.ports() == Some((1000, 5000)) && answer.source == X.into(), "{answer:?}");
    proved("only_the_peer_that_was_asked_is_heard");
    ensure!(heard.none(Side::Wan, |packet| [X, Y].map(Into::into).contains(&packet.destination)), "{heard:?}");
    proved("who_was_not_asked_hears_nothing");

    // The time is made much longer once the flow is there: it has that only after a packet that has refreshed it.
    let (here, flow) = ((A, 5000), "-f ipv6 -p udp --sport 5000");
    let lengthen = "cd /proc/sys/net/netfilter && for name in nf_conntrack_udp_timeout*; do echo 60000 > $name; done";
    stations.lab.output(lengthen)?;
    ensure!(stations.kept(flow)? <= 300, "the flow is not kept as long as it was said");
    ensure!(stations.passes(Side::Lan, &datagram(here, there))? && stations.kept(flow)? > 300, "it was not refreshed");
    proved("what_goes_out_refreshes_a_flow");
    Ok(())
}

fn connections(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let (syn, data, fin, ack) = (TcpControl::Syn, TcpControl::Psh, TcpControl::Fin, TcpControl::None);
    let (here, there) = ((A, 5001), (X, 80));
    for (from, packet) in [
        (Side::Lan, packets::tcp(here, there, syn, (100, None), b"")),
        (Side::Wan, packets::tcp(there, here, syn, (900, None), b"")),
        (Side::Lan, packets::tcp(here, there, syn, (100, Some(901)), b"")),
        (Side::Wan, packets::tcp(there, here, syn, (900, Some(101)), b"")),
        (Side::Wan, packets::tcp(there, here, data, (901, Some(101)), b"in")),
        (Side::Lan, packets::tcp(here, there, data, (101, Some(903)), b"out")),
    ] {
        let heard = stations.turn(from, &[packet])?;
        heard.one(from.other(), |out| out.segment().is_some())?;
    }
    proved("both_ends_may_open_a_connection_at_once");

    let (here, there) = ((A, 5002), (X, 80));
    let out = |control, numbers, said: &[u8]| (Side::Lan, packets::tcp(here, there, control, numbers, said));
    let inward = |control, numbers, said: &[u8]| (Side::Wan, packets::tcp(there, here, control, numbers, said));
    for (from, packet) in [
        out(syn, (100, None), b""),
        inward(syn, (900, Some(101)), b""),
        out(ack, (101, Some(901)), b""),
        out(data, (101, Some(901)), b"question"),
        inward(data, (901, Some(109)), b"answer"),
    ] {
        ensure!(stations.passes(from, &packet)?, "it does not pass: {packet:?}");
    }
    // Its window, which the wall knows.
    let (from, beyond) = inward(data, (100_000_000, Some(109)), b"beyond");
    ensure!(!stations.passes(from, &beyond)?, "what is beyond the window passes");
    for (from, packet) in
        [inward(fin, (907, Some(109)), b""), out(fin, (109, Some(908)), b""), inward(ack, (908, Some(110)), b"")]
    {
        ensure!(stations.passes(from, &packet)?, "it does not pass: {packet:?}");
    }
    proved("a_connection_is_opened_used_and_closed");

    // A connection that was there before the wall: nobody has seen its ends agree on scales of windows.
    let (here, there) = ((A, 5003), (X, 80));
    for (from, packet) in [
        (Side::Lan, packets::tcp(here, there, data, (101, Some(901)), b"question")),
        (Side::Wan, packets::tcp(there, here, data, (900_901, Some(109)), b"answer")),
        (Side::Lan, packets::tcp(here, there, data, (500_109, Some(900_907)), b"question")),
    ] {
        ensure!(stations.passes(from, &packet)?, "it does not pass: {packet:?}");
    }
    proved("windows_count_only_where_their_scale_is_known");
    Ok(())
}

fn errors(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    let (here, there) = ((A, 6000), (X, 1000));
    for open in OPENINGS {
        let opening = open(here, there);
        ensure!(stations.passes(Side::Lan, &opening)?, "a flow is not opened");
        for kind in [(1, 0), (1, 1), (1, 3), (1, 4), (2, 0), (3, 0), (4, 0)] {
            let error = packets::icmp(HOP, A, kind, [0, 0, 5, 0], &opening.bytes());
            ensure!(stations.passes(Side::Wan, &error)?, "{kind:?} does not pass");
        }
    }
    for answer in [datagram(there, here), packets::tcp(there, here, TcpControl::Syn, (900, Some(2)), b"")] {
        let heard = stations.turn(Side::Wan, &[answer])?;
        heard.one(Side::Lan, |packet| packet.destination == A.into() && packet.source == X.into())?;
    }
    proved("errors_about_a_flow_pass_and_end_nothing");

    let [never, unknown] = [datagram(here, (Y, 9)), datagram((Y, 9), here)].map(|packet| packet.bytes());
    for kind in [(1, 0), (1, 4), (2, 0)] {
        let inward = packets::icmp(HOP, A, kind, [0, 0, 5, 0], &never);
        let outward = packets::icmp(A, Y, kind, [0, 0, 5, 0], &unknown);
        ensure!(!stations.passes(Side::Wan, &inward)? && !stations.passes(Side::Lan, &outward)?, "{kind:?} passes");
    }
    proved("errors_about_no_flow_do_not_pass");
    Ok(())
}

fn protocols(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    // ESP, UDP-Lite, SCTP, DCCP, HIP, Shim6, mobility, and packets in packets.
    let errors = [(1, 0), (1, 4), (2, 0)];
    for protocol in [50, 136, 132, 33, 139, 140, 135, 41] {
        let packet = |from: Ipv6Address, to: Ipv6Address| {
            Packet::new(from, to, IpProtocol::from(protocol), b"\x3b\x09\0\x09 what it carries".to_vec())
        };
        ensure!(!stations.passes(Side::Wan, &packet(X, B))?, "protocol {protocol} passes unasked");
        ensure!(stations.passes(Side::Lan, &packet(B, X))?, "protocol {protocol} does not pass");
        for kind in errors {
            let error = packets::icmp(HOP, B, kind, [0, 0, 5, 0], &packet(B, X).bytes());
            ensure!(stations.passes(Side::Wan, &error)?, "{kind:?} about protocol {protocol} does not pass");
            let error = packets::icmp(HOP, B, kind, [0, 0, 5, 0], &packet(B, Y).bytes());
            ensure!(!stations.passes(Side::Wan, &error)?, "{kind:?} about what protocol {protocol} never sent passes");
        }
        ensure!(stations.passes(Side::Wan, &packet(X, B))?, "the answer by protocol {protocol} does not pass");
        ensure!(!stations.passes(Side::Wan, &packet(Y, B))?, "another's by protocol {protocol} passes");
    }
    // They went between the same two: what one of them had opened was closed to the next.
    proved("other_protocols_pass_when_the_lan_begins");
    proved("errors_about_other_protocols_pass");
    ensure!(!stations.passes(Side::Wan, &datagram((X, 500), (B, 500)))?, "a call by IKE passes unasked");
    proved("calls_by_ike_do_not_pass_unasked");
    Ok(())
}

/// What a flow of datagrams may have before them.
fn headers_of_flows(stations: &mut Stations, proved: &dyn Fn(&str)) -> Result<()> {
    // A header of this kind before a datagram: what is next, and this.
    let behind = |kind, header: &[u8], (from, to): (End, End)| {
        let datagram = datagram(from, to);
        let body = [&[u8::from(datagram.protocol)], header, &datagram.body].concat();
        Packet { protocol: IpProtocol::from(kind), body, ..datagram }
    };
    // AH: its length, to whom it is known, its number, and 12 bytes that vouch for it.
    let vouched = [&[4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], &[7; 12][..]].concat();
    let vouched = |from, to| behind(51, &vouched, (from, to));
    let (here, there) = ((A, 5100), (X, 1000));
    ensure!(!stations.passes(Side::Wan, &vouched(there, here))?, "what AH vouches for passes unasked");
    ensure!(stations.passes(Side::Lan, &vouched(here, there))?, "what AH vouches for does not pass");
    ensure!(stations.passes(Side::Wan, &vouched(there, here))?, "the answer that AH vouches for does not pass");
    proved("what_ah_vouches_for_passes_when_the_lan_begins");

    // A host far from home says where that is, by an option, and is answered by way of it, by a route.
    let (here, other) = ((A, 5101), Ipv6Address::new(0x2001, 0xdb8, 0xeeee, 0, 0, 0, 0, 2));
    let from_home = [&[2, 1, 2, 0, 0, 0xc9, 16], &FOREIGN.octets()[..]].concat();
    let home = |home: Ipv6Address| [&[2, 2, 1, 0, 0, 0, 0], &home.octets()[..]].concat();
    ensure!(stations.passes(Side::Lan, &behind(60, &from_home, (here, there)))?, "a home does not pass");
    let way = home(FOREIGN);
    ensure!(stations.passes(Side::Wan, &behind(43, &way, (there, here)))?, "the way home does not pass");
    ensure!(!stations.passes(Side::Wan, &behind(43, &way, ((Y, 1000), here)))?, "another's way home passes");
    ensure!(stations.passes(Side::Wan, &behind(43, &home(other), (there, here)))?, "the home counts");
    proved("an_answer_passes_by_way_of_whatever_home");

    // Shim6's header, by another's flow of datagrams.
    let shim = behind(140, &[0, 0x80, 0, 0, 0, 0, 1], (there, here));
    ensure!(!stations.passes(Side::Wan, &shim)?, "what is behind Shim6's header passes as if it were not there");
    proved("an_answer_behind_shim6s_header_does_not_pass");
    Ok(())
}

fn datagram(from: End, to: End) -> Packet {
    packets::udp(from, to, b"a datagram")
}

fn syn(from: End, to: End) -> Packet {
    packets::tcp(from, to, TcpControl::Syn, (1, None), b"")
}
