// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The files for the daemons.

use std::fs;
use std::path::Path;

use config::{render, Config, Policies};

fn find(text: &str, name: &str) -> Option<Vec<u8>> {
    let config: Config = text.parse().unwrap();
    let policies = Policies::open(Path::new("../../policies"), Path::new("/none")).unwrap();
    let files = render(&config, &policies).unwrap().0;
    files.into_iter().find(|(file, _)| *file == name).map(|(_, bytes)| bytes)
}

fn file(text: &str, name: &str) -> String {
    String::from_utf8(find(text, name).unwrap()).unwrap()
}

#[test]
fn several_ports_are_one_network() {
    let text = "ports: { wan: eth0, lan: [eth1, eth2] }";
    assert!(file(text, "environment").contains("LAN='br-lan'\n"));
    assert_eq!(file(text, "networks"), "br-lan 192.168.1.1/24 1 eth1 eth2\n");
    assert!(file(text, "nftables.conf").contains("iifname \"br-lan\" oifname \"eth0\" accept"));
    assert!(file("", "environment").contains("LAN='eth1'\n"));
    assert_eq!(file("", "networks"), "eth1 192.168.1.1/24 1 eth1\n");
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
        "oifname { \"eth1\" } ct status dnat ct original proto-dst 8080 ip daddr 192.168.1.5 tcp dport 80 accept\n",
        "ct status dnat ct original proto-dst 6000-6010 ip daddr 192.168.1.6 udp dport 6000-6010 accept\n",
        "ct direction reply ip saddr 192.168.1.5 tcp sport 80 accept\n",
        "    oifname { \"eth1\" } ct status dnat ct original proto-dst 8080 ct state related accept\n",
        "    iifname { \"eth1\" } ct status dnat ct original proto-dst 8080 ct state related accept\n",
        "iifname { \"eth1\" } ip daddr != { 192.168.1.1 } fib daddr type local tcp dport 8080 dnat to 192.168.1.5:80\n",
        "oifname \"eth1\" ip saddr 192.168.1.0/24 ip daddr 192.168.1.0/24 ct status dnat masquerade\n",
        "oifname { \"eth1\" } ip6 daddr 2001:db8::5 tcp dport 22 accept\n",
        "    oifname { \"eth1\" } ct original ip6 daddr 2001:db8::5 ct original protocol tcp ct original proto-dst 22 ct state \
         related accept\n",
    ] {
        assert!(rules.contains(line), "no {line} in\n{rules}");
    }
    let none = file("", "nftables.conf");
    assert!(none.contains("chain opened {\n  }") && !none.contains("dnat"), "{none}");
}

#[test]
fn by_ipv6_the_wall_looks_where_a_packet_is_from_before_it_knows_its_flow() {
    let text = "ports: { wan: eth0.7, lan: [eth1] }\nwan: { mode: pppoe, user: me, password: secret }";
    let rules = file(text, "nftables.conf");
    assert!(
        rules.contains("policy drop;\n    meta nfproto ipv6 jump misplaced\n    ct state invalid drop\n"),
        "{rules}"
    );
    for line in ["    fib saddr . iif oif missing drop\n", "iifname \"pppoe-wan\" ip6 saddr { ", "    rt type 0 drop\n"]
    {
        assert!(rules.contains(line), "no {line} in\n{rules}");
    }
}

/// So that a device's session with the router ends when it may not have it any more.
#[test]
fn what_others_began_with_the_router_is_judged_by_the_rules_of_now() {
    let rules = file(ZONES, "nftables.conf");
    let (_, input) = rules.split_once("chain input {").unwrap();
    let (input, _) = input.split_once("\n  }").unwrap();
    let accepted: Vec<_> = input.lines().map(str::trim).filter(|line| line.ends_with("accept")).collect();
    assert_eq!(
        accepted,
        [
            "iif lo accept",
            "ct state related accept",
            "ct state established ct direction reply accept",
            "iifname \"eth1\" accept"
        ]
    );
}

#[test]
fn what_is_below_the_wan_and_not_of_it_is_dropped() {
    let wall = |text: &str| {
        let rules = file(text, "nftables.conf");
        let (_, chain) = rules.split_once("chain prerouting {").unwrap();
        let (chain, _) = chain.split_once("\n  }").unwrap();
        chain.lines().map(str::trim).find(|line| line.ends_with("} drop") && !line.contains("fib")).map(str::to_owned)
    };
    let login = "wan: { mode: pppoe, user: me, password: secret }";
    assert_eq!(wall(login).as_deref(), Some("iifname { \"eth0\" } drop"));
    let vlan = "ports: { wan: eth0.7, lan: [eth1] }\n";
    assert_eq!(wall(vlan).as_deref(), Some("iifname { \"eth0\" } drop"));
    assert_eq!(wall(&format!("{vlan}{login}")).as_deref(), Some("iifname { \"eth0\", \"eth0.7\" } drop"));
    assert_eq!(wall(""), None);
}

