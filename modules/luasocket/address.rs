// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Addresses of sockets, as scripts write them and as the kernel does: `struct sockaddr_in` and its kin,
//! whose layouts are fixed for ever.

use core::ffi::{c_int, c_void};
use lua::{FromLua, Kind, Pushed, State};

/// The bytes of a `struct sockaddr_storage`.
pub(crate) const ROOM: usize = 128;

pub(crate) const UNIX: c_int = 1;
const INET: c_int = 2;
const INET6: c_int = 10;
const NETLINK: c_int = 16;
const PACKET: c_int = 17;

/// The bytes before those that are the family's own.
const FAMILY: usize = 2;
/// Bytes of an address of an interface that the kernel takes.
const HARDWARE: usize = 8;

/// An address: so many bytes, the family first.
///
/// # Invariants
///
/// `length` is at most [`ROOM`].
pub(crate) struct Address {
    words: [u64; ROOM / 8],
    length: usize,
}

impl Address {
    /// What the kernel wrote; nothing, if it names nobody.
    pub(crate) fn new(words: [u64; ROOM / 8], length: c_int) -> Address {
        Address { words, length: usize::try_from(length).unwrap_or(0).min(ROOM) }
    }

    fn empty(family: c_int) -> Address {
        let mut address = Address { words: [0; ROOM / 8], length: 0 };
        address.append(&(family as u16).to_ne_bytes());
        address
    }

    /// Appends bytes, as far as there is room.
    fn append(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if let Some(word) = self.words.get_mut(self.length / 8) {
                let mut octets = word.to_ne_bytes();
                if let Some(octet) = octets.get_mut(self.length % 8) {
                    *octet = *byte;
                }
                *word = u64::from_ne_bytes(octets);
                self.length += 1;
            }
        }
    }

    pub(crate) fn as_ptr(&self) -> *const c_void {
        self.words.as_ptr().cast()
    }

    pub(crate) fn len(&self) -> c_int {
        self.length as c_int
    }

    /// All bytes, beyond the address zeros.
    fn bytes(&self) -> [u8; ROOM] {
        let mut bytes = [0; ROOM];
        for (octets, word) in bytes.chunks_exact_mut(8).zip(self.words) {
            octets.copy_from_slice(&word.to_ne_bytes());
        }
        bytes
    }

    /// The address that a script gives at argument `index` and, if it is a pair, the next; what can be told
    /// beyond that is at argument `extra`.
    ///
    /// # Errors
    ///
    /// Types and numbers that do not fit.
    pub(crate) fn read(state: State<'_>, family: c_int, index: c_int, extra: c_int) -> lua::Result<Address> {
        let at = |index: c_int| move |error: lua::Error| error.at(index);
        let mut address = Address::empty(family);
        match family {
            INET => {
                let host = u32::from_lua(state, index).map_err(at(index))?;
                let port = u16::from_lua(state, index + 1).map_err(at(index + 1))?;
                address.append(&port.to_be_bytes());
                address.append(&host.to_be_bytes());
                address.append(&[0; 8]);
            }
            INET6 => {
                let host = <&[u8]>::from_lua(state, index).map_err(at(index))?;
                if host.len() != 16 {
                    return Err(lua::Error::from(Kind::InvalidValue).at(index));
                }
                let port = u16::from_lua(state, index + 1).map_err(at(index + 1))?;
                let scope = Option::<u32>::from_lua(state, extra).map_err(at(extra))?;
                address.append(&port.to_be_bytes());
                address.append(&[0; 4]);
                address.append(host);
                address.append(&scope.unwrap_or(0).to_ne_bytes());
            }
            UNIX => {
                let name = <&[u8]>::from_lua(state, index).map_err(at(index))?;
                if name.len() > 108 {
                    return Err(lua::Error::from(Kind::OutOfBounds).at(index));
                }
                address.append(name);
            }
            PACKET => {
                let protocol = u16::from_lua(state, index).map_err(at(index))?;
                let interface = i32::from_lua(state, index + 1).map_err(at(index + 1))?;
                let hardware = Option::<&[u8]>::from_lua(state, extra).map_err(at(extra))?.unwrap_or(b"");
                if hardware.len() > HARDWARE {
                    return Err(lua::Error::from(Kind::OutOfBounds).at(extra));
                }
                address.append(&protocol.to_be_bytes());
                address.append(&interface.to_ne_bytes());
                address.append(&[0, 0, 0, hardware.len() as u8]);
                address.append(hardware);
                // All of it is told, whatever the address's length.
                address.length = 12 + HARDWARE;
            }
            NETLINK => {
                let port = Option::<u32>::from_lua(state, index).map_err(at(index))?;
                let groups = Option::<u32>::from_lua(state, index + 1).map_err(at(index + 1))?;
                address.append(&[0; 2]);
                address.append(&port.unwrap_or(0).to_ne_bytes());
                address.append(&groups.unwrap_or(0).to_ne_bytes());
            }
            _ => return Err(Kind::NotPermitted.into()),
        }
        Ok(address)
    }

    /// Pushes it as scripts have it, or nothing if it names nobody.
    pub(crate) fn push(&self, state: State<'_>) -> lua::Result<Pushed> {
        if self.length < FAMILY {
            return Ok(Pushed(0));
        }
        let bytes = self.bytes();
        let number = |at: usize| match bytes.get(at..at + 4) {
            Some(&[a, b, c, d]) => [a, b, c, d],
            _ => [0; 4],
        };
        let [family, family_too, port, port_too] = number(0);
        let port = u16::from_be_bytes([port, port_too]);
        let rest = bytes.get(FAMILY..self.length).unwrap_or(&[]);
        match c_int::from(u16::from_ne_bytes([family, family_too])) {
            INET => state.push((u32::from_be_bytes(number(4)), port)),
            INET6 => state.push((bytes.get(8..24).unwrap_or(&[]), (port, u32::from_ne_bytes(number(24))))),
            NETLINK => state.push((u32::from_ne_bytes(number(4)), u32::from_ne_bytes(number(8)))),
            // The length of a path counts the zero at its end.
            UNIX => state.push(match rest {
                [first, .., 0] if *first != 0 => rest.split(|byte| *byte == 0).next().unwrap_or(rest),
                _ => rest,
            }),
            _ => state.push(rest),
        }
        .map(Pushed)
    }
}

/// Whether an address is two arguments, or one.
pub(crate) fn is_pair(family: c_int) -> bool {
    family != UNIX
}
