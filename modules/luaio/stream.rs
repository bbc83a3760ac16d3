// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A file with a place in it, and the bytes behind that which have been read already.

use kernel::prelude::*;
use lua::State;
use lunatik_core::Charge;

use crate::sys::File;

/// So many bytes are read at a time.
const CHUNK: usize = 4096;
/// So many bytes cost a unit of fuel to copy.
const UNIT: usize = 64;
/// What a call of the file system costs.
const CALL: usize = 20;

/// Why nothing more was read or written.
pub(crate) enum Failure {
    /// What the file system says.
    File(Error),
    /// The script's own: fuel or memory.
    Script(lua::Error),
}

impl From<Error> for Failure {
    fn from(errno: Error) -> Failure {
        Failure::File(errno)
    }
}

impl From<lua::Error> for Failure {
    fn from(error: lua::Error) -> Failure {
        Failure::Script(error)
    }
}

/// # Invariants
///
/// `begin` is within `ahead`, or at its end. `at` is the place in the file behind `ahead`.
pub(crate) struct Stream {
    file: File,
    at: i64,
    ahead: KVec<u8>,
    begin: usize,
    /// For `ahead`, and what the kernel holds for a file.
    _charge: Charge,
}

/// Bytes that a script asked for, on their way to it: they count as its memory.
pub(crate) struct Read {
    pub(crate) bytes: KVec<u8>,
    charge: Charge,
}

impl Read {
    fn new(state: State<'_>) -> lua::Result<Read> {
        Ok(Read { bytes: KVec::new(), charge: Charge::new(state, 0)? })
    }

    fn add(&mut self, state: State<'_>, more: &[u8]) -> lua::Result {
        state.spend(more.len() / UNIT)?;
        self.charge.grow(state, more.len())?;
        self.bytes.extend_from_slice(more, GFP_KERNEL | __GFP_NOWARN).map_err(|_| lua::Kind::NoMemory.into())
    }
}

impl Stream {
    pub(crate) fn new(state: State<'_>, file: File) -> lua::Result<Stream> {
        let charge = Charge::new(state, 2 * CHUNK)?;
        Ok(Stream { file, at: 0, ahead: KVec::new(), begin: 0, _charge: charge })
    }

    pub(crate) fn close(self) -> Result {
        self.file.close()
    }

    fn rest(&self) -> &[u8] {
        self.ahead.get(self.begin..).unwrap_or(&[])
    }

    /// Bytes that come next, without taking them: none at the end.
    fn peek(&mut self, state: State<'_>) -> Result<&[u8], Failure> {
        if self.rest().is_empty() {
            state.spend(CALL)?;
            self.begin = 0;
            // SAFETY: Bytes have nothing to drop.
            unsafe { self.ahead.set_len(0) };
            self.ahead.extend_with(CHUNK, 0, GFP_KERNEL).map_err(|_| lua::Error::from(lua::Kind::NoMemory))?;
            let got = self.file.read(self.at, &mut self.ahead);
            // SAFETY: As above; no more was read than there is room.
            unsafe { self.ahead.set_len(got.as_ref().map_or(0, |got| (*got).min(CHUNK))) };
            self.at = self.at.saturating_add(got? as i64);
        }
        Ok(self.rest())
    }

    /// Whether it ends here.
    pub(crate) fn is_at_end(&mut self, state: State<'_>) -> Result<bool, Failure> {
        Ok(self.peek(state)?.is_empty())
    }

    /// Up to `limit` bytes, or to a line's end, which belongs to it.
    pub(crate) fn read(&mut self, state: State<'_>, limit: usize, line: bool) -> Result<Read, Failure> {
        let mut read = Read::new(state)?;
        while read.bytes.len() < limit {
            let next = self.peek(state)?;
            let end = line.then(|| next.iter().position(|byte| *byte == b'\n')).flatten();
            let wanted = end.map_or(next.len(), |end| end + 1).min(limit - read.bytes.len());
            let taken = next.get(..wanted).unwrap_or(&[]);
            if taken.is_empty() {
                break;
            }
            read.add(state, taken)?;
            self.begin += wanted;
            if end.is_some() {
                break;
            }
        }
        Ok(read)
    }

    /// The longest beginning of what comes next, but for white space, that may be a numeral.
    pub(crate) fn read_numeral(&mut self, state: State<'_>) -> Result<Read, Failure> {
        const LONGEST: usize = 200;
        let mut read = Read::new(state)?;
        loop {
            let byte = self.peek(state)?.first().copied();
            match byte {
                Some(b' ' | b'\t'..=b'\r') if read.bytes.is_empty() => {}
                Some(byte) if read.bytes.len() < LONGEST && may_follow(&read.bytes, byte) => {
                    read.add(state, &[byte])?
                }
                _ => return Ok(read),
            }
            state.spend(1)?;
            self.begin += 1;
        }
    }

    /// Forgets what was read ahead; the place where it goes on.
    fn settle(&mut self) -> i64 {
        self.at = self.place();
        self.begin = self.ahead.len();
        self.at
    }

    /// The place in the file.
    pub(crate) fn place(&self) -> i64 {
        self.at.saturating_sub(self.rest().len() as i64)
    }

    pub(crate) fn write(&mut self, state: State<'_>, mut bytes: &[u8]) -> Result<(), Failure> {
        self.settle();
        while !bytes.is_empty() {
            let part = bytes.get(..CHUNK).unwrap_or(bytes);
            state.spend(CALL + part.len() / UNIT)?;
            let written = self.file.write(&mut self.at, part)?;
            if written == 0 {
                return Err(EIO.into());
            }
            bytes = bytes.get(written..).unwrap_or(&[]);
        }
        Ok(())
    }

    /// Goes on at a place that `from` says with the place now and the size; tells which it is.
    pub(crate) fn seek(&mut self, from: impl FnOnce(i64, i64) -> Option<i64>) -> Result<i64> {
        let place = from(self.place(), self.file.size()).filter(|place| *place >= 0).ok_or(EINVAL)?;
        self.settle();
        self.at = place;
        Ok(place)
    }
}

/// Whether a numeral may go on so.
fn may_follow(before: &[u8], byte: u8) -> bool {
    let digits = before.strip_prefix(b"-").or(before.strip_prefix(b"+")).unwrap_or(before);
    match byte {
        b'-' | b'+' => before.is_empty(),
        b'x' | b'X' => digits == b"0",
        b'0'..=b'9' => true,
        b'a'..=b'f' | b'A'..=b'F' => matches!(digits, [b'0', b'x' | b'X', ..]),
        _ => false,
    }
}
