// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The scripts at an interface: those that its packets go through, in their order.

use std::os::fd::{AsFd, OwnedFd};

use anyhow::{anyhow, bail, Context, Result};

use super::held;
use super::message::{Interface, Mode};
use super::netlink::Netlink;
use super::program::{Function, View};
use super::Wish;
use crate::device::Transport;
use crate::sys;

/// So many scripts are at an interface at most, as luaxdp.ko has it.
const MOST: usize = 8;

/// What an interface has at XDP.
pub enum Present {
    Nothing,
    /// Ours.
    Scripts(Vec<String>),
    /// Another's; in words, with the way to be rid of it.
    Foreign(String),
}

/// What that interface has.
pub fn at(device: &impl Transport, interface: &Interface) -> Result<Present> {
    let here = |held: &held::Held| held.place.as_ref().is_some_and(|place| place.is_at(interface));
    let scripts: Vec<_> = held::all(device)?.into_iter().filter(here).map(|held| held.script).collect();
    Ok(match foreign(interface) {
        _ if !scripts.is_empty() => Present::Scripts(scripts),
        Some(foreign) => Present::Foreign(foreign),
        None => Present::Nothing,
    })
}

/// Says which program is at an interface, if it is not known to be ours, and how it goes.
fn foreign(interface: &Interface) -> Option<String> {
    let Interface { name, attached, .. } = interface;
    let super::message::Attached { mode, program } = attached.first()?;
    let option = mode.ip_option();
    Some(format!(
        "an XDP program that is not lunatik's is there (number {program}, {mode}): \
         end what attached it, or take it away with `ip link set dev {name} {option} off`"
    ))
}

/// From now on these scripts are at the interface, which run, and no others; packets see no moment between.
///
/// Returns what the user should know of how.
///
/// # Errors
///
/// One does not run or attaches no function, they are too many, somebody else's program is there, or the mode is none of the interface's;
/// nothing has changed then.
pub fn put(
    device: &impl Transport,
    netlink: &mut Netlink,
    interface: &Interface,
    scripts: &[String],
    wish: Wish,
) -> Result<Option<String>> {
    let name = &interface.name;
    let present = match at(device, interface)? {
        Present::Foreign(foreign) => bail!("{name} is taken: {foreign}"),
        Present::Scripts(present) => present,
        Present::Nothing => Vec::new(),
    };
    if scripts == present {
        return Ok(None);
    }
    if scripts.is_empty() {
        held::release(device, interface.index)?;
        return Ok(None);
    }
    if scripts.len() > MOST {
        bail!("{name} would have {} scripts: an interface has {MOST} scripts at most", scripts.len());
    }
    let runs = scripts.iter().map(|script| held::run_of(device, script)).collect::<Result<Vec<_>>>()?;
    let function = Function::find()?;
    let load = |view| function.program(&runs, view);
    let mut place = Place { netlink, interface };
    let (link, remark) = if present.is_empty() { place.link_as(wish, load)? } else { place.change(wish, load)? };
    held::hold(device, link.as_fd(), &runs)?;
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

    /// Another program in place of the link's, in the link's mode.
    fn change(&mut self, wish: Wish, load: impl Fn(View) -> Result<OwnedFd>) -> Result<(OwnedFd, Option<String>)> {
        let Interface { name, attached, .. } = self.interface;
        let again = || anyhow!("the scripts of {name} have just changed: `lunatik xdp show` lists them; try again");
        let present = attached.first().ok_or_else(again)?;
        let other = match wish {
            Wish::Auto => false,
            Wish::Native => present.mode != Mode::Native,
            Wish::Generic => present.mode != Mode::Generic,
        };
        if other {
            let mode = present.mode;
            bail!("the scripts of {name} are in {mode} mode: `lunatik xdp detach {name}` makes way for another mode");
        }
        let before = sys::open_program(present.program).context("cannot open an XDP program (bpf)")?;
        let link = link_of(present.program)?.ok_or_else(again)?;
        let replace = |view| -> Result<_> {
            let program: OwnedFd = load(view)?;
            Ok(sys::update_link(link.as_fd(), program.as_fd(), before.as_fd()))
        };
        // Which of the two is there the kernel does not say; it takes whole packets where it can.
        let Err(error) = replace(View::Whole)? else { return Ok((link, None)) };
        match error.raw_os_error() {
            Some(libc::EPERM | libc::ENOLINK) => return Err(again()),
            _ => replace(View::FirstBuffer)?.with_context(|| format!("{name} takes no other XDP program"))?,
        }
        Ok((link, None))
    }
}

/// The link whose program has that number.
fn link_of(program: u32) -> Result<Option<OwnedFd>> {
    let mut id = 0;
    loop {
        id = match sys::next_link(id) {
            Ok(id) => id,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context("cannot list the kernel's links (bpf)"),
        };
        // It may have gone since.
        let Ok(link) = sys::open_link(id) else { continue };
        if sys::link_program(link.as_fd()).context("cannot read of a link (bpf)")? == program {
            return Ok(Some(link));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::message;
    use super::*;

    #[test]
    fn a_foreign_program_is_named_with_the_way_to_be_rid_of_it() {
        let attached = vec![message::Attached { mode: Mode::Generic, program: 17 }];
        let mut interface = Interface { index: 7, name: "eth0".into(), attached };
        let words = foreign(&interface).unwrap();
        assert!(
            words.contains("number 17, generic") && words.contains("ip link set dev eth0 xdpgeneric off"),
            "{words}"
        );
        interface.attached.clear();
        assert_eq!(foreign(&interface), None);
    }
}
