// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A router follows its owner's file while it runs: ports are opened and closed, with the flows that use them, networks
//! change, and what nobody confirms is taken back.

use anyhow::{ensure, Result};
use smoltcp::wire::Ipv4Address;
use std::process::ExitCode;
use vmtests::tls::{ALLOWED, BLOCKED};
use vmtests::{addresses, frames, scenario, Fate, Lab, Seen, Setup};

/// Somebody on the Internet.
const STRANGER: Ipv4Address = Ipv4Address::new(203, 0, 113, 66);
/// What datagrams carry.
const MARK: &[u8] = b"to the forwarded port";
const HAIRPIN: &[u8] = b"to the forwarded port from inside";
const OTHER: &[u8] = b"to another port";

/// Takes the LAN's link away and gives it back, until dhcpcd, which has another file since it began, has told its hook.
const PULLED: &str = "\
ip link set eth1 down
timeout 30 sh -c 'until logread | grep -q \"eth1: carrier lost\"; do usleep 100000; done' || exit
ip link set eth1 up
timeout 30 sh -c 'until logread | grep -q \"eth1: config file changed\"; do usleep 100000; done' || exit
sleep 1
";

/// Rules where those of the router are not, one where iptables has its own.
const OWN_RULES: &str = "iptables -t nat -A PREROUTING -p tcp --dport 9 -j ACCEPT && \
                         nft 'table ip owners { chain own { type filter hook forward priority 10; tcp dport 9 accept; }; }'";

