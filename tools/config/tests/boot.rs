// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a router boots with when its files, or its ports, are not as they were to be.

mod router;

use std::fs;
use std::path::Path;
use std::process::Command;

use config::Router;
use router::{add_port, apply, name, router, script};

const NAMED: &str = "hostname: one\n";
const OTHER: &str = "hostname: two\n";
/// What only a newer firmware understands.
const NEWER: &str = "hostname: newer\nmesh: { enabled: true }\n";
const NO_TEXT: &[u8] = b"hostname: \xff\n";

/// Both have been confirmed, the second one last.
fn two_versions(folder: &Path) -> Router {
    let router = router(folder);
    router.boot().unwrap();
    for text in [NAMED, OTHER] {
        apply(&router, text).unwrap();
        router.confirm().unwrap();
    }
    router
}

fn boot(router: &Router) -> String {
    router.boot().unwrap().join("\n")
}

fn networks(router: &Router) -> String {
    fs::read_to_string(router.files.join("networks")).unwrap()
}

#[test]
fn what_cannot_be_read_gives_way_like_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let router = two_versions(folder.path());
    let data = folder.path().join("data");
    fs::write(router.store.file(), NO_TEXT).unwrap();
    let said = boot(&router);
    assert!(said.starts_with("router.yaml: cannot read ") && said.contains("UTF-8"), "{said}");
    assert!(said.ends_with("confirmed.yaml, the last one that was confirmed, is used"), "{said}");
    assert_eq!(name(&router), "two");
    // Whatever it is.
    fs::remove_file(router.store.file()).unwrap();
    fs::create_dir(router.store.file()).unwrap();
    assert!(boot(&router).starts_with("router.yaml: cannot read "));
    assert_eq!(name(&router), "two");
    for file in ["confirmed.yaml", "trial.yaml", "history/00002.yaml"] {
        fs::write(data.join(file), NO_TEXT).unwrap();
    }
    let said = boot(&router);
    assert!(said.contains("what nobody confirmed is not used: cannot read "), "{said}");
    assert!(said.contains("confirmed.yaml: cannot read ") && said.contains("history/00001.yaml, the newest"), "{said}");
    assert_eq!(name(&router), "one");
    assert!(router.store.trial().unwrap().is_none(), "it stops no later trial");
    fs::remove_dir_all(&data).unwrap();
    fs::create_dir_all(data.join("trial.yaml/x")).unwrap();
    fs::create_dir_all(data.join("rejected.yaml/x")).unwrap();
    fs::write(data.join("history"), "").unwrap();
    fs::write(router.store.file(), NO_TEXT).unwrap();
    let said = boot(&router);
    assert!(said.ends_with("the router is configured as a new one is"), "{said}");
    assert_eq!(name(&router), "router");
}

#[test]
fn an_older_firmware_uses_the_newest_version_that_it_understands() {
    let folder = tempfile::tempdir().unwrap();
    let router = two_versions(folder.path());
    let data = folder.path().join("data");
    for file in ["router.yaml", "confirmed.yaml", "history/00003.yaml"] {
        fs::write(data.join(file), NEWER).unwrap();
    }
    let said = boot(&router);
    for words in ["router.yaml:2:", "confirmed.yaml:2:", "history/00003.yaml:2:"] {
        assert!(said.contains(words), "no {words} in {said}");
    }
    assert!(said.ends_with("history/00002.yaml, the newest that can be, is used"), "{said}");
    assert_eq!(name(&router), "two");
    let fallback = fs::read_to_string(router.files.join("fallback")).unwrap();
    assert!(fallback.starts_with("router.yaml:2:"), "{fallback}");
    // The newer firmware finds its own again, even after a trial.
    apply(&router, NAMED).unwrap();
    assert!(!router.files.join("fallback").exists());
    router.take_back().unwrap();
    assert_eq!(name(&router), "two");
    for file in ["router.yaml", "confirmed.yaml", "history/00003.yaml"] {
        assert_eq!(fs::read_to_string(data.join(file)).unwrap(), NEWER);
    }
}

