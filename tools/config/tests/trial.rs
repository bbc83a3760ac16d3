// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Configurations on trial: what a router runs with at each moment, and after a cut of power at each.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use config::{Error, Ports, Router, Store};

const NAMED: &str = "hostname: one\n";
const OTHER: &str = "hostname: two\n";
const MANIFEST: &str = "name: example\ndescription: An example\nbudget: { fuel: 1, memory: 1MiB }\nfail: drop\n\
                        parameters: { ports: [23], strict: true, zone: { type: time_zone, default: UTC0 } }\n";
const WRONG: &str = "hostname: [\n";

/// A router in a folder, whose daemons follow all but what is called `three`.
fn router(folder: &Path) -> Router {
    let reconfigure = folder.join("reconfigure");
    fs::write(&reconfigure, "#!/bin/sh\nif grep -q three $2/environment; then echo no >&2; exit 1; fi\n").unwrap();
    fs::set_permissions(&reconfigure, fs::Permissions::from_mode(0o755)).unwrap();
    let policies = folder.join("policies");
    let example = policies.join("example");
    fs::create_dir_all(&example).unwrap();
    fs::write(example.join("policy.yaml"), MANIFEST).unwrap();
    let installed = folder.join("installed");
    let store = Store::new(folder.join("data"), Ports::default());
    Router { store, files: folder.join("run"), policies, installed, reconfigure }
}

/// The name that the daemons read.
fn name(router: &Router) -> String {
    let text = fs::read_to_string(router.files.join("environment")).unwrap();
    text.lines().next().unwrap().replace("HOSTNAME=", "").replace('\'', "")
}

fn apply(router: &Router, text: &str) -> Result<(), Error> {
    router.apply(Path::new("new.yaml"), text)
}

#[test]
fn a_trial_is_kept_or_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let router = router(folder.path());
    assert!(router.boot().unwrap().is_empty());
    assert_eq!(name(&router), "router");
    apply(&router, NAMED).unwrap();
    assert_eq!(name(&router), "one");
    assert!(matches!(apply(&router, OTHER), Err(Error::OnTrial)));
    router.store.confirm().unwrap();
    assert!(matches!(router.store.confirm(), Err(Error::NoTrial)));
    assert!(router.boot().unwrap().is_empty());
    assert_eq!(name(&router), "one");
    apply(&router, OTHER).unwrap();
    assert_eq!(name(&router), "two");
    assert_eq!(router.store.current().unwrap().hostname, "two");
    router.take_back().unwrap();
    assert_eq!(name(&router), "one");
    assert_eq!(router.store.current().unwrap().hostname, "one");
    assert!(matches!(router.take_back(), Err(Error::NoTrial)));
    // What was taken back is not lost, and folders of before are.
    assert_eq!(fs::read_to_string(folder.path().join("data/rejected.yaml")).unwrap(), OTHER);
    let left =
        fs::read_dir(folder.path()).unwrap().filter(|entry| entry.as_ref().unwrap().file_name() != "data").count();
    assert_eq!(left, 4, "the link, its folder, the policies, and the program");
}

#[test]
fn a_failsafe_boot_is_a_new_routers_and_changes_nothing_of_the_owners() {
    let folder = tempfile::tempdir().unwrap();
    let router = router(folder.path());
    router.boot().unwrap();
    apply(&router, NAMED).unwrap();
    router.store.confirm().unwrap();
    apply(&router, OTHER).unwrap();
    assert!(router.boot_failsafe().unwrap().is_empty());
    assert_eq!(name(&router), "router");
    assert_eq!(router.store.trial().unwrap().as_deref(), Some(OTHER));
    router.boot().unwrap();
    assert_eq!(name(&router), "one");
}

#[test]
fn what_is_wrong_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let router = router(folder.path());
    router.boot().unwrap();
    apply(&router, NAMED).unwrap();
    router.store.confirm().unwrap();
    let said = apply(&router, WRONG).unwrap_err().to_string();
    assert!(said.starts_with("new.yaml:"), "{said}");
    let said = apply(&router, "hostname: three\n").unwrap_err().to_string();
    assert_eq!(said, "the router does not follow: no");
    assert_eq!(name(&router), "one");
    assert!(router.store.trial().unwrap().is_none());
    apply(&router, OTHER).unwrap();
}

#[test]
fn a_boot_ends_a_trial() {
    let folder = tempfile::tempdir().unwrap();
    let router = router(folder.path());
    router.boot().unwrap();
    apply(&router, NAMED).unwrap();
    router.store.confirm().unwrap();
    // The owner's file itself is on trial.
    fs::write(router.store.file(), OTHER).unwrap();
    apply(&router, OTHER).unwrap();
    let said = router.boot().unwrap().join("\n");
    assert!(said.contains("nobody confirmed"), "{said}");
    assert_eq!(name(&router), "one");
    assert_eq!(fs::read_to_string(router.store.file()).unwrap(), NAMED);
}

