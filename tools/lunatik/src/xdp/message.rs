// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! rtnetlink's messages: written and read, not sent. Numbers are in the host's byte order.

use std::fmt;

use super::bytes::{u16_at, u32_at};

const HEADER: usize = 16;
/// struct ifinfomsg
const LINK: usize = 16;
/// struct nlmsgerr: the errno and the header of the request.
const ERROR: usize = 4 + HEADER;

const TYPE_ERROR: u16 = libc::NLMSG_ERROR as u16;
const REQUEST: u16 = libc::NLM_F_REQUEST as u16;
const ACK: u16 = libc::NLM_F_ACK as u16;
/// The request is not repeated in the error; attributes follow.
const CAPPED: u16 = 0x100;
const ERROR_MESSAGE: u16 = 1;

const IFLA_XDP_FD: u16 = 1;
const IFLA_XDP_ATTACHED: u16 = 2;
const IFLA_XDP_FLAGS: u16 = 3;
const IFLA_XDP_PROG_ID: u16 = 4;
const IFLA_XDP_DRV_PROG_ID: u16 = 5;
const IFLA_XDP_SKB_PROG_ID: u16 = 6;
/// Only where nothing is attached.
const XDP_FLAGS_UPDATE_IF_NOEXIST: u32 = 1;

/// Where a program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// In the driver, before the kernel makes a packet of what came.
    Native,
    /// In the stack, for drivers that have no XDP.
    Generic,
    /// On the network card.
    Offloaded,
}

impl Mode {
    /// The XDP_FLAGS_* that asks for it.
    pub fn flag(self) -> u32 {
        match self {
            Mode::Generic => 1 << 1,
            Mode::Native => 1 << 2,
            Mode::Offloaded => 1 << 3,
        }
    }

    /// Its name in options, tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Native => "native",
            Mode::Generic => "generic",
            Mode::Offloaded => "offload",
        }
    }

    /// What `ip link set` calls it.
    pub fn ip_option(self) -> &'static str {
        match self {
            Mode::Native => "xdpdrv",
            Mode::Generic => "xdpgeneric",
            Mode::Offloaded => "xdpoffload",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A program at an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attached {
    /// Where it runs.
    pub mode: Mode,
    /// The kernel's number of it.
    pub program: u32,
}

/// A network interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// The kernel's number of it, which a new name does not change.
    pub index: u32,
    /// Its present name.
    pub name: String,
    /// The programs at it: one, or one in each mode.
    pub attached: Vec<Attached>,
}

/// A message of an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// An interface.
    Interface(Interface),
    /// It is done (0), or an errno and the kernel's words for it.
    End(i32, Option<String>),
    /// What was not asked for.
    Other,
}

/// Asks for the interface with this name.
pub fn get_by_name(name: &str) -> Vec<u8> {
    let mut message = begin(libc::RTM_GETLINK, REQUEST, 0);
    attribute(&mut message, libc::IFLA_IFNAME, &[name.as_bytes(), b"\0"].concat());
    finish(message)
}

/// Asks for the interface with this number.
pub fn get_by_index(interface: u32) -> Vec<u8> {
    finish(begin(libc::RTM_GETLINK, REQUEST, interface))
}

/// Attaches a program to an interface that has none, or takes it away (-1).
pub fn set(interface: u32, program: i32, mode: Mode) -> Vec<u8> {
    let mut message = begin(libc::RTM_SETLINK, REQUEST | ACK, interface);
    let mut nested = Vec::new();
    attribute(&mut nested, IFLA_XDP_FD, &program.to_ne_bytes());
    let flags = mode.flag() | if program < 0 { 0 } else { XDP_FLAGS_UPDATE_IF_NOEXIST };
    attribute(&mut nested, IFLA_XDP_FLAGS, &flags.to_ne_bytes());
    attribute(&mut message, libc::IFLA_XDP | libc::NLA_F_NESTED as u16, &nested);
    finish(message)
}

fn begin(kind: u16, flags: u16, interface: u32) -> Vec<u8> {
    let mut message = vec![0; HEADER + LINK];
    message[4..6].copy_from_slice(&kind.to_ne_bytes());
    message[6..8].copy_from_slice(&flags.to_ne_bytes());
    message[HEADER + 4..HEADER + 8].copy_from_slice(&interface.to_ne_bytes());
    message
}

fn attribute(message: &mut Vec<u8>, kind: u16, value: &[u8]) {
    message.extend(((4 + value.len()) as u16).to_ne_bytes());
    message.extend(kind.to_ne_bytes());
    message.extend(value);
    message.resize(message.len().next_multiple_of(4), 0);
}