#[test]
fn a_configuration_that_daemons_refuse_gives_way() {
    let folder = tempfile::tempdir().unwrap();
    script(&folder.path().join("nft"), "if grep -q 'dport 4711 ' $3; then echo 'no such rule' >&2; exit 1; fi");
    let paths = std::env::var("PATH").unwrap();
    let me = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "with_that_nft", "--ignored"])
        .env("PATH", format!("{}:{paths}", folder.path().display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&me.stdout);
    assert!(me.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "a part of the one before, with another nft"]
fn with_that_nft() {
    let folder = tempfile::tempdir().unwrap();
    let router = two_versions(folder.path());
    let forward = "hostname: x\nfirewall: { forwards: [{ protocol: tcp, port: 4711, to: 192.168.1.5 }] }\n";
    fs::write(router.store.file(), forward).unwrap();
    let said = boot(&router);
    assert!(said.starts_with("router.yaml: nft does not take ") && said.contains("no such rule"), "{said}");
    assert_eq!(name(&router), "two");
    let folders = fs::read_dir(folder.path()).unwrap().flatten();
    let left = folders.filter(|entry| entry.path().join("environment").exists()).count();
    assert_eq!(left, 2, "the link and its folder");
}

#[test]
fn a_missing_port_is_left_out_of_several() {
    let folder = tempfile::tempdir().unwrap();
    let router = two_versions(folder.path());
    let text = "hostname: more-ports\nports: { wan: eth0, lan: [eth1, eth7] }\n\
                networks: { guest: { ports: [eth8.20], address: 192.168.20.1/24 } }\n";
    fs::write(router.store.file(), text).unwrap();
    assert_eq!(boot(&router), "", "before drivers are loaded nobody knows");
    let said = router.boot_with_ports().unwrap().join("\n");
    assert!(said.contains("port eth7 of lan is not there") && said.contains("port eth8.20 of guest is not"), "{said}");
    // The guests' network has nobody in it, and is no port.
    assert_eq!(networks(&router), "br-lan 192.168.1.1/24 1 eth1\nbr-guest 192.168.20.1/24 2 \n");
    let fallback = fs::read_to_string(router.files.join("fallback")).unwrap();
    assert!(fallback.contains("eth7"), "a health check reads that: {fallback}");
    // A trial goes back to the same.
    apply(&router, NAMED).unwrap();
    router.take_back().unwrap();
    assert_eq!(networks(&router), "br-lan 192.168.1.1/24 1 eth1\nbr-guest 192.168.20.1/24 2 \n");
    add_port(&router.interfaces, "eth7", 7);
    add_port(&router.interfaces, "eth8", 8);
    boot(&router);
    assert!(router.boot_with_ports().unwrap().is_empty());
    assert_eq!(networks(&router), "br-lan 192.168.1.1/24 1 eth1 eth7\neth8.20 192.168.20.1/24 2 eth8.20\n");
    assert!(!router.files.join("fallback").exists());
}

#[test]
fn a_lan_without_a_port_gives_way_to_one_that_has_one() {
    let folder = tempfile::tempdir().unwrap();
    let router = two_versions(folder.path());
    fs::write(router.store.file(), "hostname: gone\nports: { wan: eth0, lan: [eth7] }\n").unwrap();
    boot(&router);
    let said = router.boot_with_ports().unwrap().join("\n");
    assert!(said.contains("router.yaml: no port of lan is there (eth7): the router has eth0 eth1"), "{said}");
    assert_eq!((name(&router), networks(&router)), ("two".into(), "eth1 192.168.1.1/24 1 eth1\n".into()));
    // Without any other it is a new router's.
    for file in ["confirmed.yaml", "history/00001.yaml", "history/00002.yaml"] {
        fs::remove_file(folder.path().join("data").join(file)).unwrap();
    }
    boot(&router);
    let said = router.boot_with_ports().unwrap().join("\n");
    assert!(said.ends_with("as a new one is") && name(&router) == "router", "{said}");
    fs::remove_dir_all(router.interfaces.join("eth1")).unwrap();
    boot(&router);
    let said = router.boot_with_ports().unwrap_err().to_string();
    assert_eq!(said, "no port of lan is there (eth1): the router has eth0");
}

#[test]
fn a_failsafe_boot_looks_at_nothing_of_the_owners_if_a_port_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let router = two_versions(folder.path());
    for _ in 0..2 {
        router.boot_failsafe().unwrap();
        assert!(router.boot_with_ports().unwrap().is_empty());
        assert_eq!((name(&router), networks(&router)), ("router".into(), "eth1 192.168.1.1/24 1 eth1\n".into()));
        fs::write(router.store.file(), "ports: { wan: eth1, lan: [eth0] }\n").unwrap();
    }
    fs::remove_dir_all(router.interfaces.join("eth1")).unwrap();
    let said = router.boot_with_ports().unwrap_err().to_string();
    assert_eq!(said, "no port of lan is there (eth1): the router has eth0");
}

