// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A router for tests.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use config::{Error, Ports, Router, Store};

const MANIFEST: &str = "name: example\ndescription: An example\nbudget: { fuel: 1, memory: 1MiB }\nfail: drop\n\
                        parameters: { ports: [23], strict: true, zone: { type: time_zone, default: UTC0 } }\n\
                        former: [lan]\n";

/// A program, by what a shell does.
pub fn script(path: &Path, text: &str) {
    fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A router in a folder, whose daemons follow all but what is called `three`.
pub fn router(folder: &Path) -> Router {
    let reconfigure = folder.join("reconfigure");
    script(&reconfigure, "if grep -q three $2/environment; then echo no >&2; exit 1; fi");
    let policies = folder.join("policies");
    let example = policies.join("example");
    fs::create_dir_all(&example).unwrap();
    fs::write(example.join("policy.yaml"), MANIFEST).unwrap();
    let installed = folder.join("installed");
    let store = Store::new(folder.join("data"), Ports::default());
    let interfaces = folder.join("net");
    for (number, port) in ["eth0", "eth1"].into_iter().enumerate() {
        add_port(&interfaces, port, number);
    }
    Router {
        store,
        files: folder.join("run"),
        policies,
        installed,
        reconfigure,
        limit: Duration::from_secs(60),
        program: "true".into(),
        interfaces,
    }
}

/// A port as the kernel shows it, with this at the end of its hardware address.
pub fn add_port(interfaces: &Path, name: &str, number: usize) {
    let port = interfaces.join(name);
    fs::create_dir_all(port.join("device")).unwrap();
    fs::write(port.join("address"), format!("02:00:5e:10:00:{number:02x}\n")).unwrap();
}

/// The name that the daemons read.
pub fn name(router: &Router) -> String {
    let text = fs::read_to_string(router.files.join("environment")).unwrap();
    text.lines().next().unwrap().replace("HOSTNAME=", "").replace('\'', "")
}

/// Has a router follow a text.
pub fn apply(router: &Router, text: &str) -> Result<(), Error> {
    router.apply(Path::new("new.yaml"), text, Duration::ZERO)
}