fn finish(mut message: Vec<u8>) -> Vec<u8> {
    let len = (message.len() as u32).to_ne_bytes();
    message[..4].copy_from_slice(&len);
    message
}

/// What the messages of a datagram say; what is cut short ends it.
pub fn answers(datagram: &[u8]) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut rest = datagram;
    while let Some((kind, flags, body, next)) = split(rest) {
        answers.push(match kind {
            TYPE_ERROR => end(flags, body),
            libc::RTM_NEWLINK => interface(body).map_or(Answer::Other, Answer::Interface),
            _ => Answer::Other,
        });
        rest = next;
    }
    answers
}

/// The first message: its type, flags and body, and what comes after it.
fn split(bytes: &[u8]) -> Option<(u16, u16, &[u8], &[u8])> {
    let len = usize::try_from(u32_at(bytes, 0)?).ok()?;
    let body = bytes.get(HEADER..len)?;
    let next = bytes.get(len.checked_next_multiple_of(4)?..).unwrap_or_default();
    Some((u16_at(bytes, 4)?, u16_at(bytes, 6)?, body, next))
}

fn end(flags: u16, body: &[u8]) -> Answer {
    let errno = u32_at(body, 0).map_or(libc::EPROTO, |errno| (errno as i32).wrapping_neg());
    let request = || usize::try_from(u32_at(body, 4)?).ok()?.checked_sub(HEADER);
    let repeated = if flags & CAPPED != 0 { Some(0) } else { request() };
    let attributes = repeated.and_then(|len| body.get(ERROR.checked_add(len)?..));
    let words = attributes.and_then(|attributes| {
        Attributes(attributes).find_map(|(kind, value)| (kind == ERROR_MESSAGE).then(|| text(value)))
    });
    Answer::End(errno, words)
}

fn interface(body: &[u8]) -> Option<Interface> {
    let mut interface = Interface { index: u32_at(body, 4)?, name: String::new(), attached: Vec::new() };
    for (kind, value) in Attributes(body.get(LINK..)?) {
        match kind {
            libc::IFLA_IFNAME => interface.name = text(value),
            libc::IFLA_XDP => interface.attached = attached(value),
            _ => {}
        }
    }
    Some(interface)
}

/// The programs that an IFLA_XDP names.
fn attached(value: &[u8]) -> Vec<Attached> {
    let find = |wanted| Attributes(value).find(|(kind, _)| *kind == wanted).map(|(_, value)| value);
    let program = |kind, mode| Some(Attached { mode, program: u32_at(find(kind)?, 0)? });
    let several = [(IFLA_XDP_DRV_PROG_ID, Mode::Native), (IFLA_XDP_SKB_PROG_ID, Mode::Generic)];
    match find(IFLA_XDP_ATTACHED).and_then(|value| value.first()) {
        Some(1) => program(IFLA_XDP_PROG_ID, Mode::Native).into_iter().collect(),
        Some(2) => program(IFLA_XDP_PROG_ID, Mode::Generic).into_iter().collect(),
        Some(3) => program(IFLA_XDP_PROG_ID, Mode::Offloaded).into_iter().collect(),
        Some(4) => several.into_iter().filter_map(|(kind, mode)| program(kind, mode)).collect(),
        _ => Vec::new(),
    }
}

