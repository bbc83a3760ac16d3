// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The server's name in the first bytes of a TLS stream (RFC 8446, RFC 6066).
//!
//! A ClientHello is a handshake message, which records carry in pieces of any size. It is read
//! where it lies.

use core::ops::Range;

const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
/// Of a record's payload (RFC 8446, 5.1).
const LONGEST_RECORD: usize = 16384;
/// Kind, version and length of a record.
const RECORD_HEADER: usize = 5;
/// Kind and length of a handshake message.
const HEADER: usize = 4;
/// Version and random.
const FIXED: usize = 2 + 32;
/// Of the lengths of the session's id, the cipher suites and the compression methods.
const WIDTHS: [usize; 3] = [1, 2, 1];
const SERVER_NAME: usize = 0;
const HOST_NAME: usize = 0;
/// The longest name that is put together from several records; hosts have no longer ones.
pub const LONGEST_NAME: usize = 255;

/// What the first bytes of a stream tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sni {
    /// The name lies here.
    Here(Range<usize>),
    /// The name lies in several records; so many bytes of it are in the buffer.
    Copied(usize),
    /// They begin no ClientHello with a name.
    None,
    /// Further bytes would tell.
    More,
}

/// Looks for the server's name. Whatever follows, the answer stays the same, unless it is
/// [`Sni::More`]. The number is of bytes that were looked through, about.
pub fn sni(bytes: &[u8], buffer: &mut [u8; LONGEST_NAME]) -> (Sni, usize) {
    let Some(mut message) = Message::of(bytes) else { return (Sni::None, 0) };
    let found = match message.name(buffer) {
        Ok(found) => found,
        Err(End::Missing) => Sni::More,
        Err(End::Wrong) => Sni::None,
    };
    (found, message.records.max(message.read))
}

/// Why no more is read.
enum End {
    /// The bytes end before the message does.
    Missing,
    /// The message contradicts itself.
    Wrong,
}

/// The payload of the record at `at`, as far as it is there; nothing if its header is cut short.
///
/// # Errors
///
/// It is no record of a handshake.
fn record(bytes: &[u8], at: usize) -> Result<Option<Range<usize>>, End> {
    let header = bytes.get(at..).unwrap_or(&[]);
    let fits = |place: usize, byte: u8| header.get(place).is_none_or(|there| *there == byte);
    if !fits(0, HANDSHAKE) || !fits(1, 3) {
        return Err(End::Wrong);
    }
    let Some(&[_, _, _, high, low]) = header.first_chunk::<RECORD_HEADER>() else { return Ok(None) };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length == 0 || length > LONGEST_RECORD {
        return Err(End::Wrong);
    }
    let payload = at + RECORD_HEADER;
    Ok(Some(payload..(payload + length).min(bytes.len())))
}

/// A ClientHello in its records.
///
/// # Invariants
///
/// The records that have its first `have` bytes are whole but for the last, and valid.
struct Message<'a> {
    bytes: &'a [u8],
    /// How far the records were looked at, if there is more than one.
    records: usize,
    /// Where the last byte that was looked at ends.
    read: usize,
    have: usize,
    /// How long it is; nothing before its header is there.
    whole: Option<usize>,
    /// The payload of the record that is read, and the place of its first byte in the message.
    piece: Range<usize>,
    first: usize,
}

impl<'a> Message<'a> {
    /// `None` if the bytes are no records, or of another message.
    fn of(bytes: &'a [u8]) -> Option<Message<'a>> {
        let mut message = Message { bytes, records: 0, read: 0, have: 0, whole: None, piece: 0..0, first: 0 };
        let (mut header, mut at) = ([0; HEADER], 0);
        while let Some(piece) = record(bytes, at).ok()? {
            if at == 0 {
                message.piece = piece.clone();
            } else {
                message.records = piece.end;
            }
            let missing = header.get_mut(message.have..).unwrap_or(&mut []);
            for (to, from) in missing.iter_mut().zip(bytes.get(piece.clone()).unwrap_or(&[])) {
                *to = *from;
            }
            message.have += piece.len();
            let [kind, high, middle, low] = header;
            if message.have > 0 && kind != CLIENT_HELLO {
                return None;
            }
            if message.have >= HEADER {
                let whole = HEADER + u32::from_be_bytes([0, high, middle, low]) as usize;
                message.whole = Some(whole);
                if message.have >= whole {
                    break;
                }
            }
            at = piece.end;
            if at == bytes.len() {
                break;
            }
        }
        Some(message)
    }

    fn name(&mut self, buffer: &mut [u8; LONGEST_NAME]) -> Result<Sni, End> {
        let whole = self.whole.ok_or(End::Missing)?;
        let mut at = HEADER + FIXED;
        for width in WIDTHS {
            at += width + self.number(at, width, whole)?;
        }
        // The length of all extensions says nothing that the message's does not.
        at += 2;
        if at > whole {
            return Err(End::Wrong);
        }
        while at + 4 <= whole {
            let kind = self.number(at, 2, whole)?;
            let length = self.number(at + 2, 2, whole)?;
            at += 4;
            let end = at + length;
            if end > whole {
                return Err(End::Wrong);
            }
            if kind == SERVER_NAME {
                return if end > self.have { Err(End::Missing) } else { self.host(at + 2, end, buffer) };
            }
            at = end;
        }
        Ok(Sni::None)
    }

    /// The first name of a host in a list of names, which is all there.
    fn host(&mut self, mut at: usize, end: usize, buffer: &mut [u8; LONGEST_NAME]) -> Result<Sni, End> {
        while at + 3 <= end {
            let kind = self.number(at, 1, end)?;
            let length = self.number(at + 1, 2, end)?;
            at += 3;
            if at + length > end {
                return Err(End::Wrong);
            }
            if kind == HOST_NAME {
                return self.take(at, length, buffer);
            }
            at += length;
        }
        Ok(Sni::None)
    }

    fn take(&mut self, at: usize, length: usize, buffer: &mut [u8; LONGEST_NAME]) -> Result<Sni, End> {
        if length == 0 {
            return Ok(Sni::None);
        }
        let start = self.locate(at)?;
        if start + length <= self.piece.end {
            return Ok(Sni::Here(start..start + length));
        }
        let Some(place) = buffer.get_mut(..length) else { return Ok(Sni::None) };
        for (offset, to) in place.iter_mut().enumerate() {
            let from = self.locate(at + offset)?;
            *to = *self.bytes.get(from).ok_or(End::Missing)?;
        }
        Ok(Sni::Copied(length))
    }

    /// The big-endian number of so many bytes at a place of the message, which ends at `end`.
    fn number(&mut self, at: usize, width: usize, end: usize) -> Result<usize, End> {
        if at + width > end {
            return Err(End::Wrong);
        }
        if at + width > self.have {
            return Err(End::Missing);
        }
        let mut number = 0;
        for place in at..at + width {
            let from = self.locate(place)?;
            number = (number << 8) | usize::from(*self.bytes.get(from).ok_or(End::Missing)?);
        }
        Ok(number)
    }

    /// Where a byte of the message lies that is there. Places are asked for in their order.
    #[inline]
    fn locate(&mut self, place: usize) -> Result<usize, End> {
        while place - self.first >= self.piece.len() {
            self.first += self.piece.len();
            self.piece = record(self.bytes, self.piece.end)?.ok_or(End::Missing)?;
        }
        let at = self.piece.start + (place - self.first);
        self.read = at + 1;
        Ok(at)
    }
}
