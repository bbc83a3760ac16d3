// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The file: what it says, and that a wrong one is told by place and with the way out.

use std::net::Ipv4Addr;

use config::{Config, Network4, Pool, Wan};

const FULL: &str = "\
# all there is
hostname: Gate
domain: home.example
time: { zone: europe/berlin }
logging: { host: 10.1.0.5 }
ports: { wan: eth2, lan: [eth0, eth1] }
wan: { mode: static, address: 198.51.100.2/29, gateway: 198.51.100.1, ipv6: false }
lan:
  address: 10.1.0.1/16
  dhcp: { from: 10.1.1.0, to: 10.1.2.255, lease: 2h }
  leases:
    - { mac: 02:00:5E:10:00:01, address: 10.1.0.5, name: nas }
networks:
  iot:
    ports: [eth0.30, eth3]
    address: 10.3.0.1/24
    reaches: []
  guest: { ports: [eth1.20], address: 10.2.0.1/24 }
wireguard:
  home:
    address: 10.9.0.1/24
    port: 51820
    reaches: [wan, lan, home]
    peers:
      phone: { key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=, address: 10.9.0.2 }
      office: { key: AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=, endpoint: vpn.example:51820, networks: [192.168.7.0/24, 2001:db8:7::/48], keepalive: 25s }
dns:
  servers: [9.9.9.9, 2620:fe::fe]
  records:
    - { name: www.home.example, address: 10.1.0.5 }
firewall:
  forwards:
    - { protocol: tcp, port: 8080, to: 10.1.0.5, to_port: 80 }
    - { protocol: udp, port: 6000-6010, to: 10.1.0.5 }
  pinholes:
    - { protocol: tcp, port: 22, to: 2001:db8::5 }
policies:
  sni-block: { enabled: false, parameters: { list: /data/lists/ads.set } }
