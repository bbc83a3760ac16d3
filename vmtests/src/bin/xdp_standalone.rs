// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunatik xdp`: a script sees what a port receives before the kernel does, in the driver
//! (virtio-net) or in the stack, and leaves the port when it is told to, or stops, or the port goes.
//!
//! The script drops pings and answers UDP datagrams by itself.  A dropped ping leaves nothing to
//! wait for: the answered datagram comes after it, and, once the script has gone, the answer to
//! the next ping is the first.

use anyhow::{ensure, Context, Result};
use smoltcp::wire::{EthernetAddress, IpProtocol, Ipv4Address};
use std::process::ExitCode;
use vmtests::frames::{self, Ends};
use vmtests::{addresses, scenario_on, Lab, Seen, Setup, Wire};

const SCRIPT: &str = r#"
local xdp, action = require("xdp"), require("linux.xdp")

local function swap(frame, a, b, length)
  local bytes = frame:getstring(a, length)
  frame:setstring(a, frame:getstring(b, length))
  frame:setstring(b, bytes)
end

xdp.attach(function(frame)
  if #frame < 42 or frame:getstring(12, 2) ~= "\8\0" or frame:getuint8(14) ~= 0x45 then return action.PASS end
  local protocol = frame:getuint8(23)
  if protocol == 1 then return action.DROP end
  if protocol ~= 17 or frame:getstring(36, 2) ~= "\0\7" then return action.PASS end
  swap(frame, 0, 6, 6) -- the link's addresses
  swap(frame, 26, 30, 4) -- the network's
  swap(frame, 34, 36, 2) -- ports; none of this changes a checksum
  return action.TX
end)
"#;
/// The port of UDP at which the script answers.
const ECHO: u16 = 7;
/// The router's LAN port.
const ROUTER_LAN_PORT: EthernetAddress = EthernetAddress([0x52, 0x54, 0, 0, 0, 1]);
/// How often the script is attached and taken away under packets.
const TIMES: u32 = 20;

