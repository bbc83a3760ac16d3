// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The policies that the image has and does not run: each is turned on by the owner's file on a running router, and seen to
//! do with frames of the LAN and the WAN what its README says.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::Ipv4Address;
use std::process::ExitCode;
use vmtests::addresses::{GATEWAY, LAN_HOST, ROUTER_LAN, ROUTER_WAN, ROUTER_WAN_PORT, SERVER, WAN_HOST};
use vmtests::cable::{written, Cable, DEVICE, PLAIN};
use vmtests::tls::{ALLOWED, BLOCKED};
use vmtests::{dns, frames, scenario, Fate, Lab, Seen, Setup};

/// Somebody in a network between the router and the Internet.
const UPSTREAM: Ipv4Address = Ipv4Address::new(10, 0, 0, 5);
fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    // Once a name is known, the WAN has its address and its route.
    lab.resolve(ALLOWED)?;
    ensure!(running(lab)? == ["dns-block", "sni-block"], "a router without a file runs {:?}", running(lab)?);
    proved("without_a_file_the_router_runs_what_its_manifests_say");

    let mut cable = Cable::of(lab)?;
    parental_schedule(lab, &mut cable)?;
    proved("parental_schedule_lets_a_device_pass_at_its_times_and_not_while_it_is_paused");
    device_quarantine(lab, &mut cable)?;
    proved("device_quarantine_gives_a_new_device_names_and_nothing_else");
    iot_isolation(lab, &mut cable)?;
    proved("iot_isolation_keeps_a_device_to_the_internet");

    let policies = format!(
        "policies:\n  sni-block: {{ enabled: false }}\n  doh-block: {{ enabled: true, parameters: {{ domains: [{BLOCKED}] }} }}\n  \
         dscp-mark: {{ enabled: true }}\n  upnp-guard: {{ enabled: true }}\n"
    );
    apply(lab, &policies)?;
    ensure!(running(lab)? == ["dns-block", "doh-block", "dscp-mark", "upnp-guard"], "there runs {:?}", running(lab)?);
    doh_block(lab, &mut cable)?;
    proved("doh_block_stops_known_resolvers_by_address_and_name_and_dns_over_tls");
    dscp_mark(lab, &mut cable)?;
    proved("dscp_mark_writes_the_class_and_keeps_the_sum_right");
    upnp_guard(lab, &mut cable)?;
    proved("upnp_guard_lets_nobody_ask_for_ports");

    port_knock(lab)?;
    proved("port_knock_opens_a_forwarded_port_to_who_has_knocked");

    apply(lab, "hostname: gate\n")?;
    ensure!(running(lab)? == ["dns-block", "sni-block"], "without them there runs {:?}", running(lab)?);
    cable.passes(lab, DEVICE, (SERVER, 853))?;
    cable.passes(lab, DEVICE, (GATEWAY, 5351))?;
    proved("what_is_not_said_any_more_is_off");
    Ok(())
}

fn parental_schedule(lab: &mut Lab, cable: &mut Cable) -> Result<()> {
    let device = written(DEVICE);
    let policy = |parameters: &str| {
        format!("policies: {{ parental-schedule: {{ enabled: true, parameters: {{ {parameters} }} }} }}\n")
    };
    cable.passes(lab, DEVICE, (SERVER, PLAIN))?;
    apply(lab, &policy(&format!("paused: [\"{device}\"]")))?;
    // The flow is under way.
    cable.is_dropped(lab, DEVICE, (SERVER, PLAIN))?;
    let times = policy(&format!("allow: [\"{device} thu 15:00-16:00\"], zone: 'CET-1CEST,M3.5.0,M10.5.0/3'"));
    clock(lab, "2026-07-16 12:58:00")?;
    apply(lab, &times)?;
    cable.is_dropped(lab, DEVICE, (SERVER, PLAIN))?;
    clock(lab, "2026-07-16 13:00:00")?;
    cable.passes(lab, DEVICE, (SERVER, PLAIN))?;
    clock(lab, "2026-07-16 14:00:00")?;
    cable.is_dropped(lab, DEVICE, (SERVER, PLAIN))
}

fn device_quarantine(lab: &mut Lab, cable: &mut Cable) -> Result<()> {
    let (host, device) = (written(LAN_HOST), written(DEVICE));
    let policy = |allowed: &str| {
        format!("policies: {{ device-quarantine: {{ enabled: true, parameters: {{ allowed: [{allowed}] }} }} }}\n")
    };
    apply(lab, &policy(&format!("\"{host}\"")))?;
    cable.is_dropped(lab, DEVICE, (SERVER, PLAIN))?;
    let log = lab.output("dmesg")?;
    ensure!(log.contains(&format!("device {device} is not allowed")), "the log does not name the device");
    // A name that nobody has asked for goes on to the provider.
    cable.send(lab, DEVICE, (ROUTER_LAN, 53), &dns::query(7, "new.example"));
    let asked = Seen::Question("new.example".into());
    lab.until("question of the new device", |lab| Ok((lab.wan.count(&asked) > 0).then_some(())))?;
    apply(lab, &policy(&format!("\"{host}\", \"{device}\"")))?;
    cable.passes(lab, DEVICE, (SERVER, PLAIN)).map(drop)
}

