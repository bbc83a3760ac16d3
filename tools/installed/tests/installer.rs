// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a router runs of what was installed, at each moment and after a boot at each.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use config::{Ports, Router, Store};
use installed::{Installer, Timing, Trust, Versions};
use minisign::KeyPair;
use package::Package;
use policy::Policy;
use tempfile::TempDir;

/// Longer than a test.
const LATER: Timing = Timing::Confirmed(Duration::from_secs(3600));

/// A router in a folder, whose daemons follow all but what is called `1.9`, and who signs for it.
struct Here {
    folder: TempDir,
    installer: Installer,
    signer: KeyPair,
}

fn manifest(name: &str, version: &str) -> String {
    format!(
        "name: {name}\nversion: {version}\ndescription: For a test\nbudget: {{ fuel: 1, memory: 1MiB }}\nfail: drop\n\
         parameters: {{ port: 23, word: a }}\n"
    )
}

impl Here {
    fn new() -> Here {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        let reconfigure = path.join("reconfigure");
        fs::write(&reconfigure, "#!/bin/sh\nif grep -q 1.9 $2/versions; then echo no >&2; exit 1; fi\n").expect("");
        fs::set_permissions(&reconfigure, fs::Permissions::from_mode(0o755)).expect("executable");
        let policies = path.join("image");
        fs::create_dir_all(policies.join("shipped")).expect("a folder");
        fs::write(policies.join("shipped/policy.yaml"), manifest("shipped", "1.0")).expect("written");
        let installed = path.join("data/policies");
        let versions = Versions::new(&installed);
        let store = Store::new(path.join("data/config"), Ports::default());
        let router = Router {
            store,
            files: path.join("run"),
            policies,
            installed,
            reconfigure,
            limit: Duration::from_secs(60),
            program: "true".into(),
            interfaces: path.join("net"),
        };
        let trust = Trust { image: path.join("keys"), owner: path.join("data/keys") };
        let signer = KeyPair::generate_unencrypted_keypair().expect("a key");
        trust.add(&signer.pk.to_base64()).expect("trusted");
        router.boot().expect("booted");
        Here { installer: Installer { router, versions, trust }, folder, signer }
    }

    fn package(&self, name: &str, version: &str, script: &str) -> (PathBuf, Vec<u8>, String) {
        let source = tempfile::tempdir().expect("a folder");
        let folder = source.path().join(name);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("policy.yaml"), manifest(name, version)).expect("written");
        fs::write(folder.join("main.lua"), script).expect("written");
        let policy = Policy::open(&folder).expect("a policy");
        let package = Package::pack(&policy, &folder, &[]).expect("packed");
        let bytes = package.bytes();
        let signature = minisign::sign(None, &self.signer.sk, bytes.as_slice(), None, None).expect("signed");
        (package.file_name().into(), bytes, signature.into_string())
    }

    fn install(&self, name: &str, version: &str, when: Timing) -> anyhow::Result<()> {
        let (path, bytes, signature) = self.package(name, version, "return");
        self.installer.install(&path, &bytes, Some(&signature), false, when).map(drop)
    }

    /// A file that the daemons read.
    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.installer.router.files.join(name)).unwrap_or_default()
    }

    fn boot(&self) -> String {
        self.installer.router.boot().expect("booted").join("; ")
    }

    fn there(&self, path: &str) -> bool {
        self.folder.path().join("data/policies").join(path).exists()
    }
}

#[test]
fn what_is_installed_runs_and_a_boot_keeps_it() {
    let here = Here::new();
    here.install("gate", "1.0", Timing::Now).expect("installed");
    for _ in 0..2 {
        assert_eq!(here.read("versions"), "gate 1.0\n");
        let line = "policies/gate/main softirq fuel=1 memory=1048576 fail=drop capabilities=\n";
        assert_eq!(here.read("installed"), line);
        assert!(here.there("gate/1.0/gate/main.lua") && here.there("gate/1.0/gate/parameters.lua"));
        assert_eq!(here.boot(), "");
    }
}

