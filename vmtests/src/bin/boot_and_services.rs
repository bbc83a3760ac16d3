// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The router comes up with its services for the LAN, and shows the WAN nothing.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::{IpProtocol, TcpPacket};
use std::process::ExitCode;
use vmtests::{addresses, frames, scenario, Lab, Seen, Setup, READY};

/// Ports of TCP that are tried from the WAN: all the well-known ones, and some above.
const PORTS: std::ops::RangeInclusive<u16> = 1..=2048;
/// Where the scan comes from.
const SCANNER: u16 = 40_000;

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    proved("every_service_comes_up");

    let lease = lab.lease()?;
    let [a, b, c, host] = lease.address.address().octets();
    ensure!([a, b, c] == [192, 168, 1] && (100..=250).contains(&host), "the lease is {}", lease.address);
    ensure!(lease.address.prefix_len() == 24, "the lease is {}", lease.address);
    ensure!(lease.router == Some(addresses::ROUTER_LAN), "the way out is {:?}", lease.router);
    ensure!(lease.dns == Some(addresses::ROUTER_LAN), "the name server is {:?}", lease.dns);
    proved("a_client_gets_a_lease_with_the_router_as_way_out_and_name_server");

    let own = lab.resolve("router.lan")?;
    ensure!(own == addresses::ROUTER_LAN, "router.lan is at {own}");
    ensure!(lab.resolve("www.example")? == addresses::SERVER, "the answer is another one");
    ensure!(lab.wan.count(&Seen::Question("www.example".into())) > 0, "the provider was not asked");
    ensure!(lab.wan.count(&Seen::Question("router.lan".into())) == 0, "the provider was asked for router.lan");
    proved("names_are_resolved_by_the_router_and_its_own_stay_inside");

    // A server that is nobody's, and in the same second the one that answers: the clock is set to it once more.
    let named = |server| format!(". /usr/lib/lunagate/way-out && name_servers 4 eth0 {server}");
    let (other, gateway) = (addresses::NEIGHBOUR, addresses::GATEWAY);
    let taken = format!("grep -q 'using nameserver {other}#' /run/log/messages");
    lab.output(&format!("{} && timeout 20 sh -c \"until {taken}; do usleep 100000; done\"", named(other)))?;
    lab.output(&format!("date -s @$(date -r /run/dnsmasq/resolv.conf +%s) && {}", named(gateway)))?;
    ensure!(lab.resolve("other.example")? == addresses::SERVER, "the answer is another one");
    proved("a_provider_can_name_other_servers_within_a_second");

    for service in ["dnsmasq", "dropbear", "dhcpcd", "syslogd", "klogd", "agent"] {
        let state = lab.output(&format!("s6-svstat -o up /run/service/{service}"))?;
        ensure!(state.trim() == "true", "{service} is not up: {state}");
    }
    proved("the_supervisor_keeps_the_services_up");

    scan(lab)?;
    proved("no_port_is_open_to_the_wan");
    timerless(lab)
}

/// A machine that QEMU leaves without a timer is no failure of the router's: the lab starts it again.
fn timerless(lab: &mut Lab) -> Result<()> {
    let seen = lab.machine.console.len();
    let report = "rcu: INFO: rcu_sched detected stalls\nrcu: Possible timer handling issue on cpu=1 timer-softirq=0";
    lab.output(&format!("(sleep 1; printf '{report}\n' > /dev/console) < /dev/null > /dev/null 2>&1 &"))?;
    lab.line(seen, READY)?;
    Ok(())
}

/// Tries every port from the WAN.  Dropped packets leave nothing to wait for: a ping, which
/// the router answers, comes after them.
fn scan(lab: &mut Lab) -> Result<()> {
    for port in PORTS {
        let syn = frames::tcp_syn(frames::Ends {
            from: addresses::WAN_HOST,
            to: addresses::ROUTER_WAN_PORT,
            source: (addresses::GATEWAY, SCANNER),
            destination: (addresses::ROUTER_WAN, port),
        });
        // The router's port takes what it has room for.
        lab.until("room for a frame", |lab| Ok(lab.wan.host.wire.send(&syn).then_some(())))?;
    }
    let before = lab.wan.host.wire.frames().len();
    lab.wan.host.wire.send(&frames::ping(frames::Ends {
        from: addresses::WAN_HOST,
        to: addresses::ROUTER_WAN_PORT,
        source: (addresses::GATEWAY, 0),
        destination: (addresses::ROUTER_WAN, 0),
    }));
    lab.until("answer to a ping from the WAN", |lab| {
        let new = &lab.wan.host.wire.frames()[before..];
        Ok(new.iter().any(|frame| frames::is_pong(&frame.bytes)).then_some(()))
    })?;
    let answer = lab.wan.host.wire.from_router().find_map(|frame| {
        let packet = frames::read_ipv4(&frame.bytes)?;
        let from_port = TcpPacket::new_checked(packet.payload()).ok()?;
        (packet.next_header() == IpProtocol::Tcp && from_port.dst_port() == SCANNER).then(|| from_port.src_port())
    });
    ensure!(answer.is_none(), "port {} answers to the WAN", answer.context("a port")?);
    Ok(())
}
