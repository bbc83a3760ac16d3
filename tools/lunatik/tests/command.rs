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
