// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! By a provider's DHCPv6 the router has an address and a prefix: its clients reach the Internet by IPv6 under
//! addresses of their own, and nobody there reaches them unasked.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::{IpProtocol, Ipv6Address, Ipv6Cidr};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use vmtests::addresses::{DELEGATED, LAN_HOST, ROUTER_WAN6, SERVER6};
use vmtests::advertisement::{Advertisement, Prefix};
use vmtests::{frames6, scenario, Frame, Ipv6, Lab, Setup};

/// How often a ping is repeated that has no answer.
const RETRY: Duration = Duration::from_millis(500);
/// What a datagram carries that nobody asked for.
const FORBIDDEN: &[u8] = b"from the Internet";

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.wan.serve_ipv6();
    lab.boot()?;
    lab.until("delegated prefix", |lab| Ok((!internet(lab)?.delegated.is_empty()).then_some(())))?;
    ensure!(internet(lab)?.leased.contains(&ROUTER_WAN6), "the router took a prefix, but no address");
    lab.lan.host.use_ipv6();
    let (router, prefix) = lab.until("advertisement of the delegated prefix", |lab| Ok(advertised(lab)))?;
    ensure!(prefix == Ipv6Cidr::new(DELEGATED.address(), 64), "the LAN's prefix is {prefix}");
    let client = lab.lan.host.use_prefix(prefix, router).context("a prefix of 64 bits makes an address")?;
    proved("the_lan_has_a_subnet_of_the_delegated_prefix");

    ping_from(lab, client, 1)?;
    let others = internet(lab)?.pinged_from.iter().find(|source| **source != client);
    ensure!(others.is_none(), "the Internet saw {others:?}, not {client}");
    proved("a_client_reaches_the_internet_under_its_own_address");

    let ends = internet(lab)?.ends(4000, (client, 22));
    for frame in [frames6::ping(ends, 2), frames6::tcp_syn(ends), frames6::udp(ends, FORBIDDEN)] {
        lab.until("room for a frame", |lab| Ok(lab.wan.host.wire.deliver(&frame).then_some(())))?;
    }
    // What comes after them on the cable, and arrives, had no reason to overtake.
    ping_from(lab, client, 3)?;
    let heard = unasked(lab).next();
    ensure!(heard.is_none(), "a client heard from the Internet what it did not ask for: {heard:?}");
    proved("nobody_on_the_internet_reaches_a_client_unasked");

    // The same segment as before, and now it arrives: the wall is what kept it out.
    let pinhole = format!("firewall: {{ pinholes: [{{ protocol: tcp, port: 22, to: '{client}' }}] }}");
    lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{pinhole}\nEND"))?;
    let syn = frames6::tcp_syn(ends);
    repeat(
        lab,
        "segment for the port that is open",
        |lab| _ = lab.wan.host.wire.deliver(&syn),
        |lab| unasked(lab).next().is_some(),
    )?;
    for frame in [frames6::ping(ends, 2), frames6::udp(ends, FORBIDDEN)] {
        lab.until("room for a frame", |lab| Ok(lab.wan.host.wire.deliver(&frame).then_some(())))?;
    }
    ping_from(lab, client, 5)?;
    let other = unasked(lab).find(|frame| !is_tcp(&frame.bytes)).cloned();
    ensure!(other.is_none(), "a port is open, and more: {other:?}");
    proved("a_pinhole_opens_one_port_of_a_client");

    repeat(
        lab,
        "the router's answer to a ping",
        |lab| _ = lab.wan.ping6(ROUTER_WAN6, 4),
        |lab| {
            lab.wan.host.wire.from_router().any(|frame| frames6::pong(&frame.bytes) == Some((4, ROUTER_WAN6, SERVER6)))
        },
    )?;
    proved("the_router_answers_pings_at_its_own_address");
    no_more(lab, proved)
}

/// Who wants no IPv6 any more has none, before what was given expires; and again, who wants it again.
fn no_more(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    let since = |lab: &Lab| lab.lan.host.wire.frames().len();
    let told = |lab: &mut Lab, since: usize, preferred: fn(u32) -> bool| {
        lab.until("advertisement of the prefix", |lab| {
            let mut told =
                lab.lan.host.wire.frames()[since..].iter().filter_map(|frame| Advertisement::read(&frame.bytes));
            let is_it = |told: &Prefix| DELEGATED.contains_subnet(&told.prefix) && preferred(told.lifetimes.1);
            Ok(told.any(|told| told.prefixes.iter().any(is_it)).then_some(()))
        })
    };
    let before = since(lab);
    lab.output("echo 'wan: { mode: dhcp, ipv6: false }' | lunagate config apply --without-confirmation -")?;
    told(lab, before, |seconds| seconds == 0).context("hosts are told that the prefix has gone")?;
    for left in [
        "address show dynamic",
        "route show default",
        "route show table all proto ra",
        "route show table all proto dhcp",
    ] {
        let left = lab.output(&format!("ip -6 -o {left}"))?;
        ensure!(left.trim().is_empty(), "of the provider's IPv6 is left: {left}");
    }
    let before = since(lab);
    lab.output("echo 'wan: { mode: dhcp }' | lunagate config apply --without-confirmation -")?;
    told(lab, before, |seconds| seconds > 0).context("hosts are told that the prefix is there again")?;
    proved("who_wants_no_ipv6_any_more_has_none_at_once");
    Ok(())
}

fn internet(lab: &Lab) -> Result<&Ipv6> {
    lab.wan.ipv6().context("the provider gives no IPv6")
}

/// The router and its prefix of the provider's, as the LAN was told.
fn advertised(lab: &Lab) -> Option<(Ipv6Address, Ipv6Cidr)> {
    lab.lan.host.wire.from_router().find_map(|frame| {
        let (router, prefixes) = frames6::advertised(&frame.bytes)?;
        let prefix = prefixes.into_iter().find(|prefix| DELEGATED.contains_subnet(prefix))?;
        Some((router, prefix))
    })
}

/// Pings the Internet until there is an answer.
fn ping_from(lab: &mut Lab, client: Ipv6Address, number: u16) -> Result<()> {
    let to = lab.hardware_address("eth1")?;
    let ping =
        frames6::ping(frames6::Ends { from: LAN_HOST, to, source: (client, 0), destination: (SERVER6, 0) }, number);
    repeat(
        lab,
        "answer from the Internet",
        |lab| _ = lab.lan.host.wire.send(&ping),
        |lab| {
            lab.lan.host.wire.from_router().any(|frame| frames6::pong(&frame.bytes) == Some((number, SERVER6, client)))
        },
    )
}

/// Does something again and again until it is `done`.
fn repeat(lab: &mut Lab, what: &str, act: impl Fn(&mut Lab), done: impl Fn(&Lab) -> bool) -> Result<()> {
    let mut acted: Option<Instant> = None;
    lab.until(what, |lab| {
        if acted.is_none_or(|acted| acted.elapsed() >= RETRY) {
            act(lab);
            acted = Some(Instant::now());
        }
        Ok(done(lab).then_some(()))
    })
}

/// What has come to the LAN from the Internet, and answers nothing.
fn unasked(lab: &Lab) -> impl Iterator<Item = &Frame> {
    lab.lan.host.wire.from_router().filter(|frame| {
        let from = frames6::read(&frame.bytes).map(|packet| packet.src_addr());
        from == Some(SERVER6) && frames6::pong(&frame.bytes).is_none()
    })
}

fn is_tcp(frame: &[u8]) -> bool {
    frames6::read(frame).is_some_and(|packet| packet.next_header() == IpProtocol::Tcp)
}
