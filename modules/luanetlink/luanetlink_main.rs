// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua module `netlink.channel`: messages from scripts to programs, by generic netlink.
//!
//! # netlink.channel
//!
//! Messages from scripts to programs, in process and softirq contexts, hooks too. A script needs the capability
//! `netlink.channel`.
//!
//! | function | |
//! |---|---|
//! | `channel.new(name)`, `netlink.channel(name)` | a family of generic netlink, with a group `lunatik`; one for all CPUs if the body makes it, which softirq scripts have to. A name of another family is `"EEXIST"` |
//! | `c:multicast(cmd[, payload])` | sends to who has joined the group, which takes CAP_NET_ADMIN; whether anybody has |
//! | `c:unicast(port, cmd[, payload])` | sends to the socket of a port; whether there is one that takes it |
//! | `c:close()` (new) | takes the family off, for all who hold the channel. Ends with the last script that holds it, too |
//!
//! `cmd` is a byte, a payload has at most 32,768 bytes. Messages go to sockets of the network namespace of the task that
//! made the channel. All scripts together have at most 64 channels (luanetlink's parameter
//! `channels`).
//!
//! ```lua process
//! local events <close> = require("netlink.channel").new("my-events")
//! if not events:multicast(1, "hello") then print("nobody listens") end
//! ```

mod sys;

use kernel::prelude::*;
use kernel::sync::Arc;
use lua::{function, meta, method, Class, Entry, Kind, Object, State};
use lunatik_core::sync::SpinLock;
use lunatik_core::{errno, once, register, Access, Context, Registration, Runtime};

module! {
    type: Module,
    name: "luanetlink",
    author: "The Lunagate authors",
    description: "Lua messages to programs",
    license: "Dual MIT/GPL",
}

/// No message has more bytes behind its headers.
const LIMIT: usize = 32 << 10;
/// So many bytes cost a unit of fuel to copy.
const UNIT: usize = 32;
/// What sending a message costs, and making a channel, which waits for other CPUs.
const SEND: usize = 100;
const NEW: usize = 1000;

/// The class `netlink.channel`; `None` once it is closed, for all who hold it.
#[derive(Clone)]
pub struct Channel(Arc<SpinLock<Option<Arc<sys::Family>>>>);

static CHANNEL: Class = Class::new::<Channel>(
    c"netlink.channel",
    &[
        method(c"multicast", Channel::multicast),
        method(c"unicast", Channel::unicast),
        method(c"close", Channel::close),
        meta(c"__close", Channel::close),
    ],
)
.shared::<Channel>(|| THIS_MODULE.as_ptr().cast());

impl Object for Channel {
    const CLASS: &'static Class = &CHANNEL;
}

impl Channel {
    /// `channel.new(name)`: one for all CPUs if the script's body makes it.
    fn new(state: State<'_>, name: &[u8]) -> lua::Result<Channel> {
        once(state, || Channel::make(state, name))
    }

    fn make(state: State<'_>, name: &[u8]) -> lua::Result<Channel> {
        const EINVAL: i32 = 22;
        const ENOSPC: i32 = 28;
        if Runtime::of(state)?.context() == Context::Hardirq {
            return Err(Kind::Context.into());
        }
        Runtime::may_sleep(state)?;
        state.spend(NEW)?;
        let family = sys::Family::new(name).map_err(|code| match -code {
            EINVAL => state.raise(format_args!("channel.new: a name has 1 to 15 bytes, none of them 0")),
            ENOSPC => state.raise(format_args!("channel.new: luanetlink's parameter 'channels' bounds all channels")),
            _ => errno::raise(state, code),
        })?;
        let family = Arc::new(family, GFP_KERNEL).map_err(|_| Kind::NoMemory)?;
        Ok(Channel(Arc::new(SpinLock::new(Some(family)), GFP_KERNEL).map_err(|_| Kind::NoMemory)?))
    }

    fn send(&self, state: State<'_>, port: u32, command: u8, payload: Option<&[u8]>, at: i32) -> lua::Result<bool> {
        if Runtime::of(state)?.context() == Context::Hardirq {
            return Err(Kind::Context.into());
        }
        let payload = payload.unwrap_or(b"");
        if payload.len() > LIMIT {
            return Err(lua::Error::from(Kind::OutOfBounds).at(at));
        }
        state.spend(SEND + payload.len() / UNIT)?;
        let open = self.0.lock().clone();
        let family = open.ok_or(Kind::ExpectedObject)?;
        let atomic = Runtime::may_sleep(state).is_err();
        family.send(port, command, payload, atomic).map_err(|code| errno::raise(state, code))
    }

    /// Sends a message to who has joined the group `lunatik` of the family; whether anybody has.
    fn multicast(&self, state: State<'_>, command: u8, payload: Option<&[u8]>) -> lua::Result<bool> {
        self.send(state, 0, command, payload, 3)
    }

    /// Sends a message to the socket of a port; whether there is one that takes it.
    fn unicast(&self, state: State<'_>, port: u32, command: u8, payload: Option<&[u8]>) -> lua::Result<bool> {
        // The kernel's own.
        if port == 0 {
            return Err(lua::Error::from(Kind::OutOfBounds).at(2));
        }
        self.send(state, port, command, payload, 4)
    }

    /// Takes the family off, for all who hold the channel.
    fn close(&self, state: State<'_>) -> lua::Result {
        let open = self.0.lock().take();
        if open.is_none() {
            return Ok(());
        }
        drop(open);
        state.charge(SEND);
        // Its name is free again when the call returns, but for who must not wait.
        if Runtime::may_sleep(state).is_ok() {
            sys::settle();
        }
        Ok(())
    }
}

static LIBRARY: [Entry; 1] = [function(c"new", Channel::new)];

static MODULE: lunatik_core::Module = lunatik_core::Module {
    name: c"netlink.channel",
    access: Access::Granted,
    open: |state| state.push_library(&LIBRARY),
};

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        // The worker runs this module's code.
        sys::settle();
    }
}
