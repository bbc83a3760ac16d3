// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Flattened device trees: what describes boards to kernels, and images to U-Boot (Devicetree Specification 0.4, section 5).

use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::{bail, ensure, Context, Result};

/// A flattened device tree, read.
pub struct Tree<'a> {
    bytes: &'a [u8],
    /// By path, as `/soc/serial@11002000/status`.
    properties: BTreeMap<String, Range<usize>>,
}

const MAGIC: u32 = 0xd00d_feed;
const BEGIN_NODE: u32 = 1;
const END_NODE: u32 = 2;
const PROPERTY: u32 = 3;
const NOTHING: u32 = 4;
const END: u32 = 9;

impl<'a> Tree<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// It is none, or ends early.
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let word = |at: usize| -> Result<u32> {
            let word = bytes.get(at..at + 4).context("a device tree that ends early")?;
            Ok(u32::from_be_bytes(word.try_into()?))
        };
        let text = |at: usize| -> Result<&str> {
            let rest = bytes.get(at..).context("a device tree that ends early")?;
            let end = rest.iter().position(|byte| *byte == 0).context("a name that does not end")?;
            Ok(std::str::from_utf8(&rest[..end])?)
        };
        ensure!(word(0)? == MAGIC, "this is no device tree");
        let (mut at, strings) = (word(8)? as usize, word(12)? as usize);
        let mut properties = BTreeMap::new();
        let mut path: Vec<&str> = Vec::new();
        loop {
            let token = word(at)?;
            at += 4;
            match token {
                BEGIN_NODE => {
                    let name = text(at)?;
                    path.push(name);
                    at = (at + name.len() + 1).next_multiple_of(4);
                }
                END_NODE => {
                    path.pop();
                }
                PROPERTY => {
                    let (len, name) = (word(at)? as usize, text(strings + word(at + 4)? as usize)?);
                    let value = at + 8..at + 8 + len;
                    ensure!(value.end <= bytes.len(), "a property that ends early");
                    at = value.end.next_multiple_of(4);
                    properties.insert(format!("{}/{name}", path.join("/")), value);
                }
                NOTHING => {}
                END => return Ok(Tree { bytes, properties }),
                other => bail!("a device tree with a token {other}"),
            }
        }
    }

    /// Where a property's value is in the bytes.
    ///
    /// # Errors
    /// There is none.
    pub fn place(&self, path: &str) -> Result<Range<usize>> {
        self.properties.get(path).cloned().with_context(|| format!("there is no {path}"))
    }

    /// A property's value.
    ///
    /// # Errors
    /// There is none.
    pub fn value(&self, path: &str) -> Result<&'a [u8]> {
        Ok(&self.bytes[self.place(path)?])
    }

    /// The text that a property begins with.
    ///
    /// # Errors
    /// There is none.
    pub fn text(&self, path: &str) -> Result<&'a str> {
        let value = self.value(path)?;
        let text = value.split(|byte| *byte == 0).next().unwrap_or_default();
        std::str::from_utf8(text).with_context(|| format!("{path} is no text"))
    }

    /// The nodes below this one that have a property of that name.
    pub fn below<'t>(&'t self, path: &'t str, property: &'t str) -> impl Iterator<Item = &'t str> {
        self.properties.keys().filter_map(move |key| {
            let name = key.strip_prefix(path)?.strip_prefix('/')?.strip_suffix(property)?.strip_suffix('/')?;
            (!name.contains('/')).then_some(name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `/ { a { b = "x"; }; };`
    fn tree() -> Vec<u8> {
        let words = [BEGIN_NODE, 0, BEGIN_NODE, 0x6100_0000, PROPERTY, 2, 0, 0x7800_0000, END_NODE, END_NODE, END];
        let strings = 16 + 4 * words.len() as u32;
        let mut bytes: Vec<u8> =
            [MAGIC, 0, 16, strings].iter().chain(&words).flat_map(|word| word.to_be_bytes()).collect();
        bytes.extend(b"b\0");
        bytes
    }

    #[test]
    fn a_property_is_found_by_its_path() {
        let bytes = tree();
        let tree = Tree::read(&bytes).expect("a tree");
        assert_eq!(tree.text("/a/b").expect("there"), "x");
        assert_eq!(tree.below("", "b").collect::<Vec<_>>(), ["a"]);
        assert_eq!(tree.value("/a/c").expect_err("not there").to_string(), "there is no /a/c");
    }

    #[test]
    fn what_is_cut_short_is_an_error() {
        let bytes = tree();
        for len in 0..bytes.len() {
            assert!(Tree::read(&bytes[..len]).is_err(), "{len}");
        }
    }
}
