// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Any bytes, as a list file: what is taken is looked up in.

use sets::{Addresses, Domains};

/// Opens them as both kinds of list. A file that is taken answers each question.
pub(crate) fn run(bytes: &[u8]) {
    if let Ok(domains) = Domains::new(bytes) {
        for name in [&b"ads.example"[..], b"x.ADS.example", b"", b".", b"a", &[b'x'; 300]] {
            let label = domains.matching(bytes, name);
            assert!(label == 0 || domains.count() > 0, "a name matches in an empty list");
            let _ = (domains.has(bytes, name), domains.get(bytes, name), domains.notes(bytes));
        }
    }
    if let Ok(addresses) = Addresses::new(bytes) {
        for address in [0, 1, 0x0a00_0001, u32::MAX] {
            let _ = addresses.v4(bytes, address);
            let _ = addresses.v6(bytes, u128::from(address) << 96 | 1);
            let _ = addresses.mac(bytes, u64::from(address) << 16);
        }
        for length in [0, 4, 6, 16, 17] {
            let _ = addresses.matching(bytes, bytes.get(..length).unwrap_or(bytes));
        }
        let _ = (addresses.count(), addresses.notes(bytes));
    }
}