#[test]
fn what_nobody_trusted_has_signed_is_refused_and_leaves_nothing() {
    let here = Here::new();
    let (path, mut bytes, signature) = here.package("gate", "1.0", "return");
    let refused = |bytes: &[u8], signature: Option<&str>| {
        let said =
            here.installer.install(&path, bytes, signature, false, Timing::Now).expect_err("refused").to_string();
        assert!(!here.there("gate") && here.read("versions").is_empty());
        said
    };
    assert!(refused(&bytes, None).starts_with("gate-1.0.policy: it is not signed"));
    bytes[600] ^= 1;
    assert!(refused(&bytes, Some(&signature)).starts_with("gate-1.0.policy: it is not what was signed"));
    bytes[600] ^= 1;
    here.installer.trust.remove(&here.signer.pk.to_base64()).expect("not trusted");
    assert!(refused(&bytes, Some(&signature)).contains("a key that is not trusted here (no key is)"));
    here.installer.install(&path, &bytes, None, true, Timing::Now).expect("the owner wants it");
    assert_eq!(here.read("versions"), "gate 1.0\n");
}

#[test]
fn a_version_that_does_not_run_changes_nothing() {
    let here = Here::new();
    here.install("gate", "1.0", Timing::Now).expect("installed");
    let said = here.install("gate", "1.9", Timing::Now).expect_err("it does not follow").to_string();
    assert_eq!(said, "the router does not follow: no");
    assert_eq!(here.read("versions"), "gate 1.0\n");
    assert!(!here.there("gate/1.9"));
    here.install("gate", "1.1", Timing::Now).expect("another one does");
}

#[test]
fn a_version_stays_that_the_next_boot_may_run() {
    let here = Here::new();
    // The router follows, and what it follows is confirmed, but cannot be kept among the versions of before.
    let history = here.installer.router.store.file().with_file_name("history");
    fs::create_dir_all(history.parent().expect("a folder")).expect("a folder");
    fs::write(history, "no folder").expect("written");
    here.install("gate", "1.0", Timing::Now).expect_err("not kept");
    assert!(here.there("gate/1.0"));
    here.boot();
    assert_eq!(here.read("versions"), "gate 1.0\n");
}

#[test]
fn a_version_has_one_content() {
    let here = Here::new();
    here.install("gate", "1.0", Timing::Now).expect("installed");
    here.install("gate", "1.0", Timing::Now).expect("it is the same");
    let (path, bytes, signature) = here.package("gate", "1.0", "return 2");
    let said = here.installer.install(&path, &bytes, Some(&signature), false, Timing::Now).expect_err("another");
    assert!(said.to_string().starts_with("policy gate has another version 1.0 already"), "{said}");
}

#[test]
fn what_nobody_confirms_is_gone_after_a_boot() {
    let here = Here::new();
    here.install("gate", "1.0", Timing::Now).expect("installed");
    let text = fs::read_to_string(here.installer.router.store.file()).expect("there");
    // The trial, without the program that waits for its end.
    let (_, bytes, _) = here.package("gate", "1.1", "return");
    let package = Package::read(Path::new("x"), &bytes).expect("a package");
    here.installer.versions.add(&package).expect("unpacked");
    let text = text.replace("1.0", "1.1");
    here.installer.router.apply(Path::new("x"), &text, Duration::from_secs(60)).expect("on trial");
    assert_eq!(here.read("versions"), "gate 1.1\n");
    let list = here.installer.list().expect("listed");
    assert!(list[0].on_trial && list[0].version.as_deref() == Some("1.1"), "{list:?}");
    assert!(here.install("gate", "1.2", LATER).expect_err("one is").to_string().contains("on trial already"));
    assert!(here.installer.remove("gate").expect_err("it may run").to_string().contains("on trial already"));
    here.boot();
    assert_eq!(here.read("versions"), "gate 1.0\n");
}

