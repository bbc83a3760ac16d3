// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua class `skb`: a packet, lent to a hook's function for one call. `require("skb")` has
//! no functions of its own; hooks bring packets. `skb:copy()` does not exist yet.

mod sys;

use core::cell::Cell;
use kernel::prelude::*;
use lua::{meta, method, Class, IntoLua, Kind, Object, Pushed, State};
use luadata_main::Data;
use lunatik_core::{register, Registration};

pub use sys::Buffer;

module! {
    type: Module,
    name: "luaskb",
    author: "The Lunagate authors",
    description: "Lua access to packets",
    license: "Dual MIT/GPL",
}

/// A packet.
///
/// # Invariants
///
/// `buffer` is null, or a valid `sk_buff` between [`Skb::lend`] and [`Skb::revoke`]. The windows are in the registry of the state, so they live as long as it, and show
/// bytes of `buffer` or none.
pub struct Skb {
    buffer: Cell<Buffer>,
    network: Window,
    link: Window,
}

/// The `data` object for one layer, made at its first use.
struct Window {
    data: Cell<*const Data>,
    reference: Cell<i32>,
}

/// The class `skb`.
pub static SKB: Class = Class::new::<Skb>(
    c"skb",
    &[
        meta(c"__len", Skb::len),
        method(c"ifindex", Skb::ifindex),
        method(c"vlan", Skb::vlan),
        method(c"data", Skb::data),
        method(c"resize", Skb::resize),
        method(c"checksum", Skb::checksum),
        method(c"forward", Skb::forward),
        method(c"connmark", Skb::connmark),
    ],
);

impl Object for Skb {
    const CLASS: &'static Class = &SKB;
}

impl Window {
    const fn new() -> Window {
        Window { data: Cell::new(core::ptr::null()), reference: Cell::new(0) }
    }

    fn revoke(&self) {
        // SAFETY: By the invariants of Skb the object is null or alive.
        if let Some(data) = unsafe { self.data.get().as_ref() } {
            data.revoke();
        }
    }

    /// Pushes the object, showing these bytes.
    fn push(&self, state: State<'_>, base: *mut u8, length: usize) -> lua::Result {
        if self.data.get().is_null() {
            Data::window().push(state)?;
            state.push_value(-1);
            let reference = state.reference()?;
            let data: &Data = lua::FromLua::from_lua(state, -1)?;
            self.data.set(data);
            self.reference.set(reference);
        } else {
            state.push_reference(self.reference.get());
        }
        // SAFETY: The object is alive. The bytes are those of a packet that is ours until it is
        // revoked, which revokes the window first.
        unsafe { (*self.data.get()).lend(base, length) };
        Ok(())
    }
}

impl Skb {
    /// A packet object without a packet.
    #[must_use]
    pub fn empty() -> Skb {
        Skb { buffer: Cell::new(Buffer::none()), network: Window::new(), link: Window::new() }
    }

    /// Gives the object a packet.
    ///
    /// # Safety
    ///
    /// The buffer is valid, and used by nobody else, until [`Skb::revoke`].
    pub unsafe fn lend(&self, buffer: Buffer) {
        self.buffer.set(buffer);
    }

    /// Takes the packet back: the object, and data that a script kept, see nothing from here on.
    pub fn revoke(&self) {
        self.close_windows();
        self.buffer.set(Buffer::none());
    }

    fn close_windows(&self) {
        self.network.revoke();
        self.link.revoke();
    }

    fn buffer(&self) -> lua::Result<Buffer> {
        let buffer = self.buffer.get();
        if buffer.is_none() {
            Err(Kind::ExpectedObject.into())
        } else {
            Ok(buffer)
        }
    }

    fn len(&self) -> lua::Result<u32> {
        Ok(self.buffer()?.length())
    }

    fn ifindex(&self) -> lua::Result<i32> {
        Ok(self.buffer()?.ifindex())
    }

    fn vlan(&self) -> lua::Result<u16> {
        Ok(self.buffer()?.vlan())
    }

    fn data(&self, layer: Option<&[u8]>, state: State<'_>) -> lua::Result<Pushed> {
        let (mac, window) = match layer {
            None | Some(b"net") => (false, &self.network),
            Some(b"mac") => (true, &self.link),
            Some(_) => return Err(lua::Error::from(Kind::InvalidValue).at(2)),
        };
        let buffer = self.buffer()?;
        // Owning may move the packet, so no window may show its old place.
        self.close_windows();
        buffer.own().map_err(|_| Kind::NoMemory)?;
        let (base, length) = buffer.layer(mac).ok_or(Kind::NotFound)?;
        window.push(state, base, length)?;
        Ok(Pushed(1))
    }

    fn resize(&self, length: u32) -> lua::Result {
        let buffer = self.buffer()?;
        self.close_windows();
        if length > 0xffff {
            return Err(lua::Error::from(Kind::OutOfRange).at(2));
        }
        buffer.resize(length).map_err(|_| Kind::NoMemory.into())
    }

    fn checksum(&self) -> lua::Result {
        let buffer = self.buffer()?;
        self.close_windows();
        buffer.checksum().map_err(|_| Kind::InvalidValue.into())
    }

    fn forward(&self) -> lua::Result {
        self.buffer()?.forward().map_err(|_| Kind::Failed.into())
    }

    /// The mark of the packet's flow before, or nil without a flow; with a value, sets it.
    fn connmark(&self, value: Option<u32>) -> lua::Result<Option<u32>> {
        Ok(self.buffer()?.connmark(value))
    }
}

static MODULE: lunatik_core::Module = lunatik_core::Module { name: c"skb", open: |state| state.push_library(&[]) };

struct Module {
    _registration: Registration,
}

impl kernel::Module for Module {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Module { _registration: register(&MODULE, module)? })
    }
}