fn iot_isolation(lab: &mut Lab, cable: &mut Cable) -> Result<()> {
    let device = written(DEVICE);
    cable.passes(lab, DEVICE, (UPSTREAM, PLAIN))?;
    apply(
        lab,
        &format!("policies: {{ iot-isolation: {{ enabled: true, parameters: {{ devices: [\"{device}\"] }} }} }}\n"),
    )?;
    cable.is_dropped(lab, DEVICE, (UPSTREAM, PLAIN))?;
    cable.passes(lab, LAN_HOST, (UPSTREAM, PLAIN))?;
    cable.passes(lab, DEVICE, (SERVER, PLAIN)).map(drop)
}

fn doh_block(lab: &mut Lab, cable: &mut Cable) -> Result<()> {
    let resolver = Ipv4Address::new(9, 9, 9, 9);
    cable.is_dropped(lab, DEVICE, (resolver, 443))?;
    cable.is_dropped(lab, DEVICE, (SERVER, 853))?;
    cable.passes(lab, DEVICE, (resolver, 53))?;
    ensure!(lab.hello(SERVER, ALLOWED)? == Fate::Open, "another name is refused");
    lab.blocks(SERVER, 2).map(drop)
}

fn dscp_mark(lab: &mut Lab, cable: &mut Cable) -> Result<()> {
    for (port, class) in [(3478, 46), (PLAIN + 1, 0)] {
        let payload = cable.passes(lab, DEVICE, (SERVER, port))?;
        let mut came = lab.wan.host.wire.from_router().filter(|frame| frames::contains(&frame.bytes, &payload));
        let frame = came.next().context("it came")?;
        let packet = frames::read_ipv4(&frame.bytes).context("it is IPv4")?;
        ensure!(packet.dscp() == class && packet.verify_checksum(), "to port {port} came {packet}");
    }
    Ok(())
}

fn upnp_guard(lab: &mut Lab, cable: &mut Cable) -> Result<()> {
    for port in [1900, 5351] {
        cable.is_dropped(lab, DEVICE, (GATEWAY, port))?;
    }
    cable.passes(lab, DEVICE, (GATEWAY, PLAIN)).map(drop)
}

fn port_knock(lab: &mut Lab) -> Result<()> {
    let client = lab.lease()?.address.address();
    let text = format!(
        "firewall: {{ forwards: [{{ protocol: udp, port: 6000-6001, to: {client} }}] }}\n\
         policies: {{ port-knock: {{ enabled: true, parameters: {{ ports: [6000], sequence: [7000, 8000, 9000] }} }} }}\n"
    );
    apply(lab, &text)?;
    let (friend, stranger) = (Ipv4Address::new(203, 0, 113, 7), Ipv4Address::new(203, 0, 113, 8));
    let send = |lab: &mut Lab, from: Ipv4Address, port: u16, payload: &[u8]| {
        let ends =
            frames::Ends { from: WAN_HOST, to: ROUTER_WAN_PORT, source: (from, 4000), destination: (ROUTER_WAN, port) };
        lab.wan.host.wire.send(&frames::udp(ends, payload));
    };
    let arrives = |lab: &mut Lab, payload: &[u8]| {
        lab.until("datagram on the LAN", |lab| Ok((lab.lan.host.wire.received(payload) > 0).then_some(())))
    };
    send(lab, friend, 6000, b"before the knocks");
    for port in [7000, 8000, 9000] {
        send(lab, friend, port, b"knock");
    }
    send(lab, stranger, 6000, b"from a stranger");
    send(lab, friend, 6000, b"after the knocks");
    arrives(lab, b"after the knocks")?;
    // This port is not guarded.
    send(lab, stranger, 6001, b"the last");
    arrives(lab, b"the last")?;
    for payload in [&b"before the knocks"[..], b"from a stranger"] {
        ensure!(lab.lan.host.wire.received(payload) == 0, "{} came in", String::from_utf8_lossy(payload));
    }
    Ok(())
}

fn apply(lab: &mut Lab, text: &str) -> Result<()> {
    lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{text}END")).map(drop)
}

/// The names of the policies that run, in order.
fn running(lab: &mut Lab) -> Result<Vec<String>> {
    let list = lab.output("lunatik list")?;
    let name = |script: &str| Some(script.trim().strip_prefix("policies/")?.split('/').next()?.to_owned());
    let mut names: Vec<_> = list.split([',', '\n', ' ']).filter_map(name).collect();
    names.sort();
    Ok(names)
}

fn clock(lab: &mut Lab, time: &str) -> Result<()> {
    lab.output(&format!("date -u -s '{time}'")).map(drop)
}