#[test]
fn nobody_outside_has_an_address_of_a_network_here() {
    let text = "ports: { wan: eth0, lan: [eth1] }\nnetworks: { guest: { ports: [eth1.20], address: 192.168.20.1/24 } }";
    let rules = file(text, "nftables.conf");
    let line = "iifname \"eth0\" ct state != { established, related } fib saddr oifname { \"eth1\", ";
    assert!(rules.contains(line), "no {line} in\n{rules}");
}

#[test]
fn names_and_addresses_are_given_as_they_are_said() {
    let text =
        "lan: { dhcp: { enabled: false }, leases: [{ mac: 02:00:5E:10:00:01, address: 192.168.1.5, name: nas }] }\n\
                dns: { servers: [9.9.9.9], records: [{ name: www.lan, address: 192.168.1.5 }] }\n";
    let names = file(text, "dnsmasq.conf");
    for line in [
        "dhcp-range=192.168.1.1,static\n",
        "dhcp-host=02:00:5e:10:00:01,192.168.1.5,nas.lan\n",
        "no-resolv\nserver=9.9.9.9\n",
        "host-record=www.lan,192.168.1.5\n",
    ] {
        assert!(names.contains(line), "no {line} in\n{names}");
    }
    let usual = file("", "dnsmasq.conf");
    assert!(usual.contains("dhcp-range=192.168.1.100,192.168.1.250,43200s\n"), "{usual}");
    assert!(usual.contains("domain=lan\nlocal=/lan/\ndhcp-option=option6:domain-search,lan\n"), "{usual}");
}

/// Alone they are words of dnsmasq's: for no address at all, and for times.
#[test]
fn the_name_of_a_device_is_a_name_whatever_it_is() {
    for name in ["ignore", "infinite", "7", "3d", "10s"] {
        let text = format!(
            "domain: home.example\nlan: {{ leases: [{{ mac: 02:00:5e:10:00:01, address: 192.168.1.5, name: {name} }}] }}"
        );
        let (names, line) = (file(&text, "dnsmasq.conf"), format!("5e:10:00:01,192.168.1.5,{name}.home.example\n"));
        assert!(names.contains(&line), "no {line} in\n{names}");
    }
}

#[test]
fn a_device_that_says_it_is_everybodys_proxy_has_no_name() {
    let names = file("", "dnsmasq.conf");
    assert!(names.contains("dhcp-name-match=set:wpad-ignore,wpad\ndhcp-ignore-names=tag:wpad-ignore\n"), "{names}");
}

#[test]
fn a_network_that_is_not_there_keeps_no_other_from_names_and_addresses() {
    let lines = file("", "dnsmasq.conf");
    assert!(lines.lines().any(|line| line == "bind-dynamic"), "{lines}");
    assert!(!lines.contains("bind-interfaces"), "{lines}");
}

#[test]
fn a_known_address_is_the_wans() {
    let text = "wan: { mode: static, address: 198.51.100.2/29, gateway: 198.51.100.1, ipv6: false }";
    let client = file(text, "dhcpcd.conf");
    assert!(client.contains("  static ip_address=198.51.100.2/29\n  static routers=198.51.100.1\n"), "{client}");
    assert!(!client.contains("ia_pd"), "{client}");
    assert!(file("", "dhcpcd.conf").contains("  ia_pd 2 eth1/0/64\n"));
}

