// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Text as JSON has it.

use core::fmt::{self, Display, Write};

/// A string in quotes. Bytes that are not ASCII stand for the characters of their numbers.
pub(crate) struct Quoted<'a>(pub(crate) &'a [u8]);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for byte in self.0 {
            match byte {
                b'"' | b'\\' => write!(f, "\\{}", char::from(*byte))?,
                b'\n' => f.write_str("\\n")?,
                b'\t' => f.write_str("\\t")?,
                b' '..=b'~' => f.write_char(char::from(*byte))?,
                _ => write!(f, "\\u{byte:04x}")?,
            }
        }
        f.write_char('"')
    }
}

/// Items with commas between them.
pub(crate) struct Items<I>(pub(crate) I);

impl<I: Iterator + Clone> Display for Items<I>
where
    I::Item: Display,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.clone().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            write!(f, "{item}")?;
        }
        Ok(())
    }
}

/// `"name":value`
pub(crate) struct Member(pub(crate) (&'static str, u64));

impl Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, value) = self.0;
        write!(f, "\"{name}\":{value}")
    }
}
