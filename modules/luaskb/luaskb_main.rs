// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The Lua class `skb`: a packet, lent to a hook's function for one call, or a copy of one,
//! which is the script's. `require("skb")` has no functions of its own; hooks bring packets.

mod sys;

use core::cell::Cell;
use core::ffi::c_int;
use kernel::prelude::*;
use lua::{meta, method, Class, IntoLua, Kind, Object, Pushed, State};
use luadata_main::Data;
use lunatik_core::{register, Charge, Registration};

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
/// `buffer` is null, or a valid `sk_buff`: between [`Skb::lend`] and [`Skb::revoke`], or, with
/// a `charge`, as long as the object. The windows show bytes of `buffer` or none.
pub struct Skb {
    buffer: Cell<Buffer>,
    /// What a copy weighs; none for a lent packet.
    charge: Cell<Option<Charge>>,
    network: Window,
    link: Window,
}

/// The `data` object for one layer, made at its first use.
///
/// # Invariants
///
/// `data` is null, or the object that place `index` of the packet object keeps: Lua frees
/// neither before the other, so its memory is there as long as this.
struct Window {
    data: Cell<*const Data>,
    index: c_int,
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
        method(c"copy", Skb::copy),
        method(c"connmark", Skb::connmark),
    ],
);

impl Object for Skb {
    const CLASS: &'static Class = &SKB;
    /// The windows.
    const VALUES: c_int = 2;
}

impl Window {
    const fn new(index: c_int) -> Window {
        Window { data: Cell::new(core::ptr::null()), index }
    }

    fn revoke(&self) {
        // SAFETY: By the invariants the object is null or there. Its finalizer may have run
        // already, if it became garbage with the packet: no method sees it then.
        if let Some(data) = unsafe { self.data.get().as_ref() } {
            data.revoke();
        }
    }

    /// Pushes the object, showing these bytes. The packet object is the method's first argument.
    fn push(&self, state: State<'_>, base: *mut u8, length: usize) -> lua::Result {
        if self.data.get().is_null() {
            Data::window().push(state)?;
            let data: &Data = lua::FromLua::from_lua(state, -1)?;
            // Each keeps the other: whoever holds the bytes of a copy holds the copy.
            state.push_value(1);
            state.set_user_value(-2, 1);
            state.push_value(-1);
            state.set_user_value(1, self.index);
            self.data.set(data);
        } else {
            state.get_user_value(1, self.index);
        }
        // SAFETY: The object is there. The bytes are those of a packet that is ours until it is
        // revoked or freed, which revokes the window first.
        unsafe { (*self.data.get()).lend(base, length) };
        Ok(())
    }
}

impl Skb {
    /// A packet object without a packet.
    #[must_use]
    pub fn empty() -> Skb {
        Skb::of(Buffer::none(), None)
    }

    fn of(buffer: Buffer, charge: Option<Charge>) -> Skb {
        let (network, link) = (Window::new(1), Window::new(2));
        Skb { buffer: Cell::new(buffer), charge: Cell::new(charge), network, link }
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

    fn resize(&self, length: u32, state: State<'_>) -> lua::Result {
        let buffer = self.buffer()?;
        self.close_windows();
        if length > 0xffff {
            return Err(lua::Error::from(Kind::OutOfRange).at(2));
        }
        if let Some(mut charge) = self.charge.take() {
            let grown = charge.grow(state, length.saturating_sub(buffer.length()) as usize);
            self.charge.set(Some(charge));
            grown?;
        }
        buffer.resize(length).map_err(|_| Kind::NoMemory.into())
    }

    /// A packet of the script's own, with the same bytes and device.
    fn copy(&self, state: State<'_>) -> lua::Result<Skb> {
        let buffer = self.buffer()?;
        let charge = Charge::new(state, buffer.footprint())?;
        let copy = buffer.copy().ok_or(Kind::NoMemory)?;
        Ok(Skb::of(copy, Some(charge)))
    }

    fn checksum(&self) -> lua::Result {
        let buffer = self.buffer()?;
        self.close_windows();
        buffer.own().map_err(|_| Kind::NoMemory)?;
        let (base, length) = buffer.layer(false).ok_or(Kind::NotFound)?;
        // SAFETY: The layer's bytes are ours, and nothing writes them while they are read.
        let bytes = unsafe { core::slice::from_raw_parts(base, length) };
        let ip = packet::ip(bytes).ok_or(Kind::InvalidValue)?;
        // SAFETY: It describes these bytes.
        unsafe { buffer.checksum(&ip) };
        Ok(())
    }

    fn forward(&self) -> lua::Result {
        self.buffer()?.forward().map_err(|_| Kind::Failed.into())
    }

    /// The mark of the packet's flow before, or nil without a flow; with a value, sets it.
    fn connmark(&self, value: Option<u32>) -> lua::Result<Option<u32>> {
        Ok(self.buffer()?.connmark(value))
    }
}

impl Drop for Skb {
    fn drop(&mut self) {
        if self.charge.take().is_some() {
            self.close_windows();
            // SAFETY: By the invariants the buffer is ours, and nothing shows it any more.
            unsafe { self.buffer.get().free() };
        }
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