#[test]
fn a_session_with_the_provider_is_the_wan() {
    let text = r#"
ports: { wan: eth0.7, lan: [eth1] }
wan: { mode: pppoe, user: me@provider, password: 'a "word" \ 1' }
policies: { block-list: { enabled: true } }
"#;
    let session = file(text, "pppoe");
    for line in ["nic-eth0.7\n", "user \"me@provider\"\n", r#"password "a \"word\" \\ 1""#, "\n+ipv6\n"] {
        assert!(session.contains(line), "no {line} in {session}");
    }
    let client = file(text, "dhcpcd.conf");
    assert!(client.contains("allowinterfaces pppoe-wan eth1\n"), "{client}");
    assert!(client.contains("interface pppoe-wan\n  nodhcp\n  noipv4\n  ipv6rs\n"), "{client}");
    let rules = file(text, "nftables.conf");
    assert!(rules.contains("iifname \"pppoe-wan\" jump from_wan"), "{rules}");
    assert!(rules.replace("iifname { \"eth0\", \"eth0.7\" } drop", "").matches("eth0").count() == 0, "{rules}");
    assert!(file(text, "environment").contains("WAN='pppoe-wan'\nWAN_PORT='eth0.7'\n"));
    // Frames are the port's.
    assert_eq!(file(text, "xdp").lines().next(), Some("eth0 policies/block-list/main"));
    assert_eq!(file("", "pppoe"), "");
    assert!(file("", "environment").contains("WAN='eth0'\nWAN_PORT='eth0'\n"));
    // A password of digits is a text, too.
    assert!(file("wan: { mode: pppoe, user: 0123, password: 4567 }", "pppoe").contains("password \"4567\"\n"));
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
fn policies_are_at_xdp_of_the_ports_of_their_roles() {
    assert_eq!(file("", "xdp"), "");
    let text = "ports: { wan: eth0.7, lan: [eth1, eth2] }\npolicies: { block-list: { enabled: true } }";
    let script = "policies/block-list/main\n";
    assert_eq!(file(text, "xdp"), format!("eth0 {script}eth1 {script}eth2 {script}"));
    let both = "policies: { block-list: { enabled: true }, syn-guard: { enabled: true } }";
    let at_lan = "eth1 policies/block-list/main\n";
    assert_eq!(file(both, "xdp"), format!("eth0 {script}eth0 policies/syn-guard/main\n{at_lan}"));
}

#[test]
fn a_port_has_so_many_policies_at_xdp_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let add = |name: &str| {
        fs::create_dir(folder.path().join(name)).unwrap();
        let manifest = format!(
            "name: {name}\ndescription: For a test\nbudget: {{ fuel: 9, memory: 64KiB }}\nfail: drop\n\
             capabilities: [xdp]\nhooks: [{{ family: XDP, interfaces: [wan] }}]\n"
        );
        fs::write(folder.path().join(name).join("policy.yaml"), manifest).unwrap();
        let policies = Policies::open(folder.path(), Path::new("/none")).unwrap();
        render(&"".parse().unwrap(), &policies).map(drop)
    };
    for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        add(name).unwrap();
    }
    let said = add("i").unwrap_err().to_string();
    assert_eq!(said, "policies a, b, c, d, e, f, g, h, i are at XDP of eth0, where there is room for 8: turn some off");
}

#[test]
fn policies_that_exclude_each_other_are_not_on_together() {
    let folder = tempfile::tempdir().unwrap();
    for (name, more) in [("one", "conflicts: [other]"), ("other", "enabled: false")] {
        fs::create_dir(folder.path().join(name)).unwrap();
        let manifest = format!(
            "name: {name}\ndescription: For a test\nbudget: {{ fuel: 9, memory: 64KiB }}\nfail: drop\n{more}\n"
        );
        fs::write(folder.path().join(name).join("policy.yaml"), manifest).unwrap();
    }
    let policies = Policies::open(folder.path(), Path::new("/none")).unwrap();
    assert!(render(&"".parse().unwrap(), &policies).is_ok());
    let said = render(&"policies: { other: { enabled: true } }".parse().unwrap(), &policies).unwrap_err().to_string();
    assert_eq!(said, "policy one does not run beside other, as its manifest says: turn one off");
}

#[test]
fn policies_know_the_lan_the_wan_and_the_time_zone() {
    assert_eq!(find("", "parameters/iot-isolation.lua"), None);
    let bridged = file("ports: { wan: eth0, lan: [eth1, eth2] }", "parameters/iot-isolation.lua");
    assert!(bridged.contains("[\"lan\"] = \"br-lan\",\n"), "{bridged}");
    let session = file("wan: { mode: pppoe, user: u, password: p }", "parameters/dns-block.lua");
    assert!(session.contains("[\"wan\"] = \"pppoe-wan\",\n"), "{session}");
    assert_eq!(find("", "parameters/parental-schedule.lua"), None);
    let zoned = file("time: { zone: Europe/Berlin }", "parameters/parental-schedule.lua");
    assert!(zoned.contains("\"CET-1CEST,M3.5.0,M10.5.0/3\""), "{zoned}");
}

const ZONES: &str = "\
lan: { reaches: [wan, iot] }
networks:
  guest: { ports: [eth1.20], address: 192.168.20.1/24 }
  iot: { ports: [eth1.30, eth2], address: 192.168.30.1/24, reaches: [] }
";

