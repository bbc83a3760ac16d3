// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The few bytes of DNS that a client and a server need.

use smoltcp::wire::Ipv4Address;

const TYPE_A: u16 = 1;
const HEADER: usize = 12;

/// A question for the addresses of `name`.
pub fn query(id: u16, name: &str) -> Vec<u8> {
    let mut packet = id.to_be_bytes().to_vec();
    packet.extend([0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]); // recursion desired; one question
    for label in name.split('.') {
        packet.push(label.len() as u8);
        packet.extend(label.as_bytes());
    }
    packet.extend([0, 0, TYPE_A as u8, 0, 1]); // the root, A, IN
    packet
}

/// The name that a packet asks for, in small letters, its type, and where the question ends.
pub fn question(packet: &[u8]) -> Option<(String, u16, usize)> {
    let (mut labels, mut at) = (Vec::new(), HEADER);
    loop {
        let len = usize::from(*packet.get(at)?);
        at += 1;
        if len == 0 {
            break;
        }
        // A resolver may vary the letters' case to make forging harder.
        labels.push(String::from_utf8_lossy(packet.get(at..at + len)?).to_ascii_lowercase());
        at += len;
    }
    let kind = packet.get(at..at + 4)?;
    Some((labels.join("."), u16::from_be_bytes([kind[0], kind[1]]), at + 4))
}

/// The answer to `query`: this address, or none when another type was asked for.
pub fn answer(query: &[u8], address: Ipv4Address) -> Option<Vec<u8>> {
    let (_, kind, end) = question(query)?;
    let answers = u8::from(kind == TYPE_A);
    let mut packet = query[..2].to_vec();
    packet.extend([0x85, 0x80, 0, 1, 0, answers, 0, 0, 0, 0]); // an answer with authority
    packet.extend(&query[HEADER..end]);
    if answers == 1 {
        // The question's name, A, IN, a minute, four bytes.
        packet.extend([0xc0, HEADER as u8, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
        packet.extend(address.octets());
    }
    Some(packet)
}

/// What an answer says: its code (0: no error), and the first address.
pub fn read_answer(packet: &[u8]) -> Option<(u8, Option<Ipv4Address>)> {
    let (_, _, mut at) = question(packet)?;
    let code = packet[3] & 0x0f;
    for _ in 0..u16::from_be_bytes([packet[6], packet[7]]) {
        while *packet.get(at)? != 0 && packet[at] & 0xc0 == 0 {
            at += 1 + usize::from(packet[at]);
        }
        at += if packet[at] == 0 { 1 } else { 2 };
        let fixed = packet.get(at..at + 10)?;
        let len = usize::from(u16::from_be_bytes([fixed[8], fixed[9]]));
        let data = packet.get(at + 10..at + 10 + len)?;
        if u16::from_be_bytes([fixed[0], fixed[1]]) == TYPE_A && len == 4 {
            return Some((code, Some(Ipv4Address::new(data[0], data[1], data[2], data[3]))));
        }
        at += 10 + len;
    }
    Some((code, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_answers_its_question() {
        let mut query = query(7, "www.Example");
        query.extend([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]); // EDNS, which the answer leaves out
        assert_eq!(question(&query).map(|(name, kind, _)| (name, kind)), Some(("www.example".into(), 1)));
        let address = Ipv4Address::new(198, 18, 0, 80);
        let answer = answer(&query, address).expect("a question");
        assert_eq!(answer[..2], [0, 7]);
        assert_eq!(read_answer(&answer), Some((0, Some(address))));
    }

    #[test]
    fn what_is_cut_short_is_no_question() {
        let query = query(7, "www.example");
        for len in 0..query.len() {
            assert_eq!(question(&query[..len]), None, "{len} bytes");
        }
    }
}
