// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What clients say first: a DNS query, a TLS ClientHello, an HTTP request.

/// The bytes of a browser's ClientHello, which it pads to at least this.
const CLIENT_HELLO: usize = 517;

/// A DNS query for the addresses of `name` (RFC 1035), with EDNS as resolvers send it.
pub fn dns(name: &str) -> Vec<u8> {
    let mut message = vec![0x4c, 0x47, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 1];
    message.extend(labels(name));
    message.extend([0, 0, 1, 0, 1]);
    message.extend([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
    message
}

/// A name as DNS has it, without the zero at its end: each label after its length.
pub fn labels(name: &str) -> Vec<u8> {
    name.split('.').flat_map(|label| [&[label.len() as u8], label.as_bytes()].concat()).collect()
}

/// A ClientHello for `name` as one record (RFC 8446), shaped as browsers': sixteen cipher
/// suites, a dozen extensions with the server's name among the first, padding (RFC 7685).
pub fn client_hello(name: &str) -> Vec<u8> {
    let ciphers: Vec<u8> = [
        0x1301_u16, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d,
        0x002f, 0x0035, 0x000a,
    ]
    .into_iter()
    .flat_map(u16::to_be_bytes)
    .collect();
    let host = [&[0], &sized(name.as_bytes())[..]].concat();
    let extensions = [
        extension(0x0017, &[]), // extended_master_secret
        extension(0x0000, &sized(&host)),
        extension(0xff01, &[0]),                                // renegotiation_info
        extension(0x000a, &[0, 8, 0, 29, 0, 23, 0, 24, 0, 25]), // supported_groups
        extension(0x000b, &[1, 0]),                             // ec_point_formats
        extension(0x0023, &[]),                                 // session_ticket
        extension(0x0010, b"\x00\x0c\x02h2\x08http/1.1"),       // ALPN
        extension(0x0005, &[1, 0, 0, 0, 0]),                    // status_request
        extension(0x000d, &sized(&[4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 8, 6, 6, 1])), // signature_algorithms
        extension(0x0012, &[]),                                 // signed_certificate_timestamp
        extension(0x0033, &sized(&[&[0, 29][..], &sized(&[0x19; 32])].concat())), // key_share
        extension(0x002d, &[1, 1]),                             // psk_key_exchange_modes
        extension(0x002b, &[4, 3, 4, 3, 3]),                    // supported_versions
    ]
    .concat();
    let mut head = vec![3, 3];
    head.extend([0x5a; 32]); // random
    head.push(32);
    head.extend([0xa5; 32]); // session
    head.extend(sized(&ciphers));
    head.extend([1, 0]);
    // The record's header, the message's, the length of the extensions, the padding's own header.
    let rest = 5 + 4 + head.len() + 2 + extensions.len() + 4;
    let padding = extension(0x0015, &vec![0; CLIENT_HELLO.saturating_sub(rest)]);
    let body = [head, sized(&[extensions, padding].concat())].concat();
    let length = (body.len() as u32).to_be_bytes();
    let message = [&[1, length[1], length[2], length[3]], &body[..]].concat();
    [&[0x16, 3, 1], &sized(&message)[..]].concat()
}

/// A browser's request for a page, by a program of this name.
pub fn http(user_agent: &str) -> Vec<u8> {
    format!(
        "GET /index.html HTTP/1.1\r\nHost: www.example.com\r\nConnection: keep-alive\r\n\
         Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n\
         User-Agent: {user_agent}\r\nAccept-Encoding: gzip, deflate\r\nAccept-Language: en-US,en;q=0.9\r\n\r\n"
    )
    .into_bytes()
}

fn extension(kind: u16, body: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes(), &sized(body)[..]].concat()
}

/// The bytes, with their length in two bytes before them.
fn sized(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_be_bytes(), bytes].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_hello_is_padded_and_its_lengths_agree() {
        for name in ["a.de", "www.somewhat-longer-name.example"] {
            let hello = client_hello(name);
            assert_eq!(hello.len(), CLIENT_HELLO);
            assert_eq!(usize::from(u16::from_be_bytes([hello[3], hello[4]])), hello.len() - 5);
            assert_eq!(usize::from(u16::from_be_bytes([hello[7], hello[8]])), hello.len() - 9);
            // Past the random, the session, the cipher suites and the compression methods.
            let at = 9 + 2 + 32 + 33 + 2 + 32 + 2;
            assert_eq!(usize::from(u16::from_be_bytes([hello[at], hello[at + 1]])), hello.len() - at - 2);
            assert!(hello.windows(name.len()).any(|window| window == name.as_bytes()));
        }
    }

    #[test]
    fn a_query_spells_its_name_in_labels() {
        assert_eq!(dns("www.example.de")[12..32], *b"\x03www\x07example\x02de\0\0\x01\0\x01");
    }
}
