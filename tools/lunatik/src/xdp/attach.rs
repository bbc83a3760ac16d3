// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunatik xdp attach`, `detach` and `set`: from scripts' names to what an interface has.

use anyhow::{anyhow, bail, Result};

use super::chain::{self, Present};
use super::message::Interface;
use super::netlink::Netlink;
use super::{program, Attach, Wish};
use crate::chunk::quoted;
use crate::device::Transport;
use crate::{modules, sys};

/// Attaches a script behind those that are there; or leaves everything as it was.
pub fn attach(device: &impl Transport, wanted: &Attach) -> Result<()> {
    let mut netlink = Netlink::open()?;
    let interface = find(&mut netlink, &wanted.interface)?;
    modules::need(program::MODULE)?;
    let (name, script) = (&interface.name, wanted.name());
    let mut scripts = match chain::at(device, &interface)? {
        Present::Nothing => Vec::new(),
        Present::Scripts(scripts) => scripts,
        Present::Foreign(foreign) => bail!("{name} is taken: {foreign}"),
    };
    if scripts.iter().any(|one| one == script) {
        bail!("{name} has {script} already: `lunatik xdp detach {name} {script}` takes it away");
    }
    scripts.push(script.to_owned());
    // Between the two steps the script runs, but is nowhere.
    sys::defer_signals();
    let started = start(device, wanted)?;
    match chain::put(device, &mut netlink, &interface, &scripts, wanted.mode) {
        Ok(remark) => {
            tell(remark);
            Ok(())
        }
        Err(error) if started => {
            let stopped = device.execute(&format!("stop({})", quoted(script)));
            Err(match stopped {
                Ok(_) => error,
                Err(stop) => anyhow!("{error:#}; and {script} cannot be stopped again: {stop:#}"),
            })
        }
        Err(error) => Err(error),
    }
}

/// Takes a script away from an interface, or all.
pub fn detach(device: &impl Transport, interface: &str, script: Option<&str>) -> Result<()> {
    let mut netlink = Netlink::open()?;
    let interface = find(&mut netlink, interface)?;
    let name = &interface.name;
    let scripts = match chain::at(device, &interface)? {
        Present::Scripts(scripts) => scripts,
        Present::Foreign(foreign) => bail!("{name} has no script; {foreign}"),
        Present::Nothing => bail!("{name} has no script: `lunatik xdp show` lists the interfaces that have one"),
    };
    let Some(script) = script.map(without_ending) else {
        return chain::put(device, &mut netlink, &interface, &[], Wish::Auto).map(drop);
    };
    let others: Vec<_> = scripts.iter().filter(|one| *one != script).cloned().collect();
    if others.len() == scripts.len() {
        bail!("{name} does not have {script}, but {}", scripts.join(", "));
    }
    sys::defer_signals();
    chain::put(device, &mut netlink, &interface, &others, Wish::Auto).map(tell)
}

/// These scripts are at an interface from now on, which run, in this order, and no others.
pub fn set(device: &impl Transport, interface: &str, scripts: &[String]) -> Result<()> {
    let mut netlink = Netlink::open()?;
    let interface = find(&mut netlink, interface)?;
    modules::need(program::MODULE)?;
    let scripts: Vec<_> = scripts.iter().map(|script| without_ending(script).to_owned()).collect();
    if let Some(twice) = scripts.iter().enumerate().find(|(at, script)| scripts[..*at].contains(script)) {
        bail!("{} is there twice: an interface has a script once", twice.1);
    }
    sys::defer_signals();
    chain::put(device, &mut netlink, &interface, &scripts, Wish::Auto).map(tell)
}

/// The script's name as the kernel lists it.
pub fn without_ending(script: &str) -> &str {
    script.strip_suffix(".lua").unwrap_or(script)
}

fn tell(remark: Option<String>) {
    if let Some(remark) = remark {
        eprintln!("lunatik: {remark}");
    }
}

/// The interface with this name.
fn find(netlink: &mut Netlink, name: &str) -> Result<Interface> {
    match netlink.by_name(name)? {
        Some(interface) => Ok(interface),
        None => bail!("there is no interface {name}: `ip link` lists those that there are"),
    }
}

/// Runs the script unless it runs already; says whether.
fn start(device: &impl Transport, wanted: &Attach) -> Result<bool> {
    let script = wanted.name();
    if !device.execute("return list()")?.split(", ").any(|name| name == script) {
        device.execute(&wanted.chunk())?;
        return Ok(true);
    }
    if wanted.has_options() {
        bail!("{script} runs already, with options of its own: stop it first (`lunatik stop {script}`), or give none");
    }
    Ok(false)
}
