// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Fields of HTTP messages.
use packet::Field;
use proptest::prelude::*;

fn http_field<'a>(bytes: &'a [u8], name: &[u8]) -> Field<'a> {
    let (field, looked) = packet::http_field(bytes, name);
    assert!(looked <= bytes.len());
    field
}

const REQUEST: &[u8] =
    b"GET /a HTTP/1.1\r\nHost: www.example\r\nUser-AGENT:\t Bad Bot/1.0 \r\nX:\r\n\r\nUser-Agent: body\r\n";

#[test]
fn fields_are_found_by_name() {
    assert_eq!(http_field(REQUEST, b"user-agent"), Field::Value(b"Bad Bot/1.0"));
    assert_eq!(http_field(REQUEST, b"Host"), Field::Value(b"www.example"));
    assert_eq!(http_field(REQUEST, b"x"), Field::Value(b""));
    assert_eq!(http_field(REQUEST, b"ost"), Field::None);
    assert_eq!(http_field(REQUEST, b"Cookie"), Field::None);
    assert_eq!(http_field(REQUEST, b""), Field::None);
    assert_eq!(http_field(b"HTTP/1.0 200 OK\nServer: x\n\n", b"server"), Field::Value(b"x"));
}

#[test]
fn what_is_no_message_has_none() {
    for bytes in [
        &b"\x16\x03\x01"[..],
        b"get / HTTP/1.1\r\n",
        b"GET / HTTP/2.0\r\nHost: a\r\n",
        b"GET\r\nHost: a\r\n",
        b" ",
        b"\r\n",
    ] {
        assert_eq!(http_field(bytes, b"host"), Field::None, "{bytes:?}");
    }
    assert_eq!(http_field(&[b'A'; 100], b"host"), Field::None);
}

#[test]
fn a_cut_message_wants_more_until_the_answer_is_sure() {
    for (name, answer) in [(&b"user-agent"[..], &b"Bad Bot/1.0"[..]), (b"cookie", b"")] {
        let sure = if answer.is_empty() { REQUEST.len() - 18 } else { 63 };
        for cut in 0..REQUEST.len() {
            let expected = match cut {
                _ if cut < sure => Field::More,
                _ if answer.is_empty() => Field::None,
                _ => Field::Value(answer),
            };
            assert_eq!(http_field(&REQUEST[..cut], name), expected, "{} bytes", cut);
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200), name in "[a-z]{0,4}") {
        if let Field::Value(value) = http_field(&bytes, name.as_bytes()) {
            prop_assert!(value.len() <= bytes.len());
        }
    }

    #[test]
    fn a_field_is_found_among_others(before in prop::collection::vec("[A-Z][a-z]{0,9}: [ -~]{0,20}", 0..5), value in "[!-~]{1,20}") {
        let head = before.iter().filter(|line| !line.starts_with("Wanted:")).fold(String::new(), |all, line| all + line + "\r\n");
        let message = format!("POST / HTTP/1.1\r\n{head}Wanted: {value}\r\n\r\n");
        prop_assert_eq!(http_field(message.as_bytes(), b"wanted"), Field::Value(value.as_bytes()));
    }
}
