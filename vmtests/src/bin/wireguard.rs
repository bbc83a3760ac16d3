// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A network by WireGuard: peers on the Internet reach through it what its owner says, and whom it does not know hears
//! nothing. The peers are Linux's, in another machine: a router that calls this one, and phones, each in a network
//! namespace that has nothing but its tunnel.

use anyhow::{bail, ensure, Context, Result};
use qemu::Boot;
use smoltcp::wire::{IpProtocol, Ipv4Address, UdpPacket};
use std::process::ExitCode;
use vmtests::{addresses, frames, observed, proof, Lab, Seen, READY};

const PORT: u16 = 51820;
/// From where the stranger calls.
const STRANGERS_PORT: u16 = 40404;
const GATE: Ipv4Address = Ipv4Address::new(10, 9, 0, 1);
const PHONE: Ipv4Address = Ipv4Address::new(10, 9, 0, 2);
const TABLET: Ipv4Address = Ipv4Address::new(10, 9, 0, 3);
/// The other router's, on its LAN.
const OFFICE: Ipv4Address = Ipv4Address::new(192, 168, 7, 1);

fn main() -> ExitCode {
    proof(|directory, proved| {
        let mut lab = Lab::new(Boot::disk(directory)?, |builder| builder.reboots(true))?;
        let boot = Boot::direct(directory)?;
        observed(&mut lab, |lab| test(lab, boot, proved))
    })
}

