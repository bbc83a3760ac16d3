// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Wi-Fi, with radios that pretend: who has the password joins by WPA2 and WPA3, and is in the network that its owner says,
//! with an address and a way out; others stay outside, and what was cut off was cut off for good.

use anyhow::{ensure, Context, Result};
use std::process::ExitCode;
use vmtests::addresses::ROUTER_WAN;
use vmtests::{scenario_on, Lab, Seen, Setup};

const PASSWORD: &str = "a s3cret of the house";
const OTHER: &str = "an0ther of the house";
const GUESTS: &str = "gu3sts may know";
/// What is in the page of the lab's server.
const PAGE: &str = "line 1999 of a page";

fn main() -> ExitCode {
    // Beside the suites the image has what stations run, and the module of the radios.
    scenario_on(Setup::Direct, |builder, _| builder.memory(512), test)
}

fn test(lab: &mut Lab, proved: &dyn Fn(&str)) -> Result<()> {
    lab.boot()?;
    lab.lease()?;
    lab.until("lease on the WAN", |lab| Ok((lab.wan.count(&Seen::Lease) > 0).then_some(())))?;
    let refused = lab.run(&apply(PASSWORD))?;
    ensure!(refused.stderr.contains("there is no radio wlan0"), "{refused:?}");
    proved("a_radio_that_is_not_there_is_refused");

    lab.output("modprobe mac80211_hwsim radios=2 && ip netns add away && iw phy phy1 set netns name away")?;
    lab.output(&apply(PASSWORD))?;
    lab.output("iw reg get | grep -q '^country DE:'")?;
    lab.output("sh /etc/health.d/35-wifi")?;
    proved("a_radio_goes_by_the_rules_of_its_country");

    join(lab, "Home \u{2302}", "WPA-PSK", PASSWORD)?;
    let address = address(lab)?;
    ensure!(address.starts_with("192.168.1."), "a station of the LAN has {address}");
    has_page(lab)?;
    proved("who_has_the_password_is_in_the_lan_and_has_the_internet");

    join(lab, "Home \u{2302}", "SAE", PASSWORD)?;
    has_page(lab)?;
    proved("and_by_wpa3");

    stranger(lab, "WPA-PSK", "no pass of the house")?;
    stranger(lab, "SAE", "no pass of the house")?;
    proved("a_wrong_password_does_not_join");

    join(lab, "Guests", "SAE", GUESTS)?;
    let address = self::address(lab)?;
    ensure!(address.starts_with("192.168.20."), "a guest has {address}");
    has_page(lab)?;
    let ssh = lab.run("ip netns exec away timeout 3 nc 192.168.20.1 22 < /dev/null")?;
    ensure!(!ssh.stdout.contains("SSH"), "a guest reaches the router's SSH");
    proved("a_network_of_wifi_alone_is_a_zone");

    join(lab, "Home \u{2302}", "WPA-PSK", PASSWORD)?;
    let diff = lab.output(&format!("lunagate config diff - <<'END'\n{}END", file(OTHER)))?;
    ensure!(diff.contains("(another secret)"), "{diff}");
    hides(&diff)?;
    lab.output(&apply(OTHER))?;
    lab.output(&wait_for("! grep -q ^wpa_state=COMPLETED"))?;
    stranger(lab, "WPA-PSK", PASSWORD)?;
    join(lab, "Home \u{2302}", "SAE", OTHER)?;
    has_page(lab)?;
    proved("another_password_cuts_off_who_has_the_old_one");

    let log = lab.output("cat /run/log/messages; dmesg; ps -o args")?;
    ensure!(log.contains("hostapd"), "hostapd has no log");
    hides(&log)?;
    let modes = lab.output("stat -c %a /run/config/hostapd/wlan0.conf /data/config")?;
    ensure!(modes == "600\n700\n", "others can read the passwords: {modes}");
    proved("no_password_is_shown");

    let bad = file(OTHER).replace("channel: 6", "channel: 13").replace("country: DE", "country: US");
    let failed = lab.run(&format!("lunagate config apply --without-confirmation - <<'END'\n{bad}END"))?;
    ensure!(failed.stderr.contains("Wi-Fi does not begin"), "{failed:?}");
    join(lab, "Home \u{2302}", "SAE", OTHER)?;
    has_page(lab)?;
    proved("what_the_country_forbids_is_taken_back");

    lab.output("echo | lunagate config apply --without-confirmation -")?;
    let left = lab.output("ls /sys/class/net")?;
    ensure!(!left.contains("br-") && !left.contains("wlan0-"), "what is gone is still there: {left}");
    ensure!(lab.run("pidof hostapd")?.stdout.is_empty(), "hostapd is still there");
    proved("wifi_that_goes_leaves_nothing");
    lab.no_complaints_in_log()
}

fn file(password: &str) -> String {
    format!(
        "networks:\n  guest: {{ address: 192.168.20.1/24 }}\nwifi:\n  country: DE\n  \
         radios: {{ wlan0: {{ band: 2.4GHz, channel: 6 }} }}\n  networks:\n    \
         - {{ ssid: Home \u{2302}, password: {password} }}\n    \
         - {{ ssid: Guests, network: guest, security: wpa3, isolated: true, password: {GUESTS} }}\n"
    )
}

