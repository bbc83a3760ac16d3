// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a device's profile says of its ports, and what the owner's file says in its place.

use config::{Config, Ports};

const PROFILE: &str = "name: board\nflash: 22 MiB\nports: { wan: wan, lan: [lan0, lan1] }\n";

fn board() -> Ports {
    Ports::of_profile(PROFILE).expect("right")
}

#[test]
fn ports_have_the_profiles_roles_until_the_file_says_others() {
    let config = Config::read("", &board()).expect("right");
    assert_eq!(config, Config::new(&board()));
    assert_eq!((config.wan_port.as_str(), config.lan.interface.as_str()), ("wan", "br-lan"));
    assert_eq!(config.lan.ports, ["lan0", "lan1"]);
    let config = Config::read("ports: { wan: lan1, lan: [lan0] }", &board()).expect("right");
    assert_eq!((config.wan_port.as_str(), config.lan.interface.as_str()), ("lan1", "lan0"));
    assert_eq!(Ports::of_profile("name: pc\n").expect("right"), Ports::default());
}

#[test]
fn a_networks_port_is_none_of_the_profiles() {
    let guest = |port: &str| format!("networks: {{ guest: {{ ports: [{port}], address: 192.168.2.1/24 }} }}");
    let said = Config::read(&guest("lan1"), &board()).expect_err("the LAN's").to_string();
    assert!(said.contains("port lan1 has a role already"), "{said}");
    let said = Config::read(&guest("wan.2"), &board()).expect_err("the WAN's").to_string();
    assert!(said.contains("port wan is the WAN's with all its VLANs"), "{said}");
    // A PC's LAN has it, this one's does not, and of a router elsewhere nobody knows.
    assert!(Config::read(&guest("eth1"), &board()).is_ok());
    assert!(Config::read(&guest("eth1"), &Ports::unknown()).is_ok());
    assert!(Config::read(&guest("eth1"), &Ports::default()).is_err());
}

#[test]
fn a_profile_whose_ports_are_wrong_is_told_by_its_place() {
    for (ports, place, said) in [
        ("{ wan: wan }", "1:", "missing field `lan`"),
        ("{ wan: wan, lan: [] }", "1:25", "no port is this network's"),
        ("{ wan: wan, lan: [wan] }", "1:26", "port wan has a role already"),
        ("{ wan: 'a b', lan: [x] }", "1:15", "'a b' is no port"),
    ] {
        let problem = Ports::of_profile(&format!("ports: {ports}\n")).expect_err(ports).to_string();
        assert!(problem.starts_with(place) && problem.contains(said), "{problem}");
    }
}