fn test(lab: &mut Lab, boot: Boot, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    let client = lab.lease()?.address.address();
    lab.until("lease on the WAN", |lab| Ok((lab.wan.count(&Seen::Lease) > 0).then_some(())))?;
    apply(lab, "wireguard: { home: { address: 10.9.0.1/24, port: 51820 } }\n", "--without-confirmation")?;
    let key = word(&lab.output("wg show home public-key")?);
    ensure!(lab.output("lunagate config wireguard")?.contains(&format!("public key {key}")), "the key is not told");
    ensure!(lab.output("stat -c %a /data/wireguard/home.key")? == "600\n", "others may read the key");
    let seen = lab.run("grep -rF \"$(cat /data/wireguard/home.key)\" /run/config/ /run/log /data/config")?;
    ensure!(seen.status == 1 && seen.stdout.is_empty(), "a file has the secret: {}", seen.stdout);
    proved("the_routers_key_is_made_there_and_only_its_public_half_is_told");

    lab.add_neighbour(boot, &format!("{}\n{}", office(&key), phones(&key)))?;
    let keys = ["wg show gate public-key", "wg pubkey < /run/phone.key", "wg pubkey < /run/tablet.key"];
    let keys: Vec<_> = keys.iter().map(|command| Ok(word(&lab.elsewhere(command)?))).collect::<Result<_>>()?;
    let [office, phone, tablet] = keys.as_slice() else { unreachable!("there are three keys") };
    let office = format!("      office: {{ key: {office}, address: 10.9.0.9, networks: [192.168.7.0/24] }}\n");
    let tablet = format!("      tablet: {{ key: {tablet}, address: {TABLET} }}\n");
    let phone = format!("      phone: {{ key: {phone}, address: {PHONE} }}\n");
    let file = |reaches: &str, peers: &[&str]| {
        format!(
            "lan: {{ reaches: [wan, home] }}\nwireguard:\n  home:\n    address: 10.9.0.1/24\n    port: {PORT}\n    \
             reaches: [{reaches}]\n    peers:\n{}",
            peers.concat()
        )
    };
    apply(lab, &file("wan", &[&office, &tablet, &phone]), "--without-confirmation")?;

    // What the router has for the phone is what it needs, with its own key.
    let given = lab.output("lunagate config wireguard home phone")?;
    for line in
        [format!("Address = {PHONE}/24"), format!("DNS = {GATE}"), format!("Endpoint = {}", addresses::ROUTER_WAN)]
    {
        ensure!(given.contains(&line), "the phone is not told {line}: {given}");
    }
    lab.elsewhere(&format!(
        "sed -e '/^Address/d; /^DNS/d' -e \"s|<.*>|$(cat /run/phone.key)|\" > /run/phone.conf <<'END'\n{given}END\n\
         ip netns exec phone wg setconf phone /run/phone.conf"
    ))?;
    answers(lab, "phone", GATE)?;
    let page = in_phone(lab, &format!("nslookup www.example {GATE}; wget -q -O - http://{}/", addresses::SERVER))?;
    ensure!(page.contains(&addresses::SERVER.to_string()) && page.contains("line 1999 of a page"), "it got {page}");
    let from = |seen: &Seen| matches!(seen, Seen::Request(from) if from.addr == addresses::ROUTER_WAN.into());
    ensure!(lab.wan.seen.iter().any(from), "the server saw somebody else");
    proved("a_phone_has_names_and_the_internet_by_the_configuration_that_it_is_given");

    for to in [client, TABLET] {
        lab.elsewhere(&format!("! ip netns exec phone ping -c 2 -W 1 {to}"))?;
    }
    let shell =
        in_phone(lab, &format!("for to in {GATE} {}; do nc -w 2 $to 22 < /dev/null; done; :", addresses::ROUTER_LAN))?;
    ensure!(shell.is_empty(), "the router's SSH answers a phone: {shell}");
    ensure!(!arrived(lab, PHONE, client), "a phone reached the LAN");
    apply(lab, &file("wan, lan, home", &[&office, &tablet, &phone]), "--without-confirmation")?;
    answers(lab, "tablet", GATE)?;
    answers(lab, "phone", TABLET)?;
    lab.elsewhere(&format!("ip netns exec phone ping -c 1 -W 1 {client}; :"))?;
    lab.until("packet for the LAN", |lab| Ok(arrived(lab, PHONE, client).then_some(())))?;
    proved("a_phone_reaches_the_zones_that_are_said_and_no_others");

    lab.lan.lease.as_mut().context("the client has lost its lease")?.dns = Some(OFFICE);
    lab.resolve("office.lan")?;
    proved("the_lan_reaches_what_is_behind_a_router_that_calls_by_name");

    lab.elsewhere(&format!("! ip netns exec stranger ping -c 3 -W 1 {GATE}"))?;
    answers(lab, "phone", GATE)?;
    ensure!(datagrams(lab, |from, to| (from, to) == (STRANGERS_PORT, PORT)) > 0, "the stranger did not call");
    ensure!(datagrams(lab, |_, to| to == STRANGERS_PORT) == 0, "the stranger is answered");
    proved("whose_key_is_unknown_hears_nothing");

    let link = word(&lab.output("ip -6 -o address show dev eth0 scope link | sed 's/.*inet6 //; s|/.*||'")?);
    let number = word(&lab.elsewhere("cat /sys/class/net/eth0/ifindex")?);
    in_phone(lab, &format!("wg set phone peer {key} endpoint '[{link}%{number}]:{PORT}'"))?;
    answers(lab, "phone", GATE)?;
    ensure!(in_phone(lab, "wg show phone endpoints")?.contains(&link), "the phone calls by IPv4");
    in_phone(lab, &format!("wg set phone peer {key} endpoint {}:{PORT}", addresses::ROUTER_WAN))?;
    proved("the_port_is_open_by_ipv6_too");

    let seen = lab.machine.console.len();
    lab.output("reboot")?;
    lab.line(seen, READY)?;
    ensure!(word(&lab.output("wg show home public-key")?) == key, "the key is another");
    answers(lab, "phone", GATE)?;
    proved("after_a_restart_the_key_is_the_same_and_peers_go_on");

    answers(lab, "tablet", GATE)?;
    let before = session(lab)?;
    apply(lab, &file("wan", &[&office, &tablet]), "--confirm 600s")?;
    lab.elsewhere(&format!("! ip netns exec phone ping -c 3 -W 1 {GATE}"))?;
    answers(lab, "tablet", GATE)?;
    ensure!(goes_on(before, session(lab)?), "the other peer was cut off");
    lab.output("lunagate config rollback")?;
    answers(lab, "phone", GATE)?;
    ensure!(goes_on(before, session(lab)?), "the other peer was cut off");
    proved("a_peer_that_goes_hears_no_more_while_others_go_on_and_a_rollback_brings_it_back");

    apply(lab, "hostname: alone\n", "--confirm 600s")?;
    let left = lab.output("ls /sys/class/net; ip route; nft list ruleset")?;
    ensure!(!left.contains("home") && !left.contains(&PORT.to_string()), "there is still {left}");
    lab.output("lunagate config rollback")?;
    ensure!(word(&lab.output("wg show home public-key")?) == key, "the key is another");
    answers(lab, "phone", GATE)?;
    proved("a_network_that_goes_leaves_nothing_and_a_rollback_brings_it_back");
    Ok(())
}

