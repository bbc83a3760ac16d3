// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Networks by WireGuard: what daemons read of them, and what peers get.

use std::path::Path;

use config::{peer_file, render, Config, Known, Policies};

const FILE: &str = "\
lan: { reaches: [wan, home] }
networks:
  guest: { ports: [eth1.20], address: 192.168.20.1/24, reaches: [wan, home] }
wireguard:
  home:
    address: 10.9.0.1/24
    port: 51820
    reaches: [wan, lan, home]
    peers:
      phone: { key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=, address: 10.9.0.2 }
      office:
        key: AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=
        endpoint: \"vpn.example:51821\"
        networks: [192.168.7.0/24]
        keepalive: 25s
  cabin:
    address: 10.8.0.1/24
    reaches: []
    peers:
      gate: { key: /////////////////////////////////////////+8=, address: 10.8.0.2, endpoint: \"203.0.113.5:51820\" }
";

fn file(text: &str, name: &str) -> String {
    let config: Config = text.parse().unwrap();
    let policies = Policies::open(Path::new("../../policies"), Path::new("/none")).unwrap();
    let files = render(&config, &policies).unwrap().0;
    let bytes = files.into_iter().find(|(file, _)| *file == name).map(|(_, bytes)| bytes);
    String::from_utf8(bytes.unwrap_or_else(|| panic!("no {name}"))).unwrap()
}

#[test]
fn a_tunnel_has_its_addresses_peers_and_routes() {
    assert_eq!(
        file(FILE, "tunnels"),
        "home 10.9.0.1/24 ffff::a09:1/120 192.168.7.0/24\ncabin 10.8.0.1/24 ffff::a08:1/120\n"
    );
    assert_eq!(
        file(FILE, "wireguard/home.conf"),
        "[Interface]\nListenPort = 51820\n\
         [Peer]\nPublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\n\
         AllowedIPs = 10.9.0.2/32, ULA:ffff::a09:2/128\nPersistentKeepalive = 0\n\
         [Peer]\nPublicKey = AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\n\
         AllowedIPs = 192.168.7.0/24\nPersistentKeepalive = 25\n"
    );
    let cabin = file(FILE, "wireguard/cabin.conf");
    assert!(cabin.contains("Endpoint = 203.0.113.5:51820\n") && !cabin.contains("ListenPort"), "{cabin}");
    let key = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
    assert_eq!(file(FILE, "endpoints"), format!("home {key} vpn.example 51821\n"));
    assert_eq!(file("", "tunnels") + &file("", "endpoints"), "");
}

#[test]
fn a_tunnel_is_a_zone_and_only_a_port_that_is_said_is_open() {
    let rules = file(FILE, "nftables.conf");
    for line in [
        "    udp dport { 51820 } accept\n",
        "    iifname { \"eth1.20\", \"home\", \"cabin\" } jump from_network\n",
        "    iifname \"eth1\" oifname \"home\" accept\n",
        "    iifname \"eth1.20\" oifname \"home\" accept\n",
        "    iifname \"home\" oifname \"eth0\" accept\n",
        "    iifname \"home\" oifname \"eth1\" accept\n",
        "    iifname \"home\" oifname \"home\" accept\n",
    ] {
        assert!(rules.contains(line), "no {line} in\n{rules}");
    }
    assert!(!rules.contains("iifname \"cabin\" oifname"), "{rules}");
    let called =
        FILE.replace("    port: 51820\n", "").replace("address: 10.9.0.2 }", "endpoint: \"a:1\", address: 10.9.0.2 }");
    let rules = file(&called, "nftables.conf");
    let (_, wan) = rules.split_once("chain from_wan {").unwrap();
    let (wan, _) = wan.split_once("  }\n").unwrap();
    assert!(!wan.contains("51820") && !wan.contains("udp dport {"), "{wan}");
    let names = file(FILE, "dnsmasq.conf");
    assert!(names.contains("interface=home\ninterface-name=router.lan,home\n"), "{names}");
    assert!(!names.contains("constructor:home"), "{names}");
    assert!(!file(FILE, "dhcpcd.conf").contains("home"));
}

fn known() -> Known {
    Known { key: "ROUTER".into(), prefix: "fd00:1:2".into(), host: Some("198.51.100.2".into()) }
}

fn peer(name: &str, known: &Known) -> String {
    let config: Config = FILE.parse().unwrap();
    let (tunnel, peer) = config
        .tunnels
        .iter()
        .find_map(|tunnel| Some((tunnel, tunnel.peers.iter().find(|peer| peer.name == name)?)))
        .unwrap();
    peer_file(&config, tunnel, peer, known)
}

#[test]
fn a_phone_gets_all_but_its_own_key() {
    assert_eq!(
        peer("phone", &known()),
        "# phone in the network home of router\n[Interface]\nPrivateKey = <the private key of phone>\n\
         Address = 10.9.0.2/24, fd00:1:2:ffff::a09:2/120\nDNS = 10.9.0.1\n\n\
         [Peer]\nPublicKey = ROUTER\nEndpoint = 198.51.100.2:51820\nAllowedIPs = 0.0.0.0/0, ::/0\n"
    );
    let known = Known { host: None, ..known() };
    assert!(peer("phone", &known).contains("Endpoint = <this router's name or address>:51820\n"));
}

#[test]
fn a_router_elsewhere_keeps_its_way_to_the_internet() {
    assert_eq!(
        peer("office", &known()),
        "# office in the network home of router\n[Interface]\nPrivateKey = <the private key of office>\n\
         ListenPort = 51821\n\n[Peer]\nPublicKey = ROUTER\nEndpoint = 198.51.100.2:51820\n\
         AllowedIPs = 192.168.1.0/24, fd00:1:2:1::/64, 10.9.0.0/24, fd00:1:2:ffff::a09:0/120\nPersistentKeepalive = 25\n"
    );
    let gate = peer("gate", &known());
    assert!(
        gate.contains("AllowedIPs = 10.8.0.0/24, fd00:1:2:ffff::a08:0/120\n") && !gate.contains("Endpoint"),
        "{gate}"
    );
}
