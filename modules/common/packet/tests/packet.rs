// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the packet crate promises, on random bytes.
use packet::{checksum, read, write};
use proptest::prelude::*;

proptest! {
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
