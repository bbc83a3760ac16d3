// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Bytes as text (RFC 4648).

/// The digits, by their values.
pub(crate) const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What a text stands for. Whole only: it is filled up with `=`, and what is left over of its last digit stands for nothing.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return None;
    }
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for digit in digits.bytes() {
        let value = DIGITS.iter().position(|known| *known == digit)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    (bits == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn what_is_not_whole_is_nothing() {
        assert_eq!(decode("aGVyZQ==").as_deref(), Some(&b"here"[..]));
        assert_eq!(decode("dGhlcmU=").as_deref(), Some(&b"there"[..]));
        for text in ["aGVyZQ", "aGVyZQ=", "aGVyZ===", "aGVyZR==", "aGV.ZQ=="] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
