// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Tables of strings, against a map.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sets::Strings;

fn make(strings: &[(Vec<u8>, u64)], seed: u64) -> (Vec<u8>, Strings) {
    let bytes = strings.iter().map(|(string, _)| string.len()).sum();
    let mut memory = vec![0; Strings::size(strings.len(), bytes).expect("few strings")];
    let mut table = Strings::new(strings.len(), seed).expect("few strings");
    for (string, label) in strings {
        table.insert(&mut memory, string, *label).expect("as many as were announced");
    }
    (memory, table)
}

fn string() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        2 => "[ab.]{0,6}".prop_map(String::into_bytes),
        1 => "[Aa]{7,9}(\\.[ab]{1,9}){0,3}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_table_says_what_a_map_says(
        strings in prop::collection::vec((string(), any::<u64>()), 0..40),
        asked in prop::collection::vec(string(), 0..40),
        seed: u64,
    ) {
        let (memory, table) = make(&strings, seed);
        let mut map = BTreeMap::new();
        for (string, label) in &strings {
            *map.entry(string.as_slice()).or_insert(0) |= label;
        }
        prop_assert_eq!(table.count(), map.len());
        for string in strings.iter().map(|(string, _)| string).chain(&asked) {
            prop_assert_eq!(table.has(&memory, string), map.contains_key(string.as_slice()));
            let begins = (0..=string.len()).filter(|at| *at == 0 || string[at - 1] == b'.');
            let labels = begins.filter_map(|at| map.get(&string[at..])).fold(0, |all, label| all | label);
            prop_assert_eq!(table.matching(&memory, string), labels, "{:?}", string);
        }
    }
}

#[test]
fn no_more_go_in_than_were_announced() {
    let mut memory = vec![0; Strings::size(2, 2).unwrap()];
    let mut table = Strings::new(2, 1).unwrap();
    assert_eq!(table.insert(&mut memory, &[7; 15], 1), None, "too many bytes");
    assert_eq!(table.insert(&mut memory, b"a", 1), Some(()));
    assert_eq!(table.insert(&mut memory, b"a", 2), Some(()), "the same again");
    assert_eq!(table.insert(&mut memory, b"b", 1), Some(()));
    assert_eq!(table.insert(&mut memory, b"", 1), None, "too many");
    assert_eq!((table.count(), table.matching(&memory, b"x.a")), (2, 3));
    assert_eq!(Strings::size(usize::MAX / 2, 1), None);
    assert_eq!(Strings::size(1, usize::MAX - 3), None);
}
