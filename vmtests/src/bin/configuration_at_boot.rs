// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A router whose files or ports are not as they were to be comes up so that it can be reached, and what was in effect comes
//! back, whoever said it.

use anyhow::{ensure, Result};
use smoltcp::wire::{IpProtocol, Ipv4Address, TcpPacket};
use std::process::ExitCode;
use vmtests::{addresses, frames, scenario, Lab, Setup, READY};

/// Somebody on the Internet.
const STRANGER: Ipv4Address = Ipv4Address::new(203, 0, 113, 66);

fn main() -> ExitCode {
    scenario(Setup::Disk, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    // All the time.
    let ends = frames::Ends {
        from: addresses::WAN_HOST,
        to: addresses::ROUTER_WAN_PORT,
        source: (STRANGER, 4000),
        destination: (addresses::ROUTER_WAN, 22),
    };
    lab.flood = vec![frames::tcp_syn(ends)];
    lab.boot()?;
    lab.output("until ip route show default | grep -q .; do usleep 200000; done")?;
    lab.output("for time in $(seq 200); do nft -f /run/config/nftables.conf || exit; done")?;
    is_silent(lab)?;
    proved("rules_take_the_place_of_others_without_a_gap");

    write(lab, "hostname: first\n")?;
    lab.restart("reboot")?;
    ensure!(lab.output("hostname")? == "first\n", "the router is called {}", lab.output("hostname")?);
    ensure!(lab.output("cat /data/config/confirmed.yaml")? == "hostname: first\n", "it is not the confirmed one");
    proved("a_first_file_is_confirmed_when_the_router_has_come_up_with_it");

    write(lab, "hostname: changed\n")?;
    lab.restart("reboot")?;
    lab.output("echo 'hostname: tried' | lunagate config apply --confirm 600s - && lunagate config rollback")?;
    ensure!(lab.output("hostname")? == "changed\n", "the router is called {}", lab.output("hostname")?);
    write(lab, "hostname: tried\n")?;
    lab.output("lunagate config apply --confirm 600s")?;
    cut(lab, "lunagate: config: nobody confirmed the last configuration")?;
    ensure!(lab.output("hostname")? == "changed\n", "the router is called {}", lab.output("hostname")?);
    ensure!(lab.output("cat /data/config/router.yaml")? == "hostname: changed\n", "the next boot has another one");
    proved("what_was_in_effect_comes_back_though_nobody_confirmed_it");

    write(lab, "hostname: bridged\nports: { wan: eth0, lan: [eth1, eth7] }\n")?;
    cut(lab, "lunagate: config: port eth7 of lan is not there, and left out")?;
    is_reached(lab, "bridged")?;
    ensure!(lab.output("ls /sys/class/net/br-lan/brif")? == "eth1\n", "the LAN has other ports");
    let said = lab.run("sh /etc/health.d/15-config")?;
    ensure!(said.status != 0 && said.stdout.contains("eth7"), "the health check says {}", said.stdout);
    ensure!(lab.output("logread")?.contains("port eth7 of lan is not there"), "the log does not say so");
    proved("a_port_that_is_missing_is_left_out");

    write(lab, "hostname: gone\nports: { wan: eth0, lan: [eth7] }\n")?;
    cut(lab, "lunagate: config: router.yaml: no port of lan is there (eth7)")?;
    is_reached(lab, "first")?;
    proved("a_lan_that_is_missing_gives_way_to_the_last_good_one");

    lab.output("printf 'hostname: \\377\\n' > /data/config/router.yaml && sync")?;
    cut(lab, "lunagate: config: router.yaml: cannot read ")?;
    is_reached(lab, "first")?;
    lab.output("cp /data/config/router.yaml /data/config/confirmed.yaml && sync")?;
    cut(lab, "lunagate: config: history/00001.yaml, the newest that can be, is used")?;
    is_reached(lab, "first")?;
    proved("what_cannot_be_read_gives_way_to_the_newest_that_can");

    ensure!(lab.wan.host.wire.sent(&frames::tcp_syn(ends)[14..]) > 100, "the flood was a trickle");
    is_silent(lab)?;
    proved("none_of_it_opens_anything_to_the_internet");
    Ok(())
}

fn write(lab: &mut Lab, text: &str) -> Result<()> {
    lab.output(&format!("mkdir -p /data/config && cat > /data/config/router.yaml <<'END' && sync\n{text}END")).map(drop)
}

/// Cuts the power; the router says this before it is up again.
fn cut(lab: &mut Lab, said: &str) -> Result<()> {
    // Who cuts power too often asks for a failsafe boot.
    lab.output("rm -f /data/boots; sync")?;
    let seen = lab.machine.console.len();
    lab.machine.control.reset()?;
    lab.line(seen, said)?;
    lab.line(seen, READY).map(drop)
}

/// To who is on the Internet.
fn is_silent(lab: &Lab) -> Result<()> {
    let answer = lab.wan.host.wire.from_router().find_map(|frame| {
        let packet = frames::read_ipv4(&frame.bytes)?;
        let segment = TcpPacket::new_checked(packet.payload()).ok()?;
        let ssh = packet.next_header() == IpProtocol::Tcp && segment.src_port() == 22;
        ssh.then(|| format!("to {} at {:?}: {segment}", packet.dst_addr(), frame.at))
    });
    ensure!(answer.is_none(), "the router's SSH answered the Internet, {}", answer.unwrap_or_default());
    Ok(())
}

/// By who is on the LAN, which is the router of that name.
fn is_reached(lab: &mut Lab, name: &str) -> Result<()> {
    lab.lan.plug_into(None);
    ensure!(lab.lease()?.router == Some(addresses::ROUTER_LAN), "the LAN is another");
    ensure!(lab.resolve(&format!("{name}.lan"))? == addresses::ROUTER_LAN, "the router is not called {name}");
    lab.output("until nc 192.168.1.1 22 < /dev/null | grep -q SSH; do usleep 200000; done").map(drop)
}
