// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Characters in words.

use proptest::prelude::*;
use sets::word::{equal, first, pack, packed, unpack, Check};

fn valid(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)
}

fn word(name: &[u8]) -> u64 {
    name.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

proptest! {
    #[test]
    fn packed_names_come_back(name in "[a-z0-9._-]{1,8}") {
        let name = name.as_bytes();
        let packed_word = pack(word(name));
        prop_assert_eq!(unpack(packed_word), word(name));
        prop_assert_eq!(packed_word >> (8 * packed(name.len())), 0);
        prop_assert_eq!(pack(word(&name.to_ascii_uppercase())), packed_word);
    }

    /// What packs like a valid name and passes the check differs from it in case only.
    #[test]
    fn whatever_packs_alike_is_told_apart(name in "[a-z0-9._-]{1,8}", flips in prop::collection::vec(prop::sample::select(vec![0u8, 0x20, 0x80, 0xa0]), 8)) {
        let name = name.as_bytes();
        let other: Vec<u8> = name.iter().zip(flips).map(|(byte, flip)| byte ^ flip).collect();
        prop_assert_eq!(pack(word(&other)), pack(word(name)));
        let mut check = Check::default();
        if name.len() == 8 { check.add(word(&other)) } else { check.add_first(word(&other), name.len()) }
        prop_assert_eq!(check.passes(), other.iter().all(|byte| valid(*byte)), "{:?}", other);
    }

    #[test]
    fn bytes_are_found(bytes in prop::array::uniform8(prop_oneof![Just(b'.'), Just(b'/'), Just(0xae), any::<u8>()])) {
        let expected = (0..8).filter(|at| bytes[7 - at] == b'.').fold(0, |all, at| all | 0x80u64 << (8 * at));
        prop_assert_eq!(equal(u64::from_be_bytes(bytes), b'.'), expected);
    }

    #[test]
    fn the_first_characters_of_a_name(name in prop::collection::vec(any::<u8>(), 0..20), characters in 0usize..8) {
        let characters = if name.len() < 8 { name.len() } else { characters };
        prop_assert_eq!(first(&name, characters), word(&name[..characters]));
    }
}
