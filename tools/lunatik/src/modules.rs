// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The kernel modules: load, unload, status.

use std::fs;
use std::process::Command;

use anyhow::{bail, Context, Result};

use crate::device::Transport;

/// In the order of loading; the first must exist, the others are loaded if they do.
const MODULES: [&str; 6] = ["lunatik", "lualinux", "luabyteorder", "luadata", "luaskb", "luanetfilter"];

/// Loads them.
///
/// # Errors
///
/// The first cannot be loaded.
pub fn load() -> Result<()> {
    for module in MODULES {
        let loaded = modprobe(&[module])?;
        if !loaded && module == MODULES[0] {
            bail!("modprobe {module} failed: is this a kernel with Lunagate's modules, and are you root?");
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
        if is_loaded(module)? && !modprobe(&["-r", module])? {
            bail!("cannot unload {module}: it is in use");
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
    }
    Ok(())
}

fn modprobe(arguments: &[&str]) -> Result<bool> {
    let output = Command::new("modprobe").args(arguments).output().context("cannot run modprobe")?;
    Ok(output.status.success())
}

fn is_loaded(module: &str) -> Result<bool> {
    let modules = fs::read_to_string("/proc/modules").context("cannot read /proc/modules")?;
    Ok(modules.lines().any(|line| line.split(' ').next() == Some(module)))
}
