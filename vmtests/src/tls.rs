// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The first flight of a TLS handshake, which is all that a router can read of it.

/// A name that no policy of the image blocks.
pub const ALLOWED: &str = "www.allowed.example";
/// A name below one that sni-block blocks in the image.
pub const BLOCKED: &str = "www.blocked.example";

/// A TLS 1.2-style ClientHello for `name`, as one record.
pub fn client_hello(name: &str) -> Vec<u8> {
    let host = name.as_bytes();
    let mut names = vec![0]; // host_name
    names.extend(sized(host));
    let server_name = [vec![0, 0], sized(&sized(&names))].concat();
    let supported_versions = vec![0, 43, 0, 3, 2, 3, 4]; // TLS 1.3
    let supported_groups = vec![0, 10, 0, 4, 0, 2, 0, 29]; // x25519
    let extensions = [supported_groups, server_name, supported_versions].concat();

    let mut body = vec![3, 3];
    body.extend([0x5a; 32]); // random
    body.push(32);
    body.extend([0xa5; 32]); // session ID
    body.extend([0, 4, 0x13, 0x01, 0x13, 0x02]); // cipher suites
    body.extend([1, 0]); // no compression
    body.extend(sized(&extensions));
    record(1, &body)
}

/// A ServerHello, with nothing after it.
pub fn server_hello() -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([0x7e; 32]);
    body.extend([0, 0x13, 0x01, 0, 0, 0]); // no session ID, cipher, no compression, no extensions
    record(2, &body)
}

/// The server's name in a ClientHello: `None` while the record is not complete.
pub fn server_name(stream: &[u8]) -> Option<String> {
    let len = usize::from(u16::from_be_bytes([*stream.get(3)?, *stream.get(4)?]));
    let mut hello = Cursor(stream.get(5..5 + len)?);
    hello.take(4 + 2 + 32)?; // the handshake's header, version, random
    let session = hello.take(1)?[0].into();
    hello.take(session)?;
    hello.sized()?;
    let compressions = hello.take(1)?[0].into();
    hello.take(compressions)?;
    let mut extensions = Cursor(hello.sized()?);
    loop {
        let kind = extensions.take(2)?;
        let mut extension = Cursor(extensions.sized()?);
        if kind == [0, 0] {
            let mut names = Cursor(extension.sized()?);
            names.take(1)?;
            return Some(String::from_utf8_lossy(names.sized()?).into_owned());
        }
    }
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = (self.0.get(..len)?, self.0.get(len..)?);
        self.0 = rest;
        Some(taken)
    }

    fn sized(&mut self) -> Option<&'a [u8]> {
        let len = self.take(2)?;
        self.take(usize::from(u16::from_be_bytes([len[0], len[1]])))
    }
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_be_bytes(), bytes].concat()
}

fn record(kind: u8, body: &[u8]) -> Vec<u8> {
    let len = (body.len() as u32).to_be_bytes();
    let handshake = [&[kind, len[1], len[2], len[3]], body].concat();
    [&[0x16, 3, 1], &sized(&handshake)[..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_read_from_the_whole_record_only() {
        let hello = client_hello("blocked.example");
        assert_eq!(server_name(&hello).as_deref(), Some("blocked.example"));
        for len in 0..hello.len() {
            assert_eq!(server_name(&hello[..len]), None, "{len} bytes");
        }
    }
}
