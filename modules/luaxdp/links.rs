// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Links that the kernel holds for a script: `lunatik xdp` makes them, and they end with it.

use core::fmt::Write;
use kernel::error::code::*;
use kernel::prelude::*;
use lua::{Pushed, State};
use lunatik_core::{Context, Runtime};

use crate::chain::Chain;
use crate::scripts::{Held, SCRIPTS};
use crate::sys::Link;

/// So many links are held at most.
const LIMIT: usize = 256;

/// A name for a message.
struct Plain<'a>(&'a [u8]);

impl core::fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.iter().try_for_each(|byte| f.write_char(char::from(*byte)))
    }
}

/// Links belong to tasks, and looking at them sleeps.
fn in_process(state: State<'_>) -> lua::Result {
    match Runtime::of(state)?.context() {
        Context::Process => Ok(()),
        _ => Err(lua::Kind::Context.into()),
    }
}

/// `xdp.id(script)`: the number by which programs call the script's function.
pub(crate) fn id(state: State<'_>, script: &[u8]) -> lua::Result<i64> {
    in_process(state)?;
    let scripts = SCRIPTS.lock();
    let found = scripts.published().filter(|attached| !attached.is_detached() && attached.name() == script);
    let id = found.map(|attached| attached.id).max();
    drop(scripts);
    match id {
        Some(id) => Ok(i64::try_from(id).unwrap_or(i64::MAX)),
        None => {
            Err(state
                .raise(format_args!("{}: no running script of that name attaches to XDP (xdp.attach)", Plain(script))))
        }
    }
}

/// `xdp.hold(fd, id, ...)`: the link behind a file descriptor of this task, whose program calls these in this order, ends
/// with the last of them. What was said of it before does not count any more.
pub(crate) fn hold(state: State<'_>, fd: i32) -> lua::Result {
    in_process(state)?;
    let chain = Chain::from_arguments(state, 2)?;
    let link = match Link::of_fd(fd) {
        Ok(link) => link,
        Err(_) => return Err(state.raise(format_args!("xdp.hold: file descriptor {fd} is no XDP link"))),
    };
    if link.place().is_none() {
        return Err(state.raise(format_args!("xdp.hold: the link is attached to no interface")));
    }
    let mut scripts = SCRIPTS.lock();
    let stopped = chain.ids().find(|id| !scripts.has(*id));
    if let Some(id) = stopped {
        drop(scripts);
        let id = id as i64;
        return Err(state.raise(format_args!("xdp.hold: script {id} has stopped; attach again once it runs")));
    }
    if let Some(held) = scripts.held(&link) {
        held.chain = chain;
        return Ok(());
    }
    // Those of interfaces that went make room.
    let is_gone = |held: &Held| held.chain.ids().any(|id| chain.has(id)) && held.link.place().is_none();
    while let Some(gone) = scripts.take(is_gone) {
        drop(gone);
    }
    let held = if scripts.links().count() < LIMIT { scripts.hold(Held { chain, link }) } else { Err(ENOSPC) };
    drop(scripts);
    held.map_err(|errno| match errno {
        _ if errno == ENOSPC => state.raise(format_args!("xdp.hold: {LIMIT} links are held already")),
        _ => lua::Kind::NoMemory.into(),
    })
}

/// `xdp.release(ifindex)`: what is held on an interface leaves it.
pub(crate) fn release(state: State<'_>, ifindex: u32) -> lua::Result {
    in_process(state)?;
    let mut released = false;
    loop {
        let is = |held: &Held| held.link.place().is_some_and(|place| place.here && place.ifindex == ifindex);
        let link = SCRIPTS.lock().take(is);
        match link {
            Some(link) => link.end(),
            None if released => return Ok(()),
            None => return Err(state.raise(format_args!("xdp.release: no link is held on interface {ifindex}"))),
        }
        released = true;
    }
}

/// `xdp.links()`: a line for each script of each link, `script ifindex interface mode attached`, in the order in which
/// programs call them, or, of one whose interface went, `script 0 - - detached`.
pub(crate) fn links(state: State<'_>) -> lua::Result<Pushed> {
    in_process(state)?;
    let mut text = Text(KVec::new());
    let scripts = SCRIPTS.lock();
    let written = scripts.links().try_for_each(|held| {
        let place = held.link.place();
        held.chain.ids().try_for_each(|id| {
            let attached = scripts.published().find(|attached| attached.id == id);
            let script = Plain(attached.map_or(&b"?"[..], |attached| attached.name()));
            match &place {
                Some(place) => {
                    writeln!(text, "{script} {} {} {} attached", place.ifindex, Plain(place.name()), place.mode())
                }
                None => writeln!(text, "{script} 0 - - detached"),
            }
        })
    });
    drop(scripts);
    written.map_err(|_| lua::Kind::NoMemory)?;
    state.push_bytes(&text.0)?;
    Ok(Pushed(1))
}

/// Text in memory that may run out.
struct Text(KVec<u8>);

impl Write for Text {
    fn write_str(&mut self, s: &str) -> core::fmt::Result {
        self.0.extend_from_slice(s.as_bytes(), GFP_KERNEL).map_err(|_| core::fmt::Error)
    }
}
