// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Policies at XDP: the owner's file puts them at the ports of their roles, where they judge frames of the LAN and the WAN; a
//! restart puts them there again.

use anyhow::{ensure, Result};
use smoltcp::wire::{EthernetAddress, IpProtocol, Ipv4Address};
use std::process::ExitCode;
use vmtests::addresses::{LAN_HOST, ROUTER_WAN, ROUTER_WAN_PORT, SERVER, WAN_HOST};
use vmtests::frames::{self, Ends};
use vmtests::tls::ALLOWED;
use vmtests::{scenario_on, Lab, Setup};

/// The router's LAN port.
const ROUTER_LAN_PORT: EthernetAddress = EthernetAddress([0x52, 0x54, 0, 0, 0, 1]);
/// A port of the router that is forwarded to the client.
const FORWARDED: u16 = 6000;
const BAD: Ipv4Address = Ipv4Address::new(203, 0, 113, 7);
const WORSE: Ipv4Address = Ipv4Address::new(198, 51, 100, 7);
const GOOD: Ipv4Address = Ipv4Address::new(192, 0, 2, 7);
/// Sources that syn-guard has not met before.
const ELSEWHERE: Ipv4Address = Ipv4Address::new(203, 0, 113, 77);
const FAR: Ipv4Address = Ipv4Address::new(192, 0, 2, 77);
/// A device of the LAN that is in the list.
const DEVICE: EthernetAddress = EthernetAddress([2, 0, 0x5e, 0, 0, 0x22]);
/// So many connections begin at once.
const FLOOD: u16 = 200;

