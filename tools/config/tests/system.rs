// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What scripts of the root make of a configuration: those of `images/root` as they are, in a folder of the test's own.

mod router;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use config::Router;
use router::{add_port, apply, name, router, script};
use tempfile::TempDir;

const IMAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../images/root");
/// What of a router's is the test's own.
const PLACES: [&str; 6] = ["/usr/lib/lunagate", "/etc/", "/proc/", "/sys/", "/run/", "/data/"];
/// What would change this machine, or is not on it.
const PROGRAMS: [&str; 11] =
    ["hostname", "ip", "logger", "lunagate", "lunatik", "modprobe", "nft", "nslookup", "s6-svc", "s6-svwait", "usleep"];

/// A router's root.
struct System {
    folder: TempDir,
}

impl System {
    /// Its programs do nothing but tell that they ran.
    fn new() -> System {
        let system = System { folder: tempfile::tempdir().unwrap() };
        for place in ["etc/boot.d", "usr/lib/lunagate"] {
            fs::create_dir_all(system.path(place)).unwrap();
            for entry in fs::read_dir(Path::new(IMAGE).join(place)).unwrap() {
                let file = entry.unwrap().path();
                let text = system.placed(&fs::read_to_string(&file).unwrap());
                let to = system.path(place).join(file.file_name().unwrap());
                fs::write(&to, text).unwrap();
                fs::set_permissions(&to, fs::metadata(&file).unwrap().permissions()).unwrap();
            }
        }
        fs::create_dir(system.path("bin")).unwrap();
        for program in PROGRAMS {
            system.program(program, "");
        }
        system.write("etc/lunagate/policies", "");
        system.write("data/root/.ssh/authorized_keys", "");
        system
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// A program that does this, too.
    fn program(&self, name: &str, text: &str) {
        let log = self.path("log");
        script(&self.path("bin").join(name), &format!("echo {name} \"$@\" >> {}\n{text}", log.display()));
    }

    /// A script with its places in this folder.
    fn placed(&self, text: &str) -> String {
        let bin = self.path("bin");
        let text = text.replace("PATH=/usr/sbin:/usr/bin\n", &format!("PATH={}:$PATH\n", bin.display()));
        let (mut placed, mut rest, mut last) = (String::new(), text.as_str(), ' ');
        while let Some(next) = rest.chars().next() {
            // Not a part of a longer path.
            if !last.is_alphanumeric() && last != '}' && PLACES.iter().any(|place| rest.starts_with(place)) {
                placed.push_str(self.folder.path().to_str().unwrap());
            }
            placed.push(next);
            last = next;
            rest = &rest[next.len_utf8()..];
        }
        placed
    }

    /// What the boot says at these commands.
    fn boot(&self, commands: &str) -> String {
        let text = format!("PATH=/usr/sbin:/usr/bin\nknown= failsafe=no; say() {{ echo \"$*\"; }}; {commands}");
        let output = Command::new("sh").args(["-c", &self.placed(&text)]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The router that has this root, booted, with the ports that it has.
    fn router(&self) -> Router {
        let root = self.folder.path();
        let mut router = router(root);
        router.reconfigure = self.path("usr/lib/lunagate/reconfigure");
        router.interfaces = self.path("sys/class/net");
        router.files = self.path("run/config");
        fs::create_dir_all(self.path("run")).unwrap();
        for (number, port) in ["eth0", "eth1"].into_iter().enumerate() {
            add_port(&router.interfaces, port, number);
            for name in ["accept_ra", "accept_dad"] {
                self.write(&format!("proc/sys/net/ipv6/conf/{port}/{name}"), "");
            }
        }
        self.write("proc/sys/net/ipv4/ip_forward", "1\n");
        router.boot().unwrap();
        router
    }

    /// A port or radio goes.
    fn lose(&self, name: &str) {
        for place in ["sys/class/net", "proc/sys/net/ipv6/conf"] {
            let _ = fs::remove_dir_all(self.path(place).join(name));
        }
    }
}

#[test]
fn a_trial_is_taken_back_though_a_port_of_the_wan_or_a_radio_is_gone() {
    let wifi = "hostname: one\nwifi:\n  country: DE\n  radios: { wlan0: { band: 2.4GHz } }\n  networks:\n    \
                - { ssid: a, password: long-enough }\n";
    for (before, trial, lost) in [
        ("hostname: one\n", "hostname: two\nlan: { address: 10.0.0.1/24 }\n", "eth0"),
        (wifi, "hostname: two\n", "wlan0"),
    ] {
        let system = System::new();
        let router = system.router();
        fs::create_dir_all(system.path("sys/class/net/wlan0/phy80211")).unwrap();
        for name in ["accept_ra", "accept_dad"] {
            system.write(&format!("proc/sys/net/ipv6/conf/br-lan/{name}"), "");
        }
        system.write("sys/class/net/br-lan/address", "02:00:5e:10:00:01\n");
        // Of a process that begins anew, and anew.
        system.program("s6-svstat", "echo $$");
        fs::write(router.store.file(), before).unwrap();
        router.boot().unwrap();
        apply(&router, trial).unwrap();
        assert_eq!(name(&router), "two");
        system.lose(lost);
        router.take_back().unwrap();
        assert_eq!(name(&router), "one", "without {lost}");
        let said = system.read("run/config/fallback");
        assert!(said.contains(&format!(" {lost} ")) && said.lines().count() == 1, "{said}");
        // Who applies what names it is told.
        let said = apply(&router, before).unwrap_err().to_string();
        assert!(said.contains("there is no") && said.contains(lost), "{said}");
        assert_eq!(name(&router), "one", "as before");
        assert!(router.store.trial().unwrap().is_none());
    }
}

/// What is in the folder of files of a boot with one of the owner's files, which is whole or not.
fn configured(system: &System, file: &str, used: &str, keys: &str, fallback: &str) {
    system.write("data/config/router.yaml", file);
    for (name, text) in [("router.yaml", used), ("authorized_keys", keys), ("environment", "HOSTNAME=one\nLOG_HOST=\n")]
    {
        system.write(&format!("run/next/{name}"), text);
    }
    if !fallback.is_empty() {
        system.write("run/next/fallback", fallback);
    }
    let run = system.path("run");
    // A boot makes another folder, to which the link goes.
    let made = format!("rm -rf {0}/config {0}/now && mv {0}/next {0}/now && ln -s {0}/now {0}/config", run.display());
    system.program("lunagate", &format!("[ \"$2\" != boot ] || {{ {made}; }}"));
    let _ = fs::remove_file(system.path("run/config"));
}

#[test]
fn a_file_that_cannot_be_used_takes_nobodys_key_away() {
    let system = System::new();
    let logins = || system.read("data/root/.ssh/authorized_keys");
    let (begin, end) = ("# from router.yaml", "# end of router.yaml");
    system.write("data/root/.ssh/authorized_keys", "by-hand\n");
    configured(&system, "two", "two", "key-1\nkey-2\n", "");
    system.boot(". /etc/boot.d/25-config");
    assert_eq!(logins(), format!("by-hand\n{begin}\nkey-1\nkey-2\n{end}\n"));
    // An earlier version has another one, or none.
    for _ in 0..2 {
        configured(&system, "broken", "zero", "key-0\n", "router.yaml:1:1: wrong\n");
        system.boot(". /etc/boot.d/25-config");
        assert_eq!(logins(), format!("by-hand\n{begin}\nkey-1\nkey-2\nkey-0\n{end}\n"));
    }
    configured(&system, "broken", "", "", "router.yaml:1:1: wrong\n");
    system.boot(". /etc/boot.d/25-config");
    assert_eq!(logins(), format!("by-hand\n{begin}\nkey-1\nkey-2\nkey-0\n{end}\n"));
    // The owner's own does, though a port is missing.
    configured(&system, "one", "one", "key-2\n", "port eth7 of lan is not there\n");
    system.boot(". /etc/boot.d/25-config");
    assert_eq!(logins(), format!("by-hand\n{begin}\nkey-2\n{end}\n"));
}

#[test]
fn a_boot_without_all_that_the_owner_says_leaves_the_lists_that_have_come() {
    let prepare = "lunagate list prepare";
    for (commands, fallback, cleans) in [(":", false, true), ("failsafe=yes", false, false), (":", true, false)] {
        let system = System::new();
        system.write("run/config/policies", "");
        if fallback {
            system.write("run/config/fallback", "router.yaml:1:1: wrong\n");
        }
        system.boot(&format!("policies() {{ :; }}; to_xdp() {{ :; }}; {commands}; . /etc/boot.d/50-policies"));
        let log = system.read("log");
        let said = log.lines().find(|line| line.starts_with(prepare)).unwrap();
        assert_eq!(said.trim_end() == format!("{prepare} --clean"), cleans, "{said}");
    }
}

#[test]
fn a_log_of_a_panic_that_cannot_be_kept_is_no_reason_against_a_failsafe_boot() {
    let system = System::new();
    system.program("mount", "");
    system.write("proc/mounts", "/dev/sda4 /data ext4 rw 0 0\n");
    let panicked = || system.boot(". /etc/boot.d/21-crashes && echo panicked=$panicked");
    assert_eq!(panicked(), "panicked=no\n");
    system.program("lunagate", "echo no room >&2; exit 1");
    assert_eq!(panicked(), "the log of a panic cannot be kept: no room\npanicked=no\n");
    system.program("lunagate", "echo the kernel panicked");
    assert_eq!(panicked(), "the kernel panicked\npanicked=yes\n");
}