/// Makes the other machine a router that calls the one with this key by its name.
fn office(key: &str) -> String {
    let [address, gateway] = [addresses::NEIGHBOUR, addresses::GATEWAY];
    let (name, client) = (addresses::ROUTER_NAME, "192.168.1.0/24");
    // Both machines have the same cards, which go up with a link's address of their number.
    format!(
        "set -e
ip link set eth0 down
ip link set eth0 address 52:54:00:00:00:60
ip link set eth0 up
lunagate config apply --without-confirmation - <<'END'
hostname: office
wan: {{ mode: static, address: {address}/24, gateway: {gateway} }}
lan: {{ address: {OFFICE}/24 }}
dns: {{ servers: [{gateway}] }}
wireguard:
  gate:
    address: 10.9.0.9/24
    reaches: []
    peers:
      gate: {{ key: {key}, address: {GATE}, networks: [{client}], endpoint: {name}:{PORT}, keepalive: 5s }}
END"
    )
}

/// Makes phones in it, of which the first has no configuration yet.
fn phones(key: &str) -> String {
    let endpoint = format!("peer {key} endpoint {}:{PORT} allowed-ips 0.0.0.0/0", addresses::ROUTER_WAN);
    format!(
        "phone() {{
  (umask 077; wg genkey > /run/$1.key)
  ip link add name $1 type wireguard
  wg set $1 private-key /run/$1.key
  ip netns add $1
  ip link set $1 netns $1
  ip -n $1 address add $2/24 dev $1
  ip -n $1 link set $1 up
  ip -n $1 route add default dev $1
}}
phone phone {PHONE}
phone tablet {TABLET}
phone stranger {PHONE}
ip netns exec tablet wg set tablet {endpoint}
ip netns exec stranger wg set stranger listen-port {STRANGERS_PORT} {endpoint}"
    )
}

fn apply(lab: &mut Lab, text: &str, how: &str) -> Result<()> {
    lab.output(&format!("lunagate config apply {how} - <<'END'\n{text}END")).map(drop)
}

/// What a command prints that has nothing but the phone's tunnel.
fn in_phone(lab: &mut Lab, command: &str) -> Result<String> {
    lab.elsewhere(&format!("ip netns exec phone sh <<'END'\n{command}\nEND"))
}

/// Waits until a device's pings are answered: what had no session needs one first.
fn answers(lab: &mut Lab, device: &str, address: Ipv4Address) -> Result<()> {
    let command = format!("until ip netns exec {device} ping -c 1 -W 2 {address}; do :; done");
    lab.elsewhere(&command).with_context(|| format!("{address} does not answer the {device}")).map(drop)
}

/// The number of the network's interface, and how many bytes have come from the tablet since it is a peer.
fn session(lab: &mut Lab) -> Result<(u64, u64)> {
    let key = word(&lab.elsewhere("wg pubkey < /run/tablet.key")?);
    let command =
        format!("cat /sys/class/net/home/ifindex; wg show home transfer | awk '$1 == \"{key}\" {{ print $2 }}'");
    let text = lab.output(&command)?;
    let mut numbers = text.lines().map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(interface)), Some(Ok(bytes))) => Ok((interface, bytes)),
        _ => bail!("the tablet is no peer: {text}"),
    }
}

/// A peer that was made anew would begin to count anew.
fn goes_on(before: (u64, u64), after: (u64, u64)) -> bool {
    before.0 == after.0 && 0 < before.1 && before.1 < after.1
}

/// Whether a packet of this sender has come out of the LAN's port.
fn arrived(lab: &Lab, from: Ipv4Address, to: Ipv4Address) -> bool {
    lab.lan.host.wire.from_router().any(|frame| {
        frames::read_ipv4(&frame.bytes).is_some_and(|packet| (packet.src_addr(), packet.dst_addr()) == (from, to))
    })
}

/// How many datagrams with such ports have been on the WAN's cable.
fn datagrams(lab: &Lab, wanted: impl Fn(u16, u16) -> bool) -> usize {
    let is_one = |frame: &&vmtests::Frame| {
        frames::read_ipv4(&frame.bytes).is_some_and(|packet| {
            packet.next_header() == IpProtocol::Udp
                && UdpPacket::new_checked(packet.payload()).is_ok_and(|udp| wanted(udp.src_port(), udp.dst_port()))
        })
    };
    lab.wan.host.wire.frames().iter().filter(is_one).count()
}

fn word(text: &str) -> String {
    text.trim().to_owned()
}
