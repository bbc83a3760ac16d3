// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate update`, with a shell script in SSH's place that is a router.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Slot b takes what comes; after the restart it is not there at first, then on trial, then as told.
const ROUTER: &str = r#"#!/bin/sh
cd "$(dirname "$0")" || exit
for command; do :; done
slots() { echo "{\"running\":\"$1\",\"next\":\"b\",\"slots\":[{\"slot\":\"a\",\"version\":\"1\",\"state\":\"confirmed\"},{\"slot\":\"b\",\"version\":\"2\",$2}]}"; }
case $command in
  'lunagate update install -') cat > installed; [ ! -e full ] || { echo 'no room' >&2; exit 1; } ;;
  reboot) echo > rebooted; exit 255 ;;
  *boot_id) echo first ;;
  *'lunagate update status --json')
    if [ ! -e rebooted ]; then echo first; slots a '"state":"on_trial","tries":3'
    else
      echo x >> rebooted
      case $(wc -l < rebooted) in
        2) echo 'no route to host' >&2; exit 255 ;;
        3) echo second; slots b '"state":"on_trial","tries":2' ;;
        *) echo second; cat end ;;
      esac
    fi ;;
  *) echo "what is '$command'?" >&2; exit 1 ;;
esac
"#;

fn router() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let ssh = folder.path().join("ssh");
    fs::write(&ssh, ROUTER).expect("written");
    fs::set_permissions(&ssh, PermissionsExt::from_mode(0o755)).expect("executable");
    fs::write(folder.path().join("bundle"), "a bundle").expect("written");
    folder
}

fn update(folder: &TempDir) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lunagate"))
        .args(["update", "192.168.1.1"])
        .arg(folder.path().join("bundle"))
        .env("LUNAGATE_SSH", folder.path().join("ssh"))
        .output()
        .expect("it ran")
}

fn end(running: &str, slot: &str) -> String {
    format!("{{\"running\":\"{running}\",\"next\":\"{running}\",\"slots\":[{slot}]}}")
}

#[test]
fn an_update_is_over_when_the_router_says_that_it_proved_itself() {
    let folder = router();
    fs::write(folder.path().join("end"), end("b", r#"{"slot":"b","version":"2","state":"confirmed"}"#)).expect("");
    let output = update(&folder);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "version 2 runs in slot b, and has proved itself\n");
    assert_eq!(fs::read(folder.path().join("installed")).expect("it came"), b"a bundle");
}

#[test]
fn a_version_that_falls_back_is_a_failure_with_its_reason() {
    let folder = router();
    let slot =
        r#"{"slot":"b","version":"2","state":"fell_back","reasons":["first","40-dns: dnsmasq does not answer"]}"#;
    fs::write(folder.path().join("end"), end("a", slot)).expect("written");
    let output = update(&folder);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    let words = "lunagate: version 2 did not prove itself, slot a runs: 40-dns: dnsmasq does not answer\n";
    assert!(said.ends_with(words), "{said}");
}

#[test]
fn a_router_that_refuses_is_not_restarted() {
    let folder = router();
    fs::write(folder.path().join("full"), "").expect("written");
    let output = update(&folder);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("no room\n"), "{said}");
    assert!(!folder.path().join("rebooted").exists());
}