/// The provider's cable is where the owner has said, and keys can be set up from the LAN.
#[test]
fn what_was_the_wans_port_is_not_the_lans_in_a_failsafe_boot() {
    let folder = tempfile::tempdir().unwrap();
    let router = two_versions(folder.path());
    apply(&router, "ports: { wan: eth1, lan: [eth0] }\n").unwrap();
    router.confirm().unwrap();
    boot(&router);
    assert!(router.boot_with_ports().unwrap().is_empty());
    // Before there are drivers, too.
    for name in ["eth0", "eth1"] {
        fs::remove_dir_all(router.interfaces.join(name)).unwrap();
    }
    router.boot_failsafe().unwrap();
    assert_eq!(networks(&router), "eth0 192.168.1.1/24 1 eth0\n");
    for (name, number) in [("eth0", 0), ("eth1", 1)] {
        add_port(&router.interfaces, name, number);
    }
    assert!(router.boot_with_ports().unwrap().is_empty());
    assert_eq!(networks(&router), "eth0 192.168.1.1/24 1 eth0\n");
    // The kernel found them in the other order.
    for (name, number) in [("eth0", 1), ("eth1", 0)] {
        add_port(&router.interfaces, name, number);
    }
    router.boot_failsafe().unwrap();
    assert_eq!(networks(&router), "eth1 192.168.1.1/24 1 eth1\n");
}

/// The kernel numbers ports as it finds them.
#[test]
fn a_cable_of_the_wan_is_in_no_network_because_a_card_is_dead() {
    let folder = tempfile::tempdir().unwrap();
    let router = two_versions(folder.path());
    let ports = &router.interfaces;
    for (name, number) in [("eth2", 2), ("eth3", 3)] {
        add_port(ports, name, number);
    }
    apply(&router, "hostname: four-ports\nports: { wan: eth1, lan: [eth0, eth2, eth3] }\n").unwrap();
    router.confirm().unwrap();
    boot(&router);
    assert!(router.boot_with_ports().unwrap().is_empty());
    // The first card is dead, and all others have the name of the one before.
    fs::remove_dir_all(ports.join("eth3")).unwrap();
    for (name, number) in [("eth0", 1), ("eth1", 2), ("eth2", 3)] {
        add_port(ports, name, number);
    }
    boot(&router);
    let said = router.boot_with_ports().unwrap().join("\n");
    assert!(said.contains("port eth0 of lan was the WAN's"), "{said}");
    assert_eq!(networks(&router), "br-lan 192.168.1.1/24 1 eth2\n");
    // What takes the place of the owner's file has not seen the cables: no default of a network is what the WAN's was.
    fs::write(router.store.file(), "ports: { wan: eth1, lan: [eth0] }\n").unwrap();
    for file in ["confirmed.yaml", "history/00001.yaml", "history/00002.yaml", "history/00003.yaml"] {
        fs::remove_file(folder.path().join("data").join(file)).unwrap();
    }
    boot(&router);
    let said = router.boot_with_ports().unwrap_err().to_string();
    assert_eq!(said, "no port of lan is there (eth1): the router has eth0 eth1 eth2");
    // Of several ports with one address, as a switch has them, none is another one's.
    for name in ["eth0", "eth2"] {
        add_port(ports, name, 1);
    }
    boot(&router);
    assert!(router.boot_with_ports().unwrap().is_empty());
    assert_eq!(networks(&router), "eth0 192.168.1.1/24 1 eth0\n");
}
