// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Header fields of HTTP/1 messages (RFC 9112).

/// What the first bytes of a message tell of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field<'a> {
    /// Its value, without blanks around.
    Value(&'a [u8]),
    /// The message has no such field, or this is none.
    None,
    /// Further bytes would tell.
    More,
}

/// Methods are not longer.
const LONGEST_METHOD: usize = 24;

/// The first field with this name, upper and lower case being the same, of the request or
/// response that `bytes` begin with. A value ends with its line. The number is of bytes that were
/// looked through.
pub fn http_field<'a>(bytes: &'a [u8], name: &[u8]) -> (Field<'a>, usize) {
    let Some((start, mut rest)) = line(bytes) else {
        return (if may_begin(bytes) { Field::More } else { Field::None }, bytes.len());
    };
    if !is_start(start) {
        return (Field::None, start.len());
    }
    while let Some((field, next)) = line(rest) {
        rest = next;
        let looked = bytes.len() - rest.len();
        if field.is_empty() {
            return (Field::None, looked);
        }
        if let Some((there, value)) = field.split_at_checked(name.len()) {
            if let (Some((b':', value)), true) = (value.split_first(), there.eq_ignore_ascii_case(name)) {
                return (Field::Value(value.trim_ascii()), looked);
            }
        }
    }
    (Field::More, bytes.len())
}

/// A line without its end, and what follows it.
fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = (bytes.get(..end)?, bytes.get(end + 1..)?);
    Some((line.strip_suffix(b"\r").unwrap_or(line), rest))
}

/// Whether this is the first line of a message: `HTTP/1.1 200 OK`, or `GET / HTTP/1.1`.
fn is_start(line: &[u8]) -> bool {
    let version = |bytes: &[u8]| matches!(bytes, [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'0'..=b'9']);
    let first = line.get(..8).unwrap_or(&[]);
    let last = line.len().checked_sub(8).and_then(|at| line.get(at..)).unwrap_or(&[]);
    version(first) || (version(last) && may_begin(line))
}

/// Whether a message can begin so: with a method and a blank, or with a version.
fn may_begin(bytes: &[u8]) -> bool {
    let method = bytes.iter().take_while(|byte| byte.is_ascii_uppercase() || **byte == b'-').count();
    let request = match bytes.get(method) {
        Some(after) => method > 0 && *after == b' ',
        None => true,
    };
    (request && method <= LONGEST_METHOD) || b"HTTP/1.".starts_with(bytes.get(..7).unwrap_or(bytes))
}
