// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Names that packets carry, looked up where they lie: methods that sets of names have in common.

use core::ffi::c_int;
use lua::{Bytes, FromLua, Pushed, State};
use packet::dns::{self, Text};
use packet::{Sni, LONGEST_NAME};

use crate::{from, head, nothing, UNIT};

/// Names have rarely more bytes.
const LONG: usize = 64;

/// Bytes, then perhaps an offset (default 0) and how many; what of them is not there is left out.
pub struct Part<'l>(pub &'l [u8]);

impl<'l> FromLua<'l> for Part<'l> {
    #[inline]
    fn from_lua(state: State<'l>, index: c_int) -> lua::Result<Part<'l>> {
        let bytes = Bytes::from_lua(state, index)?;
        let number = |index| Option::<usize>::from_lua(state, index).map_err(|error| error.at(index));
        let (part, _) = from(bytes, number(index + 1)?);
        let length = number(index + 2)?.unwrap_or(part.len());
        Ok(Part(part.get(..length).unwrap_or(part)))
    }
}

/// What `look` says of the name that a DNS query asks for first; nil if the bytes are none.
///
/// # Errors
///
/// None, as long as there is room on the stack.
#[inline]
pub fn question(state: State<'_>, Part(message): Part<'_>, look: impl FnOnce(&[u8]) -> u64) -> lua::Result<Pushed> {
    let mut text = Text::new();
    match dns::question(message, &mut text) {
        Some(question) => looked_up(state, question.name, look),
        None => nothing(state, false),
    }
}

/// What `look` says of the host that a TLS ClientHello names; nil if the bytes begin none that
/// does, and then true if more bytes would tell.
///
/// # Errors
///
/// See [`question`].
#[inline]
pub fn hello(state: State<'_>, Part(stream): Part<'_>, look: impl FnOnce(&[u8]) -> u64) -> lua::Result<Pushed> {
    host(state, stream, |name| looked_up(state, name, look))
}

#[inline]
fn looked_up(state: State<'_>, name: &[u8], look: impl FnOnce(&[u8]) -> u64) -> lua::Result<Pushed> {
    // A name of usual length costs what a call does.
    if name.len() > LONG {
        state.charge(name.len().min(LONGEST_NAME) / 8);
    }
    Ok(Pushed(state.push(look(name) as i64)?))
}

/// What `push` makes of the host that a ClientHello names.
#[inline]
pub(crate) fn host(
    state: State<'_>,
    stream: &[u8],
    push: impl FnOnce(&[u8]) -> lua::Result<Pushed>,
) -> lua::Result<Pushed> {
    let mut buffer = [0; LONGEST_NAME];
    let (stream, whole) = head(stream);
    let (found, looked) = packet::sni(stream, &mut buffer);
    state.charge(looked / UNIT);
    let name = match found {
        Sni::Here(place) => stream.get(place),
        Sni::Copied(length) => buffer.get(..length),
        Sni::None => return nothing(state, false),
        Sni::More => return nothing(state, whole),
    };
    push(name.unwrap_or(&[]))
}

/// The name in lower case, without a dot at its end; of what claims to be longer than a name can
/// be, the end.
#[inline]
pub fn lower<'a>(name: &[u8], buffer: &'a mut [u8; LONGEST_NAME]) -> &'a [u8] {
    let name = name.strip_suffix(b".").unwrap_or(name);
    let name = name.get(name.len().saturating_sub(LONGEST_NAME)..).unwrap_or(&[]);
    let lower = buffer.get_mut(..name.len()).unwrap_or(&mut []);
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    lower
}
