// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Which version an image is.

use std::path::Path;

use files::{wrong, Problem};
use layout::LONGEST_NAME;

use crate::raw::RawRelease;
use crate::Error;

/// A version.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its name.
    pub version: String,
    /// Grows when older versions must not come back.
    pub rollback: u32,
}

impl Release {
    /// Reads a release: a file as images/release.yaml.
    ///
    /// # Errors
    ///
    /// [`Error::File`], with the place.
    pub fn open(path: &Path) -> Result<Release, Error> {
        let text = files::read_text(path)?;
        Ok(files::parse(&text).and_then(Release::resolve).map_err(files::Error::says(path))?)
    }

    fn resolve(raw: RawRelease) -> Result<Release, Problem> {
        let version = raw.version.value;
        let other = |c: char| !(c.is_ascii_alphanumeric() || "-.+~".contains(c));
        if version.is_empty() || version.len() > LONGEST_NAME || version.contains(other) {
            return wrong(
                raw.version.referenced,
                format!("version '{version}': give up to {LONGEST_NAME} letters, digits and . - + ~, as 1.2.0"),
            );
        }
        Ok(Release { version, rollback: raw.rollback_index })
    }
}
