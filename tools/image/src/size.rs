// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Amounts of bytes as people write them.

use std::fmt;

use serde::Deserialize;

/// Bytes, written with a unit: `24 MiB`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Size(pub(crate) u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let units = [(1_u64 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
        let text = match units.iter().find(|(size, _)| self.0 >= *size) {
            Some((size, unit)) => format!("{}.{} {unit}", self.0 / size, self.0 % size * 10 / size),
            None => format!("{} B", self.0),
        };
        f.pad(&text)
    }
}

impl TryFrom<String> for Size {
    type Error = String;

    fn try_from(text: String) -> Result<Size, String> {
        let units = [("KiB", 10), ("MiB", 20), ("GiB", 30)];
        units
            .iter()
            .find_map(|(unit, shift)| {
                let count: u32 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
                Some(Size(u64::from(count) << shift))
            })
            .ok_or_else(|| format!("size '{text}': give a number and KiB, MiB or GiB, as 24 MiB"))
    }
}
