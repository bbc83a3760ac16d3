// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Transport headers and ports, against a model that reads them in the plainest way.
use packet::{ports, transport, Ports};
use proptest::prelude::*;

fn word(bytes: &[u8], at: usize) -> usize {
    usize::from(bytes[at]) << 8 | usize::from(bytes[at + 1])
}

fn model(bytes: &[u8]) -> Option<(u8, usize)> {
    let size = bytes.len();
    match bytes.first()? >> 4 {
        4 => {
            if size < 20 {
                return None;
            }
            let header = usize::from(bytes[0] & 15) * 4;
            let fits = header >= 20 && header <= size && word(bytes, 6) & 0x1fff == 0;
            fits.then(|| (bytes[9], header))
        }
        6 => {
            if size < 40 {
                return None;
            }
            let (mut protocol, mut at) = (bytes[6], 40);
            for _ in 0..=8 {
                let unit = match protocol {
                    0 | 43 | 60 => 8,
                    44 => 0,
                    51 => 4,
                    _ => return Some((protocol, at)),
                };
                if at + 8 > size || protocol == 44 && word(bytes, at + 2) & 0xfff8 != 0 {
                    return None;
                }
                let length = 8 + usize::from(bytes[at + 1]) * unit;
                (protocol, at) = (bytes[at], at + length);
                if at > size {
                    return None;
                }
            }
            None
        }
        _ => None,
    }
}

/// Headers that are nearly right: version, some of the fields, and a chain of extensions.
fn packets() -> impl Strategy<Value = Vec<u8>> {
    let protocol = prop::sample::select(vec![0u8, 6, 17, 43, 44, 51, 60, 132, 58, 1]);
    let extension =
        (protocol.clone(), prop_oneof![Just(0u8), 0u8..4, any::<u8>()], prop_oneof![Just(0u16), any::<u16>()]);
    let chain = prop::collection::vec(extension, 0..10);
    let ipv6 =
        (protocol.clone(), chain, prop::collection::vec(any::<u8>(), 0..60)).prop_map(|(first, chain, payload)| {
            let mut bytes = vec![0x60; 6];
            bytes.extend([first, 64]);
            bytes.extend([0; 32]);
            let mut kind = first;
            for (next, units, word) in chain {
                bytes.extend([next, units]);
                bytes.extend(word.to_be_bytes());
                let length = match kind {
                    44 => 8,
                    51 => 8 + usize::from(units) * 4,
                    _ => 8 + usize::from(units) * 8,
                };
                bytes.extend(vec![0; length.min(64) - 4]);
                kind = next;
            }
            bytes.extend(payload);
            bytes
        });
    let fragment = prop_oneof![Just(0u16), Just(0x4000), Just(0x2000), any::<u16>()];
    let ipv4 = (0u8..16, fragment, protocol, prop::collection::vec(any::<u8>(), 0..100)).prop_map(
        |(words, fragment, protocol, rest)| {
            let mut bytes = vec![0x40 | words, 0, 0, 0, 0, 0];
            bytes.extend(fragment.to_be_bytes());
            bytes.extend([64, protocol]);
            bytes.extend(rest);
            bytes
        },
    );
    prop_oneof![ipv4, ipv6, prop::collection::vec(any::<u8>(), 0..120)]
}

proptest! {
    #[test]
    fn transport_headers_are_where_the_model_finds_them(packet in packets(), cut in 0usize..200) {
        prop_assert_eq!(transport(&packet), model(&packet));
        let cut = &packet[..cut.min(packet.len())];
        prop_assert_eq!(transport(cut), model(cut));
    }

    #[test]
    fn ports_lie_in_the_header_and_payloads_behind_it(packet in packets()) {
        let found = ports(&packet);
        prop_assert_eq!(found.map(|ports| (ports.protocol, ports.header)), model(&packet));
        let Some(Ports { protocol, header, ports, payload }) = found else { return Ok(()) };
        let has = [6, 17, 132].contains(&protocol);
        let there = |length| header + length <= packet.len();
        let expected = (has && there(4)).then(|| (word(&packet, header) as u16, word(&packet, header + 2) as u16));
        prop_assert_eq!(ports, expected);
        let length = match protocol {
            6 if there(13) => usize::from(packet[header + 12] >> 4) * 4,
            17 => 8,
            132 => 12,
            _ => 0,
        };
        prop_assert_eq!(payload, (has && length >= 8 && (protocol != 6 || length >= 20) && there(length)).then_some(header + length));
    }
}

#[test]
fn known_packets() {
    let mut udp = vec![0x45, 0, 0, 32, 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    udp.extend([0x9c, 0x40, 0, 53, 0, 12, 0, 0, 1, 2, 3, 4]);
    let found = Ports { protocol: 17, header: 20, ports: Some((40000, 53)), payload: Some(28) };
    assert_eq!(ports(&udp), Some(found));
    assert_eq!(ports(&udp[..27]), Some(Ports { payload: None, ..found }));
    assert_eq!(ports(&udp[..23]), Some(Ports { ports: None, payload: None, ..found }));
    assert_eq!(ports(&udp[..19]), None);
    udp[6] = 0x20;
    assert_eq!(ports(&udp), Some(found), "a first fragment");
    udp[7] = 1;
    assert_eq!(ports(&udp), None, "a later one");
    assert_eq!(transport(&[0x50; 60]), None);
    assert_eq!(transport(&[]), None);
}
