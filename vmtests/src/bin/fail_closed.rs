// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Nothing that the LAN did not ask for comes in, at no moment since power-on.
//!
//! The WAN floods the router by IPv4 and IPv6, without a pause, from before its first instruction on: through its firmware
//! and its boot, while configurations come and are taken back, policies crash and are replaced, another version is installed
//! and boots, and one that is not healthy gives way to that. What a client asks for passes, and nothing else. Once the owner
//! opens ports, so that whoever counts what comes in is seen to count.

use anyhow::{bail, ensure, Result};
use smoltcp::wire::{EthernetAddress, IpAddress, Ipv4Address, Ipv6Address, TcpControl};
use std::process::ExitCode;
use vmtests::addresses::{ROUTER_LAN, ROUTER_WAN, ROUTER_WAN6, ROUTER_WAN_PORT, SERVER, SERVER6, WAN_HOST};
use vmtests::packets::{self, Packet};
use vmtests::{frames, page, scenario_on, Direction, Frame, Lab, Setup, Side, Stations, READY};

/// Who floods: nobody that the LAN ever talks to.
const STRANGER: Ipv4Address = Ipv4Address::new(198, 18, 0, 66);
const STRANGER6: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 0x66);
/// Hosts of the LAN that never say a word: whatever is for them, nobody has asked for.
const SILENT: Ipv4Address = Ipv4Address::new(192, 168, 1, 20);
const SILENT6: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0x100, 0, 0, 0, 0, 0x20);
/// One that is there while the LAN has other addresses.
const ELSEWHERE: Ipv4Address = Ipv4Address::new(10, 9, 8, 20);
/// One that asks the Internet.
const CLIENT6: Ipv6Address = Ipv6Address::new(0x2001, 0xdb8, 0x100, 0, 0, 0, 0, 0x30);
/// What each packet of the flood carries, and each fragment.
const MARK: &[u8] = b"unsolicited";
/// A port of the WAN that is forwarded for a while, and one of a host by IPv6.
const FORWARDED: u16 = 6000;
const PINHOLE: u16 = 22;
/// Boots that a version has to prove itself.
const TRIES: usize = 3;
/// How often each packet of the flood comes while a state of the router is looked at.
const ROUNDS: usize = 3;

/// Shows the bundles in /mnt.
const SHARE: &str = "modprobe -a 9p 9pnet_virtio && mount -t 9p -o trans=virtio,version=9p2000.L,ro share /mnt";
/// Makes Lua's folder one that can be written to.
const WRITABLE: &str = "cp -r /lib/modules/lua /run/lua && mount --bind /run/lua /lib/modules/lua";

