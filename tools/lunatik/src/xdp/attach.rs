// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunatik xdp attach`: from a script's name to a link that the kernel holds.

use std::os::fd::{AsFd, OwnedFd};

use anyhow::{anyhow, bail, Result};

use super::message::{Interface, Mode};
use super::netlink::Netlink;
use super::program::{self, Function, View};
use super::{foreign, held, script_at, Attach, Wish};
use crate::chunk::quoted;
use crate::device::Transport;
use crate::{modules, sys};

/// Attaches; or leaves everything as it was.
pub fn attach(device: &impl Transport, wanted: &Attach) -> Result<()> {
    let mut netlink = Netlink::open()?;
    let interface = super::find(&mut netlink, &wanted.interface)?;
    modules::need(program::MODULE)?;
    is_free(device, &interface)?;
    // Between the two steps the script runs, but is nowhere.
    sys::defer_signals();
    let started = start(device, wanted)?;
    let attached = attach_running(device, &mut netlink, &interface, wanted);
    match attached {
        Ok(remark) => {
            if let Some(remark) = remark {
                eprintln!("lunatik: {remark}");
            }
            Ok(())
        }
        Err(error) if started => {
            let stopped = device.execute(&format!("stop({})", quoted(wanted.name())));
            Err(match stopped {
                Ok(_) => error,
                Err(stop) => anyhow!("{error:#}; and {} cannot be stopped again: {stop:#}", wanted.name()),
            })
        }
        Err(error) => Err(error),
    }
}

/// Nothing is at the interface.
fn is_free(device: &impl Transport, interface: &Interface) -> Result<()> {
    let Some(foreign) = foreign(interface) else { return Ok(()) };
    let name = &interface.name;
    match script_at(device, interface)? {
        Some(script) => bail!("{name} has a script already, {script}: `lunatik xdp detach {name}` takes it away"),
        None => bail!("{name} is taken: {foreign}"),
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

/// Attaches a running script; returns what the user should know of how.
fn attach_running(
    device: &impl Transport,
    netlink: &mut Netlink,
    interface: &Interface,
    wanted: &Attach,
) -> Result<Option<String>> {
    let run = held::run_of(device, wanted.name())?;
    let function = Function::find()?;
    let (link, remark) = Place { netlink, interface }.link_as(wanted.mode, |view| function.program(run, view))?;
    held::hold(device, run, link.as_fd())?;
    Ok(remark)
}

/// Where a program is to be.
struct Place<'a> {
    netlink: &'a mut Netlink,
    interface: &'a Interface,
}

impl Place<'_> {
    /// Links a program, which `load` loads, in the mode that is wished for; returns what the user
    /// should know of how, too.
    fn link_as(&mut self, wish: Wish, load: impl Fn(View) -> Result<OwnedFd>) -> Result<(OwnedFd, Option<String>)> {
        let name = &self.interface.name;
        let whole = load(View::Whole)?;
        let mut native = None;
        if wish != Wish::Generic {
            let reason = match self.link(&whole, Mode::Native)? {
                Ok(link) => return Ok((link, None)),
                Err(reason) => reason,
            };
            // A driver that cannot show its largest packets whole may take a program that is
            // content with their first buffer.
            if let Ok(link) = self.link(&load(View::FirstBuffer)?, Mode::Native)? {
                let remark = format!(
                    "{name}: of a packet in several buffers the script sees the first only, since the driver \
                     cannot show packets of this MTU whole ({reason})"
                );
                return Ok((link, Some(remark)));
            }
            if wish == Wish::Native {
                bail!("{name} has no native mode: {reason}; --mode generic works with every interface");
            }
            native = Some(reason);
        }
        match self.link(&whole, Mode::Generic)? {
            Ok(link) => {
                let remark = native.map(|reason| {
                    format!("{name}: attached in generic mode, which is slower: there is no native mode ({reason})")
                });
                Ok((link, remark))
            }
            Err(reason) => bail!("{name} takes no XDP program: {reason}"),
        }
    }

    /// Links a program. The inner error is the kernel's reason for not having this mode here.
    fn link(&mut self, program: &OwnedFd, mode: Mode) -> Result<Result<OwnedFd, String>> {
        let Interface { index, name, .. } = self.interface;
        let error = match sys::create_link(program.as_fd(), *index, mode.flag()) {
            Ok(link) => return Ok(Ok(link)),
            Err(error) => error,
        };
        match error.raw_os_error() {
            Some(libc::EBUSY | libc::EEXIST) => bail!("{name} is taken: an XDP program has just come"),
            Some(libc::ENODEV) => bail!("{name} has just gone"),
            _ => Ok(Err(self.netlink.refusal(*index, program.as_fd(), mode).unwrap_or_else(|| error.to_string()))),
        }
    }
}
