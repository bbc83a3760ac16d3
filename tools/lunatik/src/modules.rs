// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The kernel modules: load, unload, status.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};
use serde_json::{json, Value};

use crate::device::Transport;
use crate::{statistics, xdp};

/// Every module of ours stands on it.
const CORE: &str = "lunatik";
/// A module may be in use for a moment after its last user went, until readers under RCU are through.
const PATIENCE: Duration = Duration::from_secs(2);

/// Loads all that are installed.
///
/// # Errors
///
/// There are none, or one cannot be loaded.
pub fn load() -> Result<()> {
    for module in installed()? {
        if is_loaded(&module)? {
            continue;
        }
        if let Some(reason) = modprobe(&[&module])? {
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
    if !is_loaded(CORE)? {
        return Ok(());
    }
    device.execute("shutdown()")?;
    for module in installed()?.iter().rev() {
        let began = Instant::now();
        while is_loaded(module)? {
            let Some(reason) = modprobe(&["-r", module])? else { break };
            if began.elapsed() > PATIENCE {
                bail!("cannot unload {module}: {reason}");
            }
            sleep(PATIENCE / 100);
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
    for module in installed()? {
        println!("{module}: {}", if is_loaded(&module)? { "loaded" } else { "not loaded" });
    }
    if is_loaded(CORE)? {
        for script in statistics::scripts(device)? {
            println!("{script}");
        }
        xdp::status(device)?;
    }
    Ok(())
}

/// Prints modules and scripts as an object of JSON.
///
/// # Errors
///
/// As [`status`].
pub fn status_as_json(device: &impl Transport) -> Result<()> {
    let mut modules = BTreeMap::new();
    for module in installed()? {
        let loaded = is_loaded(&module)?;
        modules.insert(module, loaded);
    }
    let lines = if is_loaded(CORE)? { statistics::lines(device)? } else { String::new() };
    let scripts: Vec<Value> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    println!("{}", serde_json::to_string(&json!({ "modules": modules, "scripts": scripts }))?);
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

/// Our modules of the running kernel, each after those that it stands on.
fn installed() -> Result<Vec<String>> {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").context("cannot read the kernel's release")?;
    let index = format!("/lib/modules/{}/modules.dep", release.trim());
    let lines = fs::read_to_string(&index).with_context(|| format!("cannot read {index}: run depmod"))?;
    let modules = ours(&lines);
    if modules.is_empty() {
        bail!("{index} names no {CORE}.ko: this is not a kernel with Lunagate's modules, or depmod has not seen them");
    }
    Ok(modules)
}

/// Of modules.dep, which has a line for each module with all that it stands on: ours, in order.
fn ours(index: &str) -> Vec<String> {
    let name = |path: &str| {
        let file = path.rsplit('/').next().unwrap_or(path);
        file.split_once(".ko").map(|(name, _)| name.to_owned())
    };
    let mut modules: Vec<(usize, String)> = Vec::new();
    for (path, needs) in index.lines().filter_map(|line| line.split_once(':')) {
        let needs: Vec<String> = needs.split_whitespace().filter_map(name).collect();
        modules.extend(
            name(path)
                .filter(|name| name == CORE || needs.iter().any(|need| need == CORE))
                .map(|name| (needs.len(), name)),
        );
    }
    // What a module stands on needs less than it does.
    modules.sort();
    modules.into_iter().map(|(_, name)| name).collect()
}

/// Whether the running kernel has it in memory.
pub fn is_loaded(module: &str) -> Result<bool> {
    let modules = fs::read_to_string("/proc/modules").context("cannot read /proc/modules")?;
    Ok(modules.lines().any(|line| line.split(' ').next() == Some(module)))
}

#[cfg(test)]
mod tests {
    use super::ours;

    #[test]
    fn ours_are_those_that_stand_on_lunatik_each_after_what_it_needs() {
        let index = "extra/luaskb.ko: extra/luadata.ko extra/lunatik.ko\nkernel/tun.ko:\nextra/lunatik.ko.xz:\n\
                     kernel/luapost.ko: kernel/tun.ko\nextra/luadata.ko: extra/lunatik.ko\n";
        assert_eq!(ours(index), ["lunatik", "luadata", "luaskb"]);
    }
}