fn main() -> ExitCode {
    scenario_on(Setup::Disk, |builder, directory| builder.share(directory), test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.wan.serve_ipv6();
    let addresses = [SILENT.into(), ELSEWHERE.into(), ROUTER_LAN.into(), ROUTER_WAN.into(), SILENT6.into()];
    lab.flood = addresses.into_iter().chain([ROUTER_WAN6.into()]).flat_map(flood).collect();
    lab.until("frame on the wire before power-on", |lab| Ok((lab.wan.host.wire.sent(MARK) > 0).then_some(())))?;
    lab.boot()?;
    let sent = lab.wan.host.wire.frames().iter().filter(|frame| frame.direction == Direction::ToRouter).count();
    ensure!(sent > 100, "the flood was a trickle of {sent} frames");
    nothing_came_in(lab, 0)?;
    proved("nothing_comes_in_while_the_router_boots");

    // From here on the flood knows the client's address, and the local prefix.
    let client = lab.lease()?.address.address();
    let local: Ipv6Address = format!("{}::20", lab.output("cat /data/ula")?.trim()).parse()?;
    lab.flood.extend([client.into(), local.into()].into_iter().flat_map(flood));
    works(lab)?;
    proved("what_a_client_asks_for_comes_in");
    nothing_came_in(lab, 0)?;
    proved("nothing_else_comes_in_afterwards");

    configurations(lab, proved)?;
    policies(lab, proved)?;
    versions(lab, proved)
}

/// Ports are opened, and the LAN has other addresses, which the owner takes back.
fn configurations(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    let before = lab.lan.host.wire.frames().len();
    apply(
        lab,
        &format!(
            "firewall: {{ forwards: [{{ protocol: udp, port: {FORWARDED}, to: {SILENT} }}], \
             pinholes: [{{ protocol: tcp, port: {PINHOLE}, to: '{SILENT6}' }}] }}"
        ),
    )?;
    let to = |address: IpAddress| {
        move |frame: &&Frame| Packet::read(&frame.bytes).is_some_and(|packet| packet.destination == address)
    };
    for address in [SILENT.into(), SILENT6.into()] {
        lab.until("frame through an open port", |lab| Ok(came_in(lab, before).find(to(address)).map(drop)))?;
    }
    proved("what_the_owner_opens_is_seen_to_come_in");
    lab.output("lunagate config rollback")?;
    // What passed before that is on the cable by then.
    works(lab)?;
    let closed = lab.lan.host.wire.frames().len();
    apply(lab, "lan: { address: 10.9.8.1/24 }")?;
    rounds(lab)?;
    lab.output("lunagate config rollback")?;
    works(lab)?;
    // A gap between rules and others would be short.
    lab.output("for time in $(seq 200); do nft -f /run/config/nftables.conf || exit; done")?;
    works(lab)?;
    nothing_came_in(lab, closed)?;
    proved("nothing_comes_in_while_configurations_change_and_are_taken_back");
    Ok(())
}

/// A policy crashes on the flood's packets, so that all pass it; another takes its place, which has all pass, too.
fn policies(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    let begun = lab.lan.host.wire.frames().len();
    let script = |words: &str| {
        format!(
            "cat > /lib/modules/lua/unsure.lua <<'END'\nlocal netfilter = require('netfilter')\n\
             for _, hook in ipairs {{ 0, 2 }} do\n\
             netfilter.register {{ pf = 1, hooknum = hook, priority = -300, hook = function(skb) {words} end }}\nend\nEND"
        )
    };
    lab.output(&format!("{WRITABLE} && {}", script("error('no opinion')")))?;
    lab.output("lunatik run unsure softirq --faults 5 --fail accept --capabilities netfilter")?;
    lab.output("until lunatik status | grep -q '^  *quarantined since'; do usleep 100000; done")?;
    works(lab)?;
    lab.output(&script("return 1"))?;
    lab.output("lunatik replace unsure softirq --capabilities netfilter")?;
    works(lab)?;
    let json: serde_json::Value = serde_json::from_str(&lab.output("lunatik status --json")?)?;
    let scripts = json["scripts"].as_array().map_or(&[][..], Vec::as_slice);
    ensure!(scripts.iter().any(|script| script["script"] == "unsure" && script["state"] == "running"), "{json}");
    lab.output("lunatik stop unsure")?;
    works(lab)?;
    nothing_came_in(lab, begun)?;
    proved("nothing_comes_in_while_a_policy_crashes_and_is_replaced");
    Ok(())
}

/// Another version boots, is cut short each time, and gives way to the one before it.
fn versions(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    let begun = lab.lan.host.wire.frames().len();
    lab.output(&format!("{SHARE} && lunagate update install /mnt/next.bundle"))?;
    let mut seen = lab.machine.console.len();
    // However long a flood takes, it does not prove itself.
    lab.wan.root = false;
    lab.restart("reboot")?;
    for _ in 0..TRIES {
        seen = lab.line(seen, "loader: slot b")?;
        seen = lab.line(seen, READY)?;
        works(lab)?;
        lab.machine.control.reset()?;
    }
    nothing_came_in(lab, begun)?;
    proved("nothing_comes_in_while_another_version_is_installed_and_boots");

    let begun = lab.lan.host.wire.frames().len();
    let seen = lab.line(seen, "loader: slot a")?;
    lab.line(seen, READY)?;
    works(lab)?;
    nothing_came_in(lab, begun)?;
    proved("nothing_comes_in_while_the_version_before_comes_back");
    Ok(())
}

/// Packets to this address, of a stranger, and of somebody who says that he is in the LAN: some to everybody on the cable.
fn flood(target: IpAddress) -> Vec<Vec<u8>> {
    let strangers: [IpAddress; 2] = match target {
        IpAddress::Ipv4(_) => [STRANGER.into(), SILENT.into()],
        IpAddress::Ipv6(_) => [STRANGER6.into(), SILENT6.into()],
    };
    let words = MARK.repeat(4);
    let datagram = |source, port| packets::udp((source, 4000), (target, port), &words);
    let mut flood = Vec::new();
    for source in strangers.into_iter().filter(|source| *source != target) {
        let syn = |port| packets::tcp((source, 4000), (target, port), TcpControl::Syn, (1, None), MARK);
        let kind = if matches!(target, IpAddress::Ipv4(_)) { 8 } else { 128 };
        let ping = packets::icmp(source, target, (kind, 0), [0, 1, 0, 1], MARK);
        let all = [syn(PINHOLE), syn(80), datagram(source, 53), datagram(source, FORWARDED), ping];
        flood.extend(all.into_iter().chain(datagram(source, FORWARDED).in_two(24)));
    }
    let to_everybody = [datagram(strangers[0], 5353).frame(WAN_HOST, EthernetAddress::BROADCAST)];
    flood.iter().map(|packet| packet.frame(WAN_HOST, ROUTER_WAN_PORT)).chain(to_everybody).collect()
}

/// What a client asks for passes, by both IPs, while the flood is under way.
fn works(lab: &mut Lab) -> Result<()> {
    let mut stations = Stations::new(lab, &[SILENT.into(), SILENT6.into(), CLIENT6.into()])?;
    stations.ipv6_is_up()?;
    rounds(stations.lab)?;
    // The first ping finds out where the gateway is.
    let ping = [packets::ping(CLIENT6, SERVER6, 7)];
    let mut heard = stations.turn(Side::Lan, &ping)?;
    let answer = |packet: &Packet| packet.destination == CLIENT6.into() && packet.number() == Some(7);
    for _ in 0..100 {
        if !heard.none(Side::Lan, answer) {
            break;
        }
        heard = stations.turn(Side::Lan, &ping)?;
    }
    ensure!(!heard.none(Side::Lan, answer), "a ping by IPv6 has no answer");
    ensure!(lab.resolve("www.example")? == SERVER && lab.get(SERVER)? == page(), "the page is another one");
    Ok(())
}

/// Lets each packet of the flood come to the router so often.
fn rounds(lab: &mut Lab) -> Result<()> {
    let (before, wanted) = (received(lab)?, ROUNDS * lab.flood.len());
    for _ in 0..1000 {
        if received(lab)? >= before + wanted {
            return Ok(());
        }
    }
    bail!("the flood does not reach the router: {before} frames, then {}", received(lab)?)
}

/// What the LAN has of the flood since it had so many frames: its packets and what quotes them, and whatever is for hosts
/// that never say a word, or asks for them.
fn came_in(lab: &Lab, since: usize) -> impl Iterator<Item = &Frame> {
    let parts =
        [MARK, &SILENT.octets(), &ELSEWHERE.octets(), &SILENT6.octets(), &STRANGER.octets(), &STRANGER6.octets()]
            .map(<[u8]>::to_vec);
    let frames = lab.lan.host.wire.frames()[since..].iter().filter(|frame| frame.direction == Direction::FromRouter);
    frames.filter(move |frame| parts.iter().any(|part| frames::contains(&frame.bytes, part)))
}

fn nothing_came_in(lab: &Lab, since: usize) -> Result<()> {
    let stranger = came_in(lab, since).next();
    ensure!(stranger.is_none(), "this came in: {stranger:?}");
    Ok(())
}

fn apply(lab: &mut Lab, text: &str) -> Result<()> {
    lab.output(&format!("lunagate config apply --confirm 600s - <<'END'\n{text}\nEND")).map(drop)
}

/// How many frames the router's WAN port has received.
fn received(lab: &mut Lab) -> Result<usize> {
    let count = lab.output("cat /sys/class/net/eth0/statistics/rx_packets")?;
    Ok(count.trim().parse()?)
}