#[test]
fn a_broken_file_gives_way_to_the_last_good_one() {
    let folder = tempfile::tempdir().unwrap();
    let router = router(folder.path());
    fs::create_dir(folder.path().join("data")).unwrap();
    fs::write(router.store.file(), WRONG).unwrap();
    let said = router.boot().unwrap().join("\n");
    assert!(said.starts_with("router.yaml:") && said.contains("as a new one is"), "{said}");
    assert_eq!(name(&router), "router");
    apply(&router, NAMED).unwrap();
    router.store.confirm().unwrap();
    fs::write(router.store.file(), WRONG).unwrap();
    let said = router.boot().unwrap().join("\n");
    assert!(said.contains("confirmed.yaml"), "{said}");
    assert_eq!(name(&router), "one");
    assert_eq!(fs::read_to_string(router.store.file()).unwrap(), WRONG, "the owner's work is not lost");
    // One that was changed and is right is used, and can be kept.
    fs::write(router.store.file(), OTHER).unwrap();
    router.boot().unwrap();
    assert_eq!(name(&router), "two");
    assert_eq!(router.store.confirmed().unwrap(), NAMED);
    router.store.confirm().unwrap();
    assert_eq!(router.store.confirmed().unwrap(), OTHER);
}

/// Power may go between any two files that a confirmation writes.
#[test]
fn a_confirmation_that_power_cuts_is_whole_or_not_there() {
    for written in 0..4 {
        let folder = tempfile::tempdir().unwrap();
        let router = router(folder.path());
        router.boot().unwrap();
        apply(&router, NAMED).unwrap();
        router.store.confirm().unwrap();
        apply(&router, OTHER).unwrap();
        let data = folder.path().join("data");
        for (index, file) in ["router.yaml", "confirmed.yaml", "history/00002.yaml"].iter().enumerate() {
            if index < written {
                fs::write(data.join(file), OTHER).unwrap();
            }
        }
        router.boot().unwrap();
        let (expected, kept) = if written >= 2 { ("two", vec![1, 2]) } else { ("one", vec![1]) };
        assert_eq!(name(&router), expected, "{written} files were written");
        assert!(router.store.trial().unwrap().is_none());
        assert_eq!(router.store.history().unwrap(), kept, "what was confirmed, and nothing else");
    }
}

#[test]
fn the_last_twenty_versions_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let router = router(folder.path());
    router.boot().unwrap();
    for number in 1..=23 {
        apply(&router, &format!("hostname: n{number}\n")).unwrap();
        router.store.confirm().unwrap();
    }
    assert_eq!(router.store.history().unwrap(), (4..=23).collect::<Vec<_>>());
    assert_eq!(router.store.version(4).unwrap(), "hostname: n4\n");
    assert!(matches!(router.store.version(3), Err(Error::NoVersion { number: 3 })));
}

#[test]
fn parameters_take_the_place_of_the_manifests() {
    let folder = tempfile::tempdir().unwrap();
    let router = router(folder.path());
    router.boot().unwrap();
    apply(&router, "policies: { example: { parameters: { ports: [23, 2323] } } }\n").unwrap();
    let text = fs::read_to_string(router.files.join("parameters/example.lua")).unwrap();
    assert!(text.contains("[\"ports\"] = { 23, 2323 },\n  [\"strict\"] = true,\n"), "{text}");
    router.store.confirm().unwrap();
    for (text, words) in [
        ("policies: { sample: {} }", "there is no policy sample: the image has example"),
        (
            "policies: { example: { parameters: { port: 1 } } }",
            "policy example has no parameter port: it has ports, strict, zone",
        ),
        (
            "policies: { example: { parameters: { strict: [1] } } }",
            "parameter strict of policy example is true or false",
        ),
        (
            "policies: { example: { parameters: { zone: Europe } } }",
            "parameter zone of policy example: time zone 'Europe': no offset from UTC at its end; a rule is written as \
             CET-1CEST,M3.5.0,M10.5.0/3",
        ),
    ] {
        assert_eq!(apply(&router, text).unwrap_err().to_string(), words);
    }
    // An update's image may have others: that is no reason not to boot with all the rest.
    fs::write(router.store.file(), "hostname: one\npolicies: { sample: {} }\n").unwrap();
    let said = router.boot().unwrap().join("\n");
    assert!(said.contains("there is no policy sample"), "{said}");
    assert_eq!(name(&router), "one");
}
