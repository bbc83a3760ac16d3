// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Labels and what their bits mean.

use std::str::FromStr;

use anyhow::{bail, Result};

/// A name for a bit of labels.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Category {
    /// From 0 to 63.
    pub bit: u8,
    /// Letters, digits, `-` and `_`.
    pub name: String,
}

impl FromStr for Category {
    type Err = String;

    fn from_str(text: &str) -> Result<Category, String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let parts = text.split_once('=').and_then(|(name, bit)| Some((name, bit.parse::<u8>().ok()?)));
        match parts {
            Some((name, bit)) if bit < 64 && !name.is_empty() && name.len() <= 32 && name.chars().all(plain) => {
                Ok(Category { bit, name: name.to_owned() })
            }
            _ => Err("give a name of letters, digits, - and _, and a bit from 0 to 63, as ads=0".into()),
        }
    }
}

/// Which label a source's members get.
#[derive(Clone, Debug)]
pub struct Labels {
    label: u64,
    categories: Vec<Category>,
}

impl Labels {
    /// A label for sources without a category, and the categories.
    ///
    /// # Errors
    ///
    /// The label is 0, which says nothing; a category is there twice.
    pub fn new(label: u64, mut categories: Vec<Category>) -> Result<Labels> {
        if label == 0 {
            bail!("label 0 would say that nothing matches: give another");
        }
        categories.sort();
        for (place, category) in categories.iter().enumerate() {
            if categories[..place].iter().any(|other| other.name == category.name || other.bit == category.bit) {
                bail!("category {}={}: its name or its bit is given twice", category.name, category.bit);
            }
        }
        Ok(Labels { label, categories })
    }

    /// `CATEGORY=FILE` or `FILE`: the label, and the file.
    #[must_use]
    pub fn of<'a>(&self, source: &'a str) -> (u64, &'a str) {
        let named = source.split_once('=').and_then(|(name, file)| {
            let category = self.categories.iter().find(|category| category.name == name)?;
            Some((1 << category.bit, file))
        });
        named.unwrap_or((self.label, source))
    }

    /// What a list file keeps of the categories: lines of `name=bit`.
    #[must_use]
    pub fn notes(&self) -> String {
        self.categories.iter().map(|category| format!("{}={}\n", category.name, category.bit)).collect()
    }

    /// From such lines.
    #[must_use]
    pub fn from_notes(notes: &[u8]) -> Labels {
        let lines = String::from_utf8_lossy(notes);
        Labels { label: 1, categories: lines.lines().filter_map(|line| line.parse().ok()).collect() }
    }

    /// The names of a label's bits.
    #[must_use]
    pub fn names(&self, label: u64) -> Vec<&str> {
        let set = |category: &&Category| label >> category.bit & 1 == 1;
        self.categories.iter().filter(set).map(|category| category.name.as_str()).collect()
    }
}
