// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the key crate promises, on random bytes.
use key::Key;
use proptest::prelude::*;

/// Names of no zeros.
fn name() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop_oneof![1u8..=255, Just(0x80), Just(0x01)], 0..40)
}

proptest! {
    #[test]
    fn a_name_ends_at_its_zero_or_with_its_bytes(name in name(), rest in prop::collection::vec(any::<u8>(), 0..40)) {
        let bare = Key::of(&name);
        prop_assert!(bare.is(&name));
        let mut padded = name.clone();
        padded.push(0);
        padded.extend(rest);
        let key = Key::of(&padded);
        prop_assert!(key.is(&name));
        prop_assert_eq!(key.hash(), bare.hash());
    }

    #[test]
    fn any_bytes_are_the_name_before_their_first_zero(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0), Just(1)], 0..64)) {
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        prop_assert!(Key::of(&bytes).is(&bytes[..end]));
    }

    #[test]
    fn other_names_have_other_hashes(one in name(), other in name()) {
        // Equal ones would not be wrong, but in so few tries they would mean a bad hash.
        prop_assert_eq!(one == other, Key::of(&one).hash() == Key::of(&other).hash());
        prop_assert_eq!(Key::of(&one).is(&other), one == other);
    }
}

#[test]
fn names_that_differ_in_a_digit_spread_over_a_table() {
    let mut chains = [0; 64];
    for number in 0..64 {
        chains[Key::of(format!("policies/block-{number}/main").as_bytes()).hash() as usize % 64] += 1;
    }
    let longest = chains.into_iter().max().unwrap();
    assert!(longest <= 6, "{longest} of 64 names in one chain");
}