#[test]
fn what_is_on_trial_is_not_removed() {
    let here = Here::new();
    let (_, bytes, _) = here.package("gate", "1.0", "return");
    let package = Package::read(Path::new("x"), &bytes).expect("a package");
    here.installer.versions.add(&package).expect("unpacked");
    let text = "policies: { gate: { version: '1.0' } }\n";
    here.installer.router.apply(Path::new("x"), text, Duration::from_secs(60)).expect("on trial");
    assert!(here.installer.remove("gate").expect_err("it runs").to_string().contains("on trial already"));
    here.installer.router.confirm().expect("confirmed");
    here.boot();
    assert_eq!(here.read("versions"), "gate 1.0\n");
}

#[test]
fn a_rollback_runs_what_ran_before() {
    let here = Here::new();
    here.install("shipped", "2.0", Timing::Now).expect("installed");
    here.install("shipped", "2.1", Timing::Now).expect("installed");
    here.installer.set("shipped", &["port=24".into()], Timing::Now).expect("set");
    let back = || here.installer.rollback("shipped", Timing::Now);
    assert_eq!(back().expect("back").as_deref(), Some("2.0"));
    assert_eq!(here.read("versions"), "shipped 2.0\n");
    assert!(here.read("parameters/shipped.lua").contains("[\"port\"] = 24"));
    assert_eq!(back().expect("and forth").as_deref(), Some("2.1"));
    assert!(here.installer.rollback("gate", Timing::Now).is_err());
}

#[test]
fn settings_are_those_of_the_configuration() {
    let here = Here::new();
    let file = here.installer.router.store.file();
    here.install("gate", "1.0", Timing::Now).expect("installed");
    here.installer.set("gate", &["port=24".into(), "word=true".into()], Timing::Now).expect("set");
    here.installer.enable("shipped", false, Timing::Now).expect("disabled");
    let text = fs::read_to_string(&file).expect("there");
    let expected = "policies:\n  gate:\n    version: \"1.0\"\n    parameters:\n      port: 24\n      word: \"true\"\n  shipped:\n    enabled: false\n";
    assert_eq!(text, expected);
    assert_eq!(here.read("policies"), "gate on\nshipped off\n");
    for (assignment, words) in [("prot=1", "no parameter prot"), ("port=x", "is an integer"), ("port", "sets nothing")]
    {
        let said = here.installer.set("gate", &[assignment.into()], Timing::Now).expect_err("wrong").to_string();
        assert!(said.contains(words), "{said}");
    }
    fs::write(&file, "hostname: mine\n").expect("written");
    let said = here.installer.enable("shipped", true, Timing::Now).expect_err("the owner is at it").to_string();
    assert!(said.contains("has changes that nobody confirmed"), "{said}");
}

#[test]
fn what_is_removed_is_gone_and_the_images_runs_again() {
    let here = Here::new();
    here.install("shipped", "2.0", Timing::Now).expect("installed");
    here.installer.remove("shipped").expect("removed");
    assert_eq!((here.read("versions"), here.there("shipped")), (String::new(), false));
    let list = here.installer.list().expect("listed");
    assert!(list[0].enabled && list[0].in_image && list[0].version.is_none(), "{list:?}");
    assert!(here.installer.remove("shipped").is_err());
}

#[test]
fn a_version_that_is_lost_starts_nothing_in_its_place() {
    let here = Here::new();
    here.install("shipped", "2.0", Timing::Now).expect("installed");
    fs::remove_dir_all(here.folder.path().join("data/policies/shipped")).expect("lost");
    assert!(here.boot().contains("policy shipped has no version 2.0 here"), "{}", here.boot());
    assert_eq!(here.read("installed"), "policies/shipped/2.0-is-not-whole softirq\n");
}

#[test]
fn a_cut_of_power_leaves_a_version_whole_or_not_there() {
    let here = Here::new();
    // What it leaves of one that is being unpacked, or removed.
    let unfinished = here.folder.path().join("data/policies/gate/.unfinished/gate");
    fs::create_dir_all(&unfinished).expect("a folder");
    fs::write(unfinished.join("main.lua"), "half").expect("written");
    assert!(here.installer.versions.of("gate").expect("read").is_empty());
    here.install("gate", "1.0", Timing::Now).expect("installed");
    assert!(!here.there("gate/.unfinished"));
    assert_eq!(here.installer.versions.of("gate").expect("read"), ["1.0"]);
}
