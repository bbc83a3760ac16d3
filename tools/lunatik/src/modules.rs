// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The kernel modules: load, unload, status.

use std::fs;
use std::process::Command;

use anyhow::{bail, Context, Result};

use crate::device::Transport;
use crate::xdp;

/// In the order of loading; the first must exist, the others are loaded if they do.
const MODULES: [&str; 10] = [
    "lunatik",
    "lualinux",
    "luabyteorder",
    "luadata",
    "luaskb",
    "luanetfilter",
    "luafifo",
    "luacompletion",
    "luacpu",
    "luabpf",
];

/// Loads them.
///
/// # Errors
///
/// The first cannot be loaded, or another is there and cannot.
pub fn load() -> Result<()> {
    for module in MODULES {
        if is_loaded(module)? || (module != MODULES[0] && !is_installed(module)?) {
            continue;
        }
        if let Some(reason) = modprobe(&[module])? {
            bail!("cannot load {module}: {reason}; is this a kernel with Lunagate's modules, and are you root?");
        }
    }
    Ok(())
}

/// Loads one, with those that it stands on, unless it is loaded.
///
/// # Errors
///
/// The kernel has it not, or does not take it.
pub fn need(module: &str) -> Result<()> {
    if !is_loaded(module)? {
        if let Some(reason) = modprobe(&[module])? {
            bail!("{module} is not loaded, and loading it fails: {reason}; `lunatik load` loads what this kernel has");
        }
    }
    Ok(())
}

/// Stops all scripts, then unloads what is loaded.
///
/// # Errors
///
/// A module is in use.
pub fn unload(device: &impl Transport) -> Result<()> {
    if !is_loaded(MODULES[0])? {
        return Ok(());
    }
    device.execute("return shutdown()")?;
    for module in MODULES.iter().rev() {
        if !is_loaded(module)? {
            continue;
        }
        if let Some(reason) = modprobe(&["-r", module])? {
            bail!("cannot unload {module}: {reason}");
        }
    }
    Ok(())
}

/// Prints them, and the scripts.
///
/// # Errors
///
/// /proc or the device cannot be read.
pub fn status(device: &impl Transport) -> Result<()> {
    for module in MODULES {
        println!("{module}: {}", if is_loaded(module)? { "loaded" } else { "not loaded" });
    }
    if is_loaded(MODULES[0])? {
        for line in device.execute("return status()")?.lines() {
            let mut words = line.split(' ');
            let mut word = || words.next().unwrap_or("?");
            let (name, context, states, bytes, faults) = (word(), word(), word(), word(), word());
            println!("{name}: {context}, {states} states, {bytes} bytes, {faults} faults");
        }
        xdp::status(device)?;
    }
    Ok(())
}

/// Why modprobe failed, if it did.
fn modprobe(arguments: &[&str]) -> Result<Option<String>> {
    let output = Command::new("modprobe").args(arguments).output().context("cannot run modprobe")?;
    if output.status.success() {
        return Ok(None);
    }
    let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Ok(Some(if words.is_empty() { format!("modprobe: {}", output.status) } else { words }))
}

/// Whether the running kernel has this module's file.
fn is_installed(module: &str) -> Result<bool> {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").context("cannot read the kernel's release")?;
    let index = format!("/lib/modules/{}/modules.dep", release.trim());
    let lines = fs::read_to_string(&index).with_context(|| format!("cannot read {index}: run depmod"))?;
    Ok(lists(&lines, module))
}

/// Whether modules.dep has a line for the module.
fn lists(index: &str, module: &str) -> bool {
    index.lines().filter_map(|line| line.split_once(':')).any(|(path, _)| {
        let file = path.rsplit('/').next().unwrap_or(path);
        file.split_once(".ko").is_some_and(|(name, _)| name == module)
    })
}

pub fn is_loaded(module: &str) -> Result<bool> {
    let modules = fs::read_to_string("/proc/modules").context("cannot read /proc/modules")?;
    Ok(modules.lines().any(|line| line.split(' ').next() == Some(module)))
}

#[cfg(test)]
mod tests {
    use super::lists;

    #[test]
    fn the_index_names_modules_and_not_what_they_need() {
        let index = "extra/luaskb.ko: extra/luadata.ko extra/lunatik.ko\nextra/lunatik.ko.xz:\n";
        assert!(lists(index, "luaskb"));
        assert!(lists(index, "lunatik"));
        assert!(!lists(index, "luadata"), "only as what another needs");
        assert!(!lists(index, "lua"));
    }
}