fn main() -> ExitCode {
    scenario_on(Setup::Direct, |machine, _| machine.in_turns(), test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    let client = lab.lease()?.address.address();
    // The router's own scripts are read-only.
    lab.output(&format!(
        "cp -r /lib/modules/lua /run/lua && mount --bind /run/lua /lib/modules/lua &&
        cat > /lib/modules/lua/probe.lua <<'END'\n{SCRIPT}END"
    ))?;
    let mut probe = Probe { client, pings: 0, echoes: 0 };
    probe.unscripted(lab)?;

    attach(lab, "eth1", "", "eth1 probe native -", "")?;
    probe.scripted(lab)?;
    proved("a_script_in_the_driver_drops_and_answers_before_the_kernel");

    lab.output("ip link set eth1 down && ip link set eth1 name lan && ip link set lan up")?;
    ensure!(shown(lab)? == "lan probe native -", "what is shown of a renamed port is '{}'", shown(lab)?);
    probe.scripted(lab)?;
    proved("it_stays_over_a_loss_of_link_and_a_new_name");

    lab.output("ip link set lan down && ip link set lan name eth1 && ip link set eth1 up")?;
    detach(lab, "eth1")?;
    probe.unscripted(lab)?;
    proved("packets_reach_the_kernel_once_it_is_detached");

    attach(lab, "eth1", "--mode generic", "eth1 probe generic -", "")?;
    probe.scripted(lab)?;
    detach(lab, "eth1")?;
    proved("generic_mode_does_the_same");

    lab.output(
        "ip link add br0 type bridge && ip link set eth1 master br0 && ip link set br0 up &&
        ip address del 192.168.1.1/24 dev eth1 && ip address add 192.168.1.1/24 dev br0 &&
        nft insert rule inet filter input iifname br0 accept",
    )?;
    probe.unscripted(lab).context("through a bridge")?;
    attach(lab, "eth1", "", "eth1 probe native -", "")?;
    probe.scripted(lab)?;
    detach(lab, "eth1")?;
    proved("a_port_of_a_bridge_takes_it_in_the_driver");

    attach(lab, "br0", "", "br0 probe generic -", "native mode")?;
    probe.scripted(lab)?;
    lab.output("lunatik stop probe")?;
    is_gone(lab, "br0")?;
    probe.unscripted(lab)?;
    proved("a_device_without_native_mode_takes_it_in_the_stack_and_says_so");
    proved("a_script_that_stops_leaves_the_port");

    under_packets(lab)?;
    proved("it_comes_and_goes_under_packets");

    attach(lab, "eth1", "", "eth1 probe native -", "")?;
    lab.output("echo 1 > $(readlink -f /sys/class/net/eth1/device/..)/remove")?;
    ensure!(shown(lab)? == "- probe - -", "what is shown of a removed port is '{}'", shown(lab)?);
    lab.output("lunatik stop probe")?;
    ensure!(shown(lab)?.is_empty(), "what is shown of a stopped script is '{}'", shown(lab)?);
    proved("a_port_that_is_removed_takes_the_link_with_it");

    attach(lab, "eth0", "", "eth0 probe native -", "")?;
    lab.output("lunatik unload")?;
    is_gone(lab, "eth0")?;
    let modules = lab.output("grep -c '^lua\\|^lunatik' /proc/modules || true")?;
    ensure!(modules.trim() == "0", "{modules} modules are left");
    proved("unloading_takes_the_programs_along");

    lab.no_complaints_in_log()?;
    proved("the_kernel_does_not_complain");
    Ok(())
}

/// Attaches the script, which is shown to be so then, with no complaint but one with these words.
fn attach(lab: &mut Lab, port: &str, options: &str, expected: &str, words: &str) -> Result<()> {
    let output = lab.run(&format!("lunatik xdp attach {port} probe {options}"))?;
    let complaint = output.stderr.clone();
    output.success().with_context(|| format!("the script cannot be attached to {port}"))?;
    ensure!(complaint.contains(words) && complaint.is_empty() == words.is_empty(), "it says '{complaint}'");
    let shown = shown(lab)?;
    ensure!(shown == expected, "what is shown is '{shown}', not '{expected}'");
    Ok(())
}

/// Takes the script away, which leaves the port without a program.
fn detach(lab: &mut Lab, port: &str) -> Result<()> {
    lab.output(&format!("lunatik xdp detach {port}"))?;
    is_gone(lab, port)
}

/// The kernel has no program at the port, and no script is shown.
fn is_gone(lab: &mut Lab, port: &str) -> Result<()> {
    let programs = lab.output(&format!("ip link show dev {port} | grep -c xdp || true"))?;
    ensure!(programs.trim() == "0", "a program is at {port} still");
    ensure!(shown(lab)?.is_empty(), "a script is shown still: {}", shown(lab)?);
    Ok(())
}

/// The scripts at ports, columns apart by one blank.
fn shown(lab: &mut Lab) -> Result<String> {
    let table = lab.output("lunatik xdp show")?;
    let rows = table.lines().skip(1).map(|row| row.split_whitespace().collect::<Vec<_>>().join(" "));
    Ok(rows.collect::<Vec<_>>().join("\n"))
}

/// Who asks, on the LAN, and what it has asked.
struct Probe {
    client: Ipv4Address,
    /// Pings that the router must answer.
    pings: usize,
    echoes: usize,
}

impl Probe {
    fn ends(&self, port: u16) -> Ends {
        Ends {
            from: addresses::LAN_HOST,
            to: ROUTER_LAN_PORT,
            source: (self.client, 40_000),
            destination: (addresses::ROUTER_LAN, port),
        }
    }

    /// The router itself answers a ping, and never answered one that the script dropped.
    fn unscripted(&mut self, lab: &mut Lab) -> Result<()> {
        self.pings += 1;
        let (ping, wanted) = (frames::ping(self.ends(0)), self.pings);
        lab.lan.host.wire.send(&ping);
        lab.until("answer to a ping", |lab| Ok((pongs(&lab.lan.host.wire) >= wanted).then_some(())))?;
        let pongs = pongs(&lab.lan.host.wire);
        ensure!(pongs == wanted, "{pongs} answers to {wanted} pings that pass");
        Ok(())
    }

    /// The script drops a ping and answers the datagram after it.
    fn scripted(&mut self, lab: &mut Lab) -> Result<()> {
        self.echoes += 1;
        let payload = format!("echo {}", self.echoes);
        let (ping, datagram) = (frames::ping(self.ends(0)), frames::udp(self.ends(ECHO), payload.as_bytes()));
        lab.lan.host.wire.send(&ping);
        lab.lan.host.wire.send(&datagram);
        lab.until("answer of the script", |lab| {
            let mut frames = lab.lan.host.wire.from_router();
            Ok(frames
                .any(|frame| is_udp(&frame.bytes) && frames::contains(&frame.bytes, payload.as_bytes()))
                .then_some(()))
        })?;
        let pongs = pongs(&lab.lan.host.wire);
        ensure!(pongs == self.pings, "a ping is answered in spite of the script");
        Ok(())
    }
}

fn pongs(wire: &Wire) -> usize {
    wire.from_router().filter(|frame| frames::is_pong(&frame.bytes)).count()
}

fn is_udp(frame: &[u8]) -> bool {
    frames::read_ipv4(frame).is_some_and(|packet| packet.next_header() == IpProtocol::Udp)
}

/// The WAN floods its port with what the script answers, while the script comes and goes there.
fn under_packets(lab: &mut Lab) -> Result<()> {
    lab.until("lease of the router's", |lab| Ok((lab.wan.count(&Seen::Lease) > 0).then_some(())))?;
    let ends = Ends {
        from: addresses::WAN_HOST,
        to: addresses::ROUTER_WAN_PORT,
        source: (addresses::GATEWAY, 40_000),
        destination: (addresses::ROUTER_WAN, ECHO),
    };
    lab.flood = vec![frames::udp(ends, b"flood")];
    lab.output(&format!(
        "i=0
        while [ $i -lt {TIMES} ]; do
          lunatik xdp attach eth0 probe && lunatik xdp detach eth0 && lunatik xdp attach eth0 probe --mode generic &&
            lunatik stop probe || exit
          i=$((i + 1))
        done"
    ))?;
    lab.flood.clear();
    is_gone(lab, "eth0")?;
    let answered = lab.wan.host.wire.from_router().filter(|frame| is_udp(&frame.bytes)).count();
    ensure!(answered > 0, "the script answered nothing: it was never there under packets");
    Ok(())
}
