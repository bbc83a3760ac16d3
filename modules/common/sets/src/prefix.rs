// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Addresses, and prefixes of them, as text and as numbers.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

/// No prefix is longer text: IPv6 with IPv4 in it has 45 bytes, and `/128` follows.
const LONGEST: usize = 49;

/// A kind of address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// IPv4: 4 bytes.
    V4,
    /// IPv6: 16 bytes.
    V6,
    /// Of network cards: 6 bytes.
    Mac,
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 3] = [Family::V4, Family::V6, Family::Mac];

    /// Bits of an address.
    pub const fn bits(self) -> u8 {
        match self {
            Family::V4 => 32,
            Family::V6 => 128,
            Family::Mac => 48,
        }
    }
}

/// The addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prefix {
    /// Of which kind they are.
    pub family: Family,
    /// Those bits, in the highest places; the others are zero.
    pub bits: u128,
    /// How many they are.
    pub length: u8,
}

/// Why text is no prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// It is no address.
    Address,
    /// What follows the slash is no number of bits of that address.
    Length,
    /// Bits are set beyond its length: this is the prefix that it lies in.
    Beyond(Prefix),
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Invalid::Address => f.write_str("no IPv4, IPv6 or MAC address"),
            Invalid::Length => f.write_str("the prefix is longer than the address, or no number"),
            Invalid::Beyond(prefix) => write!(f, "bits are set beyond the prefix: write {prefix}"),
        }
    }
}

impl Prefix {
    /// The address of these 4, 6 or 16 bytes.
    #[inline]
    pub fn from_bytes(bytes: &[u8]) -> Option<Prefix> {
        let family = Family::ALL.into_iter().find(|family| bytes.len() * 8 == usize::from(family.bits()))?;
        let number = bytes.iter().fold(0, |number, byte| (number << 8) | u128::from(*byte));
        Some(Prefix { family, bits: number << (128 - family.bits()), length: family.bits() })
    }

    /// The last address.
    pub const fn last(self) -> u128 {
        self.bits | !mask(self.length)
    }

    /// Whether it is a single address.
    pub const fn is_address(self) -> bool {
        self.length == self.family.bits()
    }

    /// Reads `10.0.0.0/8`, `2001:db8::/32`, `02:00:00:aa:bb:cc`, `02-00-00/24`: an address, or
    /// the first bytes of a MAC address, and perhaps the bits that count.
    ///
    /// # Errors
    ///
    /// It is none of these.
    pub fn parse(text: &[u8]) -> Result<Prefix, Invalid> {
        // So that looking costs little, whatever there is.
        if text.len() > LONGEST {
            return Err(Invalid::Address);
        }
        let mut parts = text.splitn(2, |byte| *byte == b'/');
        let (family, bits, given) = address(parts.next().unwrap_or(&[])).ok_or(Invalid::Address)?;
        let length = match parts.next() {
            Some(digits) => decimal(digits).filter(|length| *length <= family.bits()).ok_or(Invalid::Length)?,
            None => given,
        };
        let prefix = Prefix { family, bits: bits & mask(length), length };
        if prefix.bits == bits {
            Ok(prefix)
        } else {
            Err(Invalid::Beyond(prefix))
        }
    }
}

/// So many ones, in the highest places.
const fn mask(length: u8) -> u128 {
    match length {
        0 => 0,
        _ => u128::MAX << (128 - length),
    }
}

fn decimal(digits: &[u8]) -> Option<u8> {
    if digits.is_empty() || digits.len() > 3 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    u8::from_str(core::str::from_utf8(digits).ok()?).ok()
}

/// Its kind, its bits in the highest places, and how many bits were given.
fn address(text: &[u8]) -> Option<(Family, u128, u8)> {
    let words = core::str::from_utf8(text).ok()?;
    if let Ok(v4) = Ipv4Addr::from_str(words) {
        return Some((Family::V4, u128::from(u32::from(v4)) << 96, 32));
    }
    if let Ok(v6) = Ipv6Addr::from_str(words) {
        return Some((Family::V6, u128::from(v6), 128));
    }
    let (bits, given) = mac(text)?;
    Some((Family::Mac, bits << 80, given))
}

/// Three to six bytes, two digits each, with `:` or `-` between: a number of 48 bits.
fn mac(text: &[u8]) -> Option<(u128, u8)> {
    let separator = *text.get(2)?;
    if !matches!(separator, b':' | b'-') || text.len() > 17 {
        return None;
    }
    let (mut bits, mut given) = (0, 0);
    for pair in text.split(|byte| *byte == separator) {
        let [high, low] = *<&[u8; 2]>::try_from(pair).ok()?;
        let digit = |byte: u8| char::from(byte).to_digit(16);
        bits = (bits << 8) | u128::from((digit(high)? << 4) | digit(low)?);
        given += 8;
    }
    (given >= 24).then_some((bits << (48 - given), given))
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.family {
            Family::V4 => write!(f, "{}", Ipv4Addr::from((self.bits >> 96) as u32))?,
            Family::V6 => write!(f, "{}", Ipv6Addr::from(self.bits))?,
            Family::Mac => {
                for (index, byte) in self.bits.to_be_bytes().iter().take(6).enumerate() {
                    let separator = if index == 0 { "" } else { ":" };
                    write!(f, "{separator}{byte:02x}")?;
                }
            }
        }
        if self.is_address() {
            Ok(())
        } else {
            write!(f, "/{}", self.length)
        }
    }
}