fn apply(password: &str) -> String {
    format!("lunagate config apply --without-confirmation - <<'END'\n{}END", file(password))
}

/// A command that waits until what the station says of itself is so.
fn wait_for(what: &str) -> String {
    let status = "wpa_cli -p /run/station -i wlan1 status";
    format!(
        "timeout 60 sh -c \"until ip netns exec away {status} 2> /dev/null | {{ {what}; }}; do usleep 200000; done\""
    )
}

/// The station knows this network from now on, and no other; it has heard of none.
fn know(lab: &mut Lab, ssid: &str, by: &str, password: &str) -> Result<()> {
    let ssid: String = ssid.bytes().map(|byte| format!("{byte:02x}")).collect();
    let secret = if by == "SAE" { "sae_password" } else { "psk" };
    let protected = if by == "SAE" { 2 } else { 1 };
    let file = format!(
        "ctrl_interface=/run/station\nnetwork={{\nssid={ssid}\nkey_mgmt={by}\nieee80211w={protected}\n\
         {secret}=\"{password}\"\nscan_freq=2437\n}}\n"
    );
    lab.output(
        "kill $(cat /run/station.pid); while [ -e /run/station/wlan1 ]; do usleep 100000; done; rm -f /tmp/station.log",
    )?;
    lab.output(&format!(
        "cat > /tmp/station.conf <<'END'\n{file}END\nip netns exec away ip link set wlan1 up && \
         ip netns exec away wpa_supplicant -B -P /run/station.pid -i wlan1 -c /tmp/station.conf -f /tmp/station.log"
    ))
    .map(drop)
}

fn join(lab: &mut Lab, ssid: &str, by: &str, password: &str) -> Result<()> {
    know(lab, ssid, by, password)?;
    if let Err(error) = lab.output(&wait_for("grep -q ^wpa_state=COMPLETED")) {
        let said = lab.output("tail -n 40 /tmp/station.log; grep hostapd /run/log/messages | tail -n 20")?;
        return Err(error).context(said);
    }
    let by = if by == "SAE" { "SAE" } else { "WPA2-PSK" };
    lab.output(&format!("ip netns exec away wpa_cli -p /run/station -i wlan1 status | grep -x key_mgmt={by}")).map(drop)
}

/// Who does not know the password is refused, and stays outside.
fn stranger(lab: &mut Lab, by: &str, password: &str) -> Result<()> {
    know(lab, "Home \u{2302}", by, password)?;
    lab.output(
        "timeout 60 sh -c \"until grep -qE 'SSID-TEMP-DISABLED|AUTH-REJECT|timed out' /tmp/station.log; do usleep 200000; done\"",
    )?;
    let status = lab.output("cat /tmp/station.log")?;
    ensure!(!status.contains("CTRL-EVENT-CONNECTED"), "a stranger is in: {status}");
    Ok(())
}

/// The address that DHCP gives the station.
fn address(lab: &mut Lab) -> Result<String> {
    let script = "#!/bin/sh\n[ \"$1\" != bound ] || {\nip address flush dev $interface\n\
                  ip address add $ip/$mask dev $interface\nip route replace default via $router\n}\n";
    lab.output(&format!("cat > /tmp/bound <<'END'\n{script}END\nchmod 755 /tmp/bound"))?;
    lab.output("ip netns exec away udhcpc -i wlan1 -f -q -n -t 20 -s /tmp/bound")?;
    let line = lab.output("ip netns exec away ip -4 -o address show dev wlan1")?;
    Ok(line.split_whitespace().nth(3).context("the station has no address")?.to_owned())
}

/// The station has the page of the Internet's server, which sees the router.
fn has_page(lab: &mut Lab) -> Result<()> {
    let address = address(lab)?;
    // A name that nobody has asked for yet, so that the provider is asked.
    let name = format!("page{}.example", lab.wan.seen.len());
    let server = match lab.resolve(&name) {
        Ok(server) => server,
        Err(error) => {
            let said = lab.output("grep -E ' (dnsmasq|dhcpcd)\\[' /run/log/messages; cat /run/dnsmasq/resolv.conf")?;
            return Err(error).context(said);
        }
    };
    let page = lab.output(&format!("ip netns exec away wget -q -O - http://{server}/"))?;
    ensure!(page.contains(PAGE), "the page is another one, for {address}");
    let mut seen = lab.wan.seen.iter().filter_map(|seen| match seen {
        Seen::Request(from) => Some(from.addr),
        _ => None,
    });
    ensure!(seen.next_back() == Some(ROUTER_WAN.into()), "the server saw somebody else");
    Ok(())
}

fn hides(text: &str) -> Result<()> {
    for password in ["s3cret", "an0ther", "gu3sts"] {
        ensure!(!text.contains(password), "a password is shown: {text}");
    }
    Ok(())
}
