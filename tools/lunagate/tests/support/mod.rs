// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Policies for tests, and the command on them.

// Each test uses its part of it.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The repository's policies.
pub fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

/// Runs `lunagate policy ...` in a folder: whether it succeeded, and what it said.
pub fn policy(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lunagate"))
        .arg("policy")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the command runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

/// A folder with the policy `p`, whose script is this; `more` are lines of its manifest.
pub fn folder(script: &str, more: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = format!(
        "name: p\ndescription: For a test\nhooks: [{{ family: INET, point: FORWARD, priority: 0 }}]\n\
         capabilities: [netfilter]\nbudget: {{ fuel: 20000, memory: 256KiB }}\nfail: drop\n{more}"
    );
    put(&folder, "p/policy.yaml", &manifest);
    put(&folder, "p/main.lua", script);
    folder
}

/// Writes a file below a folder.
pub fn put(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// A script that registers this function's body, of the packet `skb`.
pub fn hook(body: &str) -> String {
    format!(
        "local netfilter, nf = require('netfilter'), require('linux.nf')\n\
         netfilter.register {{ pf = nf.proto.INET, hooknum = nf.inet.FORWARD, priority = 0, track = true,\n\
         hook = function(skb)\n{body}\nend }}\n"
    )
}
