// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Hashes, as people and lists of checksums write them.

use sha2::{Digest, Sha256};

/// Bytes in hexadecimal digits.
#[must_use]
pub fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of bytes, in hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    digits(&Sha256::digest(bytes))
}