/// The attributes of a message: type without its flags, and value; what is cut short ends them.
struct Attributes<'a>(&'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let len = usize::from(u16_at(self.0, 0)?);
        let kind = u16_at(self.0, 2)? & libc::NLA_TYPE_MASK as u16;
        let value = self.0.get(4..len)?;
        self.0 = self.0.get(len.next_multiple_of(4)..).unwrap_or_default();
        Some((kind, value))
    }
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value.strip_suffix(b"\0").unwrap_or(value)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A link of an answer: "eth0" with the number 7 and this IFLA_XDP.
    fn link(xdp: &[(u16, &[u8])]) -> Vec<u8> {
        let mut message = begin(libc::RTM_NEWLINK, 0, 7);
        attribute(&mut message, libc::IFLA_IFNAME, b"eth0\0");
        let mut nested = Vec::new();
        for (kind, value) in xdp {
            attribute(&mut nested, *kind, value);
        }
        attribute(&mut message, libc::IFLA_XDP | libc::NLA_F_NESTED as u16, &nested);
        finish(message)
    }

    /// The end of an answer, with words.
    fn error(errno: i32, flags: u16, request: &[u8], words: &str) -> Vec<u8> {
        let mut message = vec![0; HEADER];
        message[4..6].copy_from_slice(&TYPE_ERROR.to_ne_bytes());
        message[6..8].copy_from_slice(&flags.to_ne_bytes());
        message.extend((-errno).to_ne_bytes());
        message.extend(request);
        attribute(&mut message, ERROR_MESSAGE, format!("{words}\0").as_bytes());
        finish(message)
    }

    fn eth0(attached: &[(Mode, u32)]) -> Answer {
        let attached = attached.iter().map(|&(mode, program)| Attached { mode, program }).collect();
        Answer::Interface(Interface { index: 7, name: "eth0".into(), attached })
    }

    #[test]
    fn the_kernel_says_which_programs_run_where() {
        let (id, other) = (99_u32.to_ne_bytes(), 98_u32.to_ne_bytes());
        assert_eq!(answers(&link(&[(IFLA_XDP_ATTACHED, &[0])])), [eth0(&[])]);
        for (number, mode) in [(1, Mode::Native), (2, Mode::Generic), (3, Mode::Offloaded)] {
            let one = link(&[(IFLA_XDP_ATTACHED, &[number]), (IFLA_XDP_PROG_ID, &id)]);
            assert_eq!(answers(&one), [eth0(&[(mode, 99)])]);
        }
        let two = link(&[(IFLA_XDP_ATTACHED, &[4]), (IFLA_XDP_DRV_PROG_ID, &id), (IFLA_XDP_SKB_PROG_ID, &other)]);
        assert_eq!(answers(&two), [eth0(&[(Mode::Native, 99), (Mode::Generic, 98)])]);
    }

    #[test]
    fn a_datagram_has_several_messages() {
        let both = [link(&[]), error(0, CAPPED, &[0; HEADER], "done")].concat();
        assert_eq!(answers(&both), [eth0(&[]), Answer::End(0, Some("done".into()))]);
    }

    #[test]
    fn the_words_of_a_refusal_come_after_the_request_that_it_repeats_or_not() {
        let request = set(7, 3, Mode::Native);
        let end = Answer::End(libc::EOPNOTSUPP, Some("no native mode".into()));
        assert_eq!(answers(&error(libc::EOPNOTSUPP, 0, &request, "no native mode")), [end]);
        let end = Answer::End(libc::EBUSY, Some("in use".into()));
        assert_eq!(answers(&error(libc::EBUSY, CAPPED, &request[..HEADER], "in use")), [end]);
    }

    #[test]
    fn a_request_is_what_the_kernel_reads() {
        let request = set(7, 3, Mode::Native);
        let (kind, flags, body, rest) = split(&request).unwrap();
        assert_eq!((kind, flags, rest.len()), (libc::RTM_SETLINK, REQUEST | ACK, 0));
        assert_eq!(u32_at(body, 4), Some(7));
        let (kind, xdp) = Attributes(&body[LINK..]).next().unwrap();
        assert_eq!(kind, libc::IFLA_XDP);
        let xdp: Vec<_> = Attributes(xdp).map(|(kind, value)| (kind, u32_at(value, 0).unwrap())).collect();
        assert_eq!(xdp, [(IFLA_XDP_FD, 3), (IFLA_XDP_FLAGS, 5)]);
        let request = get_by_name("eth0");
        assert_eq!(request.len() % 4, 0);
        assert_eq!(Attributes(&request[HEADER + LINK..]).next(), Some((libc::IFLA_IFNAME, &b"eth0\0"[..])));
    }

    #[test]
    fn what_is_cut_short_is_no_message() {
        let whole = link(&[(IFLA_XDP_ATTACHED, &[1]), (IFLA_XDP_PROG_ID, &[9, 0, 0, 0])]);
        for len in 0..whole.len() {
            assert_eq!(answers(&whole[..len]), [], "{len} bytes");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(kind in prop::sample::select(vec![TYPE_ERROR, libc::RTM_NEWLINK, 99]), mut body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = answers(&body);
            let mut message = vec![0; HEADER];
            message[4..6].copy_from_slice(&kind.to_ne_bytes());
            message.append(&mut body);
            let _ = answers(&finish(message));
        }

        #[test]
        fn no_changed_byte_makes_it_panic(at in 0..200_usize, value: u8) {
            let mut message = [link(&[(IFLA_XDP_ATTACHED, &[1]), (IFLA_XDP_PROG_ID, &[9, 0, 0, 0])]), error(1, 0, &[0; 16], "x")].concat();
            let at = at % message.len();
            message[at] = value;
            let _ = answers(&message);
        }
    }
}