#[test]
fn a_network_has_its_own_addresses() {
    assert_eq!(
        file(ZONES, "networks"),
        "eth1 192.168.1.1/24 1 eth1\neth1.20 192.168.20.1/24 2 eth1.20\nbr-iot 192.168.30.1/24 3 eth1.30 eth2\n"
    );
    let names = file(ZONES, "dnsmasq.conf");
    for line in [
        "interface=eth1.20\ninterface-name=router.lan,eth1.20\n",
        "dhcp-range=192.168.20.128,192.168.20.254,43200s\n",
        "dhcp-range=::,constructor:br-iot,slaac,ra-stateless\n",
    ] {
        assert!(names.contains(line), "no {line} in\n{names}");
    }
    let client = file(ZONES, "dhcpcd.conf");
    assert!(client.contains("allowinterfaces eth0 eth1 eth1.20 br-iot\n"), "{client}");
    assert!(client.contains("  ia_pd 2 eth1/0/64 eth1.20/1/64 br-iot/2/64\n"), "{client}");
}

#[test]
fn a_zone_reaches_what_it_may_and_nothing_else() {
    let rules = file(ZONES, "nftables.conf");
    let (_, forward) = rules.split_once("chain forward {").unwrap();
    let (forward, _) = forward.split_once("jump opened").unwrap();
    let begun: Vec<_> =
        forward.lines().map(str::trim).filter(|line| line.starts_with("iifname") && !line.contains(" ct ")).collect();
    assert_eq!(
        begun,
        [
            "iifname \"eth1\" oifname \"eth0\" accept",
            "iifname \"eth1\" oifname \"br-iot\" accept",
            "iifname \"eth1.20\" oifname \"eth0\" accept"
        ]
    );
    assert!(rules.contains("iifname { \"eth1.20\", \"br-iot\" } jump from_network\n"), "{rules}");
    assert!(!file("", "nftables.conf").contains("jump from_network"));
}

#[test]
fn clocks_go_by_the_zone() {
    assert_eq!(find("", "localtime"), None);
    let text = "time: { zone: Europe/Berlin }";
    assert!(find(text, "localtime").unwrap().starts_with(b"TZif"));
}

#[test]
fn a_log_goes_where_it_is_said() {
    assert!(file("", "environment").contains("LOG_HOST=''\n"));
    let text = "logging: { host: 2001:db8::5, port: 5140 }";
    assert!(file(text, "environment").contains("LOG_HOST='[2001:db8::5]:5140'\n"));
}

#[test]
fn lists_and_whom_to_trust_are_rendered() {
    assert_eq!((file("", "lists"), file("", "authorities.pem"), file("", "channel")), Default::default());
    let text = "lists: { ads: { from: https://a.example/hosts } }\nupdate: { channel: https://a.example/ }\n";
    assert_eq!(file(text, "lists"), "ads domains 86400 https://a.example/hosts\n");
    assert_eq!(file(text, "channel"), "https://a.example/\n");
    let used = format!("{text}policies: {{ dns-block: {{ parameters: {{ list: /data/lists/ads.set }} }} }}\n");
    assert!(file(&used, "parameters/dns-block.lua").contains("[\"list\"] = \"/data/lists/ads.set\",\n"));
}

const WIFI: &str = "\
networks: { guest: { address: 192.168.20.1/24 } }
wifi:
  country: de
  radios:
    wlan0: { band: 2.4GHz, channel: 6 }
    wlan1: { band: 5GHz, channel: 44 }
  networks:
    - { ssid: Home, password: correct horse }
    - { ssid: Gäste, network: Guest, security: wpa3, password: 12345678, isolated: true, radios: [wlan1] }
    - { ssid: Old, security: wpa2, password: 'an \"old\" one', hidden: true, radios: [wlan0] }
    - { ssid: Café, network: guest, security: open, isolated: true, radios: [wlan0] }
";

