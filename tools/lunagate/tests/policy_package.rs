// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! From nothing to a package on a router: `lunagate policy new`, `pack`, `sign`, `verify`, `inspect`, `install`, with a shell
//! script in SSH's place.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use support::{policy, put, shipped};
use tempfile::TempDir;

/// A folder with the policy `gate`, its package, keys and a signature.
fn signed() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [
        ["new", "gate"].as_slice(),
        &["pack", "gate"],
        &["keygen", "--without-password", "mine.key"],
        &["keygen", "--without-password", "other.key"],
        &["sign", "--key", "mine.key", "gate-0.1.0.policy"],
    ] {
        let (good, text) = policy(folder.path(), arguments);
        assert!(good, "{arguments:?}: {text}");
    }
    folder
}

#[test]
fn a_new_policy_is_right_and_its_tests_pass() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(policy(folder.path(), &["new", "gate"]).0);
    let (good, text) = policy(folder.path(), &["test", "gate"]);
    assert!(good && text.contains("4 passed, 0 failed"), "{text}");
    assert!(policy(folder.path(), &["check", "gate"]).0);
    let (good, text) = policy(folder.path(), &["new", "gate"]);
    assert!(!good && text.contains("gate is there already"), "{text}");
    let (good, text) = policy(folder.path(), &["new", "Gate"]);
    assert!(!good && text.contains("lower-case letters") && !folder.path().join("Gate").exists(), "{text}");
}

#[test]
fn a_new_policy_at_xdp_is_right_and_its_tests_pass() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(policy(folder.path(), &["new", "gate", "--hook", "xdp"]).0);
    let (good, text) = policy(folder.path(), &["test", "gate", "--coverage"]);
    assert!(good && text.contains("5 passed, 0 failed") && text.contains("(100 %)"), "{text}");
    assert!(policy(folder.path(), &["check", "gate"]).0);
}

#[test]
fn a_wrapped_script_at_xdp_is_at_the_wan() {
    let folder = tempfile::tempdir().expect("a folder");
    put(&folder, "mine.lua", "require('xdp').attach(function() return 1 end)\n");
    let (good, text) = policy(folder.path(), &["new", "wrapped", "--from", "mine.lua"]);
    assert!(good, "{text}");
    let manifest = fs::read_to_string(folder.path().join("wrapped/policy.yaml")).expect("there");
    assert!(manifest.contains("- { family: XDP, interfaces: [wan] }\n"), "{manifest}");
    let (good, text) = policy(folder.path(), &["test", "wrapped"]);
    assert!(good && text.contains("2 passed"), "{text}");
}

#[test]
fn a_wrapped_script_hooks_where_its_manifest_says() {
    let folder = tempfile::tempdir().expect("a folder");
    put(&folder, "mine.lua", &support::hook("return 1"));
    let (good, text) = policy(folder.path(), &["new", "wrapped", "--from", "mine.lua"]);
    assert!(good, "{text}");
    let manifest = fs::read_to_string(folder.path().join("wrapped/policy.yaml")).expect("there");
    assert!(manifest.contains("- { family: INET, point: FORWARD, priority: 0 }\n"), "{manifest}");
    assert!(manifest.contains("capabilities: [netfilter]\n"), "{manifest}");
    let (good, text) = policy(folder.path(), &["test", "wrapped"]);
    assert!(good && text.contains("2 passed"), "{text}");
}

#[test]
fn a_package_is_the_same_bytes_again() {
    let folder = signed();
    let read = || fs::read(folder.path().join("gate-0.1.0.policy")).expect("there");
    let before = read();
    assert!(policy(folder.path(), &["pack", "gate"]).0);
    assert_eq!(read(), before);
    let (good, text) = policy(folder.path(), &["inspect", "gate-0.1.0.policy"]);
    assert!(good && text.contains("policy gate 0.1.0") && text.contains("gate/main.lua"), "{text}");
    assert!(!text.contains("tests/"), "{text}");
}

#[test]
fn a_policy_with_a_mistake_or_without_a_version_is_not_packed() {
    let pack = |folder: &TempDir| policy(folder.path(), &["pack", "p", "--output", "new.policy"]);
    let folder = support::folder("local x = 1.5\nreturn x\n", "version: 1.0.0\n");
    let (good, text) = pack(&folder);
    assert!(!good && text.contains("p/main.lua:1:11: 1.5 is no integer"), "{text}");
    let folder = support::folder("return 1\n", "");
    let (good, text) = pack(&folder);
    assert!(!good && text.contains("p: policy.yaml has no version"), "{text}");
    assert!(!folder.path().join("new.policy").exists());
}

