// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the packet crate promises, on random bytes.
use packet::{checksum, ip, read, write, Ip};
use proptest::prelude::*;

/// An IPv6 packet: extensions (kind, units of 8 bytes beyond the first), protocol, payload.
fn ipv6(extensions: &[(u8, u8)], protocol: u8, payload: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (i, (_, units)) in extensions.iter().enumerate() {
        let next = extensions.get(i + 1).map_or(protocol, |(kind, _)| *kind);
        body.extend([next, *units, 0, 0, 0, 0, 0, 0]);
        body.extend(vec![0; usize::from(*units) * 8]);
    }
    body.extend(payload);
    let mut packet = vec![0x60, 0, 0, 0];
    packet.extend((body.len() as u16).to_be_bytes());
    packet.extend([extensions.first().map_or(protocol, |(kind, _)| *kind), 64]);
    packet.extend([0; 32]);
    packet.extend(body);
    packet
}

proptest! {
    #[test]
    fn headers_of_any_bytes_lie_within_them(bytes in prop::collection::vec(any::<u8>(), 0..200), version in 0u8..16) {
        let mut bytes = bytes;
        if let Some(first) = bytes.first_mut() { *first = version << 4 | *first & 15 }
        if let Some(ip) = ip(&bytes) {
            prop_assert!(ip.transport <= ip.end && ip.end <= bytes.len());
            prop_assert_eq!(ip.version, bytes[0] >> 4);
        }
    }

    #[test]
    fn extension_headers_are_walked_and_padding_is_left_out(
        extensions in prop::collection::vec((prop::sample::select(vec![0u8, 43, 60]), 0u8..4), 0..=8),
        payload in prop::collection::vec(any::<u8>(), 0..60),
        padding in 0usize..20,
    ) {
        let mut packet = ipv6(&extensions, 17, &payload);
        let end = packet.len();
        packet.extend(vec![0; padding]);
        let transport = end - payload.len();
        prop_assert_eq!(ip(&packet), Some(Ip { version: 6, protocol: 17, transport, end, fragment: false }));
        prop_assert_eq!(ip(&packet[..end - 1]), None);
    }

    #[test]
    fn a_number_comes_back_as_it_was_written(mut bytes in prop::collection::vec(any::<u8>(), 0..64), offset in 0usize..80, n: u32) {
        let before = bytes.clone();
        match write(&mut bytes, offset, n) {
            Some(()) => {
                prop_assert_eq!(read::<u32>(&bytes, offset), Some(n));
                prop_assert_eq!(&bytes[..offset], &before[..offset]);
                prop_assert_eq!(&bytes[offset + 4..], &before[offset + 4..]);
            }
            None => {
                prop_assert!(offset + 4 > before.len());
                prop_assert_eq!(bytes, before);
            }
        }
    }

    #[test]
    fn reading_never_leaves_the_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64), offset: usize) {
        prop_assert_eq!(read::<u64>(&bytes, offset).is_some(), offset.checked_add(8).is_some_and(|end| end <= bytes.len()));
    }

    #[test]
    fn words_with_their_checksum_sum_to_zero(mut bytes in prop::collection::vec(any::<u8>(), 0..1500)) {
        if bytes.len() % 2 == 1 { bytes.push(0) }
        let sum = checksum(&bytes);
        bytes.extend(sum.to_be_bytes());
        prop_assert_eq!(checksum(&bytes), 0);
    }
}

#[test]
fn the_checksum_of_a_known_header() {
    let header = [0x45, 0, 0, 0x73, 0, 0, 0x40, 0, 0x40, 0x11, 0, 0, 0xc0, 0xa8, 0, 1, 0xc0, 0xa8, 0, 0xc7];
    assert_eq!(checksum(&header), 0xb861);
}

#[test]
fn a_chain_of_nine_extensions_and_a_torn_one_are_refused() {
    assert_eq!(ip(&ipv6(&[(60, 0); 9], 6, &[])), None);
    let mut torn = ipv6(&[(60, 0)], 6, &[]);
    torn[41] = 1;
    assert_eq!(ip(&torn), None);
}

#[test]
fn fragments_are_known_and_an_atomic_one_is_none() {
    let mut packet = ipv6(&[(44, 0)], 17, &[0; 8]);
    assert_eq!(ip(&packet).map(|ip| (ip.fragment, ip.transport)), Some((false, 48)));
    packet[43] = 1;
    assert_eq!(ip(&packet).map(|ip| ip.fragment), Some(true));
    let mut packet = vec![0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0, 0];
    packet.extend([0; 16]);
    let whole = Ip { version: 4, protocol: 17, transport: 20, end: 28, fragment: false };
    assert_eq!(ip(&packet), Some(whole), "do not fragment is no fragment");
    packet[6] = 0x20;
    assert_eq!(ip(&packet), Some(Ip { fragment: true, ..whole }));
    packet[0] = 0x44;
    assert_eq!(ip(&packet), None, "a header of 16 bytes");
}