#[test]
fn each_radio_has_its_file_for_hostapd() {
    assert_eq!(
        file(WIFI, "hostapd/wlan0.conf"),
        "interface=wlan0\ndriver=nl80211\ncountry_code=DE\nieee80211d=1\nchannel=6\nieee80211n=1\nhw_mode=g\n\
         bridge=br-lan\nssid2=486f6d65\nutf8_ssid=1\nignore_broadcast_ssid=0\nap_isolate=0\nwmm_enabled=1\nauth_algs=1\n\
         wpa=2\nwpa_key_mgmt=WPA-PSK SAE\nrsn_pairwise=CCMP\nieee80211w=1\nwpa_passphrase=correct horse\n\
         sae_require_mfp=1\nsae_pwe=2\n\
         bss=wlan0-1\n\
         bridge=br-lan\nssid2=4f6c64\nutf8_ssid=1\nignore_broadcast_ssid=1\nap_isolate=0\nwmm_enabled=1\nauth_algs=1\n\
         wpa=2\nwpa_key_mgmt=WPA-PSK\nrsn_pairwise=CCMP\nieee80211w=0\nwpa_passphrase=an \"old\" one\n\
         bss=wlan0-2\n\
         bridge=br-guest\nssid2=436166c3a9\nutf8_ssid=1\nignore_broadcast_ssid=0\nap_isolate=1\nwmm_enabled=1\nauth_algs=1\n"
    );
    let five = file(WIFI, "hostapd/wlan1.conf");
    for lines in [
        "channel=44\nieee80211n=1\nhw_mode=a\nieee80211h=1\nieee80211ac=1\nht_capab=[HT40+]\n\
         vht_oper_chwidth=1\nvht_oper_centr_freq_seg0_idx=42\n",
        "bss=wlan1-1\nbridge=br-guest\nssid2=47c3a4737465\n",
        "wpa_key_mgmt=SAE\nrsn_pairwise=CCMP\nieee80211w=2\nwpa_passphrase=12345678\n",
    ] {
        assert!(five.contains(lines), "no {lines} in\n{five}");
    }
    assert_eq!(
        file(WIFI, "wifi"),
        "wlan0 wlan0 br-lan\nwlan0 wlan0-1 br-lan\nwlan0 wlan0-2 br-guest\nwlan1 wlan1 br-lan\nwlan1 wlan1-1 br-guest\n"
    );
    assert_eq!((file("", "wifi"), find("", "hostapd/wlan0.conf")), Default::default());
}

#[test]
fn a_radio_finds_a_channel_itself_and_channels_have_the_neighbours_that_the_standard_gives_them() {
    let of = |radio: &str| {
        let text = format!(
            "wifi: {{ country: US, radios: {{ wlan0: {{ {radio} }} }}, networks: [{{ ssid: a, security: open }}] }}"
        );
        file(&text, "hostapd/wlan0.conf")
    };
    let found = of("band: 5GHz");
    assert!(found.contains("channel=0\n") && found.contains("acs_exclude_dfs=1\n"), "{found}");
    assert!(found.contains("vht_oper_chwidth=1\n") && !found.contains("seg0_idx"), "{found}");
    for (channel, side, middle) in
        [(36, '+', 42), (48, '-', 42), (64, '-', 58), (100, '+', 106), (149, '+', 155), (161, '-', 155)]
    {
        let text = of(&format!("band: 5GHz, channel: {channel}"));
        assert!(text.contains(&format!("[HT40{side}]\n")), "{text}");
        assert!(text.contains(&format!("vht_oper_centr_freq_seg0_idx={middle}\n")), "{text}");
    }
    let narrow = of("band: 5GHz, channel: 165, width: 20MHz");
    assert!(narrow.contains("vht_oper_chwidth=0\n") && !narrow.contains("HT40"), "{narrow}");
    assert!(of("band: 2.4GHz, channel: 11, width: 40MHz").contains("ht_capab=[HT40-]\n"));
}

#[test]
fn wifi_is_a_port_of_its_networks_bridge() {
    assert_eq!(file(WIFI, "networks"), "br-lan 192.168.1.1/24 1 eth1\nbr-guest 192.168.20.1/24 2 \n");
    let rules = file(WIFI, "nftables.conf");
    for line in [
        "iifname \"br-guest\" oifname \"eth0\" accept\n",
        "iifname { \"br-guest\" } jump from_network\n",
        "table bridge lunagate {\n",
        "    iifname { \"wlan0-2\", \"wlan1-1\" } oifname { \"wlan0-2\", \"wlan1-1\" } drop\n",
    ] {
        assert!(rules.contains(line), "no {line} in\n{rules}");
    }
    let none = file("", "nftables.conf");
    assert!(none.ends_with("\ndestroy table bridge lunagate\n") && !none.contains("table bridge lunagate {"), "{none}");
    assert!(file(WIFI, "parameters/iot-isolation.lua").contains("[\"lan\"] = \"br-lan\",\n"));
}

#[test]
fn files_with_passwords_are_roots_alone() {
    use std::os::unix::fs::PermissionsExt;
    let config: Config = WIFI.parse().unwrap();
    let policies = Policies::open(Path::new("/none"), Path::new("/none")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    render(&config, &policies).unwrap().save(folder.path()).unwrap();
    for name in ["hostapd/wlan0.conf", "hostapd/wlan1.conf", "pppoe"] {
        assert_eq!(fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert!(!format!("{config:?}").contains("correct horse"));
}