lists:
  Ads: { from: https://lists.example:8443/hosts.txt, every: 2h }
  bad-nets: { from: https://lists.example/nets, kind: addresses }
update: { channel: https://updates.example/stable/ }
ssh:
  keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA me@here]
";

#[test]
fn a_file_resolves() {
    let config: Config = FULL.parse().unwrap();
    assert_eq!((config.hostname.as_str(), config.domain.as_str()), ("gate", "home.example"));
    assert_eq!(
        (config.wan_port.as_str(), config.lan.ports.as_slice()),
        ("eth2", ["eth0".into(), "eth1".into()].as_slice())
    );
    let zone = config.zone.unwrap();
    assert_eq!((zone.name, zone.rule()), ("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"));
    assert_eq!(config.log.unwrap().to_string(), "10.1.0.5:514");
    let [iot, guest] = config.networks.as_slice() else { panic!("{:?}", config.networks) };
    assert_eq!((iot.name.as_str(), iot.interface.as_str(), iot.reaches.len()), ("iot", "br-iot", 0));
    assert_eq!((guest.interface.as_str(), guest.reaches.as_slice()), ("eth1.20", ["wan".to_owned()].as_slice()));
    let [home] = config.tunnels.as_slice() else { panic!("{:?}", config.tunnels) };
    assert_eq!((home.name.as_str(), home.port, home.reaches.len()), ("home", Some(51820), 3));
    let [phone, office] = home.peers.as_slice() else { panic!("{:?}", home.peers) };
    assert_eq!((phone.address, phone.keepalive), (Some(Ipv4Addr::new(10, 9, 0, 2)), None));
    assert_eq!((office.endpoint.as_ref().unwrap().host.as_str(), office.keepalive), ("vpn.example", Some(25)));
    assert_eq!(office.networks[0].to_string(), "192.168.7.0/24");
    let address = Network4 { address: Ipv4Addr::new(198, 51, 100, 2), bits: 29 };
    assert_eq!(config.wan, Wan::Static { address, gateway: Ipv4Addr::new(198, 51, 100, 1) });
    let pool = Pool { from: Ipv4Addr::new(10, 1, 1, 0), to: Ipv4Addr::new(10, 1, 2, 255), seconds: 7200 };
    assert_eq!(config.lan.pool, Some(pool));
    assert_eq!(config.forwards[0].to_ports(), (80, 80));
    assert_eq!(config.forwards[1].to_ports(), (6000, 6010));
    assert_eq!((config.policies[0].name.as_str(), config.policies[0].enabled), ("sni-block", Some(false)));
    assert!(!config.ipv6);
    let lists: Vec<_> = config.lists.iter().map(ToString::to_string).collect();
    let expected = [
        "ads domains 7200 https://lists.example:8443/hosts.txt",
        "bad-nets addresses 86400 https://lists.example/nets",
    ];
    assert_eq!(lists, expected);
    assert_eq!(config.channel.unwrap().as_str(), "https://updates.example/stable/");
}

#[test]
fn nothing_is_the_default() {
    for text in ["", "# nothing yet\n", "\n\n", "lan: { address: 192.168.1.1/24 }\n", "wan: { mode: dhcp }"] {
        assert_eq!(text.parse::<Config>().unwrap(), Config::default(), "{text}");
    }
}

#[test]
fn another_network_has_a_pool_of_its_own() {
    let config: Config = "lan: { address: 10.0.0.1/24 }".parse().unwrap();
    let pool = config.lan.pool.unwrap();
    assert_eq!((pool.from, pool.to), (Ipv4Addr::new(10, 0, 0, 128), Ipv4Addr::new(10, 0, 0, 254)));
    let config: Config = "lan: { address: 10.0.0.1/30 }".parse().unwrap();
    assert_eq!(config.lan.pool, None);
}

/// What is wrong, with its place.
fn problem(text: &str) -> String {
    match text.parse::<Config>() {
        Ok(config) => panic!("{text} is {config:?}"),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn what_is_wrong_is_told_by_place() {
    let cases = [
        ("hostnam: x", "1:1: ", "hostnam"),
        ("hostname: a.b", "1:11: ", "letters"),
        ("ports: { wan: eth0, lan: [] }", "1:26: ", "no port is this network's"),
        ("ports: { wan: eth0, lan: [eth0] }", "1:27: ", "has a role already"),
        ("ports: { wan: 'eth0; reboot', lan: [eth1] }", "1:15: ", "no port"),
        ("ports: { wan: eth0, lan: [eth0.1] }", "1:27: ", "port eth0 is the WAN's"),
        ("ports: { wan: eth0.7, lan: [eth0] }", "1:29: ", "port eth0 is the WAN's"),
        ("ports: { wan: eth0, lan: [eth1.4095] }", "1:27: ", "1 to 4094"),
        ("time: { zone: Europe/Berln }", "1:15: ", "is it Europe/Berlin?"),
        ("logging: { host: 192.168.1.1 }", "1:18: ", "router itself"),
        ("logging: { host: 'a b' }", "1:18: ", "letters"),
        ("networks: { wan: { ports: [eth2], address: 10.2.0.1/24 } }", "1:13: ", "another zone"),
        ("networks: { guest: { ports: [eth1], address: 10.2.0.1/24 } }", "1:30: ", "has a role already"),
        ("networks: { guest: { ports: [eth0.2], address: 10.2.0.1/24 } }", "1:30: ", "port eth0 is the WAN's"),
        ("networks: { guest: { ports: [eth2], address: 192.168.1.9/24 } }", "1:46: ", "(lan) are one network"),
        (
            "networks: { guest: { ports: [eth2], address: 10.2.0.1/24, reaches: [internet] } }",
            "1:69: ",
            "there are wan, lan",
        ),
        ("lan: { reaches: [guest] }", "1:18: ", "there are wan"),
        ("wan: { mode: ppp }", "1:14: ", "none of dhcp, static, pppoe"),
        ("wan: { mode: pppoe, user: me }", "1:6: ", "needs the user and the password"),
        ("wan: { mode: pppoe, user: me, password: '' }", "1:41: ", "1 to 255 bytes"),
        ("wan: { mode: pppoe, user: me, password: x, address: 192.0.2.2/24 }", "1:53: ", "set mode to static"),
        ("wan: { user: me }", "1:14: ", "set mode to pppoe"),
        ("wan: { mode: static, address: 192.0.2.2/24 }", "1:6: ", "needs address"),
        ("wan: { mode: static, address: 192.0.2.2/24, gateway: 192.0.3.1 }", "1:54: ", "no other host"),
        ("wan: { mode: static, address: 192.168.1.9/24, gateway: 192.168.1.8 }", "1:6: ", "one network"),
        ("wan: { address: 192.0.2.2/24 }", "1:17: ", "set mode to static"),
        ("lan: { address: 192.168.1.0/24 }", "1:17: ", "no host's address"),
        ("lan: { address: 192.168.1.1 }", "1:17: ", "192.168.1.1/24"),
        ("lan: { dhcp: { from: 192.168.2.1, to: 192.168.1.9 } }", "1:22: ", "no host of this network"),
        ("lan: { dhcp: { from: 192.168.1.9, to: 192.168.1.8 } }", "1:39: ", "swap them"),
        ("lan: { dhcp: { from: 192.168.1.9 } }", "1:22: ", "give both"),
        ("lan: { dhcp: { lease: 1min } }", "1:23: ", "2min to 31d"),
        ("lan: { dhcp: { enabled: false, lease: 1h } }", "1:39: ", "leave this out"),
        ("lan: { leases: [{ mac: 01:00:5e:00:00:01, address: 192.168.1.5 }] }", "1:24: ", "group"),
        ("lan: { leases: [{ mac: 02:00:5e:00:00:01, address: 192.168.1.1 }] }", "1:52: ", "no other host"),
        ("dns: { servers: [192.168.1.1] }", "1:18: ", "router itself"),
        ("dns: { records: [{ name: 'a b', address: 192.168.1.5 }] }", "1:26: ", "letters"),
        ("firewall: { forwards: [{ protocol: icmp, port: 1, to: 192.168.1.5 }] }", "1:36: ", "neither tcp nor udp"),
        ("firewall: { forwards: [{ protocol: tcp, port: 0, to: 192.168.1.5 }] }", "1:47: ", "1 to 65535"),
        ("firewall: { forwards: [{ protocol: tcp, port: 9-8, to: 192.168.1.5 }] }", "1:47: ", "1 to 65535"),
        ("firewall: { forwards: [{ protocol: tcp, port: 1-2, to: 192.168.1.5, to_port: 8 }] }", "1:78: ", "one port"),
        ("firewall: { forwards: [{ protocol: tcp, port: 1, to: 192.168.2.5 }] }", "1:54: ", "no other host"),
        ("firewall: { pinholes: [{ protocol: tcp, port: 1, to: fe80::1 }] }", "1:54: ", "no address that others reach"),
        ("policies: { sni-block: { enabled: maybe } }", "1:35: ", "boolean"),
        ("lists: { a.b: { from: https://a.example/ } }", "1:10: ", "letters"),
        ("lists: { ads: { every: 1h } }", "1:", "from"),
        ("lists: { ads: { from: http://a.example/ } }", "1:23: ", "https://"),
        ("lists: { ads: { from: https://a.example/, kind: hosts } }", "1:49: ", "neither domains nor addresses"),
        ("lists: { ads: { from: https://a.example/, every: 14min } }", "1:50: ", "15min to 31d"),
        ("lists: { ads: { from: https://a.example/ }, Ads: { from: https://b.example/ } }", "1:45: ", "already"),
        ("policies: { dns-block: { parameters: { list: /data/lists/ads.set } } }", "1:46: ", "there is none"),
        ("update: { channel: https://updates.example/stable }", "1:20: ", "ends in /"),
        ("update: { channel: ftp://updates.example/ }", "1:20: ", "https://"),
        ("certificates: [here.pem]", "1:16: ", "-----BEGIN CERTIFICATE-----"),
        ("certificates: ['-----BEGIN PRIVATE KEY-----']", "1:16: ", "private key"),
        ("ssh: { keys: ['-----BEGIN OPENSSH PRIVATE KEY-----'] }", "1:15: ", "private key"),
        (
            "ssh: { keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA] }",
            "1:15: ",
            "not whole",
        ),
        ("ssh: { keys: ['command=\"x\" ssh-ed25519 AAAA'] }", "1:15: ", "no public key"),
    ];
    for (text, place, words) in cases {
        let said = problem(text);
        assert!(said.starts_with(place) && said.contains(words), "{text}\nsays {said}");
    }
    let twice = "firewall:\n  forwards:\n    - { protocol: tcp, port: 80-90, to: 192.168.1.5 }\n    \
                 - { protocol: tcp, port: 85, to: 192.168.1.6 }\n";
    assert!(problem(twice).starts_with("4:7: tcp 80-90 goes to 192.168.1.5 already"), "{}", problem(twice));
}

/// A network by WireGuard with these words at its own level, and with this peer.
fn tunnel(own: &str, peer: &str) -> String {
    format!("wireguard:\n  home:\n    address: 10.9.0.1/24\n    {own}\n    peers:\n      phone: {{ {peer} }}\n")
}

#[test]
fn what_is_wrong_with_a_tunnel_is_told_by_place() {
    const KEY: &str = "key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    let peers = [
        ("key: abc, address: 10.9.0.2".to_owned(), "6:21: ", "no key of WireGuard"),
        (format!("{KEY}, address: 10.9.1.2"), "6:76: ", "no other host of home"),
        (format!("{KEY}, address: 10.9.0.1"), "6:76: ", "no other host of home"),
        (format!("{KEY}, networks: [192.168.7.1/24]"), "6:78: ", "its network is 192.168.7.0/24"),
        (format!("{KEY}, networks: [192.168.0.0/16]"), "6:78: ", "(lan) are one network"),
        (format!("{KEY}, networks: [10.9.0.128/25]"), "6:78: ", "(home) are one network"),
        (format!("{KEY}, networks: [0.0.0.0/0]"), "6:78: ", "more than a peer's own"),
        (format!("{KEY}, networks: [224.0.0.0/8]"), "6:78: ", "no network of hosts"),
        (KEY.to_owned(), "6:7: ", "nothing is for phone"),
        (format!("{KEY}, address: 10.9.0.2, endpoint: vpn.example"), "6:96: ", "no endpoint"),
        (format!("{KEY}, address: 10.9.0.2, endpoint: 10.9.0.3:1"), "6:96: ", "inside the tunnel"),
        (format!("{KEY}, address: 10.9.0.2, keepalive: 25"), "6:97: ", "1s to 65535s"),
        (format!("{KEY}, address: 10.9.0.2, psk: x"), "6:86: ", "psk"),
    ];
    for (peer, place, words) in peers {
        let said = problem(&tunnel("port: 51820", &peer));
        assert!(said.starts_with(place) && said.contains(words), "{peer}\nsays {said}");
    }
    let phone = format!("{KEY}, address: 10.9.0.2");
    let own = [
        ("port: 0", "4:11: ", "1 to 65535"),
        ("port: 53", "4:11: ", "router's own"),
        ("reaches: [internet]", "4:15: ", "there are wan, lan, home"),
        ("reaches: []", "6:7: ", "an endpoint, or home a port"),
    ];
    for (words, place, what) in own {
        let said = problem(&tunnel(words, &phone));
        assert!(said.starts_with(place) && said.contains(what), "{words}\nsays {said}");
    }
    let whole = tunnel("port: 51820", &phone);
    whole.parse::<Config>().unwrap();
    let more = [
        (format!("      other: {{ {KEY}, address: 10.9.0.3 }}\n"), "7:21: ", "key of phone already"),
        (
            "      other: { key: AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=, address: 10.9.0.2 }\n".to_owned(),
            "7:76: ",
            "that of phone",
        ),
        ("  other: { address: 10.9.0.9/30 }\n".to_owned(), "7:21: ", "(home) are one network"),
        ("  other: { address: 10.8.0.1/24, port: 51820 }\n".to_owned(), "7:40: ", "that of home already"),
        ("  eth0: { address: 10.8.0.1/24 }\n".to_owned(), "7:3: ", "name of a port"),
        ("  all: { address: 10.8.0.1/24 }\n".to_owned(), "7:3: ", "means something else"),
        ("  lan: { address: 10.8.0.1/24 }\n".to_owned(), "7:3: ", "another zone"),
        ("networks: { home: { ports: [eth2], address: 10.2.0.1/24 } }\n".to_owned(), "2:3: ", "a network home already"),
        (
            "firewall: { forwards: [{ protocol: udp, port: 51000-52000, to: 192.168.1.5 }] }\n".to_owned(),
            "7:24: ",
            "has the port of home",
        ),
        ("dns: { servers: [10.9.0.1] }\n".to_owned(), "7:18: ", "router itself"),
        ("wan: { mode: static, address: 10.9.0.7/24, gateway: 10.9.0.8 }\n".to_owned(), "7:6: ", "one network"),
    ];
    for (text, place, words) in more {
        let said = problem(&format!("{whole}{text}"));
        assert!(said.starts_with(place) && said.contains(words), "{text}\nsays {said}");
    }
}

const AUTHORITY: &str = include_str!("../../download/tests/download/certificates/authority.pem");

#[test]
fn a_certificate_is_a_text_of_its_own() {
    let indented = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    let config: Config = format!("certificates:\n  - |\n{}", indented(AUTHORITY)).parse().unwrap();
    assert_eq!(config.certificates, [AUTHORITY]);
    // A line is gone, or a letter another one.
    let mut cut: Vec<_> = AUTHORITY.lines().collect();
    cut.remove(2);
    let other = AUTHORITY.replacen("MII", "M:I", 1);
    let other_length = AUTHORITY.replacen("MIIB", "MIIC", 1);
    for text in [cut.join("\n"), other, other_length, AUTHORITY.replace("END", "ENDE")] {
        let said = problem(&format!("hostname: gate\ncertificates:\n  - |\n{}", indented(&text)));
        assert!(said.starts_with("4:5: this is no certificate"), "{said}");
    }
}

#[test]
fn files_of_keys_are_told_by_line() {
    let line = FULL.lines().find_map(|line| line.split_once("ssh-ed25519 ")).expect("a key").1;
    let key = format!("ssh-ed25519 {}", line.trim_end_matches(']'));
    let text = format!("\u{feff}# mine\r\n\r\n{key}\r\n");
    assert_eq!(config::keys(&text).expect("a good file"), std::slice::from_ref(&key));
    for (text, said) in [
        (String::new(), "1:1: there is no key"),
        (format!("{key}\n\n{}\n", &key[..70]), "3:1: this public key is not whole"),
        (format!("# {key}\nssh-rsa {}\n", &key[12..]), "2:1: this public key is not whole"),
        (format!("{key}\n-----BEGIN OPENSSH PRIVATE KEY-----\n"), "2:1: this is a private key"),
    ] {
        let problem = config::keys(&text).expect_err(said).to_string();
        assert!(problem.starts_with(said), "{problem}");
    }
}

/// A version of the firmware reads what any earlier one has read: an update must not take a router's configuration away.
#[test]
fn files_of_earlier_versions_parse_for_ever() {
    let files = std::fs::read_dir("tests/earlier").unwrap().flatten();
    let mut count = 0;
    for path in files.map(|entry| entry.path()) {
        let text = std::fs::read_to_string(&path).unwrap();
        let problem = text.parse::<Config>().err();
        assert!(problem.is_none(), "{}:{}", path.display(), problem.unwrap());
        count += 1;
    }
    assert!(count >= 2, "there are {count}");
}
