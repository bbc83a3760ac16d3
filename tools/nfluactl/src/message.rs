// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Messages of generic netlink: their bytes, and what the family NFLUA has of them.

use std::fmt;

use anyhow::{Context, Result};

use crate::socket::Socket;

/// The command and the attribute of NFLUA, both ways.
pub const EXECUTE: u8 = 1;
const PAYLOAD: u16 = 1;

const HEADER: usize = 16;
const GENERIC: usize = 4;

/// Of `nlmsg_flags`: an error's message has attributes, and not the request's bytes.
const CAPPED: u16 = 0x100;
const HAS_ATTRIBUTES: u16 = 0x200;
/// The attribute with the kernel's words (`NLMSGERR_ATTR_MSG`).
const WORDS: u16 = 1;

fn padded(length: usize) -> usize {
    length.div_ceil(4) * 4
}

/// A request with one attribute.
pub fn request(family: u16, command: u8, kind: u16, payload: &[u8], acknowledged: bool) -> Vec<u8> {
    let flags = libc::NLM_F_REQUEST | if acknowledged { libc::NLM_F_ACK } else { 0 };
    let length = HEADER + GENERIC + 4 + padded(payload.len());
    let mut bytes = Vec::with_capacity(length);
    bytes.extend((length as u32).to_ne_bytes());
    bytes.extend(family.to_ne_bytes());
    bytes.extend((flags as u16).to_ne_bytes());
    // A sequence number of our own, and the kernel's port.
    bytes.extend(1_u32.to_ne_bytes());
    bytes.extend(0_u32.to_ne_bytes());
    bytes.extend([command, 1, 0, 0]);
    bytes.extend(((4 + payload.len()) as u16).to_ne_bytes());
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(payload);
    bytes.resize(length, 0);
    bytes
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Attributes, one behind the other, until one does not fit.
struct Attributes<'a>(&'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = (u16, &'a [u8]);
    fn next(&mut self) -> Option<Self::Item> {
        let (length, kind) = (usize::from(u16_at(self.0, 0)?), u16_at(self.0, 2)?);
        let value = self.0.get(4..length)?;
        self.0 = self.0.get(padded(length)..).unwrap_or(&[]);
        // Two bits say how it is to be read.
        Some((kind & 0x3fff, value))
    }
}

fn attribute(bytes: &[u8], wanted: u16) -> Option<&[u8]> {
    Attributes(bytes).find(|(kind, _)| *kind == wanted).map(|(_, value)| value)
}

/// Why the kernel did not do what it was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    pub errno: i32,
    words: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match &self.words {
            Some(words) => f.write_str(words),
            None => write!(f, "{}", std::io::Error::from_raw_os_error(self.errno)),
        }
    }
}

/// The kernel's answer to a request that wants one: `None` if the message is something else.
pub fn acknowledgement(message: &[u8]) -> Option<Result<(), Refusal>> {
    if i32::from(u16_at(message, 4)?) != libc::NLMSG_ERROR {
        return None;
    }
    let flags = u16_at(message, 6)?;
    let errno = (u32_at(message, HEADER)? as i32).wrapping_neg();
    if errno == 0 {
        return Some(Ok(()));
    }
    let request = u32_at(message, HEADER + 4).unwrap_or(0) as usize;
    let skip = if flags & CAPPED != 0 { HEADER } else { padded(request) };
    let words = (flags & HAS_ATTRIBUTES != 0)
        .then(|| attribute(message.get(HEADER + 4 + skip..)?, WORDS))
        .flatten()
        .map(|words| String::from_utf8_lossy(words).trim_end_matches('\0').to_owned());
    Some(Err(Refusal { errno, words }))
}

/// What a message of the family carries.
pub fn payload(message: &[u8], family: u16) -> Option<&[u8]> {
    if u16_at(message, 4)? != family {
        return None;
    }
    attribute(message.get(HEADER + GENERIC..)?, PAYLOAD)
}

/// The family NFLUA: its number, and its group's.
#[derive(Debug, PartialEq, Eq)]
pub struct Family {
    pub id: u16,
    pub group: u32,
}