#[test]
fn what_a_policy_requires_of_the_library_is_in_its_package() {
    let folder = tempfile::tempdir().expect("a folder");
    let read = |name: &str| fs::read_to_string(shipped().join("sni-block").join(name)).expect("there");
    let manifest: String = read("policy.yaml")
        .lines()
        .filter(|line| !line.starts_with("version:"))
        .fold(String::new(), |text, line| text + line + "\n");
    put(&folder, "sni-block/policy.yaml", &format!("{manifest}version: 1.0.0\n"));
    put(&folder, "sni-block/main.lua", &read("main.lua"));
    let library = shipped().join("library").display().to_string();
    let (good, text) = policy(folder.path(), &["pack", "sni-block", "--library", &library]);
    assert!(good, "{text}");
    let text = policy(folder.path(), &["inspect", "sni-block-1.0.0.policy"]).1;
    assert!(text.contains("library/domains.lua") && text.contains("library/stream.lua"), "{text}");
    let parameter = "  parameter     domains: [blocked.example]\n                  Each with everything below it.\n";
    assert!(text.contains(parameter), "{text}");
}

#[test]
fn only_what_was_signed_with_the_key_is_verified() {
    let folder = signed();
    let verify = |key: &str| policy(folder.path(), &["verify", "--key", key, "gate-0.1.0.policy"]);
    let (good, text) = verify("mine.pub");
    assert!(good && text.contains("policy gate 0.1.0, signed with RW"), "{text}");
    let (good, text) = verify("other.pub");
    assert!(!good && text.contains("gate-0.1.0.policy: it is signed with a key that is not trusted here"), "{text}");
    let path = folder.path().join("gate-0.1.0.policy");
    let mut bytes = fs::read(&path).expect("there");
    bytes[600] ^= 1;
    fs::write(&path, &bytes).expect("written");
    let (good, text) = verify("mine.pub");
    assert!(!good && text.contains("it is not what was signed with the key RW"), "{text}");
    fs::remove_file(folder.path().join("gate-0.1.0.policy.minisig")).expect("removed");
    let (good, text) = verify("mine.pub");
    assert!(!good && text.contains("there is no gate-0.1.0.policy.minisig"), "{text}");
}

#[test]
fn a_secret_key_is_nobody_elses_and_is_not_overwritten() {
    let folder = signed();
    let mode = fs::metadata(folder.path().join("mine.key")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (good, text) = policy(folder.path(), &["keygen", "--without-password", "mine.key"]);
    assert!(!good && text.contains("mine.key is there already"), "{text}");
}

#[test]
fn a_router_gets_the_signature_and_then_the_package() {
    let folder = signed();
    let ssh = folder.path().join("ssh");
    fs::write(&ssh, "#!/bin/sh\ncd \"$(dirname \"$0\")\" && echo \"$@\" > words && cat > came\n").expect("written");
    fs::set_permissions(&ssh, PermissionsExt::from_mode(0o755)).expect("executable");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lunagate"));
        command.arg("policy").args(arguments).args(["--router", "192.168.1.1"]).current_dir(folder.path());
        let output = command.env("LUNAGATE_SSH", &ssh).output().expect("it ran");
        let words = fs::read_to_string(folder.path().join("words")).unwrap_or_default();
        (output.status.success(), words, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (good, words, _) = run(&["install", "gate-0.1.0.policy", "--confirm", "60s"]);
    assert!(good);
    assert_eq!(words, "root@192.168.1.1 lunagate policy install - --confirm=60s\n");
    let read = |name: &str| fs::read(folder.path().join(name)).expect("there");
    assert_eq!(read("came"), [read("gate-0.1.0.policy.minisig"), read("gate-0.1.0.policy")].concat());

    assert_eq!(run(&["set", "gate", "ports=[1, 2]"]).1, "root@192.168.1.1 lunagate policy set gate 'ports=[1, 2]'\n");
    let key = String::from_utf8(read("mine.pub")).expect("text");
    let line = key.lines().last().expect("a line");
    assert_eq!(run(&["trust", "mine.pub"]).1, format!("root@192.168.1.1 lunagate policy trust {line}\n"));

    fs::remove_file(folder.path().join("gate-0.1.0.policy.minisig")).expect("removed");
    fs::remove_file(folder.path().join("words")).expect("removed");
    let (good, words, text) = run(&["install", "gate-0.1.0.policy"]);
    assert!(!good && words.is_empty() && text.contains("it is not signed"), "{text}");
}

#[test]
fn completions_and_manual_pages_know_the_commands() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lunagate"));
        command.args(arguments).current_dir(folder.path()).output().expect("it ran")
    };
    let bash = String::from_utf8_lossy(&run(&["completions", "bash"]).stdout).into_owned();
    assert!(bash.contains("dangerously-allow-unsigned"), "{bash}");
    assert!(run(&["man", "pages"]).status.success());
    let page = fs::read_to_string(folder.path().join("pages/lunagate-policy-install.1")).expect("a page");
    assert!(page.contains("Install a signed package on a router"), "{page}");
}
