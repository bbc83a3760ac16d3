// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What frames are made of.

use crate::random::Random;

pub(crate) const IPV4: [u8; 2] = [0x08, 0x00];
pub(crate) const IPV6: [u8; 2] = [0x86, 0xdd];
pub(crate) const ICMP: u8 = 1;
pub(crate) const TCP: u8 = 6;
pub(crate) const UDP: u8 = 17;
pub(crate) const ICMPV6: u8 = 58;

/// What protocols above send: a DNS query, a ClientHello, a request, or anything.
pub(crate) fn payload(random: &mut Random) -> Vec<u8> {
    let name = [&b"ads.example"[..], b"www.blocked.example", b"allowed.example", &[b'x'; 70]][random.below(4)];
    match random.below(4) {
        0 => {
            let mut query = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
            for label in name.split(|byte| *byte == b'.') {
                query.push(label.len() as u8);
                query.extend(label);
            }
            query.extend([0, 0, 1, 0, 1]);
            query
        }
        1 => hello(name),
        2 => [b"GET / HTTP/1.1\r\nHost: ", name, b"\r\n\r\n"].concat(),
        _ => (0..random.below(200)).map(|_| random.next() as u8).collect(),
    }
}

/// A ClientHello of TLS (RFC 8446) with this server's name.
fn hello(name: &[u8]) -> Vec<u8> {
    fn counted<const WIDTH: usize>(bytes: &[u8]) -> Vec<u8> {
        let length = (bytes.len() as u32).to_be_bytes();
        [&length[4 - WIDTH..], bytes].concat()
    }
    let names = counted::<2>(&[&[0][..], &counted::<2>(name)].concat());
    let extensions = counted::<2>(&[&[0, 0][..], &counted::<2>(&names)].concat());
    let body = [&[3, 3][..], &[b'r'; 32], &[0], &[0, 2, 0x13, 1], &[1, 0], &extensions].concat();
    let handshake = [&[1][..], &counted::<3>(&body)].concat();
    [&[0x16, 3, 1][..], &counted::<2>(&handshake)].concat()
}

/// That of the Internet (RFC 1071).
pub(crate) fn checksum(bytes: &[u8]) -> u16 {
    let words = bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair.get(1).copied().unwrap_or(0)));
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}