fn main() -> ExitCode {
    scenario_on(Setup::Disk, |machine, _| machine.in_turns(), test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    let client = lab.lease()?.address.address();
    lab.resolve(ALLOWED)?;
    let base = format!(
        "firewall: {{ forwards: [{{ protocol: udp, port: {FORWARDED}, to: {client} }}, \
         {{ protocol: tcp, port: {FORWARDED}, to: {client} }}] }}\n"
    );
    let mut sent = 0;
    let block = |addresses: &str| {
        format!("{base}policies: {{ block-list: {{ enabled: true, parameters: {{ addresses: [{addresses}] }} }} }}\n")
    };
    apply(lab, &block(&format!("{BAD}, \"02:00:5e\"")))?;
    ensure!(at_xdp(lab)? == ["eth0 block-list", "eth1 block-list"], "at XDP there are {:?}", at_xdp(lab)?);
    passes_from_wan(lab, &mut sent, GOOD, Some(BAD))?;
    passes_from_wan(lab, &mut sent, WORSE, None)?;
    passes_from_lan(lab, &mut sent, (LAN_HOST, SERVER), &[(DEVICE, SERVER), (LAN_HOST, BAD)])?;
    proved("block_list_drops_what_comes_from_or_goes_to_its_addresses_and_devices");

    apply(lab, &block(&WORSE.to_string()))?;
    ensure!(at_xdp(lab)? == ["eth0 block-list", "eth1 block-list"], "after a change there are {:?}", at_xdp(lab)?);
    passes_from_wan(lab, &mut sent, BAD, Some(WORSE))?;
    passes_from_lan(lab, &mut sent, (DEVICE, SERVER), &[(LAN_HOST, WORSE)])?;
    proved("another_list_takes_its_place");

    let guard = "syn-guard: { enabled: true, parameters: { rate: 1, burst: 3 } }";
    apply(lab, &block(&WORSE.to_string()).replace("policies: {", &format!("policies: {{ {guard},")))?;
    let both = ["eth0 block-list", "eth0 syn-guard", "eth1 block-list"];
    ensure!(at_xdp(lab)? == both, "with another policy there are {:?}", at_xdp(lab)?);
    let health = lab.output("sh -c 'PATH=/usr/sbin:/usr/bin; . /etc/health.d/20-policies && echo well'")?;
    ensure!(health == "well\n", "of two at a port the health check says {health}");
    passes_from_wan(lab, &mut sent, BAD, Some(WORSE))?;
    syn_guard(lab, (BAD, GOOD), 10_000)?;
    apply(lab, &block(&WORSE.to_string()))?;
    ensure!(at_xdp(lab)? == ["eth0 block-list", "eth1 block-list"], "without it there are {:?}", at_xdp(lab)?);
    passes_from_wan(lab, &mut sent, BAD, Some(WORSE))?;
    proved("two_policies_at_one_port_see_its_frames_one_after_the_other");

    lab.restart("reboot")?;
    lab.lease()?;
    lab.resolve(ALLOWED)?;
    ensure!(at_xdp(lab)? == ["eth0 block-list", "eth1 block-list"], "after a restart there are {:?}", at_xdp(lab)?);
    passes_from_wan(lab, &mut sent, BAD, Some(WORSE))?;
    let health = lab.output("sh -c 'PATH=/usr/sbin:/usr/bin; . /etc/health.d/20-policies && echo well'")?;
    ensure!(health == "well\n", "the health check says {health}");
    lab.output("lunatik xdp detach eth1")?;
    let health = lab.run("sh -c 'PATH=/usr/sbin:/usr/bin; . /etc/health.d/20-policies && echo well'")?;
    ensure!(health.stdout.contains("not at XDP where it is to be"), "without its port it says {}", health.stdout);
    proved("a_restart_puts_them_there_again_and_the_health_check_looks");

    apply(lab, &format!("{base}policies: {{ {guard} }}\n"))?;
    ensure!(at_xdp(lab)? == ["eth0 syn-guard"], "instead there are {:?}", at_xdp(lab)?);
    syn_guard(lab, (ELSEWHERE, FAR), 20_000)?;
    proved("syn_guard_bounds_what_a_source_begins");

    apply(lab, &base)?;
    ensure!(at_xdp(lab)?.is_empty(), "without them there are {:?}", at_xdp(lab)?);
    passes_from_wan(lab, &mut sent, WORSE, None)?;
    proved("what_is_not_said_any_more_is_off");
    Ok(())
}

/// A flood of one source gets few through, and another source after it is none the worse for it; neither has been there
/// before.
fn syn_guard(lab: &mut Lab, (flooding, other): (Ipv4Address, Ipv4Address), first: u16) -> Result<()> {
    let syn = |lab: &mut Lab, from: Ipv4Address, port: u16| {
        let ends =
            Ends { from: WAN_HOST, to: ROUTER_WAN_PORT, source: (from, port), destination: (ROUTER_WAN, FORWARDED) };
        lab.wan.host.wire.send(&frames::tcp_syn(ends));
    };
    for port in 0..FLOOD {
        syn(lab, flooding, first + port);
    }
    syn(lab, other, 4000);
    lab.until("connection of another source", |lab| Ok((begun(lab, other) > 0).then_some(())))?;
    let through = begun(lab, flooding);
    ensure!((3..usize::from(FLOOD) / 2).contains(&through), "of {FLOOD} connections {through} came through");
    Ok(())
}

/// How many connections of a source came to the LAN.
fn begun(lab: &Lab, source: Ipv4Address) -> usize {
    let is = |bytes: &[u8]| {
        frames::read_ipv4(bytes)
            .is_some_and(|packet| packet.src_addr() == source && packet.next_header() == IpProtocol::Tcp)
    };
    lab.lan.host.wire.from_router().filter(|frame| is(&frame.bytes)).count()
}

fn payload(sent: &mut usize) -> Vec<u8> {
    *sent += 1;
    format!("datagram {sent:04} of this test").into_bytes()
}

/// A datagram from the WAN comes to the client, and one of another source, sent before it, does not.
fn passes_from_wan(lab: &mut Lab, sent: &mut usize, from: Ipv4Address, dropped: Option<Ipv4Address>) -> Result<()> {
    let send = |lab: &mut Lab, from: Ipv4Address, payload: &[u8]| {
        let ends =
            Ends { from: WAN_HOST, to: ROUTER_WAN_PORT, source: (from, 4000), destination: (ROUTER_WAN, FORWARDED) };
        lab.wan.host.wire.send(&frames::udp(ends, payload));
    };
    let lost = payload(sent);
    if let Some(source) = dropped {
        send(lab, source, &lost);
    }
    let kept = payload(sent);
    send(lab, from, &kept);
    lab.until(&format!("datagram of {from}"), |lab| Ok((lab.lan.host.wire.received(&kept) > 0).then_some(())))?;
    ensure!(lab.lan.host.wire.received(&lost) == 0, "a datagram of {dropped:?} came in");
    Ok(())
}

/// A datagram of the LAN gets out, and others, sent before it, do not.
fn passes_from_lan(
    lab: &mut Lab,
    sent: &mut usize,
    (from, to): (EthernetAddress, Ipv4Address),
    dropped: &[(EthernetAddress, Ipv4Address)],
) -> Result<()> {
    let source = Ipv4Address::new(192, 168, 1, 90);
    let send = |lab: &mut Lab, from: EthernetAddress, to: Ipv4Address, payload: &[u8]| {
        let ends = Ends { from, to: ROUTER_LAN_PORT, source: (source, 40_000), destination: (to, 4000) };
        lab.lan.host.wire.send(&frames::udp(ends, payload));
    };
    let mut lost = Vec::new();
    for (from, to) in dropped {
        lost.push(payload(sent));
        send(lab, *from, *to, &lost[lost.len() - 1]);
    }
    let kept = payload(sent);
    send(lab, from, to, &kept);
    lab.until(&format!("datagram to {to}"), |lab| Ok((lab.wan.host.wire.received(&kept) > 0).then_some(())))?;
    ensure!(lost.iter().all(|lost| lab.wan.host.wire.received(lost) == 0), "one of {dropped:?} got out");
    Ok(())
}

fn apply(lab: &mut Lab, text: &str) -> Result<()> {
    lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{text}END")).map(drop)
}

/// The policies at XDP, each with its port.
fn at_xdp(lab: &mut Lab) -> Result<Vec<String>> {
    let lines = lab.output(". /usr/lib/lunagate/network; at_xdp")?;
    let mut at: Vec<_> =
        lines.lines().map(|line| line.replace("policies/", "").trim_end_matches("/main").to_owned()).collect();
    at.sort();
    Ok(at)
}
