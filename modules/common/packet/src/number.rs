// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Numbers in the host's byte order at any offset.

/// An integer of fixed width.
pub trait Number: Copy {
    /// Its width in bytes.
    const WIDTH: usize;
    /// From exactly [`Number::WIDTH`] bytes; `None` for another length.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
    /// Into exactly [`Number::WIDTH`] bytes; `None` for another length.
    fn to_bytes(self, bytes: &mut [u8]) -> Option<()>;
    /// As Lua's integer; 64 unsigned bits wrap.
    fn into_integer(self) -> i64;
    /// From Lua's integer, cut to the width.
    fn from_integer(n: i64) -> Self;
}

macro_rules! numbers {
    ($($type:ty)*) => {$(
        impl Number for $type {
            const WIDTH: usize = core::mem::size_of::<$type>();
            fn from_bytes(bytes: &[u8]) -> Option<Self> {
                Some(<$type>::from_ne_bytes(bytes.try_into().ok()?))
            }
            fn to_bytes(self, bytes: &mut [u8]) -> Option<()> {
                let to: &mut [u8; core::mem::size_of::<$type>()] = bytes.try_into().ok()?;
                *to = self.to_ne_bytes();
                Some(())
            }
            fn into_integer(self) -> i64 {
                self as i64
            }
            fn from_integer(n: i64) -> Self {
                n as $type
            }
        }
    )*};
}
numbers!(i8 u8 i16 u16 i32 u32 i64 u64);

/// The number at `offset` bytes, or `None` if it does not lie within.
#[inline]
pub fn read<N: Number>(bytes: &[u8], offset: usize) -> Option<N> {
    N::from_bytes(bytes.get(offset..offset.checked_add(N::WIDTH)?)?)
}

/// The unsigned number of `WIDTH` (1 to 8) bytes at `offset`, most significant first, as on the
/// wire; 64 bits wrap. `None` if it does not lie within.
#[inline]
pub fn network<const WIDTH: usize>(bytes: &[u8], offset: usize) -> Option<i64> {
    let number: &[u8; WIDTH] = bytes.get(offset..)?.first_chunk()?;
    Some(number.iter().fold(0, |n, byte| (n << 8) | i64::from(*byte)))
}

/// Writes a number at `offset` bytes, or nothing if it would not lie within.
#[inline]
pub fn write<N: Number>(bytes: &mut [u8], offset: usize, n: N) -> Option<()> {
    n.to_bytes(bytes.get_mut(offset..offset.checked_add(N::WIDTH)?)?)
}
