// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The files for the daemons.

use std::path::Path;

use config::{render, Config, Policies};

fn file(text: &str, name: &str) -> String {
    let config: Config = text.parse().unwrap();
    let policies = Policies::open(Path::new("../../policies")).unwrap();
    render(&config, &policies).unwrap().0.into_iter().find(|(file, _)| *file == name).unwrap().1
}

#[test]
fn several_ports_are_one_network() {
    let text = "ports: { wan: eth0, lan: [eth1, eth2] }";
    let environment = file(text, "environment");
    assert!(environment.contains("LAN='br-lan'\nLAN_PORTS='eth1 eth2'\n"), "{environment}");
    assert!(file(text, "nftables.conf").contains("iifname \"br-lan\" oifname \"eth0\" accept"));
    assert!(file("", "environment").contains("LAN='eth1'\nLAN_PORTS='eth1'\n"));
}

#[test]
fn forwards_are_mapped_and_open_and_nothing_else_is() {
    let text = "firewall:\n  forwards:\n    - { protocol: tcp, port: 8080, to: 192.168.1.5, to_port: 80 }\n    \
                - { protocol: udp, port: 6000-6010, to: 192.168.1.6 }\n  pinholes:\n    \
                - { protocol: tcp, port: 22, to: 2001:db8::5 }\n";
    let rules = file(text, "nftables.conf");
    for line in [
        "iifname \"eth0\" fib daddr type local tcp dport 8080 dnat to 192.168.1.5:80\n",
        "iifname \"eth0\" fib daddr type local udp dport 6000-6010 dnat to 192.168.1.6\n",
        "ct status dnat ct original proto-dst 8080 ip daddr 192.168.1.5 tcp dport 80 accept\n",
        "ct status dnat ct original proto-dst 6000-6010 ip daddr 192.168.1.6 udp dport 6000-6010 accept\n",
        "ip6 daddr 2001:db8::5 tcp dport 22 accept\n",
    ] {
        assert!(rules.contains(line), "no {line} in\n{rules}");
    }
    let none = file("", "nftables.conf");
    assert!(none.contains("chain to_lan {\n  }") && !none.contains("dnat"), "{none}");
}

#[test]
fn names_and_addresses_are_given_as_they_are_said() {
    let text =
        "lan: { dhcp: { enabled: false }, leases: [{ mac: 02:00:5E:10:00:01, address: 192.168.1.5, name: nas }] }\n\
                dns: { servers: [9.9.9.9], records: [{ name: www.lan, address: 192.168.1.5 }] }\n";
    let names = file(text, "dnsmasq.conf");
    for line in [
        "dhcp-range=192.168.1.1,static\n",
        "dhcp-host=02:00:5e:10:00:01,192.168.1.5,nas\n",
        "no-resolv\nserver=9.9.9.9\n",
        "host-record=www.lan,192.168.1.5\n",
    ] {
        assert!(names.contains(line), "no {line} in\n{names}");
    }
    assert!(file("", "dnsmasq.conf").contains("dhcp-range=192.168.1.100,192.168.1.250,43200s\n"));
}

#[test]
fn a_known_address_is_the_wans() {
    let text = "wan: { mode: static, address: 198.51.100.2/29, gateway: 198.51.100.1, ipv6: false }";
    let client = file(text, "dhcpcd.conf");
    assert!(client.contains("  static ip_address=198.51.100.2/29\n  static routers=198.51.100.1\n"), "{client}");
    assert!(!client.contains("ia_pd"), "{client}");
    assert!(file("", "dhcpcd.conf").contains("  ia_pd 2 eth1/0\n"));
}

#[test]
fn policies_are_on_or_off_as_their_manifests_say_or_the_owner() {
    let none = file("", "policies");
    assert!(none.contains("dns-block on\n") && none.contains("sni-block on\n"), "{none}");
    assert_eq!(none.matches(" on\n").count(), 2, "{none}");
    let text = "policies: { sni-block: { enabled: false }, parental-schedule: { enabled: true }, dns-block: {} }";
    let some = file(text, "policies");
    for line in ["dns-block on\n", "parental-schedule on\n", "sni-block off\n", "iot-isolation off\n"] {
        assert!(some.contains(line), "no {line} in {some}");
    }
}

#[test]
fn policies_know_the_lan() {
    let files = |text: &str| {
        let policies = Policies::open(Path::new("../../policies")).unwrap();
        render(&text.parse().unwrap(), &policies).unwrap().0
    };
    assert!(!files("").iter().any(|(name, _)| name.starts_with("parameters/")));
    let bridged = files("ports: { wan: eth0, lan: [eth1, eth2] }");
    let (_, text) = bridged.iter().find(|(name, _)| name == "parameters/iot-isolation.lua").unwrap();
    assert!(text.contains("[\"lan\"] = \"br-lan\",\n"), "{text}");
}