fn main() -> ExitCode {
    scenario(Setup::Direct, test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    let client = lab.lease()?.address.address();
    lab.until("lease on the WAN", |lab| Ok((lab.wan.count(&Seen::Lease) > 0).then_some(())))?;

    // A port that the client serves under another number.
    let open = format!("firewall: {{ forwards: [{{ protocol: udp, port: 6000, to: {client}, to_port: 7000 }}] }}\n");
    apply(lab, &open, "--confirm 600s")?;
    lab.output("lunagate config confirm")?;
    send(lab, 6000, MARK, |lab| lab.lan.host.wire.received(MARK) > 0, "datagram to the forwarded port")?;
    let seen = lab.lan.host.wire.from_router().find(|frame| frames::contains(&frame.bytes, MARK)).map(|frame| {
        let packet = frames::read_ipv4(&frame.bytes);
        packet.map(|packet| (packet.dst_addr(), [packet.payload()[2], packet.payload()[3]]))
    });
    ensure!(seen == Some(Some((client, 7000_u16.to_be_bytes()))), "it arrived as {seen:?}");
    proved("a_forwarded_port_is_open");

    // The client answers, so the flow is established; the router is asked for its port on the LAN for that.
    let router = lab.hardware_address("eth1")?;
    let ends =
        frames::Ends { from: addresses::LAN_HOST, to: router, source: (client, 7000), destination: (STRANGER, 4000) };
    lab.lan.host.wire.send(&frames::udp(ends, b"answer"));
    lab.until(
        "answer under the router's address",
        |lab| Ok((lab.wan.host.wire.received(b"answer") > 0).then_some(())),
    )?;

    // The client itself asks for the port by the WAN's address, and is asked by the router.
    let ends = frames::Ends { source: (client, 7001), destination: (addresses::ROUTER_WAN, 6000), ..ends };
    lab.lan.host.wire.send(&frames::udp(ends, HAIRPIN));
    lab.until("datagram that turns round", |lab| Ok((lab.lan.host.wire.received(HAIRPIN) > 0).then_some(())))?;
    let seen = lab.lan.host.wire.from_router().find(|frame| frames::contains(&frame.bytes, HAIRPIN));
    let from = seen.and_then(|frame| frames::read_ipv4(&frame.bytes).map(|packet| packet.src_addr()));
    ensure!(from == Some(addresses::ROUTER_LAN), "it came from {from:?}");
    proved("the_lan_reaches_a_forwarded_port_by_the_wans_address");

    lab.output(OWN_RULES)?;
    apply(lab, "hostname: gate\n", "--confirm 600s")?;
    let before = lab.lan.host.wire.received(MARK);
    let frames = lab.wan.host.wire.sent(OTHER);
    // Datagrams keep their order: those to the port that was open go before others.
    for _ in 0..5 {
        lab.wan.host.wire.send(&frames::udp(from_stranger(6000), MARK));
    }
    send(lab, 53, OTHER, |lab| lab.wan.host.wire.sent(OTHER) > frames + 20, "more datagrams")?;
    let hostname = lab.output("hostname")?;
    ensure!(hostname.trim() == "gate", "the router is called {hostname}");
    ensure!(lab.lan.host.wire.received(MARK) == before, "the flow goes on without its rule");
    proved("a_rule_that_goes_ends_its_flows");

    lab.output("lunagate config rollback")?;
    send(lab, 6000, MARK, |lab| lab.lan.host.wire.received(MARK) > before, "datagram after the rollback")?;
    ensure!(lab.lan.host.wire.received(OTHER) == 0, "another port was open");
    proved("a_rollback_brings_back_what_was");
    ensure!(lab.output("nft list table ip owners")?.contains("tcp dport 9 accept"), "the owner's rule is lost");
    ensure!(
        lab.output("iptables -t nat -S PREROUTING")?.contains("--dport 9 "),
        "the owner's rule of iptables is lost"
    );
    proved("rules_of_the_owner_stay");

    lab.output(PULLED)?;
    ensure!(lab.resolve("pulled.example")? == addresses::SERVER, "the answer is another one");
    proved("a_cable_of_the_lan_that_is_pulled_leaves_the_names");

    let text = format!("time: {{ zone: Asia/Tokyo }}\nlogging: {{ host: {client}, port: 5140 }}\n");
    apply(lab, &text, "--confirm 600s")?;
    let zone = lab.output("date +%Z%z")?;
    ensure!(zone == "JST+0900\n", "the time zone is {zone}");
    proved("clocks_go_by_the_time_zone");
    // The daemon restarts, and who speaks meanwhile is not heard.
    let line = "a line of the log";
    for _ in 0..50 {
        lab.output(&format!("logger '{line}' && usleep 200000"))?;
        if lab.lan.host.wire.received(line.as_bytes()) > 0 {
            break;
        }
    }
    ensure!(lab.lan.host.wire.received(line.as_bytes()) > 0, "the host does not get the log");
    ensure!(lab.output("logread")?.contains(line), "the router's own log has not the line");
    lab.output("lunagate config rollback")?;
    ensure!(lab.output("date +%Z")? == "UTC\n", "the time zone stays");
    proved("the_log_goes_to_a_host_that_the_owner_names");

    // A network that nobody confirms.
    apply(lab, "lan: { address: 10.9.8.1/24 }\n", "--confirm 5s")?;
    ensure!(address(lab)?.contains("10.9.8.1/24"), "the LAN is {}", address(lab)?);
    let mut lan = String::new();
    for _ in 0..100 {
        lan = address(lab)?;
        if lan.contains("192.168.1.1/24") && !lan.contains("10.9.8.1") {
            break;
        }
        lab.output("usleep 300000")?;
    }
    ensure!(lan.contains("192.168.1.1/24") && !lan.contains("10.9.8.1"), "the LAN stays {lan}");
    ensure!(lab.output("cat /data/config/rejected.yaml")?.contains("10.9.8.1/24"), "what was tried is lost");
    let diff = lab.run("lunagate config diff /data/config/rejected.yaml")?;
    ensure!(diff.success()?.contains("+lan: { address: 10.9.8.1/24 }"), "no difference is shown");
    proved("what_nobody_confirms_is_taken_back");

    each_trial_has_its_timer(lab, proved)?;
    who_goes_away_leaves_nothing(lab, proved)?;

    apply(lab, "lan: { address: 10.9.8.1/24 }\nports: { wan: eth0, lan: [eth1] }\n", "--without-confirmation")?;
    ensure!(
        address(lab)?.contains("10.9.8.1/24") && !address(lab)?.contains("192.168"),
        "the LAN is {}",
        address(lab)?
    );
    lab.output("nslookup router.lan 10.9.8.1")?;
    ensure!(lab.output("lunagate config history")?.lines().count() == 2, "the history is another");
    proved("a_confirmed_network_stays");

    let refusals = [
        ("lan: { adress: 10.9.8.1/24 }", "standard input:1:8: "),
        ("ports: { wan: eth0, lan: [eth7] }", "no port eth7: the router has eth0 eth1"),
        (
            "policies: { sni-blok: { enabled: false } }",
            "no policy sni-blok: the image has block-list, device-quarantine, ",
        ),
    ];
    for (text, words) in refusals {
        let output = lab.run(&format!("echo '{text}' | lunagate config apply -"))?;
        ensure!(output.status != 0 && output.stderr.contains(words), "{text}: {} {}", output.status, output.stderr);
        ensure!(address(lab)?.contains("10.9.8.1/24"), "{text} changed the LAN");
    }
    proved("what_is_wrong_changes_nothing");

    ensure!(lab.output("lunatik list")?.contains("policies/sni-block/main"), "the policy does not run");
    apply(lab, "policies: { sni-block: { enabled: false } }\n", "--without-confirmation")?;
    ensure!(!lab.output("lunatik list")?.contains("policies/sni-block/main"), "the policy runs");
    apply(lab, "policies: { sni-block: { enabled: true } }\n", "--without-confirmation")?;
    ensure!(lab.output("lunatik list")?.contains("policies/sni-block/main"), "the policy does not run again");
    proved("policies_are_turned_off_and_on");

    // What is blocked is the owner's to say.
    let blocked = |name: &str| format!("policies: {{ sni-block: {{ parameters: {{ domains: [{name}] }} }} }}\n");
    let server = addresses::SERVER;
    apply(lab, &blocked(ALLOWED), "--without-confirmation")?;
    ensure!(lab.hello(server, BLOCKED)? == Fate::Open, "the name that the image blocks is blocked");
    apply(lab, &blocked(BLOCKED), "--without-confirmation")?;
    ensure!(lab.hello(server, ALLOWED)? == Fate::Open, "a name that is not blocked any more is");
    let before = lab.wan.count(&Seen::Hello(BLOCKED.into()));
    lab.blocks(server, 2)?;
    ensure!(lab.wan.count(&Seen::Hello(BLOCKED.into())) == before, "the server saw the blocked name");
    proved("policies_have_the_parameters_of_the_file");
    Ok(())
}

/// Succeeds as long as a process waits five seconds for a confirmation.
const IS_WAITED_FOR: &str =
    "for process in /proc/[0-9]*; do tr '\\0' ' ' < $process/cmdline; echo; done 2> /dev/null | \
                             grep -q 'config [e]xpire [^ ]* 5s'";

fn each_trial_has_its_timer(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    apply(lab, "hostname: again\n", "--confirm 5s")?;
    lab.output("lunagate config rollback")?;
    apply(lab, "hostname: again\n", "--confirm 600s")?;
    lab.output(&format!("while {IS_WAITED_FOR}; do usleep 200000; done"))?;
    ensure!(lab.output("hostname")? == "again\n", "the timer of the first trial ended the second");
    lab.output("lunagate config rollback")?;
    proved("a_timer_ends_its_own_trial_alone");
    Ok(())
}

/// Makes the router not follow, the first time, and ends who waits for that.
const GOES_AWAY: &str = r#"
cp /usr/lib/lunagate/reconfigure /data/reconfigure
cat > /data/hangs <<'END'
#!/bin/sh
[ -e /run/hung ] || { echo $$ > /run/hung.new; mv /run/hung.new /run/hung; exec sleep 100000; }
exec sh /data/reconfigure "$@"
END
chmod 755 /data/hangs
mount --bind /data/hangs /usr/lib/lunagate/reconfigure
echo 'hostname: lost' > /data/lost.yaml
lunagate config apply --confirm 5s /data/lost.yaml > /dev/null 2>&1 &
until [ -e /run/hung ]; do usleep 100000; done
kill $! $(cat /run/hung)
until [ ! -e /data/config/trial.yaml ]; do usleep 200000; done
# The network of before was taken back, too.
until [ "$(logread | grep -c 'nobody confirmed what was on trial')" = 2 ]; do usleep 200000; done
umount /usr/lib/lunagate/reconfigure
. /run/config/environment
echo $HOSTNAME
"#;

fn who_goes_away_leaves_nothing(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    let said = lab.output(GOES_AWAY)?;
    ensure!(said == "router\n", "the router is called {said}");
    proved("who_goes_away_while_the_router_follows_leaves_nothing");
    Ok(())
}

fn apply(lab: &mut Lab, text: &str, how: &str) -> Result<()> {
    lab.output(&format!("lunagate config apply {how} - <<'END'\n{text}END")).map(drop)
}

/// The addresses of the LAN.
fn address(lab: &mut Lab) -> Result<String> {
    lab.output("ip -4 address show dev eth1")
}

fn from_stranger(port: u16) -> frames::Ends {
    frames::Ends {
        from: addresses::WAN_HOST,
        to: addresses::ROUTER_WAN_PORT,
        source: (STRANGER, 4000),
        destination: (addresses::ROUTER_WAN, port),
    }
}

/// Sends datagrams until that is so.
fn send(lab: &mut Lab, port: u16, payload: &[u8], so: impl Fn(&Lab) -> bool, what: &str) -> Result<()> {
    lab.flood = vec![frames::udp(from_stranger(port), payload)];
    let done = lab.until(what, |lab| Ok(so(lab).then_some(())));
    lab.flood.clear();
    done
}
