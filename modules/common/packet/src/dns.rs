// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Names in DNS messages (RFC 1035, 3.1 and 4.1).

/// Where the first question's name is in a message.
const QUESTION: usize = 12;
/// QR and the opcode: of a standard query, none.
const NO_QUERY: u8 = 0xf8;
/// Bytes of a name in a message, its root included, at most.
const LONGEST: usize = 255;
/// As many as resolvers follow.
const MOST_POINTERS: usize = 255;

/// Room for a name as text, and for the word that is written over its end.
pub struct Text([u8; LONGEST + 9]);

impl Text {
    /// Empty.
    #[inline]
    pub const fn new() -> Text {
        Text([0; LONGEST + 9])
    }
}

impl Default for Text {
    fn default() -> Text {
        Text::new()
    }
}

/// What a query asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question<'a> {
    /// The name, as [`name`] gives it.
    pub name: &'a [u8],
    /// The type of the records; `None` if the message ends before it.
    pub kind: Option<u16>,
}

/// What a standard query asks for first; `None` if the message is no query, has no question, or
/// is broken there.
#[inline]
pub fn question<'a>(message: &[u8], text: &'a mut Text) -> Option<Question<'a>> {
    let header: &[u8; QUESTION] = message.first_chunk()?;
    if header[2] & NO_QUERY != 0 || (header[4], header[5]) == (0, 0) {
        return None;
    }
    let (name, end) = read(message, QUESTION, text)?;
    let kind = message.get(end..).and_then(<[u8]>::first_chunk).map(|kind| u16::from_be_bytes(*kind));
    Some(Question { name, kind })
}

/// The name at a place of a message as text: labels with dots between, without one at the end,
/// empty for the root. Pointers are followed. A dot inside of a label, which no host's name has,
/// becomes a zero. `None` if the name is too long or leaves the message.
#[inline]
pub fn name<'a>(message: &[u8], at: usize, text: &'a mut Text) -> Option<&'a [u8]> {
    read(message, at, text).map(|(name, _)| name)
}

/// The same, and where the message goes on behind the name.
#[inline]
fn read<'a>(message: &[u8], at: usize, text: &'a mut Text) -> Option<(&'a [u8], usize)> {
    let (mut at, mut end, mut pointers, mut behind) = (at, 0, 0, None);
    loop {
        let length = usize::from(*message.get(at)?);
        if length == 0 {
            // Each label wrote a dot behind it.
            return Some((text.0.get(..end.max(1) - 1)?, behind.unwrap_or(at + 1)));
        }
        if length < 64 {
            if end + length + 1 >= LONGEST {
                return None;
            }
            copy(message.get(at + 1..at + 1 + length)?, message.get(at + 1..)?, text.0.get_mut(end..)?)?;
            end += length;
            *text.0.get_mut(end)? = b'.';
            end += 1;
            at += length + 1;
        } else {
            pointers += 1;
            if length < 0xc0 || pointers > MOST_POINTERS {
                return None;
            }
            behind.get_or_insert(at + 2);
            at = ((length & 0x3f) << 8) | usize::from(*message.get(at + 1)?);
        }
    }
}

/// Copies a label, which `from` begins with, a word at a time: up to seven bytes of what
/// follows it are copied, too.
#[inline]
fn copy(label: &[u8], from: &[u8], to: &mut [u8]) -> Option<()> {
    let mut done = 0;
    while done < label.len() {
        let word = match from.get(done..)?.first_chunk() {
            Some(word) => u64::from_le_bytes(*word),
            None => from.get(done..)?.iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte)),
        };
        let dots = dots(word);
        *to.get_mut(done..)?.first_chunk_mut()? = (word ^ (dots * u64::from(b'.'))).to_le_bytes();
        done += 8;
    }
    Some(())
}

/// A one for each byte that is a dot.
#[inline]
const fn dots(word: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let other = word ^ 0x2e2e_2e2e_2e2e_2e2e;
    !(((other & LOW) + LOW) | other | LOW) >> 7
}
