// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Text as JSON has it.

use core::fmt::{self, Display, Write};

/// A string in quotes. Bytes that are not ASCII stand for the characters of their numbers.
pub(crate) struct Quoted<'a>(pub(crate) &'a [u8]);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        escape(self.0, f)?;
        f.write_char('"')
    }
}

/// The same, of no more characters than [`Short::MOST`] and five: what is cut ends with dots.
pub(crate) struct Short<'a>(pub(crate) &'a [u8]);

impl Short<'_> {
    pub(crate) const MOST: usize = 1100;
}

impl Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut length = 0;
        let fits = self.0.iter().take_while(|byte| {
            length += width(**byte);
            length <= Short::MOST
        });
        let fits = fits.count();
        if fits == self.0.len() {
            return Quoted(self.0).fmt(f);
        }
        f.write_char('"')?;
        escape(self.0.get(..fits).unwrap_or(self.0), f)?;
        f.write_str("...\"")
    }
}

fn escape(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for byte in bytes {
        match byte {
            b'"' | b'\\' => write!(f, "\\{}", char::from(*byte))?,
            b'\n' => f.write_str("\\n")?,
            b'\t' => f.write_str("\\t")?,
            b' '..=b'~' => f.write_char(char::from(*byte))?,
            _ => write!(f, "\\u{byte:04x}")?,
        }
    }
    Ok(())
}

/// How many characters a byte comes to.
fn width(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | b'\n' | b'\t' => 2,
        b' '..=b'~' => 1,
        _ => 6,
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
