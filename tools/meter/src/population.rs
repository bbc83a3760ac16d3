// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What block lists are made of: any number of distinct names and addresses, always the same.
//!
//! A list of `n` holds the members 0 to n-1; those from [`OUTSIDE`] on are in no list.

/// The first member that no list holds.
pub const OUTSIDE: u32 = 1 << 30;

/// IPv4 addresses set aside for benchmarks (RFC 2544): 198.18.0.0/15.
const BENCHMARKS: u32 = 0xc612_0000;
const BENCHMARKS_SIZE: u32 = 1 << 17;

const ENDINGS: [&str; 8] = ["com", "com", "com", "net", "org", "de", "com.br", "example"];

/// A bijection of the 32-bit numbers that leaves no pattern in them.
fn scramble(n: u32) -> u32 {
    let n = (n ^ n >> 16).wrapping_mul(0x7feb_352d);
    let n = (n ^ n >> 15).wrapping_mul(0x846c_a68b);
    n ^ n >> 16
}

/// A domain of 12 to 23 bytes, 17 on average. Seven letters tell it from all others.
pub fn domain(member: u32) -> String {
    let mut rest = scramble(member);
    let mut name = String::new();
    for _ in 0..7 {
        name.push(char::from(b'a' + (rest % 26) as u8));
        rest /= 26;
    }
    let mut more = scramble(!member);
    for _ in 0..more % 11 {
        more = scramble(more);
        name.push(char::from(b'a' + (more % 26) as u8));
    }
    name.push('.');
    name + ENDINGS[(scramble(more) % 8) as usize]
}

/// An address of 198.18.0.0/15. There are 131,072: the last of them are in no list.
pub fn address(member: u32) -> [u8; 4] {
    let number = if member >= OUTSIDE { BENCHMARKS_SIZE - 1 - (member - OUTSIDE) } else { member };
    // An odd factor permutes the numbers of 17 bits.
    (BENCHMARKS | (number.wrapping_mul(0x9e37_79b1) % BENCHMARKS_SIZE)).to_be_bytes()
}

/// A locally administered hardware address.
pub fn hardware(member: u32) -> [u8; 6] {
    let [a, b, c, d] = scramble(member).to_be_bytes();
    [0x02, 0x5a, a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn members_are_distinct_and_none_from_outside_is_in_a_list() {
        let members = (0..100_000).chain(OUTSIDE..OUTSIDE + 1000);
        assert_eq!(members.clone().map(domain).collect::<HashSet<_>>().len(), 101_000);
        assert_eq!(members.clone().map(address).collect::<HashSet<_>>().len(), 101_000);
        assert_eq!(members.map(hardware).collect::<HashSet<_>>().len(), 101_000);
    }

    #[test]
    fn a_domain_is_17_bytes_on_average() {
        let total: usize = (0..100_000).map(|member| domain(member).len()).sum();
        assert_eq!((total + 50_000) / 100_000, 17);
    }

    #[test]
    fn addresses_are_those_of_benchmarks() {
        assert!((0..100_000).all(|member| matches!(address(member), [198, 18 | 19, ..])));
    }
}
