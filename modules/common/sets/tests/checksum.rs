// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The checksum is XXH64.

use proptest::prelude::*;

proptest! {
    #[test]
    fn it_is_that_of_others(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(sets::xxh64(&bytes), xxhash_rust::xxh64::xxh64(&bytes, 0));
    }
}