impl Family {
    /// Asks the kernel for it.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn find(socket: &Socket) -> Result<Family> {
        /// The family of families: its number, the command and the attribute that ask for one by name.
        const CONTROL: u16 = 0x10;
        const GET: u8 = 3;
        const NAME: u16 = 2;
        socket.send(&request(CONTROL, GET, NAME, b"NFLUA\0", false))?;
        let answer = socket.receive()?;
        Family::read(&answer).context("it is not there")
    }

    fn read(message: &[u8]) -> Option<Family> {
        const ID: u16 = 1;
        const GROUPS: u16 = 7;
        const GROUP_ID: u16 = 2;
        if i32::from(u16_at(message, 4)?) == libc::NLMSG_ERROR {
            return None;
        }
        let attributes = message.get(HEADER + GENERIC..)?;
        let group = Attributes(attribute(attributes, GROUPS)?).next()?.1;
        Some(Family { id: u16_at(attribute(attributes, ID)?, 0)?, group: u32_at(attribute(group, GROUP_ID)?, 0)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An attribute's bytes.
    fn made(kind: u16, value: &[u8]) -> Vec<u8> {
        let mut bytes = [((4 + value.len()) as u16).to_ne_bytes(), kind.to_ne_bytes()].concat();
        bytes.extend(value);
        bytes.resize(padded(bytes.len()), 0);
        bytes
    }

    fn message(kind: u16, flags: u16, rest: &[u8]) -> Vec<u8> {
        let mut bytes = ((HEADER + rest.len()) as u32).to_ne_bytes().to_vec();
        bytes.extend(kind.to_ne_bytes());
        bytes.extend(flags.to_ne_bytes());
        bytes.extend([0; 8]);
        bytes.extend(rest);
        bytes
    }

    #[test]
    fn a_request_carries_its_payload() {
        let bytes = request(30, EXECUTE, PAYLOAD, b"f()", true);
        assert_eq!(bytes.len() % 4, 0);
        assert_eq!(u32_at(&bytes, 0), Some(bytes.len() as u32));
        assert_eq!(payload(&bytes, 30), Some(&b"f()"[..]));
        assert_eq!(payload(&bytes, 31), None);
    }

    #[test]
    fn the_kernels_words_reach_the_user() {
        let mut rest = (-22_i32).to_ne_bytes().to_vec();
        rest.extend([20_u32.to_ne_bytes().as_slice(), &[0; 12]].concat());
        rest.extend(made(WORDS, b"x:1: no\0"));
        let answer = acknowledgement(&message(2, CAPPED | HAS_ATTRIBUTES, &rest));
        let refusal = answer.and_then(Result::err).expect("a refusal");
        assert_eq!((refusal.errno, refusal.to_string().as_str()), (22, "x:1: no"));
    }

    #[test]
    fn zero_is_no_refusal() {
        assert_eq!(acknowledgement(&message(2, 0, &[0; 20])), Some(Ok(())));
        assert_eq!(acknowledgement(&message(30, 0, &[0; 20])), None);
    }

    #[test]
    fn the_family_has_a_number_and_a_group() {
        let group = made(1, &[made(1, b"nflua\0"), made(2, &9_u32.to_ne_bytes())].concat());
        let rest =
            [vec![1, 2, 0, 0], made(2, b"NFLUA\0"), made(1, &33_u16.to_ne_bytes()), made(7 | 0x8000, &group)].concat();
        assert_eq!(Family::read(&message(0x10, 0, &rest)), Some(Family { id: 33, group: 9 }));
        assert_eq!(Family::read(&message(2, 0, &rest)), None);
    }

    #[test]
    fn cut_messages_are_none() {
        let bytes = request(30, EXECUTE, PAYLOAD, b"f()", true);
        for length in 0..bytes.len() - 1 {
            assert_eq!(payload(&bytes[..length], 30), None, "{length} bytes");
            assert_eq!(Family::read(&bytes[..length]), None, "{length} bytes");
            assert_eq!(acknowledgement(&bytes[..length]), None, "{length} bytes");
        }
    }
}
