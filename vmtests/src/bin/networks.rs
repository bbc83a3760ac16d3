// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Networks beside the LAN, on VLANs of its port: each has addresses, names and a way out, and reaches of the others what
//! the owner says, while the WAN floods the router.

use anyhow::{ensure, Result};
use smoltcp::wire::{IpProtocol, Ipv4Address, TcpPacket};
use std::process::ExitCode;
use vmtests::{addresses, frames, page, scenario, Lab, Seen, Setup};

const GUEST: u16 = 20;
const IOT: u16 = 30;
const FILE: &str = "\
lan: { reaches: [wan, iot] }
networks:
  guest: { ports: [eth1.20], address: 192.168.20.1/24 }
  iot: { ports: [eth1.30], address: 192.168.30.1/24, reaches: [] }
";
/// A device of the network iot.
const DEVICE: Ipv4Address = Ipv4Address::new(192, 168, 30, 77);
/// Somebody on the Internet.
const STRANGER: Ipv4Address = Ipv4Address::new(203, 0, 113, 66);
/// What datagrams carry.
const FLOOD: &[u8] = b"from the Internet";
const FORBIDDEN: &[u8] = b"to another zone";
const ALLOWED: &[u8] = b"to the Internet";
const QUESTION: &[u8] = b"from the LAN to iot";
const ANSWER: &[u8] = b"from iot to the LAN";

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    let client = lab.lease()?.address.address();
    lab.until("lease on the WAN", |lab| Ok((lab.wan.count(&Seen::Lease) > 0).then_some(())))?;
    lab.flood = [client, Ipv4Address::new(192, 168, 20, 200), DEVICE, addresses::ROUTER_WAN].map(flood).to_vec();
    lab.output(&format!("lunagate config apply --without-confirmation - <<'END'\n{FILE}END"))?;
    // Who is asked for an address of the hardware need not be there.
    let router = lab.hardware_address("eth1")?;
    let host = addresses::LAN_HOST;
    let hardware = host.to_string().replace('-', ":");
    for (address, interface) in [(client, "eth1"), (DEVICE, "eth1.30")] {
        lab.output(&format!("ip neigh replace {address} lladdr {hardware} dev {interface} nud permanent"))?;
    }
    let send = |lab: &mut Lab, source: (Ipv4Address, u16), destination: (Ipv4Address, u16), payload: &[u8]| {
        let ends = frames::Ends { from: host, to: router, source, destination };
        let frame = if payload.is_empty() { frames::tcp_syn(ends) } else { frames::udp(ends, payload) };
        lab.until("room for a frame", |lab| Ok(lab.lan.host.wire.send(&frame).then_some(())))
    };

    lab.lan.plug_into(Some(GUEST));
    let lease = lab.lease()?;
    let (guest, gateway) = (lease.address.address(), Ipv4Address::new(192, 168, 20, 1));
    ensure!(guest.octets()[..3] == [192, 168, 20] && guest != gateway, "the guest has {guest}");
    ensure!(lease.router == Some(gateway) && lease.dns == Some(gateway), "the guest is told {lease:?}");
    ensure!(lab.resolve("router.lan")? == gateway, "the router has another address for guests");
    let server = lab.resolve("www.example")?;
    ensure!(lab.get(server)? == page(), "the page is another one");
    proved("a_guest_has_an_address_names_and_the_internet");

    for port in [22, 7000] {
        for to in [client, DEVICE, addresses::ROUTER_LAN, gateway] {
            send(lab, (guest, 4000), (to, port), b"")?;
            send(lab, (guest, 4000), (to, port), FORBIDDEN)?;
        }
    }
    // What comes after them on a cable, and arrives, had no reason to overtake: one goes out by each.
    send(lab, (guest, 4001), (addresses::SERVER, 7000), ALLOWED)?;
    lab.until("datagram of the guest's", |lab| Ok((lab.wan.host.wire.received(ALLOWED) > 0).then_some(())))?;
    ensure!(lab.resolve("router.lan")? == gateway, "the router has another address for guests");
    ensure!(lab.lan.host.wire.received(FORBIDDEN) == 0, "a guest reached another zone");
    ensure!(!answered(lab, 22), "the router's SSH answers a guest");
    proved("a_guest_reaches_no_other_zone_and_nothing_else_of_the_router");

    lab.lan.plug_into(None);
    send(lab, (client, 4000), (DEVICE, 7000), QUESTION)?;
    lab.until("datagram of the LAN's", |lab| Ok((arrived(lab, QUESTION) == Some(Some(IOT))).then_some(())))?;
    lab.lan.plug_into(Some(IOT));
    for to in [client, addresses::SERVER, guest] {
        send(lab, (DEVICE, 7001), (to, 4001), FORBIDDEN)?;
    }
    send(lab, (DEVICE, 7000), (client, 4000), ANSWER)?;
    lab.until("answer of the device", |lab| Ok((arrived(lab, ANSWER) == Some(None)).then_some(())))?;
    lab.lan.plug_into(None);
    lab.lease()?;
    ensure!(lab.get(server)? == page(), "the page is another one");
    let out = lab.lan.host.wire.received(FORBIDDEN) + lab.wan.host.wire.received(FORBIDDEN);
    ensure!(out == 0, "a device reached a zone by itself {out} times");
    proved("the_lan_reaches_a_device_that_reaches_nobody");

    ensure!(lab.wan.host.wire.sent(FLOOD) > 100, "the flood was a trickle");
    ensure!(lab.lan.host.wire.received(FLOOD) == 0, "the flood came in");
    proved("no_network_hears_of_the_internet_what_it_did_not_ask_for");

    lab.flood.clear();
    lab.output("echo | lunagate config apply --without-confirmation -")?;
    let left = lab.output("ls /sys/class/net")?;
    ensure!(!left.contains("eth1."), "networks that are gone are still there: {left}");
    lab.lan.plug_into(None);
    ensure!(lab.lease()?.router == Some(addresses::ROUTER_LAN), "the LAN is another");
    proved("a_network_that_goes_leaves_nothing");
    Ok(())
}

fn flood(target: Ipv4Address) -> Vec<u8> {
    let (from, to) = (addresses::WAN_HOST, addresses::ROUTER_WAN_PORT);
    frames::udp(frames::Ends { from, to, source: (STRANGER, 4000), destination: (target, 7000) }, FLOOD)
}

/// The VLAN on which these bytes came out of the LAN's port, if they did.
fn arrived(lab: &Lab, bytes: &[u8]) -> Option<Option<u16>> {
    let frame = lab.lan.host.wire.from_router().find(|frame| frames::contains(&frame.bytes, bytes))?;
    Some(frames::untagged(&frame.bytes).0)
}

/// Whether a segment of TCP has come from this port.
fn answered(lab: &Lab, port: u16) -> bool {
    lab.lan.host.wire.from_router().any(|frame| {
        let (_, frame) = frames::untagged(&frame.bytes);
        frames::read_ipv4(&frame).is_some_and(|packet| {
            let segment = TcpPacket::new_checked(packet.payload());
            packet.next_header() == IpProtocol::Tcp && segment.is_ok_and(|segment| segment.src_port() == port)
        })
    })
}
