// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The program as a shell sees it, on a machine without /dev/lunatik.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn lunatik(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lunatik"))
        .args(arguments)
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn the_prompt_ends_with_its_input() {
    let output = lunatik(&[], "");
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn without_the_modules_it_says_how_to_load_them() {
    for (arguments, input) in [(&["list"][..], ""), (&["stop", "x"], ""), (&["run", "x"], ""), (&[], "1\n")] {
        let output = lunatik(arguments, input);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(message, "lunatik: /dev/lunatik does not exist: load the modules with `lunatik load`\n");
    }
}

#[test]
fn an_unknown_interface_is_refused_before_anything_else() {
    for arguments in [&["xdp", "attach", "nowhere", "x"][..], &["xdp", "detach", "nowhere"]] {
        let output = lunatik(arguments, "");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(message, "lunatik: there is no interface nowhere: `ip link` lists those that there are\n");
    }
}

#[test]
fn suites_are_named() {
    let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/suites");
    for name in ["b", "a"] {
        std::fs::create_dir_all(format!("{folder}/{name}")).unwrap();
        std::fs::write(format!("{folder}/{name}/x.sh"), "").unwrap();
    }
    let output = lunatik(&["test", "--list", "--suites", folder], "");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "a\nb\n");

    let output = lunatik(&["test", "a", "c", "--suites", folder], "");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(message, format!("lunatik: there is no suite c in {folder}, but a, b\n"));
}

#[test]
fn without_suites_it_says_where_they_come_from() {
    let output = lunatik(&["test", "--suites", "/nowhere"], "");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(
        message.starts_with("lunatik: there are no suites in /nowhere: the image flavour test has some"),
        "{message}"
    );
}
